//! Picks wanted fields and list elements out of JSON text without building a tree of it.
//!
//! Values are handed out as slices of the text. So a field that cannot be used (a lone surrogate, a number out of
//! range, 10,000 levels of nesting) costs that field and no other, and a body of a million rows costs no memory.

use std::fmt;

use serde::Deserializer as _;
use serde::de::{Error as _, IgnoredAny, MapAccess, SeqAccess, Visitor};
use serde_json::value::RawValue;

/// The values of the wanted keys, in the order of the names; `None` where the key is missing.
pub(crate) type Fields<'a, const N: usize> = [Option<&'a RawValue>; N];

/// Reads `text` as one JSON object and picks the values of `names`, in any letter case. Where several keys have one
/// name, the first whose value is not `null` counts.
///
/// # Errors
/// When the text is not JSON, not an object, or has something after it.
pub(crate) fn fields<'a, const N: usize>(text: &'a str, names: [&str; N]) -> serde_json::Result<Fields<'a, N>> {
    let mut reader = serde_json::Deserializer::from_str(text);
    let fields = reader.deserialize_map(Object { names })?;
    reader.end()?;
    Ok(fields)
}

/// Hands every element of a JSON array to `each` until that fails. `None` when the value is not an array.
pub(crate) fn elements<'a, E>(
    list: &'a RawValue,
    mut each: impl FnMut(&'a RawValue) -> Result<(), E>,
) -> Option<Result<(), E>> {
    let mut failed = None;
    let each = |row| each(row).map_err(|error| failed = Some(error));
    let read = serde_json::Deserializer::from_str(list.get()).deserialize_seq(Array { each });
    match (failed, read) {
        (Some(error), _) => Some(Err(error)),
        (None, Ok(())) => Some(Ok(())),
        (None, Err(_)) => None,
    }
}

/// Which of the JSON types a value has.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Shape {
    Null,
    Bool,
    Number,
    Text,
    Array,
    Object,
}

impl Shape {
    /// A raw value starts with the first character of its token, so that one tells.
    pub(crate) fn of(value: &RawValue) -> Self {
        match value.get().as_bytes().first() {
            Some(b'{') => Self::Object,
            Some(b'[') => Self::Array,
            Some(b'"') => Self::Text,
            Some(b't' | b'f') => Self::Bool,
            Some(b'n') | None => Self::Null,
            Some(_) => Self::Number,
        }
    }
}

/// The value unless it is missing or `null`, which say the same.
pub(crate) fn said(value: Option<&RawValue>) -> Option<&RawValue> {
    value.filter(|value| Shape::of(value) != Shape::Null)
}

struct Object<'n, const N: usize> {
    names: [&'n str; N],
}

impl<'de, const N: usize> Visitor<'de> for Object<'_, N> {
    type Value = Fields<'de, N>;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("an object")
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Self::Value, A::Error> {
        let mut fields = [None; N];
        while let Some(key) = map.next_key::<&'de RawValue>()? {
            match position(&self.names, key) {
                Some(at) => {
                    let value = map.next_value::<&'de RawValue>()?;
                    if said(fields[at]).is_none() {
                        fields[at] = Some(value);
                    }
                }
                None => {
                    map.next_value::<IgnoredAny>()?;
                }
            }
        }
        Ok(fields)
    }
}

/// Which of the names a key is. Keys are raw too: as text, a lone surrogate in a foreign key would spoil the object.
fn position(names: &[&str], key: &RawValue) -> Option<usize> {
    let quoted = key.get();
    let at = |key: &str| names.iter().position(|name| name.eq_ignore_ascii_case(key));
    if quoted.contains('\\') {
        serde_json::from_str(quoted).ok().and_then(|key: String| at(&key))
    } else {
        at(quoted.trim_matches('"'))
    }
}

struct Array<F> {
    each: F,
}

impl<'de, F: FnMut(&'de RawValue) -> Result<(), ()>> Visitor<'de> for Array<F> {
    type Value = ();

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("an array")
    }

    fn visit_seq<A: SeqAccess<'de>>(mut self, mut list: A) -> Result<(), A::Error> {
        while let Some(element) = list.next_element::<&'de RawValue>()? {
            (self.each)(element).map_err(|()| A::Error::custom("stopped"))?;
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn one(text: &str) -> Option<&str> {
        fields(text, ["roomId"]).unwrap()[0].map(RawValue::get)
    }

    #[test]
    fn keys_match_in_any_letter_case_and_the_first_that_says_something_counts() {
        assert_eq!(one(r#"{"ROOMID":1}"#), Some("1"));
        assert_eq!(one(r#"{"\u0072oomid":1}"#), Some("1"));
        assert_eq!(one(r#"{"roomid":null,"roomId":2,"RoomId":3}"#), Some("2"));
        assert_eq!(one(r#"{"roomid":null}"#), Some("null"));
        assert_eq!(one(r#"{"room":{"roomId":1}}"#), None);
    }

    #[test]
    fn what_is_not_one_whole_object_is_an_error() {
        for text in
            ["", "[]", "null", "{", r#"{"roomId":1"#, r#"{"roomId":}"#, "{} {}", "{}<html>", "<html>", "{\"\0\":1}"]
        {
            assert!(fields(text, ["roomId"]).is_err(), "{text}");
        }
    }

    #[test]
    fn unusable_neighbours_spoil_nothing() {
        let deep = format!("{}{}", "[".repeat(10_000), "]".repeat(10_000));
        let text = format!(r#"{{"\ud800":1e999,"a":"\ud800","b":{deep},"roomId":7}}"#);
        assert_eq!(one(&text), Some("7"));
    }

    #[test]
    fn elements_come_one_by_one_until_stopped() {
        let list = fields(r#"{"roomId":[1, {"a":[2]} ,"x"]}"#, ["roomId"]).unwrap()[0].unwrap();
        let mut seen = Vec::new();
        let all = elements(list, |row| {
            seen.push(row.get());
            Ok::<(), ()>(())
        });
        assert_eq!((all, seen), (Some(Ok(())), vec!["1", r#"{"a":[2]}"#, "\"x\""]));
        assert_eq!(elements(list, |_| Err("enough")), Some(Err("enough")));
        let text = fields(r#"{"roomId":{}}"#, ["roomId"]).unwrap()[0].unwrap();
        assert_eq!(elements(text, |_| Ok::<(), ()>(())), None);
    }
}
