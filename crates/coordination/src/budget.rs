//! The state of a budget that all share.

use std::time::Duration;

use bytes::Bytes;

/// What became of a swap.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Swapped {
    /// The new state is there, under this version.
    Yes {
        /// Its version.
        version: u64,
    },
    /// Another one is there.
    No(BudgetEntry),
}

/// A state as it stands in the store.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct BudgetEntry {
    /// 0 if there is none.
    pub version: u64,
    /// The time since it was put there.
    pub age: Duration,
    /// As it was given.
    pub state: Bytes,
}
