//! Every metric of the gateway, by name, and the recorder that Prometheus reads.
//!
//! Labels are providers, operations, outcomes and routes: closed sets, never what a caller sent.

use std::time::Duration;

pub use caller_auth::{JWKS_FETCHES, REFUSED as AUTH_REFUSED};
pub use coordination::{CLUSTER_REPLICAS, CLUSTER_STEPS, CLUSTER_UP};
use metrics::{Unit, describe_counter, describe_gauge, describe_histogram};
use metrics_exporter_prometheus::{BuildError, PrometheusBuilder, PrometheusHandle};
use session_provider::ProviderId;
use tokio_util::sync::CancellationToken;
use tokio_util::task::TaskTracker;
pub use upstream_http::{
    BREAKER_OPEN, BUDGET_REMAINING, EXCHANGE_SECONDS as UPSTREAM_EXCHANGE_SECONDS, EXCHANGES as UPSTREAM_EXCHANGES,
};

use crate::telemetry::series::Series;

/// Always 1: which `version` runs.
pub const BUILD_INFO: &str = "rollcall_build_info";
/// Requests answered, by `route`, `method`, `status`.
pub const HTTP_REQUESTS: &str = "rollcall_http_requests_total";
/// How long they took, by `route`, `method`.
pub const HTTP_REQUEST_SECONDS: &str = "rollcall_http_request_duration_seconds";
/// Connections open now, by `listener`.
pub const CONNECTIONS: &str = "rollcall_connections";
/// Times a listener became full, by `listener`.
pub const CONNECTIONS_FULL: &str = "rollcall_connections_full_total";
/// When the certificate of a listener expires, in seconds since 1970, by `listener`.
pub const CERTIFICATE_EXPIRY: &str = "rollcall_certificate_expiry_timestamp_seconds";
/// Provider operations, by `provider`, `operation`, `outcome`.
pub const PROVIDER_OPERATIONS: &str = "rollcall_provider_operations_total";
/// How long they took, by the same.
pub const PROVIDER_OPERATION_SECONDS: &str = "rollcall_provider_operation_duration_seconds";
/// Reads through the cache, by `operation`, `outcome`.
pub const CACHE_READS: &str = "rollcall_cache_reads_total";
/// Bytes that cached answers take.
pub const CACHE_WEIGHT: &str = "rollcall_cache_weight_bytes";
/// Loads under way now.
pub const LOADS: &str = "rollcall_loads";
/// Answers that are too large to be shared with other replicas.
pub const CLUSTER_UNSHARED: &str = "rollcall_cluster_unshared_answers_total";
/// Rows without an id that were left out, by `provider`.
pub const ROWS_DROPPED: &str = "rollcall_rows_dropped_total";
/// Webhooks, by `provider`, `event` (`unverified` for those that are not taken), `outcome`.
pub const WEBHOOKS: &str = "rollcall_webhooks_total";
/// Requests over a caller's limit, by `limit`.
pub const LIMITED: &str = "rollcall_limited_total";
/// Event streams open now, by `kind`.
pub const STREAMS: &str = "rollcall_streams";
/// Events that were found, by `provider`, `event`.
pub const EVENTS: &str = "rollcall_events_total";
/// With `[cluster]`: whether this replica polls for the streams of all, by `provider`.
pub const EVENTS_LEADING: &str = "rollcall_events_leading";
/// From the moment that a change was seen until a stream's bytes about it were written.
pub const EVENT_LAG_SECONDS: &str = "rollcall_event_lag_seconds";
/// Log lines that did not fit into the queue of the log's writer, or could not be written.
pub const LOG_LINES_DROPPED: &str = "rollcall_log_lines_dropped_total";
/// Audit lines that could not be written in time, by `phase`.
pub const AUDIT_FAILURES: &str = "rollcall_audit_failures_total";
/// Outcomes of mutations that are still to be written to the audit log.
pub const AUDIT_OWED: &str = "rollcall_audit_owed";

/// Upper bounds of the duration buckets, in seconds: from a cache hit to a request that timed out.
pub(super) const BUCKETS: [f64; 14] =
    [0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0];

/// How often the recorder tidies up its histograms.
const UPKEEP: Duration = Duration::from_secs(1);

