//! The limits of callers where all replicas have them together.

use std::sync::Arc;

use coordination::{Cluster, LotRate, Name};
use session_provider::Intent;
use tokio::sync::watch;
use tokio::time::{Instant, timeout};
use tokio_util::task::TaskTracker;

use crate::limits::accounts::{Accounts, CallerKey, SOON};
use crate::limits::bucket::Rate;
use crate::limits::caller_limit::{CallerLimit, CallerRates};
use crate::limits::headers::{LimitState, RateStanding};
use crate::limits::permit::{LimitExceeded, Permit};
use crate::limits::purse::{Purse, PurseContent, PurseTerms, Purses};
use crate::sharing::Sharing;

/// Cheap to clone.
#[derive(Debug, Clone)]
pub(super) struct SharedLimits(Arc<Inner>);

#[derive(Debug)]
struct Inner {
    rates: CallerRates,
    accounts: Accounts,
    cluster: Cluster,
    up: watch::Receiver<bool>,
    /// Whose callers they are: what this deployment and its replicas ask.
    deployment: Name,
    tasks: TaskTracker,
}

/// What came of a look at what this replica has.
pub(super) enum Attempt {
    Ended(Result<Permit, LimitExceeded>),
    /// A lot has to be waited for.
    Waits(LotAwaited),
}

/// A request that waits for a lot.
pub(super) struct LotAwaited {
    shared: SharedLimits,
    key: CallerKey,
    limit: CallerLimit,
    terms: PurseTerms,
    lot: Option<watch::Receiver<bool>>,
    /// Dropped meanwhile, it has hung up.
    is_waiting: bool,
}

impl SharedLimits {
    /// Lots are fetched on `tasks`.
    pub(super) fn new(rates: CallerRates, accounts: Accounts, sharing: &Sharing, tasks: TaskTracker) -> Self {
        let cluster = sharing.cluster().clone();
        let (up, deployment) = (cluster.watch(), sharing.deployment());
        Self(Arc::new(Inner { rates, accounts, cluster, up, deployment, tasks }))
    }

    /// Lets a request in, or refuses it, by what this replica has and knows.
    pub(super) fn attempt(&self, key: &CallerKey, intent: Intent) -> Attempt {
        self.attempt_by(key, intent, !*self.0.up.borrow())
    }

    /// The same, after waiting for lots if need be; where none comes in time this replica acts alone.
    pub(super) async fn admit(&self, key: &CallerKey, intent: Intent) -> Result<Permit, LimitExceeded> {
        let waiting = async {
            loop {
                match self.attempt(key, intent) {
                    Attempt::Ended(result) => return Some(result),
                    Attempt::Waits(mut waiting) => waiting.has_come().await?,
                }
            }
        };
        if let Ok(Some(result)) = timeout(self.0.cluster.timeout(), waiting).await {
            return result;
        }
        match self.attempt_by(key, intent, true) {
            Attempt::Ended(result) => result,
            // Alone nothing is waited for.
            Attempt::Waits(_) => Err(LimitExceeded::new("requests", SOON, LimitState::default())),
        }
    }

