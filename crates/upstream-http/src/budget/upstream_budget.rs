//! The budget of one credential, as its users see it.

use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use session_provider::{BudgetState, Intent, Payer};
use tokio::time::Instant;

use crate::budget::ledger::Ledger;
use crate::budget::settings::BudgetSettings;
use crate::rate_limit_headers::RateLimits;

/// A token bucket over all calls made with one credential.
///
/// A tenth (rounded up; nothing of a budget of one) is kept for mutations. While another payer asks too, none gets more
/// than half. What the provider says of its own limits, or a 429, narrows it for a while; nothing widens it beyond its
/// settings.
#[derive(Debug)]
pub struct Budget(Mutex<Ledger>);

impl Budget {
    pub(crate) fn new(settings: BudgetSettings) -> Self {
        Self(Mutex::new(Ledger::new(settings, Instant::now())))
    }

    /// What is left now, for calls of any intent.
    #[must_use]
    pub fn state(&self) -> BudgetState {
        self.lock().state(Instant::now())
    }

    /// Takes one call out, or says how long until there will be one.
    pub(crate) fn take(&self, intent: Intent, payer: Option<Payer>) -> Result<(), Duration> {
        self.lock().take(intent, payer, Instant::now())
    }

    /// Puts back a call that was not made.
    pub(crate) fn put_back(&self, payer: Option<Payer>) {
        self.lock().put_back(payer, Instant::now());
    }

    /// Heeds what an answer said of the provider's limits.
    pub(crate) fn heed(&self, limits: &RateLimits) {
        self.lock().limits.heed(limits, Instant::now());
    }

    /// The provider answered 429: no calls for that long, or for a growing while if it did not say. Answers for how long.
    pub(crate) fn throttled(&self, wait: Option<Duration>) -> Duration {
        self.lock().limits.throttled(wait, Instant::now())
    }

    /// The provider answered, and not with 429.
    pub(crate) fn not_throttled(&self) {
        self.lock().limits.not_throttled(Instant::now());
    }

    fn lock(&self) -> MutexGuard<'_, Ledger> {
        // Nothing under this lock panics half-way through a change of more than one number.
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

#[cfg(test)]
mod tests;
