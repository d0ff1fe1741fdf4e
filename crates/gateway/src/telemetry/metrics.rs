//! Every metric of the gateway, by name, and the recorder that Prometheus reads.
//!
//! Labels are providers, operations, outcomes and routes: closed sets, never what a caller sent.

use std::time::Duration;

pub use caller_auth::{JWKS_FETCHES, REFUSED as AUTH_REFUSED};
use metrics::{Unit, describe_counter, describe_gauge, describe_histogram};
use metrics_exporter_prometheus::{BuildError, PrometheusBuilder, PrometheusHandle};
use tokio_util::sync::CancellationToken;
use tokio_util::task::TaskTracker;

/// Requests answered, by `route`, `method`, `status`.
pub const HTTP_REQUESTS: &str = "rollcall_http_requests_total";
/// How long they took, by `route`, `method`.
pub const HTTP_REQUEST_SECONDS: &str = "rollcall_http_request_duration_seconds";
/// Connections open now, by `listener`.
pub const CONNECTIONS: &str = "rollcall_connections";
/// Times a listener became full, by `listener`.
pub const CONNECTIONS_FULL: &str = "rollcall_connections_full_total";
/// Provider operations, by `provider`, `operation`, `outcome`.
pub const PROVIDER_OPERATIONS: &str = "rollcall_provider_operations_total";
/// How long they took, by the same.
pub const PROVIDER_OPERATION_SECONDS: &str = "rollcall_provider_operation_duration_seconds";
/// HTTP exchanges with a provider, by `provider`, `operation`, `outcome`.
pub const UPSTREAM_EXCHANGES: &str = "rollcall_upstream_exchanges_total";
/// How long they took.
pub const UPSTREAM_EXCHANGE_SECONDS: &str = "rollcall_upstream_exchange_seconds";
/// 1 while a provider's breaker refuses calls, by `provider`.
pub const BREAKER_OPEN: &str = "rollcall_breaker_open";
/// Calls that a provider's budget still allows, by `provider`.
pub const BUDGET_REMAINING: &str = "rollcall_budget_remaining";
/// Reads through the cache, by `operation`, `outcome`.
pub const CACHE_READS: &str = "rollcall_cache_reads_total";
/// Bytes that cached answers take.
pub const CACHE_WEIGHT: &str = "rollcall_cache_weight_bytes";
/// Loads under way now.
pub const LOADS: &str = "rollcall_flights";
/// Rows without an id that were left out, by `provider`.
pub const ROWS_DROPPED: &str = "rollcall_rows_dropped_total";

/// Log lines that did not fit into the queue of the log's writer, or could not be written.
pub const LOG_LINES_DROPPED: &str = "rollcall_log_lines_dropped_total";
/// Audit lines that could not be written in time, by `phase`.
pub const AUDIT_FAILURES: &str = "rollcall_audit_failures_total";
/// Outcomes of mutations that are still to be written to the audit log.
pub const AUDIT_OWED: &str = "rollcall_audit_owed";

/// Upper bounds of the duration buckets, in seconds: from a cache hit to a request that timed out.
const BUCKETS: [f64; 14] = [0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0];

/// How often the recorder tidies up its histograms.
const UPKEEP: Duration = Duration::from_secs(5);

/// Makes the process-wide recorder and describes every metric. Once per process.
///
/// # Errors
/// When there is a recorder already.
pub fn install() -> Result<PrometheusHandle, BuildError> {
    let handle = PrometheusBuilder::new().set_buckets(&BUCKETS)?.install_recorder()?;
    describe();
    // Shown from the start, so that an alert on its growth has something to compare with.
    metrics::counter!(LOG_LINES_DROPPED).increment(0);
    Ok(handle)
}

/// Keeps the recorder's memory flat until `stop`.
pub fn keep_up(handle: PrometheusHandle, tasks: &TaskTracker, stop: CancellationToken) {
    tasks.spawn(async move {
        let mut ticks = tokio::time::interval(UPKEEP);
        while stop.run_until_cancelled(ticks.tick()).await.is_some() {
            handle.run_upkeep();
        }
    });
}

fn describe() {
    describe_counter!(HTTP_REQUESTS, "Requests answered.");
    describe_histogram!(HTTP_REQUEST_SECONDS, Unit::Seconds, "How long requests took.");
    describe_gauge!(CONNECTIONS, "Connections open now.");
    describe_counter!(CONNECTIONS_FULL, "Times the listener became full, so that idle connections had to go.");
    describe_counter!(AUTH_REFUSED, "Tokens refused, by reason.");
    describe_counter!(JWKS_FETCHES, "Fetches of the key set.");
    describe_counter!(PROVIDER_OPERATIONS, "Provider operations ended.");
    describe_histogram!(PROVIDER_OPERATION_SECONDS, Unit::Seconds, "How long provider operations took.");
    describe_counter!(UPSTREAM_EXCHANGES, "HTTP exchanges with providers.");
    describe_histogram!(UPSTREAM_EXCHANGE_SECONDS, Unit::Seconds, "How long exchanges took.");
    describe_gauge!(BREAKER_OPEN, "1 while the breaker refuses calls to the provider, else 0.");
    describe_gauge!(BUDGET_REMAINING, "Calls that the provider's budget allows now.");
    describe_counter!(CACHE_READS, "Reads through the cache.");
    describe_gauge!(CACHE_WEIGHT, Unit::Bytes, "Memory that cached answers take.");
    describe_gauge!(LOADS, "Loads under way now.");
    describe_counter!(LOG_LINES_DROPPED, "Log lines dropped because nobody took them in time.");
    describe_counter!(AUDIT_FAILURES, "Audit lines that could not be written in time.");
    describe_gauge!(AUDIT_OWED, "Outcomes of mutations that are still to be written to the audit log.");
    describe_counter!(ROWS_DROPPED, "Upstream rows left out for want of an id.");
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_recorded_is_described_and_durations_have_buckets() {
        let recorder = PrometheusBuilder::new().set_buckets(&BUCKETS).unwrap().build_recorder();
        let handle = recorder.handle();
        metrics::with_local_recorder(&recorder, || {
            describe();
            metrics::counter!(PROVIDER_OPERATIONS).increment(1);
            metrics::histogram!(HTTP_REQUEST_SECONDS).record(0.02);
        });
        let shown = handle.render();
        assert!(shown.contains("# HELP rollcall_provider_operations_total Provider operations ended."), "{shown}");
        assert!(shown.contains("rollcall_http_request_duration_seconds_bucket{le=\"0.025\"} 1"), "{shown}");
    }
}
