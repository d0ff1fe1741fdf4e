//! What makes answers old.

use bytes::Bytes;

use crate::feed::Happening;

/// What is touched: the marks that answers are compared with, and what the feed says of it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Touch {
    /// The marks, each a [`Mark`] as text. Answers that are about one of them and whose load began before are never found
    /// again.
    pub marks: Vec<Mark>,
    /// What other replicas are told, in the format of [`Happening`](crate::Happening).
    pub said: Bytes,
}

/// Something an answer can be about: its text is part of a key of the store, and frozen.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Mark(String);

impl Touch {
    /// Everything: what was fetched before is not used any more.
    #[must_use]
    pub fn everything() -> Self {
        Self { marks: vec![Mark::everything()], said: Happening::Everything.encode() }
    }
}

impl Mark {
    /// What every answer is about.
    #[must_use]
    pub fn everything() -> Self {
        Self("!".to_owned())
    }

    /// Whatever is about the whole account: lists, counts.
    #[must_use]
    pub fn account() -> Self {
        Self("*".to_owned())
    }

    /// What is told of the whole account until somebody changes something there: no hint touches it.
    #[must_use]
    pub fn until_changed() -> Self {
        Self("~".to_owned())
    }

    /// Whatever any room may be in: what is seen of a room touches it, and leaves the account's list as it is.
    #[must_use]
    pub fn any_room() -> Self {
        Self("r".to_owned())
    }

    /// A room.
    #[must_use]
    pub fn room(id: &str) -> Self {
        Self(format!("r/{id}"))
    }

    /// A session.
    #[must_use]
    pub fn session(id: &str) -> Self {
        Self(format!("s/{id}"))
    }

    /// As it stands in the store.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}
