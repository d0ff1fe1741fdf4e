//! What was seen of an upstream lately.

use std::sync::{Mutex, MutexGuard, PoisonError};

use session_provider::{ErrorKind, HealthStatus, ProviderHealth, Timestamp};

/// The latest success and the latest failure of one upstream's exchanges.
///
/// A success is any answer the provider crate may read: a 404 comes from a working provider. A 401, 403 or 429 is a
/// failure here (though not for the breaker): the provider works, but not for us, and an operator wants to see it.
#[derive(Debug, Default)]
pub(crate) struct HealthLog(Mutex<Recent>);

#[derive(Debug, Default)]
struct Recent {
    last_success_at: Option<Timestamp>,
    last_error: Option<(Timestamp, ErrorKind)>,
    latest_failed: bool,
}

impl HealthLog {
    pub(crate) fn note_success(&self, at: Timestamp) {
        let mut seen = self.lock();
        seen.last_success_at = Some(at);
        seen.latest_failed = false;
    }

    pub(crate) fn note_failure(&self, at: Timestamp, kind: ErrorKind) {
        let mut seen = self.lock();
        seen.last_error = Some((at, kind));
        seen.latest_failed = true;
    }

    /// The health, but for the budget.
    pub(crate) fn health(&self, breaker_is_open: bool) -> ProviderHealth {
        let seen = self.lock();
        let status = if breaker_is_open {
            HealthStatus::Unavailable
        } else if seen.latest_failed {
            HealthStatus::Degraded
        } else if seen.last_success_at.is_some() {
            HealthStatus::Ok
        } else {
            HealthStatus::Unknown
        };
        ProviderHealth {
            status,
            last_success_at: seen.last_success_at,
            last_error_at: seen.last_error.map(|(at, _)| at),
            last_error: seen.last_error.map(|(_, kind)| kind),
            budget: None,
        }
    }

    fn lock(&self) -> MutexGuard<'_, Recent> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_latest_exchange_decides_and_an_open_breaker_overrides_it() {
        let at = |ms| Timestamp::from_unix_ms(ms).unwrap();
        let log = HealthLog::default();
        assert_eq!(log.health(false), ProviderHealth::unknown());
        log.note_success(at(1));
        assert_eq!(log.health(false).status, HealthStatus::Ok);
        log.note_failure(at(2), ErrorKind::ProviderAuthFailed);
        let health = log.health(false);
        assert_eq!(health.status, HealthStatus::Degraded);
        assert_eq!((health.last_success_at, health.last_error_at), (Some(at(1)), Some(at(2))));
        assert_eq!(health.last_error, Some(ErrorKind::ProviderAuthFailed));
        assert_eq!(log.health(true).status, HealthStatus::Unavailable);
        log.note_success(at(3));
        let health = log.health(false);
        assert_eq!((health.status, health.last_error_at), (HealthStatus::Ok, Some(at(2))));
    }
}
