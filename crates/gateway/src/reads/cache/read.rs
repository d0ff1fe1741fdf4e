//! One read through the cache.

use session_provider::{Error, ErrorKind, Payer, RequestId};
use tokio::time::Instant;

use crate::changes::Tick;
use crate::providers::Provider;
use crate::reads::cache::Question;
use crate::reads::cache::key::Key;

/// On whose behalf the reads of one request are made, and what they want.
#[derive(Debug, Clone)]
pub(crate) struct ReadContext {
    pub(crate) request_id: RequestId,
    /// Whose share of the budgets pays; nobody's for work of our own.
    pub(crate) payer: Option<Payer>,
    /// When the request arrived, among loads and changes.
    pub(crate) arrived: Tick,
    /// The same as a moment.
    pub(crate) arrival: Instant,
    /// When it stops waiting.
    pub(crate) deadline: Instant,
    /// The answer must come of a load that began after the request arrived.
    pub(crate) no_cache: bool,
    /// Wait for a refresh rather than take a stale answer at once.
    pub(crate) wait_when_stale: bool,
    /// Only what is in memory will do: a read that would have to wait never comes to its end, and has begun nothing.
    pub(crate) at_hand: bool,
    /// An answer that another replica has asked for will do, if its load has a greater number than this.
    pub(crate) shared_after: Option<u64>,
    /// An extra: ask the provider only while at least half of its budget is left.
    pub(crate) extra: bool,
}

impl ReadContext {
    /// The moment as of which it is answered: of what is at hand, that at which the request arrived, just now.
    pub(crate) fn now(&self) -> Instant {
        if self.at_hand { self.arrival } else { Instant::now() }
    }
}

/// A question of a request to one provider.
pub(super) struct Read<'a, Q> {
    pub(super) context: &'a ReadContext,
    pub(super) provider: &'a Provider,
    pub(super) question: &'a Q,
    pub(super) key: Key,
    /// The answer must come of a load that began after this. `no-cache` asks for it, while the provider's budget lasts.
    pub(super) newer_than: Option<Tick>,
}

impl<'a, Q: Question> Read<'a, Q> {
    pub(super) fn new(context: &'a ReadContext, provider: &'a Provider, question: &'a Q) -> Self {
        let key = Key::new(provider.id().clone(), Q::OPERATION, question.target());
        let newer_than = (context.no_cache && has_spare(provider)).then_some(context.arrived);
        Self { context, provider, question, key, newer_than }
    }

    /// Whether what began then is as new as the read wants it.
    pub(super) fn takes(&self, began: Tick) -> bool {
        self.newer_than.is_none_or(|tick| began > tick)
    }

    /// Whether the provider may be asked for it.
    pub(super) fn may_ask(&self) -> bool {
        !self.context.extra || has_spare(self.provider)
    }

    /// An error of our own, not the provider's.
    pub(super) fn refuse(&self, kind: ErrorKind) -> Error {
        Error::new(kind).at_provider(&self.key.provider).in_operation(Q::OPERATION)
    }
}

/// Whether at least half of the provider's budget is left.
fn has_spare(provider: &Provider) -> bool {
    provider.health().budget.is_none_or(|budget| budget.at_least_half())
}