    fn attempt_by(&self, key: &CallerKey, intent: Intent, is_away: bool) -> Attempt {
        let rates = self.0.rates.of(intent);
        if rates.is_unlimited() {
            return Attempt::Ended(Ok(Permit::uncounted(LimitState::default())));
        }
        let replicas = self.0.cluster.replicas();
        let terms = |rate: Option<Rate>| rate.map(|rate| PurseTerms::new(rate, replicas, is_away));
        // The rarer first: what is taken of it and then not used stays here for the next.
        let limits =
            [(CallerLimit::Moderation, terms(rates.moderation)), (CallerLimit::Requests, terms(rates.requests))];
        let limits = limits.iter().filter_map(|(limit, terms)| Some((*limit, terms.as_ref()?)));
        let now = Instant::now();
        let mut callers = self.0.accounts.lock();
        let Some(account) = callers.account(key, now) else { return Attempt::Ended(Err(LimitExceeded::no_room())) };
        let mut over = account.has_place(&rates).err();
        let purses = account.purses(now);
        let mut empty = None;
        if over.is_none() {
            for (limit, terms) in limits.clone() {
                match purses.of(limit).content(terms, now) {
                    PurseContent::Enough => {}
                    PurseContent::Empty => empty = empty.or(Some((limit, terms))),
                    PurseContent::Over(wait) if over.is_some_and(|(_, longest)| longest >= wait) => {}
                    PurseContent::Over(wait) => over = Some((limit.as_str(), wait)),
                }
            }
        }
        if over.is_none()
            && let Some((limit, terms)) = empty
        {
            let purse = purses.of(limit);
            let under_way = purse.wait();
            let lot = self.fetch(purse, key, limit, terms).or(under_way);
            let (shared, key, terms) = (self.clone(), key.clone(), *terms);
            return Attempt::Waits(LotAwaited { shared, key, limit, terms, lot, is_waiting: false });
        }
        if over.is_none() {
            for (limit, terms) in limits.clone() {
                let purse = purses.of(limit);
                purse.take(terms, now);
                if purse.is_low(terms, now) {
                    self.fetch(purse, key, limit, terms);
                }
            }
            account.take_place(&rates);
        }
        let state = state(account.purses(now), limits, now);
        Attempt::Ended(match over {
            Some((limit, retry_after)) => Err(LimitExceeded::new(limit, retry_after, state)),
            None if rates.concurrent.is_some() => Ok(Permit::counted(state, self.0.accounts.clone(), key.clone())),
            None => Ok(Permit::uncounted(state)),
        })
    }

    /// Has a lot fetched, unless one is under way.
    fn fetch(
        &self,
        purse: &mut Purse,
        key: &CallerKey,
        limit: CallerLimit,
        terms: &PurseTerms,
    ) -> Option<watch::Receiver<bool>> {
        let (want, sender) = purse.begin_lot(terms, Instant::now())?;
        let lot = sender.subscribe();
        let (this, key, terms) = (self.clone(), key.clone(), *terms);
        self.0.tasks.spawn(async move {
            let (asked, rate) = (Instant::now(), terms.rate);
            let name = this.name(&key, limit, &rate);
            let lot = this.0.cluster.take_lot(name, LotRate { quota: rate.quota(), per: rate.per() }, want).await;
            if let Some(account) = this.0.accounts.lock().standings.get_mut(&key) {
                let purse = account.purses(asked).of(limit);
                match lot {
                    Some(lot) => purse.add_lot(&terms, asked, want, lot.granted, lot.full_in),
                    None => purse.go_alone(),
                }
            }
            sender.send_replace(lot.is_some());
        });
        Some(lot)
    }

    /// The limit's name in the store. Frozen.
    fn name(&self, key: &CallerKey, limit: CallerLimit, rate: &Rate) -> Name {
        let (deployment, per) = (self.0.deployment.to_string(), rate.per().as_micros().to_string());
        let quota = rate.quota().to_string();
        Name::of([&*deployment, &*key.issuer, &*key.subject, limit.as_str(), &*quota, &*per].map(str::as_bytes))
    }
}

impl LotAwaited {
    /// Waits for the lot; `None` if it does not come.
    async fn has_come(&mut self) -> Option<()> {
        let lot = self.lot.as_mut()?;
        self.is_waiting = true;
        let has_come = lot.wait_for(|has_come| *has_come).await.is_ok();
        self.is_waiting = false;
        has_come.then_some(())
    }
}

impl Drop for LotAwaited {
    fn drop(&mut self) {
        if let Some(account) = self.shared.0.accounts.lock().standings.get_mut(&self.key) {
            let purse = account.purses(Instant::now()).of(self.limit);
            purse.end_waiting();
            if self.is_waiting {
                purse.hang_up(&self.terms);
            }
        }
    }
}

/// What the headers say, the requests first.
fn state<'a>(
    purses: &mut Purses,
    limits: impl DoubleEndedIterator<Item = (CallerLimit, &'a PurseTerms)>,
    now: Instant,
) -> LimitState {
    let of = |(limit, terms): (CallerLimit, &'a PurseTerms)| -> RateStanding<'a> {
        (limit.policy(), &terms.rate, purses.of(limit).level(terms, now))
    };
    LimitState::of(&limits.rev().map(of).collect::<Vec<_>>())
}
