//! JSON that is handed on, not understood: what a customer attached.

use std::borrow::Cow;

use serde_json::value::{RawValue, to_raw_value};

use crate::scalar::decoded;
use crate::surrogates::{Escape, REPLACEMENT, escape};
use crate::{Raw, Shape};

/// The most levels of nesting that are handed on. Common readers refuse a document of 128 levels, and what is handed on
/// lies some levels deep in another document.
pub const MAX_DEPTH: usize = 100;

/// Any JSON, to the digit, without white space between its tokens and with U+FFFD for half a surrogate; `None` for `null`.
///
/// What would make a reader of the document that it is put into fail becomes a text of its JSON: more than [`MAX_DEPTH`]
/// levels, and numbers beyond the range of a double, which many readers refuse. So whoever attached it spoils nobody
/// else's row.
#[must_use]
pub fn verbatim(value: Raw<'_>) -> Option<Box<RawValue>> {
    let value = value.filter(|value| Shape::of(value) != Shape::Null)?;
    fitting(value).or_else(|| to_raw_value(value.get()).ok())
}

/// As [`verbatim`], and JSON in a text is unwrapped once; a text that is not JSON stays a text.
#[must_use]
pub fn unwrapped(value: Raw<'_>) -> Option<Box<RawValue>> {
    let Some(text) = value.and_then(decoded) else { return verbatim(value) };
    match serde_json::from_str::<&RawValue>(&text) {
        Ok(inner) if Shape::of(inner) == Shape::Null => None,
        Ok(inner) => fitting(inner).or_else(|| verbatim(value)),
        Err(_) => verbatim(value),
    }
}

/// The value with its white space and its half surrogates mended; `None` when it is too deep or holds too large a number.
fn fitting(value: &RawValue) -> Option<Box<RawValue>> {
    match regular(value.get())? {
        Cow::Borrowed(_) => Some(value.to_owned()),
        Cow::Owned(json) => RawValue::from_string(json).ok(),
    }
}

/// One pass over valid JSON: it without white space and half surrogates, copied only if it held any.
fn regular(json: &str) -> Option<Cow<'_, str>> {
    let bytes = json.as_bytes();
    let mut copy = Copy { json, out: String::new(), kept: 0 };
    let (mut at, mut depth) = (0, 0_usize);
    while let Some(byte) = bytes.get(at) {
        at = match byte {
            b'"' => text_end(json, at, &mut copy),
            b' ' | b'\t' | b'\r' | b'\n' => {
                let end = run_end(bytes, at, |byte| byte.is_ascii_whitespace());
                copy.replace(at, end, "");
                end
            }
            b'-' | b'0'..=b'9' => {
                let end = run_end(bytes, at, is_of_a_number);
                if !is_in_range(json.get(at..end)?) {
                    return None;
                }
                end
            }
            b'{' | b'[' => {
                depth += 1;
                if depth > MAX_DEPTH {
                    return None;
                }
                at + 1
            }
            b'}' | b']' => {
                depth = depth.saturating_sub(1);
                at + 1
            }
            _ => at + 1,
        }
    }
    Some(copy.finish())
}

/// The text's end, its half surrogates replaced.
fn text_end(json: &str, start: usize, copy: &mut Copy<'_>) -> usize {
    let bytes = json.as_bytes();
    let mut at = start + 1;
    loop {
        match bytes.get(at) {
            Some(b'\\') => match escape(json, at) {
                Escape::Whole(length) => at += length,
                Escape::Half => {
                    copy.replace(at, at + REPLACEMENT.len(), REPLACEMENT);
                    at += REPLACEMENT.len();
                }
            },
            Some(b'"') | None => return at + 1,
            Some(_) => at += 1,
        }
    }
}

fn run_end(bytes: &[u8], start: usize, of_it: impl Fn(u8) -> bool) -> usize {
    start + bytes.iter().skip(start).take_while(|byte| of_it(**byte)).count()
}

/// A copy that is made only if something has to be replaced.
struct Copy<'a> {
    json: &'a str,
    out: String,
    /// How much of the JSON is in the copy or was left out.
    kept: usize,
}

impl<'a> Copy<'a> {
    fn replace(&mut self, from: usize, to: usize, by: &str) {
        self.out.push_str(self.json.get(self.kept..from).unwrap_or_default());
        self.out.push_str(by);
        self.kept = to;
    }

    fn finish(mut self) -> Cow<'a, str> {
        if self.kept == 0 {
            return Cow::Borrowed(self.json);
        }
        self.replace(self.json.len(), self.json.len(), "");
        Cow::Owned(self.out)
    }
}

fn is_of_a_number(byte: u8) -> bool {
    byte.is_ascii_digit() || b"+-.eE".contains(&byte)
}

