//! So many in each span of time, by the generic cell rate algorithm: one moment per caller, no timer.

use std::time::Duration;

use tokio::time::Instant;

use crate::config::RateConfig;

/// Longer windows are this long: thirty years, with which moments can still be reckoned.
const LONGEST_WINDOW: Duration = Duration::from_secs(1_000_000_000);

/// A rate with bursts up to the whole quota.
#[derive(Debug, Clone, Copy)]
pub(super) struct Rate {
    quota: u32,
    per: Duration,
    window: Duration,
    /// One request's share of the window.
    interval: Duration,
}

/// How far ahead of the rate a caller is: the moment at which the whole quota is there again.
#[derive(Debug, Clone, Copy)]
pub(super) struct Bucket {
    full_at: Instant,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Level {
    /// Requests that would pass now.
    pub(super) remaining: u32,
    /// Until the whole quota is there again.
    pub(super) full_in: Duration,
}

impl Rate {
    pub(super) fn new(config: RateConfig) -> Self {
        Self::of(config.requests.get(), config.per.min(LONGEST_WINDOW))
    }

    fn of(quota: u32, per: Duration) -> Self {
        let interval = (per / quota).max(Duration::from_nanos(1));
        Self { quota, per, window: interval.saturating_mul(quota), interval }
    }

    /// One of so many equal parts; of at least one request.
    pub(super) fn part(&self, of: u32) -> Self {
        Self::of((self.quota / of.max(1)).max(1), self.per)
    }

    pub(super) fn quota(&self) -> u32 {
        self.quota
    }

    /// The span of time as it was configured.
    pub(super) fn per(&self) -> Duration {
        self.per
    }

    /// How long one request takes to come again.
    pub(super) fn interval(&self) -> Duration {
        self.interval
    }

    pub(super) fn window(&self) -> Duration {
        self.window
    }
}

impl Bucket {
    /// One of which all is there from that moment on.
    pub(super) fn full(at: Instant) -> Self {
        Self { full_at: at }
    }

    /// Whether it says nothing that a new one would not.
    pub(super) fn is_full(&self, now: Instant) -> bool {
        self.full_at <= now
    }

    /// What it would be after one more request, or how long until there is room for one.
    pub(super) fn after_one(&self, rate: &Rate, now: Instant) -> Result<Self, Duration> {
        let full_at = self.full_at.max(now) + rate.interval;
        match full_at.duration_since(now).checked_sub(rate.window) {
            None | Some(Duration::ZERO) => Ok(Self { full_at }),
            Some(wait) => Err(wait),
        }
    }

    /// The same, but with no room before that moment.
    pub(super) fn without_room_before(self, rate: &Rate, at: Instant) -> Self {
        Self { full_at: self.full_at.max(at + rate.window.saturating_sub(rate.interval)) }
    }

    /// What it would be if so many requests had not been made.
    pub(super) fn without(self, rate: &Rate, requests: u32, now: Instant) -> Self {
        let given_back = rate.interval.saturating_mul(requests);
        Self { full_at: self.full_at.checked_sub(given_back).unwrap_or(now) }
    }

    pub(super) fn level(&self, rate: &Rate, now: Instant) -> Level {
        let full_in = self.full_at.saturating_duration_since(now);
        let remaining = rate.window.saturating_sub(full_in).as_nanos() / rate.interval.as_nanos();
        Level { remaining: u32::try_from(remaining).unwrap_or(u32::MAX), full_in }
    }
}
