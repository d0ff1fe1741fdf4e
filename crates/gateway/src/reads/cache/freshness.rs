//! What a read does with the answer that is held: the policy of ages, failures and `no-cache`, as one pure function.

use session_provider::Payer;
use tokio::time::Instant;

use crate::changes::Tick;
use crate::reads::cache::Standing;
use crate::reads::cache::entry::Times;
use crate::reads::cache::lifetime::Phase;

/// How fresh an answer a read wants.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Demand {
    /// It must come of a load that began after this.
    pub(crate) newer_than: Option<Tick>,
    /// Wait for a refresh rather than take a stale answer at once.
    pub(crate) wait_when_stale: bool,
    /// Whose share of the budget pays for a refresh.
    pub(crate) payer: Option<Payer>,
}

/// What to do with the answer that is held.
#[derive(Debug, Clone)]
pub(crate) enum Verdict {
    Serve(Standing),
    /// Give it, and refresh it in the background.
    ServeAndRefresh(Standing),
    /// Wait for a newer one.
    Wait,
}

impl Verdict {
    /// The same where memory may be answered from at any age; else only what is fresh, or is said to be stale.
    pub(crate) fn unless_fresh_only(self, any_age: bool) -> Self {
        match self {
            Self::ServeAndRefresh(_) | Self::Serve(Standing::Revalidated { .. }) if !any_age => Self::Wait,
            verdict => verdict,
        }
    }
}

impl Times {
    /// What a read does with an answer of these times. It is not yet of no use ([`Phase::Gone`]), and no change has
    /// touched it; `hinted` is when the latest hint about it came, of those since its load began.
    pub(crate) fn verdict(&self, demand: Demand, hinted: Option<Instant>, now: Instant) -> Verdict {
        let (phase, is_doubted) = self.phase(hinted, now);
        let is_new_enough = demand.newer_than.is_none_or(|tick| self.began > tick);
        if phase == Phase::Fresh && is_new_enough {
            return Verdict::Serve(Standing::Hit);
        }
        let failure = self.failure_for(demand.payer);
        let ago = failure.as_ref().map(|failure| now.saturating_duration_since(failure.at));
        let may_try = ago.is_none_or(|ago| !self.lifetime.too_soon_after_failure(ago))
            && !(is_doubted && self.is_too_soon_for_hints(now));
        let serve = if may_try { Verdict::ServeAndRefresh } else { Verdict::Serve };
        if phase == Phase::Revalidate && is_new_enough {
            return serve(Standing::Revalidated { hinted });
        }
        let Some(failure) = failure else { return Verdict::Wait };
        let keeps_failing = ago.is_some_and(|ago| self.lifetime.keeps_failing(ago));
        if may_try && (demand.wait_when_stale || demand.newer_than.is_some() || !keeps_failing) {
            return Verdict::Wait;
        }
        serve(Standing::Stale(failure.error))
    }
}
