//! The size of a budget.

use std::time::Duration;

/// The size of a budget: `requests` per `per`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct BudgetSettings {
    /// Calls allowed in each `per`; at least 1.
    pub requests: u32,
    /// The time in which a spent budget is full again; more than zero.
    pub per: Duration,
}
