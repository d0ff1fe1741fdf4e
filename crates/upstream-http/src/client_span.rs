//! The span of one attempt, where the request that it is made for is traced. Named by the semantic conventions of HTTP.
//!
//! Nothing of it goes to the provider: our ids are none of its business.

use opentelemetry::global::{self, BoxedSpan};
use opentelemetry::trace::{
    Span, SpanContext, SpanId, SpanKind, Status, TraceContextExt, TraceFlags, TraceId, TraceState, Tracer,
};
use opentelemetry::{Context, KeyValue};
use session_provider::ProviderId;
use url::Position;

use crate::exchange::{Exchange, Seen};

/// A span under way. Goes to the process's tracer provider when it ends.
pub(crate) struct ClientSpan(BoxedSpan);

impl ClientSpan {
    pub(crate) fn begin(provider: &ProviderId, exchange: &Exchange) -> Option<Self> {
        let parent = exchange.call.request_id().trace()?;
        let (trace, span) = (TraceId::from_bytes(parent.trace_id), SpanId::from_bytes(parent.span_id));
        let parent = SpanContext::new(trace, span, TraceFlags::SAMPLED, false, TraceState::NONE);
        let method = exchange.request.method.as_str();
        let mut attributes = vec![
            KeyValue::new("http.request.method", method.to_owned()),
            KeyValue::new("rollcall.provider", provider.to_string()),
            KeyValue::new("rollcall.operation", exchange.request.operation.as_str()),
        ];
        if exchange.attempt > 1 {
            attributes.push(KeyValue::new("http.request.resend_count", i64::from(exchange.attempt - 1)));
        }
        let tracer = global::tracer("rollcall");
        let span = tracer.span_builder(method.to_owned()).with_kind(SpanKind::Client).with_attributes(attributes);
        Some(Self(span.start_with_context(&tracer, &Context::new().with_remote_span_context(parent))))
    }

    /// Ends it. `error` is the outcome of a failed attempt.
    pub(crate) fn end(self, seen: &Seen, error: Option<&'static str>) {
        let Self(mut span) = self;
        if let Some(url) = seen.url() {
            // What is asked for may name people; the path says which room or session.
            span.set_attribute(KeyValue::new("url.full", url[..Position::AfterPath].to_owned()));
            span.set_attribute(KeyValue::new("server.address", url.host_str().unwrap_or_default().to_owned()));
            let port = url.port_or_known_default().unwrap_or_default();
            span.set_attribute(KeyValue::new("server.port", i64::from(port)));
        }
        if let Some(version) = seen.version().and_then(version) {
            span.set_attribute(KeyValue::new("network.protocol.version", version));
        }
        let status = seen.status();
        if let Some(status) = status {
            span.set_attribute(KeyValue::new("http.response.status_code", i64::from(status)));
        }
        // A client's 4xx is an error, too, whatever we make of it.
        let error = error.map(str::to_owned).or_else(|| status.filter(|status| *status >= 400).map(|s| s.to_string()));
        if let Some(error) = error {
            span.set_attribute(KeyValue::new("error.type", error));
            span.set_status(Status::error(""));
        }
        span.end();
    }
}

fn version(version: http::Version) -> Option<&'static str> {
    match version {
        http::Version::HTTP_10 => Some("1.0"),
        http::Version::HTTP_11 => Some("1.1"),
        http::Version::HTTP_2 => Some("2"),
        http::Version::HTTP_3 => Some("3"),
        _ => None,
    }
}
