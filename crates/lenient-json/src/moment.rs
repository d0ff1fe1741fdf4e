//! Times, in each of the forms that services write, and in those that mean that there is none.

use std::borrow::Cow;

use time::OffsetDateTime;
use time::format_description::well_known::Rfc3339;

use crate::Raw;
use crate::scalar::numeral;

/// 2015-01-01T00:00:00Z: no service read here is older.
const EARLIEST_MS: i64 = 1_420_070_400_000;
/// How far ahead of ours a service's clock may be, in milliseconds.
const AHEAD_MS: i64 = 24 * 60 * 60 * 1000;

/// What a time field says.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Moment {
    /// Nothing: the field is missing, or holds what stands for a time that is not set: `null`, 0, `false`, an empty text,
    /// "null", "Invalid date", the year 1, any time before 2015 or more than a day ahead.
    NotSet,
    /// A time that cannot be read.
    Unreadable,
    /// Milliseconds since the Unix epoch.
    At(i64),
}

impl Moment {
    /// Milliseconds since the Unix epoch, where they can be told.
    #[must_use]
    pub fn unix_ms(self) -> Option<i64> {
        match self {
            Self::At(ms) => Some(ms),
            Self::NotSet | Self::Unreadable => None,
        }
    }

    /// Whether there is a time, readable or not.
    #[must_use]
    pub fn is_set(self) -> bool {
        self != Self::NotSet
    }
}

/// Reads a time: a number since the Unix epoch, as such or in a text, or ISO 8601 text with `T` or a space, with any number
/// of decimals, with an offset or without one, which is UTC. A number is in seconds below 10^11, in milliseconds below
/// 10^14, in microseconds below 10^17, else in nanoseconds. `now_ms` is the present in milliseconds since the Unix epoch.
#[must_use]
pub fn moment(value: Raw<'_>, now_ms: i64) -> Moment {
    match said(value) {
        Moment::At(ms) if (EARLIEST_MS..=latest(now_ms)).contains(&ms) => Moment::At(ms),
        Moment::At(_) => Moment::NotSet,
        other => other,
    }
}

/// Whether a time is not set for now alone, because it is too far ahead: it will be believed when the time comes.
#[must_use]
pub fn is_ahead(value: Raw<'_>, now_ms: i64) -> bool {
    said(value).unix_ms().is_some_and(|ms| ms > latest(now_ms))
}

/// What a value says of a time, however early or late.
fn said(value: Raw<'_>) -> Moment {
    let Some(said) = value.and_then(numeral) else { return Moment::NotSet };
    match since_epoch(&said).or_else(|| iso(&said)) {
        Some(ms) => Moment::At(ms),
        None if stands_for_nothing(&said) => Moment::NotSet,
        None => Moment::Unreadable,
    }
}

/// The latest time that is believed.
fn latest(now_ms: i64) -> i64 {
    now_ms.saturating_add(AHEAD_MS)
}

/// The milliseconds of a number; those of one out of all range are out of all range too.
fn since_epoch(numeral: &str) -> Option<i64> {
    if let Ok(whole) = numeral.parse::<i64>() {
        return Some(match whole.unsigned_abs() {
            0..100_000_000_000 => whole * 1000,
            100_000_000_000..100_000_000_000_000 => whole,
            100_000_000_000_000..100_000_000_000_000_000 => whole / 1000,
            _ => whole / 1_000_000,
        });
    }
    let starts_as_one = numeral.trim_start_matches(['-', '+']).starts_with(|c: char| c.is_ascii_digit());
    let number = starts_as_one.then(|| numeral.parse::<f64>().ok())??; // 1e999 is infinite, and out of range below
    let size = number.abs();
    let ms = if size < 1e11 {
        number * 1e3
    } else if size < 1e14 {
        number
    } else if size < 1e17 {
        number / 1e3
    } else {
        number / 1e6
    };
    Some(ms.round() as i64) // the cast saturates: out of range
}

fn iso(text: &str) -> Option<i64> {
    let parsed =
        OffsetDateTime::parse(text, &Rfc3339).ok().or_else(|| OffsetDateTime::parse(&regular(text)?, &Rfc3339).ok())?;
    i64::try_from(parsed.unix_timestamp_nanos().div_euclid(1_000_000)).ok()
}

/// ISO 8601 as RFC 3339 wants it: with `T`, in capitals, with an offset of hours and minutes.
fn regular(text: &str) -> Option<Cow<'_, str>> {
    if !text.is_ascii() || text.len() < "2022-12-13T07:08:39".len() || text.len() > 64 {
        return None;
    }
    let mut iso = text.to_ascii_uppercase();
    if iso.as_bytes()[10] == b' ' {
        iso.replace_range(10..11, "T");
    }
    let zone = iso.rfind(['Z', '+', '-']).filter(|at| *at > 10).map(|at| iso.len() - at);
    match zone {
        None => iso.push('Z'),
        // `+00`, as databases write it, and `+0000`
        Some(3) => iso.push_str(":00"),
        Some(5) => iso.insert(iso.len() - 2, ':'),
        Some(_) => {}
    }
    Some(Cow::Owned(iso))
}

/// Whether a text that is no time says that there is none: a word for nothing, or no digit but 0, as in `0000-00-00`.
fn stands_for_nothing(text: &str) -> bool {
    const WORDS: [&str; 12] =
        ["null", "none", "nil", "nan", "n/a", "na", "undefined", "unset", "never", "false", "invalid date", "invalid"];
    let zeros_alone = text.bytes().all(|byte| byte == b'0' || !byte.is_ascii_alphanumeric() || b"TtZz".contains(&byte));
    zeros_alone && text.is_ascii() || WORDS.iter().any(|word| text.eq_ignore_ascii_case(word))
}

