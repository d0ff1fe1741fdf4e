//! The names of this crate's metrics. Labels: provider, operation and outcome, nothing with more values.

use std::time::Duration;

use session_provider::{Operation, ProviderId};

/// One exchange ended: counts `rollcall_upstream_exchanges_total` and measures `rollcall_upstream_exchange_seconds`.
pub(crate) fn exchange(provider: &ProviderId, operation: Operation, outcome: &'static str, took: Duration) {
    let labels =
        [("provider", provider.to_string()), ("operation", operation.to_string()), ("outcome", outcome.to_owned())];
    metrics::counter!("rollcall_upstream_exchanges_total", &labels).increment(1);
    metrics::histogram!("rollcall_upstream_exchange_seconds", &labels).record(took);
}

/// Whether the breaker refuses calls: `rollcall_breaker_open`, 0 or 1.
pub(crate) fn breaker_open(provider: &ProviderId, open: bool) {
    metrics::gauge!("rollcall_breaker_open", "provider" => provider.to_string()).set(if open { 1.0 } else { 0.0 });
}

/// The calls that could be made now: `rollcall_budget_remaining`.
pub(crate) fn budget_remaining(provider: &ProviderId, remaining: u32) {
    metrics::gauge!("rollcall_budget_remaining", "provider" => provider.to_string()).set(remaining);
}
