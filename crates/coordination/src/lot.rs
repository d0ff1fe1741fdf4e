//! Requests of a caller, taken several at once.

use std::time::Duration;

/// So many in each span of time, with bursts up to the whole quota.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct LotRate {
    /// At least 1.
    pub quota: u32,
    /// More than zero.
    pub per: Duration,
}

/// What was taken.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Lot {
    /// How many.
    pub granted: u32,
    /// How many more there are now.
    pub remaining: u32,
    /// Until the whole quota is there again.
    pub full_in: Duration,
    /// Until there is one, where none was granted.
    pub wait: Duration,
}
