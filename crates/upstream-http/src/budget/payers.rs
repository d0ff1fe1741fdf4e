//! What each payer has used lately.

use std::collections::HashMap;
use std::time::Duration;

use session_provider::Payer;
use tokio::time::Instant;

use crate::budget::bucket::{Bucket, Rate};

/// More payers than this are not remembered. A payer is forgotten when its share is whole again, so only a budget of
/// thousands of calls can have so many; then all are forgotten at once, and the budget itself still holds.
const MAX_PAYERS: usize = 10_000;

/// A bucket for each payer that used something and has not got it all back yet.
#[derive(Debug, Clone, Default)]
pub(super) struct Payers(pub(super) HashMap<Payer, Bucket>);

impl Payers {
    /// How long until this payer's share holds a call; zero if it does.
    pub(super) fn time_until_one(&self, payer: Payer, share: Rate, now: Instant) -> Duration {
        let Some(mut bucket) = self.0.get(&payer).copied() else { return Duration::ZERO };
        bucket.refill(share, now);
        bucket.time_until(1.0, share)
    }

    pub(super) fn take(&mut self, payer: Payer, share: Rate, now: Instant) {
        if self.0.len() >= MAX_PAYERS && !self.0.contains_key(&payer) {
            self.make_room(share, now);
        }
        let bucket = self.0.entry(payer).or_insert_with(|| Bucket::full(share, now));
        bucket.refill(share, now);
        bucket.take();
    }

    pub(super) fn put_back(&mut self, payer: Payer, share: Rate) {
        if let Some(bucket) = self.0.get_mut(&payer) {
            bucket.put_back(share);
        }
    }

    fn make_room(&mut self, share: Rate, now: Instant) {
        self.0.retain(|_, bucket| {
            bucket.refill(share, now);
            !bucket.is_full(share)
        });
        if self.0.len() >= MAX_PAYERS {
            self.0.clear();
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const SHARE: Rate = Rate { capacity: 2.0, per_second: 1.0 };

    #[tokio::test(start_paused = true)]
    async fn it_remembers_a_bounded_number_and_first_forgets_those_who_are_even() {
        let start = Instant::now();
        let mut payers = Payers::default();
        for payer in 0..MAX_PAYERS as u64 - 1 {
            payers.take(Payer(payer), SHARE, start);
        }
        let later = start + Duration::from_secs(10);
        for _ in 0..2 {
            payers.take(Payer(u64::MAX), SHARE, later);
        }
        payers.take(Payer(u64::MAX - 1), SHARE, later);
        assert_eq!(payers.0.len(), 2, "the even ones are forgotten");
        assert!(!payers.time_until_one(Payer(u64::MAX), SHARE, later).is_zero(), "the one in debt is not");
        for payer in 0..3 * MAX_PAYERS as u64 {
            payers.take(Payer(payer), SHARE, later);
            assert!(payers.0.len() <= MAX_PAYERS);
        }
    }
}
