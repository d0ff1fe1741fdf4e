//! Texts, counts and moments in every form that was seen or must be survived. What cannot be used is `None`.

use std::borrow::Cow;

use serde_json::value::RawValue;
use session_provider::Timestamp;

use super::json::Shape;

/// A JSON text.
pub(crate) fn text(value: &RawValue) -> Option<String> {
    (Shape::of(value) == Shape::Text).then(|| serde_json::from_str(value.get()).ok()).flatten()
}

/// A count: a number or numeric text (`upstream/huddle01.md` quirk 3); `None` if negative, fractional or neither.
pub(crate) fn count(value: &RawValue) -> Option<u64> {
    const EXACT: f64 = 9_007_199_254_740_992.0; // 2^53: beyond it a float is not a count any more
    let numeral = numeral(value)?;
    numeral.parse().ok().or_else(|| {
        let float: f64 = numeral.parse().ok()?;
        (float.fract() == 0.0 && (0.0..=EXACT).contains(&float)).then_some(float as u64)
    })
}

/// A moment: epoch milliseconds as a number or numeric text, or RFC 3339 text (`upstream/huddle01.md` §2, quirk 11).
pub(crate) fn moment(value: &RawValue) -> Option<Timestamp> {
    let numeral = numeral(value)?;
    if let Ok(ms) = numeral.parse() {
        return Timestamp::from_unix_ms(ms);
    }
    match numeral.parse::<f64>() {
        Ok(float) if float.is_finite() => Timestamp::from_unix_ms(float as i64), // the cast saturates: out of range
        Ok(_) => None,
        Err(_) => Timestamp::parse_rfc3339(&numeral),
    }
}

/// The digits of a number, or the trimmed content of a text.
fn numeral(value: &RawValue) -> Option<Cow<'_, str>> {
    match Shape::of(value) {
        Shape::Number => Some(Cow::Borrowed(value.get())),
        Shape::Text => text(value).map(|text| Cow::Owned(text.trim().to_owned())),
        Shape::Null | Shape::Bool | Shape::Array | Shape::Object => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn raw(json: &str) -> Box<RawValue> {
        RawValue::from_string(json.to_owned()).unwrap()
    }

    #[test]
    fn counts() {
        let table: [(&str, Option<u64>); 17] = [
            ("0", Some(0)),
            ("412", Some(412)),
            ("\"412\"", Some(412)),
            ("\" 7 \"", Some(7)),
            ("3.0", Some(3)),
            ("1e3", Some(1000)),
            ("18446744073709551615", Some(u64::MAX)),
            ("null", None),
            ("-1", None),
            ("1.5", None),
            ("1e300", None),
            ("1e999", None),
            ("\"NaN\"", None),
            ("\"\"", None),
            ("true", None),
            ("{}", None),
            ("[1]", None),
        ];
        for (json, expected) in table {
            assert_eq!(count(&raw(json)), expected, "{json}");
        }
    }

    #[test]
    fn moments() {
        let at = Some("2026-03-14T10:00:00.147Z");
        for (json, expected) in [
            ("1773482400147", at),
            ("\"1773482400147\"", at),
            ("1773482400147.0", at),
            ("1.773482400147e12", at),
            ("\"2026-03-14T10:00:00.147Z\"", at),
            ("\"2026-03-14T12:00:00.147+02:00\"", at),
            ("\"soon\"", None),
            ("\"\"", None),
            ("\"inf\"", None),
            ("null", None),
            ("false", None),
            ("{\"at\":1}", None),
            ("99999999999999999", None),
            ("99999999999999999999999999", None),
            ("1e999", None),
        ] {
            assert_eq!(moment(&raw(json)).map(|at| at.to_string()).as_deref(), expected, "{json}");
        }
    }

    #[test]
    fn texts() {
        assert_eq!(text(&raw(r#""a\n\u00fc""#)).as_deref(), Some("a\nü"));
        for json in [r#""\ud800""#, "1", "null", "{}", "[\"a\"]"] {
            assert_eq!(text(&raw(json)), None, "{json}");
        }
    }
}
