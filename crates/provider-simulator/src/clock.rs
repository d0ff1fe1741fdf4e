//! The wall time of the simulated world.

use std::time::{Duration, SystemTime, UNIX_EPOCH};

use time::format_description::BorrowedFormatItem;
use time::format_description::well_known::Rfc3339;
use time::macros::format_description;
use time::{Duration as TimeSpan, OffsetDateTime};
use tokio::time::Instant;

const ISO_MILLISECONDS: &[BorrowedFormatItem<'_>] =
    format_description!("[year]-[month]-[day]T[hour]:[minute]:[second].[subsecond digits:3]Z");

/// Tells the world's time in epoch milliseconds. Cheap to copy.
#[derive(Debug, Clone, Copy)]
pub struct SimClock(Source);

#[derive(Debug, Clone, Copy)]
enum Source {
    System,
    Anchored { at: Instant, unix_ms: i64 },
}

impl SimClock {
    /// The machine's clock.
    #[must_use]
    pub fn system() -> Self {
        Self(Source::System)
    }

    /// A clock that reads `unix_ms` at this moment and advances with tokio's time, a paused one included.
    #[must_use]
    pub fn anchored(unix_ms: i64) -> Self {
        Self(Source::Anchored { at: Instant::now(), unix_ms })
    }

    /// Now, in epoch milliseconds.
    #[must_use]
    pub fn now_ms(&self) -> i64 {
        let (base, elapsed) = match self.0 {
            #[expect(clippy::disallowed_methods, reason = "the one place of the simulator that reads the wall clock")]
            Source::System => (0, SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or(Duration::ZERO)),
            Source::Anchored { at, unix_ms } => (unix_ms, at.elapsed()),
        };
        base.saturating_add(i64::try_from(elapsed.as_millis()).unwrap_or(i64::MAX))
    }
}

/// ISO 8601 UTC with milliseconds, as RealtimeKit writes times (`docs/upstream/realtimekit.md` §2).
pub(crate) fn iso(unix_ms: i64) -> String {
    OffsetDateTime::UNIX_EPOCH
        .checked_add(TimeSpan::milliseconds(unix_ms))
        .unwrap_or(OffsetDateTime::UNIX_EPOCH)
        .format(&ISO_MILLISECONDS)
        .unwrap_or_default()
}

/// Milliseconds of a time in ISO 8601.
pub(crate) fn iso_ms(text: &str) -> Option<i64> {
    let time = OffsetDateTime::parse(text, &Rfc3339).ok()?;
    i64::try_from(time.unix_timestamp_nanos().div_euclid(1_000_000)).ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn times_are_written_with_three_digits() {
        assert_eq!(iso(1_773_482_400_147), "2026-03-14T10:00:00.147Z");
        assert_eq!(iso(0), "1970-01-01T00:00:00.000Z");
        assert_eq!(iso_ms("2026-03-14T12:00:00.147+02:00"), Some(1_773_482_400_147));
        assert_eq!(iso_ms("2026-03-14"), None);
    }

    #[tokio::test(start_paused = true)]
    async fn an_anchored_clock_follows_paused_time() {
        let clock = SimClock::anchored(1_000);
        tokio::time::advance(Duration::from_millis(1_500)).await;
        assert_eq!(clock.now_ms(), 2_500);
    }
}
