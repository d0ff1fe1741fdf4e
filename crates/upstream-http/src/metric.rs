//! The metrics that are kept here. Labels: provider, operation and outcome, nothing with more values.

use session_provider::ProviderId;

/// HTTP exchanges with a provider, by `provider`, `operation`, `outcome`.
pub const EXCHANGES: &str = "rollcall_upstream_exchanges_total";
/// How long they took, in seconds, by the same.
pub const EXCHANGE_SECONDS: &str = "rollcall_upstream_exchange_seconds";
/// 1 while a provider's breaker refuses calls, else 0; by `provider`.
pub const BREAKER_OPEN: &str = "rollcall_breaker_open";
/// Calls that a provider's budget allows now, by `provider`. Whoever shows metrics sets it: it changes with time, too.
pub const BUDGET_REMAINING: &str = "rollcall_budget_remaining";

/// Whether the breaker refuses calls.
pub(crate) fn breaker_open(provider: &ProviderId, open: bool) {
    metrics::gauge!(BREAKER_OPEN, "provider" => provider.to_string()).set(if open { 1.0 } else { 0.0 });
}