/// Whether a number has a value as a double, exact or not. Below 300 digits and without an exponent it always has.
fn is_in_range(number: &str) -> bool {
    let plain = number.len() < 300 && !number.contains(['e', 'E']);
    plain || number.parse::<f64>().is_ok_and(f64::is_finite)
}

#[cfg(test)]
mod tests {
    use rstest::rstest;

    use super::*;

    fn raw(json: &str) -> Box<RawValue> {
        serde_json::from_str(json).unwrap()
    }

    fn read(json: &str) -> Option<String> {
        unwrapped(Some(&raw(json))).map(|json| json.get().to_owned())
    }

    #[rstest]
    #[case(r#"{"a":1}"#, Some(r#"{"a":1}"#))]
    #[case(r#""{\"a\":1}""#, Some(r#"{"a":1}"#))]
    #[case(r#""\"{\\\"a\\\":1}\"""#, Some(r#""{\"a\":1}""#))]
    #[case(r#""undefined""#, Some(r#""undefined""#))]
    #[case(r#""{\"a\":""#, Some(r#""{\"a\":""#))]
    #[case(r#""NaN""#, Some(r#""NaN""#))]
    #[case(r#""""#, Some(r#""""#))]
    #[case("[1,null]", Some("[1,null]"))]
    #[case("7", Some("7"))]
    #[case("\"7\"", Some("7"))]
    #[case("false", Some("false"))]
    #[case("null", None)]
    #[case("\"null\"", None)]
    #[case("\" null \"", None)]
    fn a_text_is_unwrapped_once_and_everything_else_stays(#[case] json: &str, #[case] expected: Option<&str>) {
        assert_eq!(read(json).as_deref(), expected);
    }

    #[test]
    fn every_digit_stays_in_a_text_too() {
        let json =
            r#"{"n":123456789012345678901234567890,"d":0.1000000000000000055511151231257827,"z":-0.0,"e":1.50E+2}"#;
        assert_eq!(read(json).as_deref(), Some(json));
        assert_eq!(read(&serde_json::to_string(json).unwrap()).as_deref(), Some(json));
    }

    #[test]
    fn members_keep_their_order_and_their_repetitions() {
        let json = r#"{"b":1,"a":2,"b":3}"#;
        assert_eq!(read(json).as_deref(), Some(json));
    }

    #[test]
    fn white_space_goes_from_between_the_tokens_and_stays_in_texts() {
        assert_eq!(read("{ \"a b\" :\r\n[ 1 ,\t\"\\\" x\" ] }").as_deref(), Some("{\"a b\":[1,\"\\\" x\"]}"));
        assert_eq!(read(r#""\n {\"a\": 1}\n""#).as_deref(), Some(r#"{"a":1}"#));
    }

    #[test]
    fn half_a_surrogate_costs_its_character_and_nothing_else() {
        assert_eq!(read(r#"{"s":"cut \ud83d","n":1}"#).as_deref(), Some(r#"{"s":"cut \ufffd","n":1}"#));
        assert_eq!(read(r#""{\"s\":\"cut \ud83d\"}""#).as_deref(), Some("{\"s\":\"cut \u{fffd}\"}"));
        assert_eq!(read(r#""{\"s\":\"cut \\ud83d\"}""#).as_deref(), Some(r#"{"s":"cut \ufffd"}"#));
        assert_eq!(read(r#"{"s":"\ud83d\ude00"}"#).as_deref(), Some(r#"{"s":"\ud83d\ude00"}"#));
    }

    #[test]
    fn what_readers_would_stumble_over_is_a_text() {
        let nested = |levels: usize| format!("{}{}", "[".repeat(levels), "]".repeat(levels));
        assert_eq!(read(&nested(MAX_DEPTH)), Some(nested(MAX_DEPTH)));
        for json in [nested(MAX_DEPTH + 1), nested(10_000), r#"{"n":1e999}"#.into(), format!("[{}]", "9".repeat(400))] {
            let as_text = serde_json::to_string(&json).unwrap();
            assert_eq!(read(&json).as_ref(), Some(&as_text));
            assert_eq!(read(&as_text).as_ref(), Some(&as_text));
        }
    }

    #[test]
    fn verbatim_does_not_unwrap() {
        assert_eq!(verbatim(Some(&raw(r#""{}""#))).unwrap().get(), r#""{}""#);
        assert!(verbatim(Some(&raw("null"))).is_none() && verbatim(None).is_none());
    }

    proptest::proptest! {
        #[test]
        fn whatever_comes_out_is_read_by_everyone(text in "[\\[\\]{},:\"0-9eE.\\\\udfa8 -]{0,40}") {
            for json in [text.clone(), serde_json::to_string(&text).unwrap()] {
                let Ok(raw) = serde_json::from_str::<&RawValue>(&json) else { continue };
                if let Some(out) = unwrapped(Some(raw)) {
                    serde_json::from_str::<serde_json::Value>(out.get()).unwrap();
                }
            }
        }
    }
}
