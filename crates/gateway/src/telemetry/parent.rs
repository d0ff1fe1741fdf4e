//! A caller's trace goes on in ours.

use http::HeaderMap;
use opentelemetry::propagation::{Extractor, TextMapPropagator};
use opentelemetry_sdk::propagation::TraceContextPropagator;
use tracing_opentelemetry::OpenTelemetrySpanExt;

struct Headers<'a>(&'a HeaderMap);

impl Extractor for Headers<'_> {
    fn get(&self, key: &str) -> Option<&str> {
        self.0.get(key)?.to_str().ok()
    }

    fn keys(&self) -> Vec<&str> {
        self.0.keys().map(http::HeaderName::as_str).collect()
    }
}

/// Makes the span of a request a child of the one its `traceparent` names. Call it before the span is entered.
/// Without a valid `traceparent`, or when no traces are exported, nothing changes.
pub fn adopt_parent(span: &tracing::Span, headers: &HeaderMap) {
    if headers.contains_key("traceparent") {
        // Fails only where no traces are exported.
        let _ = span.set_parent(TraceContextPropagator::new().extract(&Headers(headers)));
    }
}
