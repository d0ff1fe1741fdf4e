//! What comes of asking to be let in.

use std::time::Duration;

use crate::limits::accounts::{Accounts, CallerKey, SOON};
use crate::limits::headers::LimitState;
use crate::telemetry::metrics as names;

/// A caller is over a limit.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LimitExceeded {
    /// When to try again.
    pub retry_after: Duration,
    /// What the `RateLimit` headers say.
    pub state: LimitState,
}

/// Leave to go on; counts as one request under way until dropped.
#[derive(Debug)]
pub struct Permit {
    /// What the headers of the answer say.
    pub state: LimitState,
    _slot: Option<ConcurrencySlot>,
}

/// One request under way.
#[derive(Debug)]
struct ConcurrencySlot {
    accounts: Accounts,
    key: CallerKey,
}

impl LimitExceeded {
    /// Over this limit; counted.
    pub(super) fn new(limit: &'static str, retry_after: Duration, state: LimitState) -> Self {
        metrics::counter!(names::LIMITED, "limit" => limit).increment(1);
        Self { retry_after, state }
    }

    /// There is no room for one more caller.
    pub(super) fn no_room() -> Self {
        Self::new("callers", SOON, LimitState::default())
    }
}

impl Permit {
    /// Of a caller whose requests under way are not counted.
    pub(super) fn uncounted(state: LimitState) -> Self {
        Self { state, _slot: None }
    }

    /// Of a caller who has one more request under way.
    pub(super) fn counted(state: LimitState, accounts: Accounts, key: CallerKey) -> Self {
        Self { state, _slot: Some(ConcurrencySlot { accounts, key }) }
    }
}

impl Drop for ConcurrencySlot {
    fn drop(&mut self) {
        if let Some(account) = self.accounts.lock().standings.get_mut(&self.key) {
            account.under_way = account.under_way.saturating_sub(1);
        }
    }
}
