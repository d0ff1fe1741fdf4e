//! Wall time, injected, so that tests can own it.

use std::time::{Duration, SystemTime, UNIX_EPOCH};

use tokio::time::Instant;

use crate::Timestamp;

/// Tells the wall time. Cheap to copy.
#[derive(Debug, Clone, Copy)]
pub struct Clock(Source);

#[derive(Debug, Clone, Copy)]
enum Source {
    System,
    Anchored { at: Instant, reads: Timestamp },
}

impl Clock {
    /// The clock of the machine, which may be set while it runs.
    #[must_use]
    pub fn system() -> Self {
        Self(Source::System)
    }

    /// A clock that reads `now` at this moment and advances with tokio's time, a paused one included.
    #[must_use]
    pub fn anchored(now: Timestamp) -> Self {
        Self(Source::Anchored { at: Instant::now(), reads: now })
    }

    /// The wall time now.
    #[must_use]
    pub fn now(&self) -> Timestamp {
        Timestamp::from_unix_ms(self.unix_micros().div_euclid(1000)).unwrap_or(Timestamp::LATEST)
    }

    /// The wall time now in microseconds since the Unix epoch, for those to whom a millisecond is too coarse.
    #[must_use]
    pub fn unix_micros(&self) -> i64 {
        let (base, elapsed) = match self.0 {
            #[expect(clippy::disallowed_methods, reason = "the one place that reads the wall clock")]
            Source::System => (0, SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or(Duration::ZERO)),
            Source::Anchored { at, reads } => (reads.unix_ms().saturating_mul(1000), at.elapsed()),
        };
        i64::try_from(elapsed.as_micros()).unwrap_or(i64::MAX).saturating_add(base)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test(start_paused = true)]
    async fn an_anchored_clock_follows_paused_time() {
        let clock = Clock::anchored(Timestamp::parse_rfc3339("2026-11-20T10:00:00Z").unwrap());
        tokio::time::advance(Duration::from_millis(1500)).await;
        assert_eq!(clock.now().to_string(), "2026-11-20T10:00:01.500Z");
    }

    #[test]
    fn the_system_clock_is_past_2025() {
        assert!(Clock::system().now().unix_seconds() > 1_735_689_600);
    }
}
