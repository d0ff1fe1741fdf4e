//! The budget of one credential, as its users see it.

use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use session_provider::{BudgetState, Intent, Payer};
use tokio::time::Instant;

use crate::budget::ledger::Ledger;
use crate::budget::settings::BudgetSettings;
use crate::budget::shared::{BudgetStore, Happened, SharedLedger};
use crate::rate_limit_headers::RateLimits;

/// A token bucket over all calls made with one credential.
///
/// A tenth (rounded up; nothing of a budget of one) is kept for mutations. While another payer asks too, none gets more
/// than half. What the provider says of its own limits, or a 429, narrows it for a while; nothing widens it beyond its
/// settings.
#[derive(Debug)]
pub struct Budget(Held);

/// Where the numbers are.
#[derive(Debug)]
enum Held {
    /// In this process alone.
    Here(Box<Mutex<Ledger>>),
    /// In a store, for several replicas.
    Shared(Box<SharedLedger>),
}

impl Budget {
    pub(crate) fn new(settings: BudgetSettings) -> Self {
        Self(Held::Here(Box::new(Mutex::new(Ledger::new(settings, Instant::now())))))
    }

    /// The budget of a credential that several replicas use.
    pub(crate) fn shared(store: Arc<dyn BudgetStore>, credential: [u8; 32], settings: BudgetSettings) -> Self {
        Self(Held::Shared(Box::new(SharedLedger::new(store, credential, settings))))
    }

    /// Tells other replicas what happens here, until dropped; at once over where there are none.
    pub(crate) async fn keep_saying(&self) {
        if let Held::Shared(shared) = &self.0 {
            shared.keep_saying().await;
        }
    }

    /// What is left now, for calls of any intent, as far as this replica knows.
    #[must_use]
    pub fn state(&self) -> BudgetState {
        match &self.0 {
            Held::Here(ledger) => lock(ledger).state(Instant::now()),
            Held::Shared(shared) => shared.state(),
        }
    }

    /// Looks what other replicas have left; at once over where there are none.
    pub(crate) async fn look(&self) {
        if let Held::Shared(shared) = &self.0 {
            shared.look().await;
        }
    }

    /// Takes one call out, or says how long until there will be one.
    pub(crate) async fn spend(&self, intent: Intent, payer: Option<Payer>) -> Result<(), Duration> {
        match &self.0 {
            Held::Here(ledger) => lock(ledger).take(intent, payer, Instant::now()),
            Held::Shared(shared) => shared.take(intent, payer).await,
        }
    }

    /// Puts back a call that was not made.
    pub(crate) fn put_back(&self, payer: Option<Payer>) {
        match &self.0 {
            Held::Here(ledger) => lock(ledger).put_back(payer, Instant::now()),
            Held::Shared(shared) => drop(shared.happened(Happened::PutBack(payer))),
        }
    }

    /// Heeds what an answer said of the provider's limits.
    pub(crate) fn heed(&self, limits: &RateLimits) {
        match &self.0 {
            Held::Here(ledger) => lock(ledger).limits.heed(limits, Instant::now()),
            Held::Shared(shared) => drop(shared.happened(Happened::Heed(limits.clone()))),
        }
    }

    /// The provider answered 429: no calls for that long, or for a growing while if it did not say. Answers for how long.
    pub(crate) fn throttled(&self, wait: Option<Duration>) -> Duration {
        match &self.0 {
            Held::Here(ledger) => lock(ledger).limits.throttled(wait, Instant::now()),
            Held::Shared(shared) => shared.happened(Happened::Throttled(wait)).unwrap_or_default(),
        }
    }

    /// The provider answered, and not with 429.
    pub(crate) fn not_throttled(&self) {
        match &self.0 {
            Held::Here(ledger) => lock(ledger).limits.not_throttled(Instant::now()),
            Held::Shared(shared) => shared.not_throttled(),
        }
    }
}

#[cfg(test)]
impl Budget {
    /// The same of one in this process.
    pub(crate) fn take(&self, intent: Intent, payer: Option<Payer>) -> Result<(), Duration> {
        futures_util::FutureExt::now_or_never(self.spend(intent, payer)).expect("takes no time in this process")
    }
}

fn lock(ledger: &Mutex<Ledger>) -> MutexGuard<'_, Ledger> {
    // Nothing under this lock panics half-way through a change of more than one number.
    ledger.lock().unwrap_or_else(PoisonError::into_inner)
}

#[cfg(test)]
mod tests;