/// The recorder cannot be made.
#[derive(Debug, thiserror::Error)]
pub enum InstallError {
    #[error("the metrics cannot be recorded: {0}")]
    Recorder(#[from] BuildError),
    #[error("the metrics are recorded elsewhere already")]
    Taken,
}

/// Makes the process-wide recorder and describes every metric. What is `exported` is kept there too. Once per process.
///
/// # Errors
/// When there is a recorder already.
pub fn install(exported: Option<&Series>) -> Result<PrometheusHandle, InstallError> {
    let recorder = PrometheusBuilder::new().set_buckets(&BUCKETS)?.build_recorder();
    let handle = recorder.handle();
    let is_set = match exported {
        Some(series) => metrics::set_global_recorder(series.beside(recorder)).is_ok(),
        None => metrics::set_global_recorder(recorder).is_ok(),
    };
    if !is_set {
        return Err(InstallError::Taken);
    }
    describe();
    metrics::gauge!(BUILD_INFO, "version" => env!("CARGO_PKG_VERSION")).set(1.0);
    Ok(handle)
}

/// Shows from the start what an alert watches the growth of: a series that begins with its first fault has nothing to be
/// compared with, and that fault would be missed.
pub fn begin_at_zero(providers: impl Iterator<Item = ProviderId>) {
    metrics::counter!(LOG_LINES_DROPPED).increment(0);
    for phase in ["intent", "outcome"] {
        metrics::counter!(AUDIT_FAILURES, "phase" => phase).increment(0);
    }
    metrics::gauge!(AUDIT_OWED).set(0.0);
    for provider in providers {
        metrics::counter!(ROWS_DROPPED, "provider" => provider.to_string()).increment(0);
    }
}

/// Keeps the memory of the recorder, and of what is `exported`, flat until `stop`.
pub fn keep_up(handle: PrometheusHandle, exported: Option<Series>, tasks: &TaskTracker, stop: CancellationToken) {
    tasks.spawn(async move {
        let mut ticks = tokio::time::interval(UPKEEP);
        while stop.run_until_cancelled(ticks.tick()).await.is_some() {
            handle.run_upkeep();
            if let Some(series) = &exported {
                series.run_upkeep();
            }
        }
    });
}

/// What a reader is told of a metric.
#[derive(Debug, Clone, Copy)]
pub(super) enum MetricKind {
    Counter,
    Gauge(Unit),
    Seconds,
}

/// Every metric and what it counts.
pub(super) const METRICS: &[(&str, MetricKind, &str)] = &[
    (BUILD_INFO, MetricKind::Gauge(Unit::Count), "Always 1; the label says which version runs."),
    (HTTP_REQUESTS, MetricKind::Counter, "Requests answered."),
    (HTTP_REQUEST_SECONDS, MetricKind::Seconds, "How long requests took."),
    (CONNECTIONS, MetricKind::Gauge(Unit::Count), "Connections open now."),
    (CONNECTIONS_FULL, MetricKind::Counter, "Times the listener became full, so that idle connections had to go."),
    (CERTIFICATE_EXPIRY, MetricKind::Gauge(Unit::Seconds), "When the listener's certificate expires, since 1970."),
    (WEBHOOKS, MetricKind::Counter, "Webhooks that came."),
    (LIMITED, MetricKind::Counter, "Requests over a caller's limit."),
    (AUTH_REFUSED, MetricKind::Counter, "Tokens refused, by reason."),
    (JWKS_FETCHES, MetricKind::Counter, "Fetches of the key set."),
    (PROVIDER_OPERATIONS, MetricKind::Counter, "Provider operations ended."),
    (PROVIDER_OPERATION_SECONDS, MetricKind::Seconds, "How long provider operations took."),
    (UPSTREAM_EXCHANGES, MetricKind::Counter, "HTTP exchanges with providers."),
    (UPSTREAM_EXCHANGE_SECONDS, MetricKind::Seconds, "How long exchanges took."),
    (BREAKER_OPEN, MetricKind::Gauge(Unit::Count), "1 while the breaker refuses calls to the provider, else 0."),
    (BUDGET_REMAINING, MetricKind::Gauge(Unit::Count), "Calls that the provider's budget allows now."),
    (CACHE_READS, MetricKind::Counter, "Reads through the cache."),
    (CACHE_WEIGHT, MetricKind::Gauge(Unit::Bytes), "Memory that cached answers take."),
    (LOADS, MetricKind::Gauge(Unit::Count), "Loads under way now."),
    (ROWS_DROPPED, MetricKind::Counter, "Upstream rows left out for want of an id."),
    (CLUSTER_UP, MetricKind::Gauge(Unit::Count), "1 while the store that replicas share takes and gives, else 0."),
    (CLUSTER_REPLICAS, MetricKind::Gauge(Unit::Count), "Replicas seen in the last seconds."),
    (CLUSTER_STEPS, MetricKind::Counter, "Steps of the shared store."),
    (CLUSTER_UNSHARED, MetricKind::Counter, "Answers too large to be shared with other replicas."),
    (EVENTS_LEADING, MetricKind::Gauge(Unit::Count), "1 while this replica polls for the streams of all."),
    (STREAMS, MetricKind::Gauge(Unit::Count), "Event streams open now."),
    (EVENTS, MetricKind::Counter, "Events found, each once however many streams read it."),
    (EVENT_LAG_SECONDS, MetricKind::Seconds, "From a change seen to its bytes written, for each stream."),
    (LOG_LINES_DROPPED, MetricKind::Counter, "Log lines dropped because nobody took them in time."),
    (AUDIT_FAILURES, MetricKind::Counter, "Audit lines that could not be written in time."),
    (
        AUDIT_OWED,
        MetricKind::Gauge(Unit::Count),
        "Outcomes of mutations that are still to be written to the audit log.",
    ),
];

fn describe() {
    for (name, kind, meaning) in METRICS {
        match kind {
            MetricKind::Counter => describe_counter!(*name, *meaning),
            MetricKind::Gauge(unit) => describe_gauge!(*name, *unit, *meaning),
            MetricKind::Seconds => describe_histogram!(*name, Unit::Seconds, *meaning),
        }
    }
}

#[cfg(test)]
mod tests;
