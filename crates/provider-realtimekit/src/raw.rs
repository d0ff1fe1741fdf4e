//! Lenient reading of single JSON values.
//!
//! A value of an unexpected type reads as `None`; nothing is guessed. Values are borrowed from the body until they are
//! needed, so what a row does not use costs nothing.

use std::borrow::Cow;
use std::fmt;

use serde::de::{Deserialize, Deserializer, Visitor};
use serde_json::Value;
use serde_json::value::RawValue;
use session_provider::{RawJson, Timestamp};

use crate::times;

/// A JSON value not yet looked at; `None` when the key is absent or `null`.
pub(crate) type Raw<'a> = Option<&'a RawValue>;

/// The largest metadata that is carried, in bytes of JSON. A larger one reads as `None`: parsed, JSON takes many times
/// the memory of its text.
pub(crate) const MAX_METADATA_BYTES: usize = 64 * 1024;

/// A JSON object of the given shape; `None` for anything else. (Serde alone would also take an array, by position.)
pub(crate) fn object<'a, T: Deserialize<'a>>(json: &'a [u8]) -> Option<T> {
    json.trim_ascii_start().starts_with(b"{").then(|| serde_json::from_slice(json).ok())?
}

/// The text of a JSON string, the empty one included. Halves of surrogate pairs, which JavaScript writes when it cuts
/// through an emoji, become U+FFFD.
pub(crate) fn text(raw: Raw<'_>) -> Option<String> {
    let json = raw?.get();
    if !json.starts_with('"') {
        return None;
    }
    serde_json::from_str(json).ok().or_else(|| serde_json::from_str(json).ok().map(|Lossy(text)| text))
}

/// A text that says something: not empty.
pub(crate) fn nonempty(raw: Raw<'_>) -> Option<String> {
    text(raw).filter(|text| !text.is_empty())
}

/// A non-negative whole number, as a number or as text. Negative and fractional ones are `None`.
pub(crate) fn count(raw: Raw<'_>) -> Option<u64> {
    const EXACT: f64 = 9_007_199_254_740_992.0; // 2^53: below it every whole number is exact
    let number = number(raw)?;
    number.parse().ok().or_else(|| {
        let number = number.parse::<f64>().ok().filter(|n| (0.0..EXACT).contains(n) && n.fract() == 0.0)?;
        Some(number as u64)
    })
}

/// A finite, non-negative number, as a number or as text.
pub(crate) fn minutes(raw: Raw<'_>) -> Option<f64> {
    number(raw)?.parse::<f64>().ok().filter(|n| n.is_finite() && *n >= 0.0)
}

/// A whole number that may be negative; for codes.
pub(crate) fn code(raw: Raw<'_>) -> Option<i64> {
    number(raw)?.parse().ok()
}

/// `true` or `false`, as such or as text in any letter case.
pub(crate) fn flag(raw: Raw<'_>) -> Option<bool> {
    let json = raw?.get().trim_matches('"');
    [("true", true), ("false", false)].into_iter().find(|(name, _)| json.eq_ignore_ascii_case(name)).map(|(_, is)| is)
}

/// A moment; `None` when it is absent or no time.
pub(crate) fn time(raw: Raw<'_>) -> Option<Timestamp> {
    text(raw).as_deref().and_then(times::parse)
}

/// Whether a time was given, readable or not. Absent, `null`, `""` and the text `"null"` are not
/// (`upstream/realtimekit.md` quirk 3), nor is anything that is neither text nor number.
pub(crate) fn says_when(raw: Raw<'_>) -> bool {
    number(raw).is_some_and(|given| !given.is_empty() && !given.eq_ignore_ascii_case("null"))
}

/// Any JSON up to [`MAX_METADATA_BYTES`] and 127 levels; `null` is `None`.
pub(crate) fn json(raw: Raw<'_>) -> Option<RawJson> {
    value(raw).and_then(|_| RawJson::parse(raw?.get()))
}

fn value(raw: Raw<'_>) -> Option<Value> {
    let json = raw?.get();
    (json.len() <= MAX_METADATA_BYTES)
        .then(|| serde_json::from_str(json).ok())?
        .filter(|value: &Value| !value.is_null())
}

/// As [`json`], and JSON in a text is unwrapped once; text that is not JSON stays text.
pub(crate) fn unwrapped_json(raw: Raw<'_>) -> Option<RawJson> {
    match value(raw)? {
        Value::String(text) => match RawJson::parse(&text) {
            Some(json) => Some(json).filter(|json| json.get() != "null"),
            None => RawJson::parse(raw?.get()),
        },
        _ => RawJson::parse(raw?.get()),
    }
}

