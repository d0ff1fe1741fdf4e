//! Shared answers, and the claims of those who load them.

use std::time::Duration;

use bytes::Bytes;

use crate::touch::Mark;

/// Which answer will do.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Wanted {
    /// None that is there already, and no other's load: the load is claimed at once.
    pub alone: bool,
    /// One whose load has a greater number than this.
    pub newer_than: u64,
}

/// What was found.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Found {
    /// An answer that nothing has touched since its load began.
    Answer(SharedAnswer),
    /// Nothing: the load is this replica's.
    Claimed(AnswerClaim),
    /// Another replica is loading.
    Held,
}

/// The right to load, and where the load stands among all others and among marks.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct AnswerClaim {
    /// Of all loads in the scope: the later one has the greater number.
    pub number: u64,
    /// The latest number of the feed when it began.
    pub began: u64,
    /// The epoch in which it began.
    pub epoch: u64,
}

/// An answer as another replica gets it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SharedAnswer {
    /// The number of its load.
    pub number: u64,
    /// The time since the provider answered.
    pub age: Duration,
    /// What was put, as it was.
    pub body: Bytes,
}

/// An answer to be kept.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PutAnswer {
    /// What it is about.
    pub about: Vec<Mark>,
    /// The time since the provider answered.
    pub age: Duration,
    /// What other replicas get, as it is.
    pub body: Bytes,
    /// For how long.
    pub keep: Duration,
}

/// What became of a put.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kept {
    /// It is kept.
    Yes,
    /// Something touched it, a later one is there, or the store has lost its data since its load began.
    Outdated,
}
