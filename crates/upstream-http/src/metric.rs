//! The metrics that are kept here. Labels: provider, operation and outcome, nothing with more values.

use std::time::Duration;

use session_provider::{Operation, ProviderId};

/// HTTP exchanges with a provider, by `provider`, `operation`, `outcome`.
pub const EXCHANGES: &str = "rollcall_upstream_exchanges_total";
/// How long they took, in seconds, by the same.
pub const EXCHANGE_SECONDS: &str = "rollcall_upstream_exchange_seconds";
/// 1 while a provider's breaker refuses calls, else 0; by `provider`.
pub const BREAKER_OPEN: &str = "rollcall_breaker_open";
/// Calls that a provider's budget allows now, by `provider`.
pub const BUDGET_REMAINING: &str = "rollcall_budget_remaining";

/// One exchange ended: counts it and measures how long it took.
pub(crate) fn exchange(provider: &ProviderId, operation: Operation, outcome: &'static str, took: Duration) {
    let labels =
        [("provider", provider.to_string()), ("operation", operation.to_string()), ("outcome", outcome.to_owned())];
    metrics::counter!(EXCHANGES, &labels).increment(1);
    metrics::histogram!(EXCHANGE_SECONDS, &labels).record(took);
}

/// Whether the breaker refuses calls.
pub(crate) fn breaker_open(provider: &ProviderId, open: bool) {
    metrics::gauge!(BREAKER_OPEN, "provider" => provider.to_string()).set(if open { 1.0 } else { 0.0 });
}

/// The calls that could be made now.
pub(crate) fn budget_remaining(provider: &ProviderId, remaining: u32) {
    metrics::gauge!(BUDGET_REMAINING, "provider" => provider.to_string()).set(remaining);
}
