//! JSON objects in which no member is given twice.

use std::collections::BTreeMap;
use std::fmt;

use serde::de::{Deserialize, Deserializer, MapAccess, Visitor};
use serde_json::Value;

use crate::refusal::Refusal;

/// The members of an object, by name.
pub(crate) type Members = BTreeMap<String, Value>;

/// Reads one JSON object and nothing after it. RFC 7519 §4 lets a reader take the last of two members of one name;
/// another reader may take the first, so such a token says two things and is refused.
pub(crate) fn object(bytes: &[u8]) -> Result<Members, Refusal> {
    let Pairs(pairs) = serde_json::from_slice(bytes).map_err(|_| Refusal::Malformed)?;
    let mut members = Members::new();
    for (name, value) in pairs {
        if members.insert(name, value).is_some() {
            return Err(Refusal::Duplicate);
        }
    }
    Ok(members)
}

struct Pairs(Vec<(String, Value)>);

impl<'de> Deserialize<'de> for Pairs {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_map(PairsVisitor)
    }
}

struct PairsVisitor;

impl<'de> Visitor<'de> for PairsVisitor {
    type Value = Pairs;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a JSON object")
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Pairs, A::Error> {
        let mut pairs = Vec::new();
        while let Some(pair) = map.next_entry()? {
            pairs.push(pair);
        }
        Ok(Pairs(pairs))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_member_given_twice_is_refused_however_it_is_spelt() {
        assert_eq!(object(br#"{"a":1,"b":{"a":1}}"#).map(|members| members.len()), Ok(2));
        assert_eq!(object(br#"{"a":1,"a":1}"#), Err(Refusal::Duplicate));
        assert_eq!(object(br#"{"aud":1,"\u0061ud":1}"#), Err(Refusal::Duplicate));
    }

    #[test]
    fn whatever_is_not_one_object_is_malformed() {
        let deep = format!("{{\"a\":{}1{}}}", "[".repeat(4000), "]".repeat(4000));
        let bad: [&[u8]; 12] = [
            b"",
            b"[]",
            b"null",
            b"1",
            b"\"a\"",
            b"{",
            b"{}{}",
            b"{} x",
            b"\xef\xbb\xbf{}",
            b"{\"a\":\"\xff\"}",
            b"{\"a\":NaN}",
            deep.as_bytes(),
        ];
        for bytes in bad {
            assert_eq!(object(bytes), Err(Refusal::Malformed), "{:?}", String::from_utf8_lossy(bytes));
        }
    }
}
