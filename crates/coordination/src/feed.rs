//! What replicas tell each other: one feed for each scope, in the order of the store.

use bytes::Bytes;
use serde::{Deserialize, Serialize};

use crate::name::ReplicaId;

/// From where on a replica wants to hear.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct After {
    /// Entries with greater numbers.
    pub number: u64,
    /// The number of the epoch that begins if there is none.
    pub propose: u64,
    /// Say that this replica is there: it counts for some seconds.
    pub announce: bool,
}

/// What was said in a scope.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct News {
    /// Another number than before: everything that the store held was lost in between.
    pub epoch: u64,
    /// The number of the latest entry; 0 before the first.
    pub latest: u64,
    /// The entries after the number asked for, in order. Where the first is not the next number, those in between are
    /// forgotten.
    pub entries: Vec<Entry>,
    /// How many replicas have said lately that they are there.
    pub replicas: u32,
    /// The number of the latest event of the scope's log; 0 before the first.
    pub latest_event: u64,
}

/// An entry of the feed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Entry {
    /// Its place: the first of an epoch is 1.
    pub number: u64,
    /// Who said it.
    pub replica: ReplicaId,
    /// What, in the format of [`Happening`].
    pub said: Bytes,
}

/// What an entry says. Unknown members and kinds are left to newer versions.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "kind", rename_all = "snake_case")]
pub enum Happening {
    /// A mutation of this room may have had an effect.
    Changed {
        /// The room, under the name that the mutation gave it.
        room: String,
        /// The session that runs there, where the mutation named it.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        session: Option<String>,
    },
    /// A provider's notice names these.
    Hinted {
        /// The room, under every name that the notice gives it.
        #[serde(default, skip_serializing_if = "Vec::is_empty")]
        rooms: Vec<String>,
        /// The session, where the notice names it.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        session: Option<String>,
    },
    /// Something was seen of rooms: what was fetched before is not to be found any more. Nobody need act on it.
    Seen,
    /// A new answer has come to the account's list, on behalf of whoever asked: the poller takes it.
    Answered,
    /// Anything may have changed.
    Everything,
    /// A load that somebody waits for has ended.
    LoadEnded {
        /// The question's name in hexadecimal digits.
        question: String,
    },
}

impl Happening {
    /// As it stands in the feed.
    #[must_use]
    pub fn encode(&self) -> Bytes {
        serde_json::to_vec(self).unwrap_or_default().into()
    }

    /// `None` for what is not ours, or of a newer version.
    #[must_use]
    pub fn decode(said: &[u8]) -> Option<Self> {
        serde_json::from_slice(said).ok()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_format_is_frozen() {
        let (room, session) = ("r-1".to_owned(), Some("s-1".to_owned()));
        for (happening, text) in [
            (
                Happening::Changed { room: room.clone(), session: session.clone() },
                r#"{"kind":"changed","room":"r-1","session":"s-1"}"#,
            ),
            (Happening::Changed { room: room.clone(), session: None }, r#"{"kind":"changed","room":"r-1"}"#),
            (Happening::Hinted { rooms: vec![room], session }, r#"{"kind":"hinted","rooms":["r-1"],"session":"s-1"}"#),
            (Happening::Hinted { rooms: vec![], session: None }, r#"{"kind":"hinted"}"#),
            (Happening::Seen, r#"{"kind":"seen"}"#),
            (Happening::Answered, r#"{"kind":"answered"}"#),
            (Happening::Everything, r#"{"kind":"everything"}"#),
            (Happening::LoadEnded { question: "0f".to_owned() }, r#"{"kind":"load_ended","question":"0f"}"#),
        ] {
            assert_eq!(happening.encode(), text);
            assert_eq!(Happening::decode(text.as_bytes()), Some(happening));
        }
        assert_eq!(Happening::decode(br#"{"kind":"of a later version"}"#), None);
        assert_eq!(Happening::decode(b"\xff"), None);
    }
}
