//! How many calls we allow ourselves to make with one credential.
//!
//! A crate for rate limits (governor) has fixed quotas; this budget also follows what the provider says of its own, keeps
//! a part for mutations and shares the rest out between payers, so the bucket is our own.

mod askers;
mod bucket;
mod budgets;
mod ledger;
mod payers;
mod provider_limits;
mod settings;
mod shared;
mod state;
mod upstream_budget;

pub use budgets::Budgets;
pub use settings::BudgetSettings;
pub use shared::{BudgetStore, BudgetSwap};
pub use upstream_budget::Budget;