/// A number's digits, or a text without the space around it.
fn number(raw: Raw<'_>) -> Option<Cow<'_, str>> {
    let raw = raw?;
    if raw.get().starts_with(|c: char| c == '-' || c.is_ascii_digit()) {
        return Some(Cow::Borrowed(raw.get()));
    }
    text(Some(raw)).map(|text| Cow::Owned(text.trim().to_owned()))
}

struct Lossy(String);

impl<'de> Deserialize<'de> for Lossy {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct Bytes;
        impl Visitor<'_> for Bytes {
            type Value = Lossy;
            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("a text")
            }
            fn visit_bytes<E>(self, bytes: &[u8]) -> Result<Lossy, E> {
                Ok(Lossy(String::from_utf8_lossy(bytes).into_owned()))
            }
        }
        deserializer.deserialize_bytes(Bytes)
    }
}

#[cfg(test)]
mod tests {
    use rstest::rstest;
    use serde_json::json as literal;

    use super::*;

    fn raw(json: &str) -> Box<RawValue> {
        serde_json::from_str(json).unwrap()
    }

    #[rstest]
    #[case("3", Some(3))]
    #[case("\"3\"", Some(3))]
    #[case("\" 3 \"", Some(3))]
    #[case("3.0", Some(3))]
    #[case("1e3", Some(1000))]
    #[case("0", Some(0))]
    #[case("18446744073709551615", Some(u64::MAX))]
    #[case("3.5", None)]
    #[case("-1", None)]
    #[case("\"\"", None)]
    #[case("\"three\"", None)]
    #[case("\"inf\"", None)]
    #[case("true", None)]
    #[case("[3]", None)]
    #[case("1e300", None)]
    fn counts(#[case] json: &str, #[case] expected: Option<u64>) {
        assert_eq!(count(Some(&raw(json))), expected);
    }

    #[rstest]
    #[case("27.3434", Some(27.3434))]
    #[case("\"27.3434\"", Some(27.3434))]
    #[case("0", Some(0.0))]
    #[case("-0.5", None)]
    #[case("1e999", None)]
    #[case("\"NaN\"", None)]
    #[case("{}", None)]
    fn fractional_minutes(#[case] json: &str, #[case] expected: Option<f64>) {
        assert_eq!(minutes(Some(&raw(json))), expected);
    }

    #[rstest]
    #[case(r#""a""#, Some("a"))]
    #[case(r#""""#, Some(""))]
    #[case(r#""cut \ud83d""#, Some("cut \u{fffd}\u{fffd}\u{fffd}"))]
    #[case("1", None)]
    #[case("[\"a\"]", None)]
    fn texts(#[case] json: &str, #[case] expected: Option<&str>) {
        assert_eq!(text(Some(&raw(json))).as_deref(), expected);
    }

    #[test]
    fn flags_may_be_text() {
        assert_eq!(flag(Some(&raw("true"))), Some(true));
        assert_eq!(flag(Some(&raw("\"False\""))), Some(false));
        assert_eq!(flag(Some(&raw("1"))), None);
    }

    #[test]
    fn a_time_that_says_nothing_is_not_given() {
        for nothing in ["null", "\"null\"", "\"NULL\"", "\"\"", "false", "[]"] {
            assert!(!says_when(Some(&raw(nothing))), "{nothing}");
        }
        assert!(!says_when(None));
        assert!(says_when(Some(&raw("\"yesterday\""))));
        assert!(says_when(Some(&raw("1647252036"))));
    }

    #[test]
    fn metadata_is_bounded_in_size_and_depth() {
        assert_eq!(json(Some(&raw("{\"a\":[1]}"))), RawJson::parse(&literal!({"a": [1]}).to_string()));
        assert_eq!(json(Some(&raw("null"))), None);
        assert_eq!(json(Some(&raw(&format!("\"{}\"", "x".repeat(MAX_METADATA_BYTES))))), None);
        assert_eq!(json(Some(&raw(&format!("{}{}", "[".repeat(10_000), "]".repeat(10_000))))), None);
    }

    #[test]
    fn metadata_in_a_text_is_unwrapped_once() {
        assert_eq!(unwrapped_json(Some(&raw(r#""{\"a\":1}""#))), RawJson::parse(&literal!({"a": 1}).to_string()));
        assert_eq!(unwrapped_json(Some(&raw(r#""\"{}\"""#))), RawJson::parse(&literal!("{}").to_string()));
        assert_eq!(unwrapped_json(Some(&raw(r#""plain""#))), RawJson::parse(&literal!("plain").to_string()));
        assert_eq!(unwrapped_json(Some(&raw(r#""null""#))), None);
    }

    #[test]
    fn an_array_is_not_an_object() {
        assert!(object::<crate::wire::SessionRow<'_>>(b" [\"a\",\"b\"]").is_none());
        assert!(object::<crate::wire::SessionRow<'_>>(b" {}").is_some());
    }
}
