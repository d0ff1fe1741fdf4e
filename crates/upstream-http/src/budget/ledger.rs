//! All the numbers of one budget, changed together.

use std::time::Duration;

use session_provider::{BudgetState, Intent, Payer};
use tokio::time::Instant;

use super::BudgetSettings;
use super::bucket::{Bucket, Rate};
use super::payers::Payers;
use super::provider_limits::ProviderLimits;

/// The bucket, the payers' shares and the provider's own limits.
#[derive(Debug)]
pub(super) struct Ledger {
    own: Rate,
    bucket: Bucket,
    payers: Payers,
    pub(super) limits: ProviderLimits,
}

impl Ledger {
    pub(super) fn new(settings: BudgetSettings, now: Instant) -> Self {
        let capacity = f64::from(settings.requests.max(1));
        let own = Rate { capacity, per_second: capacity / settings.per.as_secs_f64().max(1e-3) };
        Self { own, bucket: Bucket::full(own, now), payers: Payers::default(), limits: ProviderLimits::default() }
    }

    pub(super) fn take(&mut self, intent: Intent, payer: Option<Payer>, now: Instant) -> Result<(), Duration> {
        let rate = self.limits.narrow(self.own, now);
        self.bucket.refill(rate, now);
        let is_read = intent == Intent::Read;
        let kept = if is_read { kept_for_mutations(rate) } else { 0.0 };
        let wait = self.bucket.time_until(1.0 + kept, rate).max(self.limits.time_until_one(is_read, now));
        let wait = payer.map_or(wait, |payer| wait.max(self.payers.time_until_one(payer, half(rate), now)));
        if !wait.is_zero() {
            return Err(wait);
        }
        self.bucket.take();
        self.limits.take();
        if let Some(payer) = payer {
            self.payers.take(payer, half(rate), now);
        }
        Ok(())
    }

    pub(super) fn put_back(&mut self, payer: Option<Payer>, now: Instant) {
        // The provider's own windows are not put back to: the next answer tells them anyway.
        let rate = self.limits.narrow(self.own, now);
        self.bucket.put_back(rate);
        if let Some(payer) = payer {
            self.payers.put_back(payer, half(rate));
        }
    }

    #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "between 0 and a u32, rounded down")]
    pub(super) fn state(&mut self, now: Instant) -> BudgetState {
        let rate = self.limits.narrow(self.own, now);
        self.bucket.refill(rate, now);
        let tokens = self.bucket.tokens() as u32;
        BudgetState {
            remaining: self.limits.left(now).map_or(tokens, |left| tokens.min(left)),
            requests: rate.capacity as u32,
            per: Duration::try_from_secs_f64(rate.capacity / rate.per_second).unwrap_or(Duration::MAX),
        }
    }
}

/// A tenth, rounded up, so that the smallest budgets keep a call too; nothing of a budget of one.
fn kept_for_mutations(rate: Rate) -> f64 {
    if rate.capacity < 2.0 { 0.0 } else { (rate.capacity / 10.0).ceil() }
}

/// What one payer may use: a bucket of half the size that fills half as fast, so it is half over any time. At least one
/// call fits in.
fn half(rate: Rate) -> Rate {
    Rate { capacity: (rate.capacity / 2.0).max(1.0), per_second: rate.per_second / 2.0 }
}
