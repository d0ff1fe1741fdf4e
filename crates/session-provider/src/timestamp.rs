//! Moments, always UTC, to the millisecond.

use std::fmt;
use std::time::Duration;

use time::format_description::well_known::Rfc3339;
use time::{OffsetDateTime, UtcOffset};

/// A moment in UTC with millisecond precision, between the years 0001 and 9999.
///
/// Rendered everywhere as RFC 3339 with three decimals and `Z`: `2026-11-20T10:00:00.000Z`.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Timestamp(i64);

impl Timestamp {
    const MIN_MS: i64 = -62_135_596_800_000; // 0001-01-01T00:00:00Z
    const MAX_MS: i64 = 253_402_300_799_999; // 9999-12-31T23:59:59.999Z

    /// The last moment this type can hold.
    pub const LATEST: Self = Self(Self::MAX_MS);

    /// From milliseconds since the Unix epoch; `None` outside the years 0001 to 9999.
    #[must_use]
    pub fn from_unix_ms(ms: i64) -> Option<Self> {
        (Self::MIN_MS..=Self::MAX_MS).contains(&ms).then_some(Self(ms))
    }

    /// From any date and time with an offset, cut to the millisecond.
    #[must_use]
    pub fn from_datetime(datetime: OffsetDateTime) -> Option<Self> {
        let ms = datetime.unix_timestamp_nanos().div_euclid(1_000_000);
        i64::try_from(ms).ok().and_then(Self::from_unix_ms)
    }

    /// From RFC 3339 text; `None` if it is not.
    #[must_use]
    pub fn parse_rfc3339(text: &str) -> Option<Self> {
        OffsetDateTime::parse(text, &Rfc3339).ok().and_then(Self::from_datetime)
    }

    /// Milliseconds since the Unix epoch.
    #[must_use]
    pub fn unix_ms(self) -> i64 {
        self.0
    }

    /// Whole seconds since the Unix epoch, rounded down.
    #[must_use]
    pub fn unix_seconds(self) -> i64 {
        self.0.div_euclid(1000)
    }

    /// How much later this moment is than `earlier`; zero if it is not.
    #[must_use]
    pub fn since(self, earlier: Self) -> Duration {
        Duration::from_millis(u64::try_from(self.0.saturating_sub(earlier.0)).unwrap_or(0))
    }
}

impl fmt::Display for Timestamp {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let nanos = i128::from(self.0) * 1_000_000;
        let at = OffsetDateTime::from_unix_timestamp_nanos(nanos).map_err(|_| fmt::Error)?.to_offset(UtcOffset::UTC);
        let mut text = *b"0000-00-00T00:00:00.000Z";
        let year = u32::try_from(at.year()).map_err(|_| fmt::Error)?;
        let parts: [(usize, usize, u32); 7] = [
            (0, 4, year),
            (5, 2, u8::from(at.month()).into()),
            (8, 2, at.day().into()),
            (11, 2, at.hour().into()),
            (14, 2, at.minute().into()),
            (17, 2, at.second().into()),
            (20, 3, at.millisecond().into()),
        ];
        // By hand: sessions hold many moments, and `write!` takes ten times as long.
        for (start, digits, mut number) in parts {
            for place in text.iter_mut().skip(start).take(digits).rev() {
                *place = b'0' + u8::try_from(number % 10).unwrap_or_default();
                number /= 10;
            }
        }
        f.write_str(std::str::from_utf8(&text).map_err(|_| fmt::Error)?)
    }
}

impl fmt::Debug for Timestamp {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

impl serde::Serialize for Timestamp {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

impl<'de> serde::Deserialize<'de> for Timestamp {
    fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = std::borrow::Cow::<str>::deserialize(deserializer)?;
        Self::parse_rfc3339(&text).ok_or_else(|| serde::de::Error::custom("is not RFC 3339"))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn renders_utc_with_milliseconds() {
        let at = Timestamp::parse_rfc3339("2026-03-14T12:00:00.388912+02:00").unwrap();
        assert_eq!(at.to_string(), "2026-03-14T10:00:00.388Z");
        assert_eq!(Timestamp::from_unix_ms(0).unwrap().to_string(), "1970-01-01T00:00:00.000Z");
        assert_eq!(Timestamp::from_unix_ms(-1).unwrap().to_string(), "1969-12-31T23:59:59.999Z");
        assert_eq!(
            Timestamp::from_unix_ms(Timestamp::MIN_MS + 61_007).unwrap().to_string(),
            "0001-01-01T00:01:01.007Z"
        );
    }

    #[test]
    fn the_ends_of_the_range_render_and_beyond_them_is_nothing() {
        for ms in [Timestamp::MIN_MS, Timestamp::MAX_MS] {
            let text = Timestamp::from_unix_ms(ms).unwrap().to_string();
            assert_eq!(Timestamp::parse_rfc3339(&text).unwrap().unix_ms(), ms, "{text}");
        }
        assert!(Timestamp::from_unix_ms(Timestamp::MIN_MS - 1).is_none());
        assert!(Timestamp::from_unix_ms(Timestamp::MAX_MS + 1).is_none());
        assert!(Timestamp::from_unix_ms(i64::MAX).is_none());
    }
}
