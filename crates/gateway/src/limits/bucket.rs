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
        let quota = config.requests.get();
        let interval = (config.per.min(LONGEST_WINDOW) / quota).max(Duration::from_nanos(1));
        Self { quota, window: interval.saturating_mul(quota), interval }
    }

    pub(super) fn quota(&self) -> u32 {
        self.quota
    }

    pub(super) fn window(&self) -> Duration {
        self.window
    }
}

impl Bucket {
    pub(super) fn full(now: Instant) -> Self {
        Self { full_at: now }
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

    pub(super) fn level(&self, rate: &Rate, now: Instant) -> Level {
        let full_in = self.full_at.saturating_duration_since(now);
        let remaining = rate.window.saturating_sub(full_in).as_nanos() / rate.interval.as_nanos();
        Level { remaining: u32::try_from(remaining).unwrap_or(u32::MAX), full_in }
    }
}
