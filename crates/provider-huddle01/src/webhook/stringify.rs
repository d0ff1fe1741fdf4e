//! `JSON.stringify(JSON.parse(body))`, as JavaScript does it: that is what the SDK signs and verifies.

use std::collections::HashMap;
use std::fmt;

use serde::de::{Deserialize, Deserializer, MapAccess, SeqAccess, Visitor};

/// A JSON value as JavaScript holds it.
enum Js {
    Null,
    Boolean(bool),
    Number(f64),
    Text(String),
    Array(Vec<Self>),
    /// In the order in which JavaScript goes through its members.
    Object(Vec<(String, Self)>),
}

/// The compact form of a body; `None` when it is not JSON, or nested so deeply that no honest one is (128 levels).
pub(super) fn stringify(body: &[u8]) -> Option<String> {
    // JavaScript has made a text of the body before, and reads U+FFFD where that is not UTF-8.
    let text = String::from_utf8_lossy(body);
    // `JSON.parse` refuses a byte order mark, but who makes a text of bytes has taken it away.
    let value: Js = serde_json::from_str(text.strip_prefix('\u{feff}').unwrap_or(&text)).ok()?;
    let mut out = String::with_capacity(text.len());
    value.write(&mut out);
    Some(out)
}

impl Js {
    fn write(&self, out: &mut String) {
        match self {
            Self::Null => out.push_str("null"),
            Self::Boolean(value) => out.push_str(if *value { "true" } else { "false" }),
            Self::Number(number) => write_number(*number, out),
            Self::Text(text) => write_text(text, out),
            Self::Array(items) => {
                out.push('[');
                for (index, item) in items.iter().enumerate() {
                    if index > 0 {
                        out.push(',');
                    }
                    item.write(out);
                }
                out.push(']');
            }
            Self::Object(members) => {
                out.push('{');
                for (index, (name, value)) in members.iter().enumerate() {
                    if index > 0 {
                        out.push(',');
                    }
                    write_text(name, out);
                    out.push(':');
                    value.write(out);
                }
                out.push('}');
            }
        }
    }
}

/// ECMA-262 `Number::toString`; `JSON.stringify` writes `null` for what is not finite.
fn write_number(number: f64, out: &mut String) {
    if number.is_finite() { out.push_str(ryu_js::Buffer::new().format_finite(number)) } else { out.push_str("null") }
}

/// ECMA-262 `QuoteJSONString`, which escapes as serde_json does.
fn write_text(text: &str, out: &mut String) {
    // Writing a text as JSON does not fail.
    out.push_str(&serde_json::to_string(text).unwrap_or_default());
}

impl<'de> Deserialize<'de> for Js {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_any(JsVisitor)
    }
}

struct JsVisitor;

impl<'de> Visitor<'de> for JsVisitor {
    type Value = Js;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a JSON value")
    }

    fn visit_unit<E>(self) -> Result<Js, E> {
        Ok(Js::Null)
    }

    fn visit_bool<E>(self, value: bool) -> Result<Js, E> {
        Ok(Js::Boolean(value))
    }

    fn visit_i64<E>(self, number: i64) -> Result<Js, E> {
        Ok(Js::Number(number as f64))
    }

    fn visit_u64<E>(self, number: u64) -> Result<Js, E> {
        Ok(Js::Number(number as f64))
    }

    fn visit_f64<E>(self, number: f64) -> Result<Js, E> {
        Ok(Js::Number(number))
    }

    fn visit_str<E>(self, text: &str) -> Result<Js, E> {
        Ok(Js::Text(text.to_owned()))
    }

    fn visit_string<E>(self, text: String) -> Result<Js, E> {
        Ok(Js::Text(text))
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut items: A) -> Result<Js, A::Error> {
        let mut array = Vec::new();
        while let Some(item) = items.next_element()? {
            array.push(item);
        }
        Ok(Js::Array(array))
    }

    fn visit_map<A: MapAccess<'de>>(self, mut given: A) -> Result<Js, A::Error> {
        let (mut members, mut places) = (Vec::new(), HashMap::new());
        while let Some((name, value)) = given.next_entry::<String, Js>()? {
            // A name that comes again keeps its place and takes the new value.
            let place = *places.entry(name.clone()).or_insert(members.len());
            match members.get_mut(place) {
                Some((_, old)) => *old = value,
                None => members.push((name, value)),
            }
        }
        // Names that are array indices come first, by their number; the others stay as they came.
        members.sort_by_key(|(name, _)| array_index(name).map_or((1, 0), |index| (0, index)));
        Ok(Js::Object(members))
    }
}

/// The number that a name is in canonical form, below 2³² - 1.
fn array_index(name: &str) -> Option<u32> {
    let is_canonical = name == "0" || (!name.starts_with('0') && name.bytes().all(|byte| byte.is_ascii_digit()));
    name.parse().ok().filter(|index| is_canonical && *index != u32::MAX)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn of(body: &str) -> Option<String> {
        stringify(body.as_bytes())
    }

    /// The right sides are what Node 20 prints for `JSON.stringify(JSON.parse(…))`.
    #[test]
    fn as_javascript_writes_it() {
        for (body, written) in [
            ("{ \"b\" : [ 1 , 2.50 , true ] ,\n\"a\":null }", r#"{"b":[1,2.5,true],"a":null}"#),
            (
                r#"[1.0,-0,1e2,1E-7,123456789012345678901,1e21,0.1,5e-324]"#,
                "[1,0,100,1e-7,123456789012345680000,1e+21,0.1,5e-324]",
            ),
            (
                r#"[9007199254740993,1.7976931348623157e308,0.30000000000000004]"#,
                "[9007199254740992,1.7976931348623157e+308,0.30000000000000004]",
            ),
            (
                r#"{"b":1,"2":2,"a":3,"1":4,"01":5,"4294967295":6,"4294967294":7}"#,
                r#"{"1":4,"2":2,"4294967294":7,"b":1,"a":3,"01":5,"4294967295":6}"#,
            ),
            (r#"{"a":1,"b":2,"a":3}"#, r#"{"a":3,"b":2}"#),
            (r#""\u00e9\/\u0001\b\f\n\r\t\"\\\u007f\u2028""#, "\"é/\\u0001\\b\\f\\n\\r\\t\\\"\\\\\u{7f}\u{2028}\""),
            (r#"{"\u0061":"\ud83e\udd8a"}"#, "{\"a\":\"🦊\"}"),
            ("\u{feff}{}", "{}"),
        ] {
            assert_eq!(of(body).as_deref(), Some(written), "{body}");
        }
        assert_eq!(stringify(b"\"\xff\"").as_deref(), Some("\"\u{fffd}\""));
    }

    #[test]
    fn what_is_not_json_has_no_form() {
        for body in ["", "{", "{}x", "{'a':1}", "[01]", "NaN"] {
            assert_eq!(of(body), None, "{body}");
        }
        assert_eq!(of(&"[".repeat(100_000)), None);
    }
}
