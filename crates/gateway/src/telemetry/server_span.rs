//! The span of a request, where spans are exported and its trace is sampled. Named by the semantic conventions of HTTP.
//!
//! Sampled as the caller says; a trace that begins here is sampled. Whatever is not sampled is not made: such a request costs
//! what it costs without an export.

use http::request::Parts;
use http::{StatusCode, Version, header};
use opentelemetry::trace::{
    Span as _, SpanContext, SpanKind, Status, TraceContextExt, TraceId, Tracer as _, TracerProvider as _,
};
use opentelemetry::{Context, KeyValue};
use opentelemetry_sdk::trace::{SdkTracer, Span};
use session_provider::{RequestId, TraceParent};

use crate::telemetry::TraceExport;

/// Makes the spans of requests, or none. Cheap to clone.
#[derive(Debug, Clone, Default)]
pub struct ServerSpans {
    tracer: Option<SdkTracer>,
    /// Whether callers come by TLS.
    is_tls: bool,
}

/// A request's span under way. Dropped without [`end`](Self::end), it ends where the caller hung up.
#[derive(Debug)]
pub struct ServerSpan {
    span: Box<Span>,
    method: &'static str,
}

impl ServerSpans {
    /// Those that an export sends.
    #[must_use]
    pub fn to(export: &TraceExport) -> Self {
        Self { tracer: Some(export.provider().tracer("rollcall")), is_tls: false }
    }

    /// The same, of a listener that speaks TLS or does not.
    #[must_use]
    pub fn of_listener(self, is_tls: bool) -> Self {
        Self { is_tls, ..self }
    }

    /// Begins the span of a request. `method` is of the known ones, or `other`.
    #[must_use]
    pub fn begin(
        &self,
        parts: &Parts,
        parent: Option<&SpanContext>,
        method: &'static str,
        request_id: &RequestId,
    ) -> Option<ServerSpan> {
        let tracer = self.tracer.as_ref()?;
        if parent.is_some_and(|parent| !parent.is_sampled()) {
            return None;
        }
        let method = if method == "other" { "_OTHER" } else { method };
        let scheme = if self.is_tls { "https" } else { "http" };
        let mut attributes = vec![
            KeyValue::new("http.request.method", method),
            KeyValue::new("url.path", parts.uri.path().to_owned()),
            KeyValue::new("url.scheme", scheme),
            KeyValue::new("rollcall.request_id", request_id.as_str().to_owned()),
        ];
        attributes.extend(version(parts.version).map(|version| KeyValue::new("network.protocol.version", version)));
        attributes.extend(address(parts));
        let context =
            parent.map_or_else(Context::new, |parent| Context::new().with_remote_span_context(parent.clone()));
        let builder = tracer.span_builder(method).with_kind(SpanKind::Server).with_attributes(attributes);
        let span = Box::new(builder.start_with_context(tracer, &context));
        span.is_recording().then_some(ServerSpan { span, method })
    }
}

impl ServerSpan {
    /// Where spans of what is done for the request hang.
    #[must_use]
    pub fn parent_of_others(&self) -> TraceParent {
        let own = self.span.span_context();
        TraceParent { trace_id: own.trace_id().to_bytes(), span_id: own.span_id().to_bytes() }
    }

    /// The trace that it is in.
    #[must_use]
    pub fn trace_id(&self) -> TraceId {
        self.span.span_context().trace_id()
    }

    /// Ends it. `route` is the template, if one matched; `code` that of the problem.
    pub fn end(mut self, route: Option<String>, status: StatusCode, code: Option<&'static str>) {
        if let Some(route) = route {
            self.span.update_name(format!("{} {route}", self.method));
            self.span.set_attribute(KeyValue::new("http.route", route));
        }
        self.span.set_attribute(KeyValue::new("http.response.status_code", i64::from(status.as_u16())));
        // What the caller did wrong is no error of this server's.
        if status.is_server_error() {
            let error = code.map_or_else(|| status.as_u16().to_string(), str::to_owned);
            self.span.set_attribute(KeyValue::new("error.type", error));
            self.span.set_status(Status::error(""));
        }
        self.span.end();
    }
}

/// As the caller named us: the authority of the request, or its `Host`.
fn address(parts: &Parts) -> Option<KeyValue> {
    let host = || parts.headers.get(header::HOST)?.to_str().ok()?.parse().ok();
    let authority = parts.uri.authority().cloned().or_else(host)?;
    Some(KeyValue::new("server.address", authority.host().to_owned()))
}

fn version(version: Version) -> Option<&'static str> {
    match version {
        Version::HTTP_10 => Some("1.0"),
        Version::HTTP_11 => Some("1.1"),
        Version::HTTP_2 => Some("2"),
        _ => None,
    }
}
