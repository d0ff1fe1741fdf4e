//! Objects: the wanted members, the others skipped.

use std::fmt;

use serde::Deserializer as _;
use serde::de::{IgnoredAny, MapAccess, Visitor};
use serde_json::value::RawValue;

use crate::surrogates::mended;
use crate::{Broken, Raw, Shape, Walk};

/// The values of the wanted names, in the order of the names; `None` where the name is missing or its value is `null`.
pub type Fields<'a, const N: usize> = [Raw<'a>; N];

/// Reads `text` as one JSON object and picks the values of `names`, in any letter case. Where several keys have one name,
/// the first whose value is not `null` counts.
///
/// # Errors
/// When the text is not JSON, not an object, or has something after it.
pub fn fields<'a, const N: usize>(text: &'a str, names: [&str; N]) -> serde_json::Result<Fields<'a, N>> {
    fields_or_null(text, names).map(|fields| fields.map(|field| field.filter(says)))
}

/// As [`fields`], where `null` is a value: `None` means that the name is missing.
///
/// # Errors
/// As [`fields`].
pub fn fields_or_null<'a, const N: usize>(text: &'a str, names: [&str; N]) -> serde_json::Result<Fields<'a, N>> {
    let mut reader = serde_json::Deserializer::from_str(text);
    let fields = reader.deserialize_map(Wanted { names })?;
    reader.end()?;
    Ok(fields)
}

/// As [`fields_or_null`] of the value that is next in a walk, which in the same pass has `read` read the value of one more
/// member, `inner`: the first of that name that is not `null`, if there is one.
///
/// # Errors
/// When the value is not JSON, not an object, or `read` says so.
pub fn fields_around<'a, T, const N: usize>(
    walk: &mut Walk<'a>,
    names: [&str; N],
    inner: &str,
    mut read: impl FnMut(&mut Walk<'a>) -> Result<T, Broken>,
) -> Result<(Fields<'a, N>, Option<T>), Broken> {
    let (mut fields, mut found): (Fields<'a, N>, Option<T>) = ([None; N], None);
    walk.members(|walk, key| {
        if found.is_none() && position(&[inner], key).is_some() && walk.shape() != Some(Shape::Null) {
            found = Some(read(walk)?);
            return Ok(());
        }
        let value = walk.value()?;
        if let Some(at) = position(&names, key).filter(|at| !fields[*at].as_ref().is_some_and(says)) {
            fields[at] = Some(value);
        }
        Ok(())
    })?;
    Ok((fields, found))
}

/// As [`fields`] of a value; `None` when it is not an object.
#[must_use]
pub fn object_fields<'a, const N: usize>(value: &'a RawValue, names: [&str; N]) -> Option<Fields<'a, N>> {
    (Shape::of(value) == Shape::Object).then(|| fields(value.get(), names).ok())?
}

/// The value of one member, by exactly this name; the last if there are several, as most readers see it.
#[must_use]
pub fn member<'a>(value: &'a RawValue, name: &str) -> Raw<'a> {
    if Shape::of(value) != Shape::Object {
        return None;
    }
    serde_json::Deserializer::from_str(value.get()).deserialize_map(Member { name }).ok()?.filter(says)
}

/// Whether a value is not `null`.
fn says(value: &&RawValue) -> bool {
    Shape::of(value) != Shape::Null
}

struct Wanted<'n, const N: usize> {
    names: [&'n str; N],
}

impl<'de, const N: usize> Visitor<'de> for Wanted<'_, N> {
    type Value = Fields<'de, N>;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("an object")
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Self::Value, A::Error> {
        let mut fields: Fields<'de, N> = [None; N];
        while let Some(key) = map.next_key::<&'de RawValue>()? {
            match position(&self.names, key.get()) {
                Some(at) if !fields[at].as_ref().is_some_and(says) => fields[at] = Some(map.next_value()?),
                _ => {
                    map.next_value::<IgnoredAny>()?;
                }
            }
        }
        Ok(fields)
    }
}

struct Member<'n> {
    name: &'n str,
}

impl<'de> Visitor<'de> for Member<'_> {
    type Value = Raw<'de>;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("an object")
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Self::Value, A::Error> {
        let mut found = None;
        while let Some(key) = map.next_key::<&'de RawValue>()? {
            let value = map.next_value::<&'de RawValue>()?;
            if with_key(key.get(), |key| key == self.name) {
                found = Some(value);
            }
        }
        Ok(found)
    }
}

/// Which of the names a key is.
fn position(names: &[&str], quoted: &str) -> Option<usize> {
    with_key(quoted, |key| names.iter().position(|name| name.eq_ignore_ascii_case(key)))
}

/// Keys are raw too: as text, half a surrogate in a foreign key would spoil the object.
fn with_key<T: Default>(quoted: &str, read: impl FnOnce(&str) -> T) -> T {
    if quoted.bytes().any(|byte| byte == b'\\') {
        serde_json::from_str::<String>(&mended(quoted)).map(|key| read(&key)).unwrap_or_default()
    } else {
        read(quoted.get(1..quoted.len().saturating_sub(1)).unwrap_or_default())
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
        assert_eq!(one(r#"{"roomid":null}"#), None);
        let null = |text| fields_or_null(text, ["roomId"]).unwrap()[0].map(RawValue::get);
        assert_eq!((null(r#"{"roomid":null}"#), null("{}")), (Some("null"), None));
        assert_eq!(
            (null(r#"{"roomid":null,"roomId":2,"RoomId":null}"#), null(r#"{"roomId":2,"roomid":3}"#)),
            (Some("2"), Some("2"))
        );
        assert_eq!(one(r#"{"room":{"roomId":1}}"#), None);
    }

    #[test]
    fn what_is_not_one_whole_object_is_an_error() {
        for text in
            ["", "[]", "null", "{", r#"{"roomId":1"#, r#"{"roomId":}"#, "{} {}", "{}<html>", "<html>", "{\"\0\":1}"]
        {
            assert!(fields(text, ["roomId"]).is_err(), "{text}");
        }
        let array: &RawValue = serde_json::from_str("[1]").unwrap();
        assert!(object_fields(array, ["roomId"]).is_none() && member(array, "0").is_none());
    }

    #[test]
    fn unusable_neighbours_spoil_nothing() {
        let deep = format!("{}{}", "[".repeat(10_000), "]".repeat(10_000));
        let text = format!(r#"{{"\ud800":1e999,"a":"\ud800","b":{deep},"roomId":7}}"#);
        assert_eq!(one(&text), Some("7"));
    }

    #[test]
    fn a_member_is_known_by_its_exact_name_and_the_last_one_counts() {
        let value: &RawValue = serde_json::from_str(r#"{"A":1,"a":2,"\u0061":3,"b":null}"#).unwrap();
        assert_eq!(member(value, "a").map(RawValue::get), Some("3"));
        assert_eq!(member(value, "A").map(RawValue::get), Some("1"));
        assert!(member(value, "b").is_none() && member(value, "c").is_none());
    }
}
