//! How a replica takes part.

use std::time::Duration;

/// The settings of `[cluster]` that are not the store's address.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct ClusterSettings {
    /// The most that a request waits for the store, in all.
    pub timeout: Duration,
    /// How many replicas divide the budgets among themselves while the store is away, if fewer were seen last; at least 1.
    pub replicas: u32,
}
