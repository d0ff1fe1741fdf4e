//! Texts, ids, numbers and flags in every form that was seen or must be survived. What cannot be used is `None`.

use std::borrow::Cow;

use serde_json::value::RawValue;

use crate::surrogates::mended;
use crate::{Raw, Shape};

/// A JSON text, the empty one included. Half a surrogate becomes U+FFFD.
#[must_use]
pub fn text(value: Raw<'_>) -> Option<String> {
    value.and_then(decoded).map(Cow::into_owned)
}

/// A text that says something: not empty.
#[must_use]
pub fn nonempty(value: Raw<'_>) -> Option<String> {
    text(value).filter(|text| !text.is_empty())
}

/// An id: a text that is not empty, or the digits of a whole number.
#[must_use]
pub fn id(value: Raw<'_>) -> Option<String> {
    let raw = value?;
    match Shape::of(raw) {
        Shape::Number => raw.get().bytes().all(|byte| byte.is_ascii_digit()).then(|| raw.get().to_owned()),
        _ => nonempty(value),
    }
}

/// A whole number from 0 on, as a number or in a text. A fractional or negative one is none, nor is one with a decimal
/// point or an exponent from 2^53 on, where such numbers are not exact.
#[must_use]
pub fn count(value: Raw<'_>) -> Option<u64> {
    const EXACT: f64 = 9_007_199_254_740_992.0;
    let numeral = numeral(value?)?;
    numeral.parse().ok().or_else(|| {
        let number = decimal(&numeral).filter(|number| (0.0..EXACT).contains(number) && number.fract() == 0.0)?;
        Some(number as u64)
    })
}

/// A number from 0 on, as a number or in a text.
#[must_use]
pub fn amount(value: Raw<'_>) -> Option<f64> {
    decimal(&numeral(value?)?).filter(|number| *number >= 0.0)
}

/// A whole number that may be negative, as a number or in a text; for codes.
#[must_use]
pub fn code(value: Raw<'_>) -> Option<i64> {
    numeral(value?)?.parse().ok()
}

/// `true` or `false`, as such or in a text, there in any letter case.
#[must_use]
pub fn flag(value: Raw<'_>) -> Option<bool> {
    let json = value?.get().trim_matches('"');
    [("true", true), ("false", false)].into_iter().find(|(name, _)| json.eq_ignore_ascii_case(name)).map(|(_, is)| is)
}

/// The content of a text, borrowed where nothing in it is escaped.
pub(crate) fn decoded(value: &RawValue) -> Option<Cow<'_, str>> {
    let json = value.get();
    let inner = json.strip_prefix('"')?.strip_suffix('"')?;
    if !inner.contains('\\') {
        return Some(Cow::Borrowed(inner));
    }
    serde_json::from_str(&mended(json)).ok().map(Cow::Owned)
}

/// The digits of a number, or the trimmed content of a text.
pub(crate) fn numeral(value: &RawValue) -> Option<Cow<'_, str>> {
    match Shape::of(value) {
        Shape::Number => Some(Cow::Borrowed(value.get())),
        Shape::Text => Some(match decoded(value)? {
            Cow::Borrowed(text) => Cow::Borrowed(text.trim()),
            Cow::Owned(text) => Cow::Owned(text.trim().to_owned()),
        }),
        Shape::Null | Shape::Bool | Shape::Array | Shape::Object => None,
    }
}

/// A finite decimal number. (Rust also reads "inf" and "NaN".)
pub(crate) fn decimal(numeral: &str) -> Option<f64> {
    let starts_as_one = numeral.starts_with(|c: char| c.is_ascii_digit() || "+-.".contains(c));
    starts_as_one.then(|| numeral.parse::<f64>().ok())?.filter(|number| number.is_finite())
}

#[cfg(test)]
mod tests {
    use rstest::rstest;

    use super::*;

    fn raw(json: &str) -> Box<RawValue> {
        serde_json::from_str(json).unwrap()
    }

    #[rstest]
    #[case("0", Some(0))]
    #[case("412", Some(412))]
    #[case("\"412\"", Some(412))]
    #[case("\" 7 \"", Some(7))]
    #[case("3.0", Some(3))]
    #[case("1e3", Some(1000))]
    #[case("18446744073709551615", Some(u64::MAX))]
    #[case("9007199254740993.0", None)]
    #[case("-1", None)]
    #[case("1.5", None)]
    #[case("1e300", None)]
    #[case("1e999", None)]
    #[case("\"NaN\"", None)]
    #[case("\"inf\"", None)]
    #[case("\"-inf\"", None)]
    #[case("\"three\"", None)]
    #[case("\"\"", None)]
    #[case("true", None)]
    #[case("{}", None)]
    #[case("[1]", None)]
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
    #[case("\"+infinity\"", None)]
    #[case("{}", None)]
    fn amounts(#[case] json: &str, #[case] expected: Option<f64>) {
        assert_eq!(amount(Some(&raw(json))), expected);
    }

    #[rstest]
    #[case(r#""a\n\u00fc""#, Some("a\nü"))]
    #[case(r#""""#, Some(""))]
    #[case(r#""cut \ud83d""#, Some("cut \u{fffd}"))]
    #[case("1", None)]
    #[case("null", None)]
    #[case("[\"a\"]", None)]
    fn texts(#[case] json: &str, #[case] expected: Option<&str>) {
        assert_eq!(text(Some(&raw(json))).as_deref(), expected);
    }

    #[rstest]
    #[case(r#""a.b""#, Some("a.b"))]
    #[case("120", Some("120"))]
    #[case("1.5", None)]
    #[case("-1", None)]
    #[case(r#""""#, None)]
    #[case("{}", None)]
    #[case("true", None)]
    fn ids(#[case] json: &str, #[case] expected: Option<&str>) {
        assert_eq!(id(Some(&raw(json))).as_deref(), expected);
    }

    #[test]
    fn flags_may_be_text() {
        assert_eq!(flag(Some(&raw("true"))), Some(true));
        assert_eq!(flag(Some(&raw("\"False\""))), Some(false));
        assert_eq!(flag(Some(&raw("1"))), None);
        assert_eq!((code(Some(&raw("\"-7003\""))), code(Some(&raw("7.5")))), (Some(-7003), None));
    }
}
