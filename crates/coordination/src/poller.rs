//! The one poller of a scope, and the log of events that it writes.

use bytes::Bytes;

/// The right to poll and to write events.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct Lease(pub u64);

/// What became of an append.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Appended {
    /// The number of the last entry of the log now.
    Yes(u64),
    /// The lease is no longer this replica's: nothing was written.
    Lost,
}

/// Some entries of the log of events.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct EventPage {
    /// Another than before: the log was lost in between.
    pub epoch: u64,
    /// The number of the last entry of the log; 0 before the first.
    pub latest: u64,
    /// Entries with their numbers. Where the first is not the next number, those in between are forgotten.
    pub entries: Vec<(u64, Bytes)>,
}
