//! One span, one log line and two metrics for every request. None of them holds a token, a query or a path as it came.

use axum::extract::{MatchedPath, Request};
use axum::middleware::Next;
use axum::response::Response;
use http::{HeaderMap, Method};
use session_provider::RequestId;
use tokio::time::Instant;
use tracing::Instrument;

use crate::problem::{Code, Problem};
use caller_auth::Caller;

/// The label of requests that match no route: the paths of strangers must not become labels.
const UNMATCHED: &str = "unmatched";

/// Runs the request in its span, then logs and counts it.
pub(crate) async fn observe(request: Request, next: Next) -> Response {
    let route = request.extensions().get::<MatchedPath>().cloned();
    let route = route.as_ref().map_or(UNMATCHED, MatchedPath::as_str).to_owned();
    let method = method_label(request.method());
    let request_id = request.extensions().get::<RequestId>().map(ToString::to_string).unwrap_or_default();
    let span = tracing::info_span!(
        "request",
        request_id,
        method,
        route,
        trace_id = tracing::field::Empty,
        parent_span_id = tracing::field::Empty,
    );
    crate::telemetry::adopt_parent(&span, request.headers());
    if let Some(parent) = TraceParent::read(request.headers()) {
        span.record("trace_id", parent.trace_id);
        span.record("parent_span_id", parent.span_id);
    }
    let started = Instant::now();
    let response = next.run(request).instrument(span.clone()).await;
    let elapsed = started.elapsed();

    let status = response.status().as_u16();
    let caller = response.extensions().get::<Caller>();
    let code = response.extensions().get::<ProblemCode>().map(|code| code.0.as_str());
    span.in_scope(|| {
        tracing::info!(
            target: "access",
            status,
            code,
            elapsed_ms = u64::try_from(elapsed.as_millis()).unwrap_or(u64::MAX),
            iss = caller.map(Caller::issuer),
            sub = caller.map(Caller::subject),
            "answered"
        );
    });
    let labels = [("route", route), ("method", method.to_owned()), ("status", status.to_string())];
    metrics::counter!("rollcall_http_requests_total", &labels).increment(1);
    metrics::histogram!("rollcall_http_request_duration_seconds", &labels[..2]).record(elapsed.as_secs_f64());
    response
}

/// What kind of problem a response is, for those who look at it after it was rendered.
#[derive(Debug, Clone, Copy)]
pub(crate) struct ProblemCode(Code);

/// Notes the code of a problem where [`observe`] finds it.
pub(crate) async fn note_code(request: Request, next: Next) -> Response {
    let mut response = next.run(request).await;
    if let Some(code) = response.extensions().get::<Box<Problem>>().map(|problem| problem.code) {
        response.extensions_mut().insert(ProblemCode(code));
    }
    response
}

/// The method as a label: any text can be a method.
fn method_label(method: &Method) -> &'static str {
    match *method {
        Method::GET => "GET",
        Method::HEAD => "HEAD",
        Method::POST => "POST",
        Method::PUT => "PUT",
        Method::PATCH => "PATCH",
        Method::DELETE => "DELETE",
        Method::OPTIONS => "OPTIONS",
        _ => "other",
    }
}

/// Who called us, as W3C Trace Context says it.
#[derive(Debug, PartialEq, Eq)]
struct TraceParent<'a> {
    trace_id: &'a str,
    span_id: &'a str,
}

impl<'a> TraceParent<'a> {
    /// `None` unless there is one `traceparent` and it is valid.
    fn read(headers: &'a HeaderMap) -> Option<Self> {
        let mut values = headers.get_all("traceparent").iter();
        let (text, None) = (values.next()?.to_str().ok()?, values.next()) else { return None };
        let mut fields = text.split('-');
        let (version, trace_id, span_id, flags) = (fields.next()?, fields.next()?, fields.next()?, fields.next()?);
        let hex =
            |text: &str, length| text.len() == length && text.bytes().all(|b| matches!(b, b'0'..=b'9' | b'a'..=b'f'));
        let known = hex(version, 2) && version != "ff" && (version != "00" || fields.next().is_none());
        let real = |id: &str, length| hex(id, length) && id.bytes().any(|b| b != b'0');
        (known && real(trace_id, 32) && real(span_id, 16) && hex(flags, 2)).then_some(Self { trace_id, span_id })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const TRACE: &str = "4bf92f3577b34da6a3ce929d0e0e4736";

    #[test]
    fn a_valid_traceparent_is_taken_and_no_other() {
        let read = |text: &str| {
            let headers = HeaderMap::from_iter([("traceparent".parse().unwrap(), text.parse().unwrap())]);
            TraceParent::read(&headers).map(|parent| (parent.trace_id.to_owned(), parent.span_id.to_owned()))
        };
        let good = Some((TRACE.to_owned(), "00f067aa0ba902b7".to_owned()));
        assert_eq!(read(&format!("00-{TRACE}-00f067aa0ba902b7-01")), good);
        assert_eq!(read(&format!("01-{TRACE}-00f067aa0ba902b7-01-later")), good);
        for bad in [
            format!("00-{TRACE}-00f067aa0ba902b7-01-more"),
            format!("ff-{TRACE}-00f067aa0ba902b7-01"),
            format!("00-{TRACE}-0000000000000000-01"),
            format!("00-{}-00f067aa0ba902b7-01", TRACE.to_uppercase()),
            format!("00-{TRACE}-00f067aa0ba902b7"),
            String::new(),
        ] {
            assert_eq!(read(&bad), None, "{bad}");
        }
    }
}
