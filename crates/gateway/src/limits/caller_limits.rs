//! Requests per second and at once, per caller.

use std::sync::Arc;
#[cfg(test)]
use std::{sync::MutexGuard, time::Duration};

use caller_auth::Caller;
use session_provider::Intent;
use tokio::time::Instant;
use tokio_util::task::TaskTracker;

use crate::config::LimitsConfig;
use crate::limits::accounts::{Accounts, CallerKey, MAX_CALLERS};
#[cfg(test)]
use crate::limits::accounts::{Callers, FEW_CALLERS};
use crate::limits::caller_limit::CallerRates;
use crate::limits::headers::LimitState;
use crate::limits::permit::{LimitExceeded, Permit};
use crate::limits::shared_limits::{Attempt, SharedLimits};
use crate::sharing::Sharing;

/// The limits of all callers. Cheap to clone, bounded in memory.
#[derive(Debug, Clone)]
pub struct CallerLimits {
    inner: Arc<Inner>,
}

#[derive(Debug)]
struct Inner {
    rates: CallerRates,
    accounts: Accounts,
    /// Where there are other replicas.
    shared: Option<SharedLimits>,
}

impl CallerLimits {
    /// The limits as configured, of this process alone.
    #[must_use]
    pub fn new(config: &LimitsConfig) -> Self {
        Self::with_room(config, MAX_CALLERS)
    }

    /// The limits as configured, which all replicas have together if there may be others. Of what is at once, each has its
    /// own.
    pub(crate) fn among_replicas(config: &LimitsConfig, sharing: Option<&Sharing>, tasks: TaskTracker) -> Self {
        let (rates, accounts) = (CallerRates::new(config), Accounts::new(MAX_CALLERS));
        let is_rate = rates.requests.is_some() || rates.moderation.is_some();
        let sharing = sharing.filter(|_| is_rate);
        let shared = sharing.map(|sharing| SharedLimits::new(rates, accounts.clone(), sharing, tasks));
        Self { inner: Arc::new(Inner { rates, accounts, shared }) }
    }

    fn with_room(config: &LimitsConfig, most: usize) -> Self {
        let (rates, accounts) = (CallerRates::new(config), Accounts::new(most));
        Self { inner: Arc::new(Inner { rates, accounts, shared: None }) }
    }

    /// Lets a request of this caller in, or says when to come back, if that can be said at once: `None` where another
    /// replica may have taken what is left, so that it has to be asked for.
    #[must_use]
    pub fn admit_at_hand(&self, caller: &Caller, intent: Intent) -> Option<Result<Permit, LimitExceeded>> {
        let Some(shared) = &self.inner.shared else { return Some(self.admit(caller, intent)) };
        match shared.attempt(&CallerKey::of(caller), intent) {
            Attempt::Ended(result) => Some(result),
            Attempt::Waits(_) => None,
        }
    }

    /// Lets a request of this caller in, or says when to come back. A request that is refused costs nothing, so that
    /// a caller who keeps knocking is let in as soon as one who waits. Waits for the store that replicas share, if need be,
    /// and no longer than a request may.
    ///
    /// # Errors
    /// [`LimitExceeded`].
    pub async fn admit_or_wait(&self, caller: &Caller, intent: Intent) -> Result<Permit, LimitExceeded> {
        match &self.inner.shared {
            None => self.admit(caller, intent),
            Some(shared) => shared.admit(&CallerKey::of(caller), intent).await,
        }
    }

    /// By what this process alone has let in.
    fn admit(&self, caller: &Caller, intent: Intent) -> Result<Permit, LimitExceeded> {
        let Inner { rates, accounts, .. } = &*self.inner;
        let rates = rates.of(intent);
        if rates.is_unlimited() {
            return Ok(Permit::uncounted(LimitState::default()));
        }
        let key = CallerKey::of(caller);
        let now = Instant::now();
        let mut callers = accounts.lock();
        let account = callers.account(&key, now).ok_or_else(LimitExceeded::no_room)?;
        let admitted = account.admit(&rates, now);
        let state = account.state(&rates, now);
        match admitted {
            Ok(()) if rates.concurrent.is_some() => Ok(Permit::counted(state, accounts.clone(), key)),
            Ok(()) => Ok(Permit::uncounted(state)),
            Err((limit, retry_after)) => Err(LimitExceeded::new(limit, retry_after, state)),
        }
    }
}

#[cfg(test)]
impl Inner {
    fn lock(&self) -> MutexGuard<'_, Callers> {
        self.accounts.lock()
    }
}

#[cfg(test)]
mod replica_tests;
#[cfg(test)]
mod tests;
