//! What of a request is still needed when its answer is finished.

use http::request::Parts;
use http::{HeaderMap, HeaderName, Method, Uri, header};
use opentelemetry::trace::SpanContext;

use crate::api::request_context::RequestContext;

/// The headers of a caller's trace (W3C Trace Context).
const TRACE: [HeaderName; 2] = [HeaderName::from_static("traceparent"), HeaderName::from_static("tracestate")];

/// A request, apart from what it asks for.
#[derive(Debug)]
pub(crate) struct Asked {
    pub(crate) context: RequestContext,
    pub(crate) method: Method,
    pub(crate) uri: Uri,
    /// The lines of `Accept-Encoding`.
    pub(crate) accepted: HeaderMap,
    /// The lines that name the caller's trace.
    pub(crate) trace: HeaderMap,
    /// The span that they name, once the request has its own.
    pub(crate) parent: Option<SpanContext>,
}

impl Asked {
    pub(crate) fn of(parts: &Parts) -> Self {
        Self {
            context: RequestContext::begin(&parts.headers),
            method: parts.method.clone(),
            uri: parts.uri.clone(),
            accepted: lines(&parts.headers, &[header::ACCEPT_ENCODING]),
            trace: lines(&parts.headers, &TRACE),
            parent: None,
        }
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
