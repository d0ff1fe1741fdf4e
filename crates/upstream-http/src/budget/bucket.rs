//! A token bucket.

use std::time::Duration;

use tokio::time::Instant;

/// Less than this is rounding, not a missing token.
const ROUNDING: f64 = 1e-6;

/// How much a bucket holds and how fast it fills.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct Rate {
    pub(super) capacity: f64,
    pub(super) per_second: f64,
}

impl Rate {
    /// The smaller size and the slower filling of both.
    pub(super) fn narrower(self, other: Self) -> Self {
        Self { capacity: self.capacity.min(other.capacity), per_second: self.per_second.min(other.per_second) }
    }
}

/// Tokens at a moment.
#[derive(Debug, Clone, Copy)]
pub(super) struct Bucket {
    pub(super) tokens: f64,
    pub(super) at: Instant,
}

impl Bucket {
    pub(super) fn full(rate: Rate, now: Instant) -> Self {
        Self { tokens: rate.capacity, at: now }
    }

    /// Empty, but for the first token, which is lent: the time until it would have come counts from then on.
    pub(super) fn lending_one(rate: Rate, now: Instant) -> Self {
        Self { tokens: 1.0, at: now + Duration::try_from_secs_f64(1.0 / rate.per_second).unwrap_or(Duration::ZERO) }
    }

    pub(super) fn empty(now: Instant) -> Self {
        Self { tokens: 0.0, at: now }
    }

    /// Brings it up to this moment.
    pub(super) fn refill(&mut self, rate: Rate, now: Instant) {
        let grown = self.tokens + now.saturating_duration_since(self.at).as_secs_f64() * rate.per_second;
        self.tokens = grown.clamp(0.0, rate.capacity);
        self.at = self.at.max(now);
    }

    /// The tokens at the moment of the last refill.
    pub(super) fn tokens(&self) -> f64 {
        self.tokens + ROUNDING
    }

    pub(super) fn is_full(&self, rate: Rate) -> bool {
        self.tokens() >= rate.capacity
    }

    /// How long until it holds that many; zero if it does.
    pub(super) fn time_until(&self, wanted: f64, rate: Rate) -> Duration {
        let missing = wanted - self.tokens();
        if missing <= 0.0 {
            return Duration::ZERO;
        }
        Duration::try_from_secs_f64(missing / rate.per_second).unwrap_or(Duration::MAX)
    }

    pub(super) fn take(&mut self) {
        self.tokens = (self.tokens - 1.0).max(0.0);
    }

    pub(super) fn put_back(&mut self, rate: Rate) {
        self.tokens = (self.tokens + 1.0).min(rate.capacity);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const RATE: Rate = Rate { capacity: 3.0, per_second: 1.5 };

    #[tokio::test(start_paused = true)]
    async fn it_fills_at_its_rate_up_to_its_capacity_and_never_goes_back_in_time() {
        let start = Instant::now();
        let at = |seconds| start + Duration::from_secs(seconds);
        let mut bucket = Bucket::full(RATE, start);
        for _ in 0..3 {
            bucket.take();
        }
        assert_eq!(bucket.time_until(3.0, RATE).as_millis(), 1999);
        bucket.refill(RATE, at(1));
        assert!((1.5..1.51).contains(&bucket.tokens()));
        bucket.refill(RATE, start);
        bucket.refill(RATE, at(1));
        assert!((1.5..1.51).contains(&bucket.tokens()));
        bucket.refill(RATE, at(100));
        assert!(bucket.is_full(RATE) && bucket.tokens() < 3.01);
        assert_eq!(bucket.time_until(1.0, RATE), Duration::ZERO);
    }
}
