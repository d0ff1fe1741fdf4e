//! What of a request is still needed when its answer is finished.

use http::request::Parts;
use http::{HeaderMap, HeaderName, Method, Uri, header};
use opentelemetry::trace::{SpanContext, TraceId};
use session_provider::Clock;

use crate::api::method_label::method_label;
use crate::api::request_context::RequestContext;
use crate::telemetry::{ServerSpan, ServerSpans, parent_of};

/// A request, apart from what it asks for.
#[derive(Debug)]
pub(crate) struct Asked {
    pub(crate) context: RequestContext,
    pub(crate) method: Method,
    pub(crate) uri: Uri,
    /// The lines of `Accept-Encoding`.
    pub(crate) accepted: HeaderMap,
    /// The span of the caller's that it belongs to.
    pub(crate) parent: Option<SpanContext>,
    /// Its own, where the request is traced.
    pub(crate) span: Option<ServerSpan>,
}

impl Asked {
    pub(crate) fn of(parts: &Parts, spans: &ServerSpans, clock: Clock) -> Self {
        let parent = parent_of(&parts.headers);
        let mut context = RequestContext::begin(&parts.headers, clock);
        let span = spans.begin(parts, parent.as_ref(), method_label(&parts.method), &context.id);
        if let Some(span) = &span {
            context.id = context.id.in_trace(span.parent_of_others());
        }
        Self {
            context,
            method: parts.method.clone(),
            uri: parts.uri.clone(),
            accepted: lines(&parts.headers, &[header::ACCEPT_ENCODING]),
            parent,
            span,
        }
    }
}

impl Asked {
    /// The trace, where it begins here.
    pub(crate) fn own_trace(&self) -> Option<TraceId> {
        self.span.as_ref().filter(|_| self.parent.is_none()).map(ServerSpan::trace_id)
    }
}

/// The lines of these headers; most requests have none, which costs no memory.
pub(crate) fn lines(headers: &HeaderMap, names: &[HeaderName]) -> HeaderMap {
    let mut lines = HeaderMap::new();
    for name in names {
        for value in headers.get_all(name) {
            lines.append(name.clone(), value.clone());
        }
    }
    lines
}
