//! What the customer attached to a peer: any JSON, often inside a text (`upstream/huddle01.md` quirk 5).
//!
//! The end user's browser may set it, so its cost in memory is bounded here: as a tree, seven bytes of JSON can take
//! 700 bytes.

use serde_json::Value;
use serde_json::value::RawValue;

use super::json::{Shape, said};
use super::scalar;

/// The most memory, by [`weight`], that the metadata of one row may take as a tree. The documented maximum of the
/// text is 10 kB (`upstream/huddle01.md` quirk 12), which this leaves room for many times over.
const MAX_WEIGHT: usize = 1 << 20;

/// A row's metadata as the domain wants it.
#[derive(Debug, PartialEq, Default)]
pub(crate) struct Metadata {
    /// JSON in a text is unwrapped once, and text that is not JSON stays text. So does the JSON text of a value that
    /// cannot be held as a tree: deeper than serde_json reads, with a number out of range, or too heavy.
    pub(crate) value: Option<Value>,
    /// About how many bytes of memory the value takes.
    pub(crate) weight: usize,
}

impl Metadata {
    /// Reads the field; `null`, also inside a text, is no metadata.
    pub(crate) fn read(field: Option<&RawValue>) -> Self {
        let Some(raw) = said(field) else { return Self::default() };
        let text = match Shape::of(raw) {
            Shape::Text => scalar::text(raw).unwrap_or_else(|| raw.get().to_owned()),
            _ => raw.get().to_owned(),
        };
        let weight = weight(&text);
        let tree = if weight <= MAX_WEIGHT { serde_json::from_str(&text).ok() } else { None };
        match tree {
            Some(Value::Null) => Self::default(),
            Some(value) => Self { value: Some(value), weight },
            None => Self { weight: text.len(), value: Some(Value::String(text)) },
        }
    }

    /// The text of a member of the metadata, which is the customer's own: exactly this name.
    pub(crate) fn text(&self, name: &str) -> Option<String> {
        self.value.as_ref()?.get(name)?.as_str().map(str::to_owned)
    }
}

/// An upper estimate of the memory that the JSON takes as a tree: an object's first node holds 11 members and takes
/// about 640 bytes, any further member or element up to 100.
fn weight(json: &str) -> usize {
    json.bytes().fold(json.len(), |sum, byte| match byte {
        b'{' => sum + 700,
        b'[' | b',' => sum + 100,
        _ => sum,
    })
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn read(json: &str) -> Option<Value> {
        let raw = RawValue::from_string(json.to_owned()).unwrap();
        Metadata::read(Some(&raw)).value
    }

    #[test]
    fn a_text_is_unwrapped_once_and_everything_else_stays() {
        for (json, expected) in [
            (r#"{"a":1}"#, Some(json!({"a": 1}))),
            (r#""{\"a\":1}""#, Some(json!({"a": 1}))),
            (r#""\"{\\\"a\\\":1}\"""#, Some(json!("{\"a\":1}"))),
            (r#""undefined""#, Some(json!("undefined"))),
            (r#""""#, Some(json!(""))),
            ("[1,null]", Some(json!([1, null]))),
            ("7", Some(json!(7))),
            ("\"7\"", Some(json!(7))),
            ("false", Some(json!(false))),
            ("null", None),
            ("\"null\"", None),
        ] {
            assert_eq!(read(json), expected, "{json}");
        }
        assert_eq!(Metadata::read(None), Metadata::default());
    }

    #[test]
    fn letter_case_inside_is_the_customers_own() {
        let raw = RawValue::from_string(r#"{"DisplayName":"a","displayName":"b","n":1}"#.to_owned()).unwrap();
        let metadata = Metadata::read(Some(&raw));
        assert_eq!(metadata.text("displayName").as_deref(), Some("b"));
        assert_eq!((metadata.text("displayname"), metadata.text("n")), (None, None));
        assert_eq!(metadata.value, Some(json!({"DisplayName": "a", "displayName": "b", "n": 1})));
    }

    #[test]
    fn what_cannot_be_a_tree_stays_text() {
        let deep = format!("{}{}", "[".repeat(200), "]".repeat(200));
        let heavy = format!("[{}0]", "{\"\":0},".repeat(2000));
        for json in [deep.as_str(), heavy.as_str(), r#"{"n":1e999}"#, r#"{"s":"\ud800"}"#] {
            assert_eq!(read(json), Some(Value::String(json.to_owned())));
        }
    }
}
