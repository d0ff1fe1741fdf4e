//! What was seen of a provider lately, never the answer to a probe.

use std::time::Duration;

use crate::{ErrorKind, Timestamp};

/// A provider's condition, judged from the calls made to it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum HealthStatus {
    /// The latest exchange succeeded.
    Ok,
    /// Exchanges are failing, but it is still being called.
    Degraded,
    /// The breaker is open: it is not being called.
    Unavailable,
    /// Nothing was called yet.
    Unknown,
}

/// What is left of the calls we allow ourselves to make to a provider.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct BudgetState {
    /// Calls that could be made at this moment.
    pub remaining: u32,
    /// Calls allowed per [`per`](Self::per): also the most that can ever remain.
    pub requests: u32,
    /// The time in which a spent budget is full again.
    pub per: Duration,
}

impl BudgetState {
    /// The time at which a quarter of the budget, spent evenly, pays for `calls`: `4 · calls · per / requests`.
    #[must_use]
    pub fn time_at_a_quarter_for(&self, calls: u32) -> Duration {
        let one = self.per.div_f64(f64::from(self.requests.max(1)));
        one.saturating_mul(calls.saturating_mul(4))
    }

    /// Whether at least half is left.
    #[must_use]
    pub fn at_least_half(&self) -> bool {
        u64::from(self.remaining) * 2 >= u64::from(self.requests)
    }
}

/// A provider's health as `GET /v1/providers` shows it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct ProviderHealth {
    /// What its latest exchanges and its breaker come to.
    pub status: HealthStatus,
    /// When an exchange last succeeded.
    pub last_success_at: Option<Timestamp>,
    /// When an exchange last failed.
    pub last_error_at: Option<Timestamp>,
    /// How the latest failed exchange failed; stays after a success.
    pub last_error: Option<ErrorKind>,
    /// The budget; `None` where there is none.
    pub budget: Option<BudgetState>,
}

impl ProviderHealth {
    /// The health of a provider that was never called.
    #[must_use]
    pub const fn unknown() -> Self {
        Self {
            status: HealthStatus::Unknown,
            last_success_at: None,
            last_error_at: None,
            last_error: None,
            budget: None,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_quarter_of_the_budget_pays_for_the_answer() {
        let budget = BudgetState { remaining: 0, requests: 600, per: Duration::from_secs(300) };
        assert_eq!(budget.time_at_a_quarter_for(3), Duration::from_secs(6));
        assert_eq!(budget.time_at_a_quarter_for(0), Duration::ZERO);
    }

    #[test]
    fn half_is_inclusive() {
        let budget = |remaining| BudgetState { remaining, requests: 5, per: Duration::from_secs(1) };
        assert!(budget(3).at_least_half());
        assert!(!budget(2).at_least_half());
    }
}
