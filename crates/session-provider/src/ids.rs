//! Validated identifiers. A value of one of these types is safe to place in an upstream URL as one path segment.

use std::fmt;
use std::sync::Arc;

/// Why a text is not an identifier. Says the rule, never the refused text.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("{what} must be {rule}")]
pub struct InvalidId {
    what: &'static str,
    rule: &'static str,
}

const MAX_ID: usize = 128;
const MAX_CUSTOM_ID_CHARS: usize = 256;
const MAX_PROVIDER_ID: usize = 32;

fn is_plain_id(text: &str) -> bool {
    (1..=MAX_ID).contains(&text.len())
        && text.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'_' || byte == b'-')
}

fn is_provider_id(text: &str) -> bool {
    (1..=MAX_PROVIDER_ID).contains(&text.len())
        && text
            .split('-')
            .all(|part| !part.is_empty() && part.bytes().all(|byte| byte.is_ascii_lowercase() || byte.is_ascii_digit()))
}

fn is_custom_id(text: &str) -> bool {
    (1..=MAX_CUSTOM_ID_CHARS).contains(&text.chars().count()) && !text.chars().any(char::is_control)
}

macro_rules! id {
    ($(#[$doc:meta])* $name:ident, $what:literal, $rule:literal, $check:path) => {
        $(#[$doc])*
        #[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub struct $name(Arc<str>);

        impl $name {
            /// Takes the text if it obeys the rule of this id.
            ///
            /// # Errors
            /// [`InvalidId`], which names the rule.
            pub fn new(text: &str) -> Result<Self, InvalidId> {
                if $check(text) {
                    Ok(Self(Arc::from(text)))
                } else {
                    Err(InvalidId { what: $what, rule: $rule })
                }
            }

            /// The id as it came, which obeys the rule.
            #[must_use]
            pub fn as_str(&self) -> &str {
                &self.0
            }
        }

        impl std::borrow::Borrow<str> for $name {
            fn borrow(&self) -> &str {
                &self.0
            }
        }

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str(&self.0)
            }
        }

        impl fmt::Debug for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                fmt::Debug::fmt(&*self.0, f)
            }
        }

        impl std::str::FromStr for $name {
            type Err = InvalidId;
            fn from_str(text: &str) -> Result<Self, InvalidId> {
                Self::new(text)
            }
        }

        impl serde::Serialize for $name {
            fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
                serializer.serialize_str(&self.0)
            }
        }

        impl<'de> serde::Deserialize<'de> for $name {
            fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
                let text = std::borrow::Cow::<str>::deserialize(deserializer)?;
                Self::new(&text).map_err(serde::de::Error::custom)
            }
        }
    };
}

id!(
    /// One configured account at a video service, named by the operator: `[a-z0-9]+(-[a-z0-9]+)*`, at most 32 characters.
    ProviderId, "a provider id", "lower-case letters and digits in groups joined by '-', at most 32 characters", is_provider_id
);
id!(
    /// The durable place: a Huddle01 room, a RealtimeKit meeting. `[A-Za-z0-9_-]{1,128}`.
    RoomId, "a room id", "1 to 128 characters of A-Z, a-z, 0-9, '_' and '-'", is_plain_id
);
id!(
    /// One occupancy of a room, live or ended. `[A-Za-z0-9_-]{1,128}`.
    SessionId, "a session id", "1 to 128 characters of A-Z, a-z, 0-9, '_' and '-'", is_plain_id
);
id!(
    /// A person as the service addresses them. `[A-Za-z0-9_-]{1,128}`.
    ParticipantId, "a participant id", "1 to 128 characters of A-Z, a-z, 0-9, '_' and '-'", is_plain_id
);
id!(
    /// The caller's own name for a person: any text of 1 to 256 characters without control characters.
    /// It travels in bodies only, never in a URL.
    CustomParticipantId, "a custom participant id", "1 to 256 characters without control characters", is_custom_id
);

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn plain_ids_take_their_alphabet_and_nothing_else() {
        for good in ["a", "kad-mwxe-pfo", "peerId-4cRF64LOB6dWF_d0qEzQs", &"x".repeat(128)] {
            assert!(RoomId::new(good).is_ok(), "{good}");
        }
        for bad in ["", "..", "a/b", "a%2fb", "a b", "ä", "a\0", "a.b", &"x".repeat(129)] {
            assert!(SessionId::new(bad).is_err(), "{bad:?}");
        }
    }

    #[test]
    fn provider_ids_are_groups_joined_by_single_dashes() {
        for good in ["huddle01", "rtk-eu", "a-b-c", &"x".repeat(32)] {
            assert!(ProviderId::new(good).is_ok(), "{good}");
        }
        for bad in ["", "-a", "a-", "a--b", "RTK", "a_b", &"x".repeat(33)] {
            assert!(ProviderId::new(bad).is_err(), "{bad:?}");
        }
    }

    #[test]
    fn custom_ids_count_characters_and_refuse_control_characters() {
        assert!(CustomParticipantId::new(&"ä".repeat(256)).is_ok());
        assert!(CustomParticipantId::new(&"ä".repeat(257)).is_err());
        assert!(CustomParticipantId::new("mail@example.com / desk 4").is_ok());
        assert!(CustomParticipantId::new("a\u{7f}").is_err());
        assert!(CustomParticipantId::new("").is_err());
    }

    #[test]
    fn the_error_never_repeats_the_text() {
        let error = RoomId::new("<script>").unwrap_err().to_string();
        assert!(!error.contains("script"), "{error}");
    }
}
