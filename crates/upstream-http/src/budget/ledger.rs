//! All the numbers of one budget, changed together.

use std::time::Duration;

use session_provider::{BudgetState, Intent, Payer};
use tokio::time::Instant;

use crate::budget::askers::Askers;
use crate::budget::bucket::{Bucket, Rate};
use crate::budget::payers::Payers;
use crate::budget::provider_limits::ProviderLimits;
use crate::budget::settings::BudgetSettings;

/// Who asked longer ago than this, or than the budget's own time if that is shorter, does not ask any more. Long enough
/// for those who poll every few seconds; a budget of 5 minutes is not halved for one call in 5 minutes.
const RECENTLY: Duration = Duration::from_secs(10);

/// The bucket, the payers' shares and the provider's own limits.
#[derive(Debug, Clone)]
pub(super) struct Ledger {
    own: Rate,
    pub(super) bucket: Bucket,
    pub(super) payers: Payers,
    pub(super) askers: Askers,
    pub(super) limits: ProviderLimits,
    /// Began with nothing in it: what is kept for mutations then grows with what there is.
    began_empty: bool,
}

impl Ledger {
    pub(super) fn new(settings: BudgetSettings, now: Instant) -> Self {
        let own = rate(settings);
        Self {
            own,
            bucket: Bucket::full(own, now),
            payers: Payers::default(),
            askers: Askers::default(),
            limits: ProviderLimits::default(),
            began_empty: false,
        }
    }

    /// With nothing in it yet, but for one call if it may be `lent`, and these limits of the provider.
    pub(super) fn empty(settings: BudgetSettings, limits: ProviderLimits, lent: bool, now: Instant) -> Self {
        let rate = limits.narrow(rate(settings), now);
        let bucket = if lent { Bucket::lending_one(rate, now) } else { Bucket::empty(now) };
        Self { bucket, limits, began_empty: true, ..Self::new(settings, now) }
    }

    pub(super) fn take(&mut self, intent: Intent, payer: Option<Payer>, now: Instant) -> Result<(), Duration> {
        let rate = self.limits.narrow(self.own, now);
        self.bucket.refill(rate, now);
        let is_read = intent == Intent::Read;
        let kept = if is_read { kept_for_mutations(rate) } else { 0.0 };
        // Else nothing could be read until the whole of it has come together.
        self.began_empty &= self.bucket.tokens() < 1.0 + kept_for_mutations(rate);
        let kept = if self.began_empty { kept.min((self.bucket.tokens() - 1.0).max(0.0) / 10.0) } else { kept };
        let wait = self.bucket.time_until(1.0 + kept, rate).max(self.limits.time_until_one(is_read, now));
        let wait = match payer {
            Some(payer) if self.asks_beside_others(payer, rate, now) => {
                wait.max(self.payers.time_until_one(payer, half(rate), now))
            }
            _ => wait,
        };
        if !wait.is_zero() {
            return Err(wait);
        }
        self.bucket.take();
        self.limits.take();
        // Also of one who asks alone, so that what it has used already counts as soon as another asks.
        if let Some(payer) = payer {
            self.payers.take(payer, half(rate), now);
        }
        Ok(())
    }

    /// This payer asks, in vain.
    pub(super) fn asked(&mut self, payer: Payer, now: Instant) {
        self.askers.note(payer, now);
    }

    /// Notes that this payer asks; answers whether another one does, too.
    fn asks_beside_others(&mut self, payer: Payer, rate: Rate, now: Instant) -> bool {
        self.askers.note(payer, now);
        self.askers.another_asks(payer, RECENTLY.min(per(rate)), now)
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
            per: per(rate),
        }
    }
}

fn rate(settings: BudgetSettings) -> Rate {
    let capacity = f64::from(settings.requests.max(1));
    Rate { capacity, per_second: capacity / settings.per.as_secs_f64().max(1e-3) }
}

/// The time in which an empty bucket is full again.
fn per(rate: Rate) -> Duration {
    Duration::try_from_secs_f64(rate.capacity / rate.per_second).unwrap_or(Duration::MAX)
}

/// A tenth, rounded up, so that the smallest budgets keep a call too; nothing of a budget of one.
fn kept_for_mutations(rate: Rate) -> f64 {
    if rate.capacity < 2.0 { 0.0 } else { (rate.capacity / 10.0).ceil() }
}

/// What one payer may use while another asks: a bucket of half the size that fills half as fast, so it is half over any time. At least one
/// call fits in.
fn half(rate: Rate) -> Rate {
    Rate { capacity: (rate.capacity / 2.0).max(1.0), per_second: rate.per_second / 2.0 }
}