#[cfg(test)]
mod tests {
    use rstest::rstest;

    use super::*;

    const NOW: i64 = 1_773_489_600_000;

    fn of(json: &str) -> Moment {
        moment(Some(serde_json::from_str(json).unwrap()), NOW)
    }

    #[rstest]
    #[case("1773482400147", 1_773_482_400_147)]
    #[case("\"1773482400147\"", 1_773_482_400_147)]
    #[case("1773482400147.0", 1_773_482_400_147)]
    #[case("1.773482400147e12", 1_773_482_400_147)]
    #[case("1773482400", 1_773_482_400_000)]
    #[case("\" 1773482400 \"", 1_773_482_400_000)]
    #[case("1773482400.147", 1_773_482_400_147)]
    #[case("1773482400147000", 1_773_482_400_147)]
    #[case("1773482400147000000", 1_773_482_400_147)]
    #[case("\"2026-03-14T10:00:00.147Z\"", 1_773_482_400_147)]
    #[case("\"2026-03-14T12:00:00.147+02:00\"", 1_773_482_400_147)]
    #[case("\"2026-03-14 10:00:00.147621Z\"", 1_773_482_400_147)]
    #[case("\"2026-03-14 10:00:00.147621\"", 1_773_482_400_147)]
    #[case("\" 2026-03-14t10:00:00z \"", 1_773_482_400_000)]
    #[case("\"2026-03-14T10:00:00\"", 1_773_482_400_000)]
    #[case("\"2026-03-14 12:00:00.5+0200\"", 1_773_482_400_500)]
    #[case("\"2026-03-14 10:00:00.5+00\"", 1_773_482_400_500)]
    #[case("1773576000000", 1_773_576_000_000)]
    #[case("1420070400000", 1_420_070_400_000)]
    fn times(#[case] json: &str, #[case] expected: i64) {
        assert_eq!(of(json), Moment::At(expected));
    }

    #[rstest]
    #[case("null")]
    #[case("0")]
    #[case("-1")]
    #[case("-1773482400147")]
    #[case("\"0\"")]
    #[case("false")]
    #[case("true")]
    #[case("\"\"")]
    #[case("\"  \"")]
    #[case("\"null\"")]
    #[case("\"NULL\"")]
    #[case("\"Invalid date\"")]
    #[case("\"Invalid Date\"")]
    #[case("\"NaN\"")]
    #[case("\"-\"")]
    #[case("\"0000-00-00 00:00:00\"")]
    #[case("\"0000-00-00T00:00:00Z\"")]
    #[case("\"0001-01-01T00:00:00Z\"")]
    #[case("\"0001-01-01 00:00:00\"")]
    #[case("\"1970-01-01T00:00:00.000Z\"")]
    #[case("\"2014-12-31T23:59:59.999Z\"")]
    #[case("\"2026-03-15T12:00:00.001Z\"")]
    #[case("\"9999-12-31T23:59:59Z\"")]
    #[case("1420070399999")]
    #[case("1773576000001")]
    #[case("26")]
    #[case("99999999999")]
    #[case("100000000000")]
    #[case("99999999999999999999999999")]
    #[case("1e999")]
    #[case("-1e999")]
    #[case("[1773482400147]")]
    #[case("{\"at\":1773482400147}")]
    fn what_stands_for_no_time(#[case] json: &str) {
        assert_eq!(of(json), Moment::NotSet);
    }

    #[rstest]
    #[case("\"yesterday\"")]
    #[case("\"2026-03-14T10:00:36.846Z\\\"\"")]
    #[case("\"2026-03-14\"")]
    #[case("\"2026-13-14T10:00:00Z\"")]
    #[case("\"ääääääääääääääääääääää\"")]
    #[case("\"soon\"")]
    fn a_time_that_cannot_be_read_is_a_time(#[case] json: &str) {
        assert_eq!(of(json), Moment::Unreadable);
        assert!(of(json).is_set());
    }

    #[test]
    fn a_missing_field_is_not_set() {
        assert_eq!(moment(None, NOW), Moment::NotSet);
    }

    #[test]
    fn a_time_over_a_day_ahead_is_one_that_will_be_believed() {
        let ahead = |json: &str, now| is_ahead(Some(serde_json::from_str(json).unwrap()), now);
        assert!(ahead("1773576000001", NOW) && !ahead("1773576000000", NOW) && !ahead("1773576000001", NOW + 1));
        assert!(ahead("\"9999-12-31T23:59:59Z\"", NOW));
        for json in ["null", "0", "\"0001-01-01T00:00:00Z\"", "\"soon\"", "\"\"", "1773482400147"] {
            assert!(!ahead(json, NOW), "{json}");
        }
        assert!(!is_ahead(None, NOW));
    }

    proptest::proptest! {
        #[test]
        fn never_panics(text in "\\PC{0,80}") {
            let _ = of(&serde_json::to_string(&text).unwrap());
        }

        #[test]
        fn never_panics_on_near_times(text in "[0-9]{4}-[0-9]{2}-[0-9]{2}[T -+Z][0-9:.+Z-]{0,20}") {
            let _ = of(&serde_json::to_string(&text).unwrap());
        }

        #[test]
        fn never_panics_on_numbers(number in "-?(0|[1-9][0-9]{0,40})(\\.[0-9]{1,40})?([eE][+-]?[0-9]{1,4})?") {
            let _ = of(&number);
        }
    }
}
