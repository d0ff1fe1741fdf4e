//! Objects whole: every member as it stands.

use std::fmt;

use serde::Deserializer as _;
use serde::de::{MapAccess, Visitor};
use serde_json::value::RawValue;

/// All members of an object in their order, however deep, repeated or badly named; a name that is no text is `None`. The
/// slow way to look at an object: it takes memory for every member. Another reader than [`fields`](crate::fields), to hold
/// that one against in tests.
#[must_use]
pub fn members(text: &str) -> Option<Vec<(Option<String>, &RawValue)>> {
    serde_json::Deserializer::from_str(text).deserialize_map(Members).ok()
}

struct Members;

impl<'de> Visitor<'de> for Members {
    type Value = Vec<(Option<String>, &'de RawValue)>;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("an object")
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Self::Value, A::Error> {
        let mut members = Vec::new();
        while let Some((key, value)) = map.next_entry::<&'de RawValue, &'de RawValue>()? {
            members.push((serde_json::from_str(key.get()).ok(), value));
        }
        Ok(members)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn repeated_and_badly_named_members_are_there() {
        let seen = members(r#"{"a":1,"\ud800":[2],"a":null}"#).unwrap();
        let seen: Vec<_> = seen.iter().map(|(key, value)| (key.as_deref(), value.get())).collect();
        assert_eq!(seen, [(Some("a"), "1"), (None, "[2]"), (Some("a"), "null")]);
        assert!(members("[]").is_none());
    }
}
