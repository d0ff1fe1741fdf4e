//! One span, one log line and two metrics for every request. None of them holds a token, a query or a path as it came.

use axum::extract::{MatchedPath, Request, State};
use axum::middleware::Next;
use axum::response::Response;
use caller_auth::Caller;
use http::Method;
use tokio::time::Instant;
use tracing::Instrument;

use crate::api::request_context::RequestContext;
use crate::problem::{Code, Problem};
use crate::telemetry::metrics as names;
use crate::telemetry::{AccessLine, AccessLog, adopt_parent};

/// The label of requests that match no route: the paths of strangers must not become labels.
const UNMATCHED: &str = "unmatched";

/// Runs the request in its span, then logs and counts it.
pub(crate) async fn observe(State(access_log): State<AccessLog>, mut request: Request, next: Next) -> Response {
    let route = request.extensions().get::<MatchedPath>().cloned();
    let route = route.as_ref().map_or(UNMATCHED, MatchedPath::as_str).to_owned();
    let method = method_label(request.method());
    let request_id = RequestContext::of(&mut request).id;
    let span = tracing::info_span!(
        "request",
        request_id = request_id.as_str(),
        method,
        route,
        trace_id = tracing::field::Empty,
        parent_span_id = tracing::field::Empty,
    );
    let parent = adopt_parent(&span, request.headers());
    let started = Instant::now();
    let response = next.run(request).instrument(span.clone()).await;
    let elapsed = started.elapsed();

    let status = response.status().as_u16();
    let caller = response.extensions().get::<Caller>();
    let code = response.extensions().get::<ProblemCode>().map(|code| code.0.as_str());
    let (issuer, subject) = (caller.map(Caller::issuer), caller.map(Caller::subject));
    // Nobody but an export of traces listens to this one.
    span.in_scope(|| {
        tracing::info!(
            target: "access",
            status,
            code,
            elapsed_ms = u64::try_from(elapsed.as_millis()).unwrap_or(u64::MAX),
            iss = issuer,
            sub = subject,
            "answered"
        );
    });
    access_log.answered(&AccessLine {
        request_id: request_id.as_str(),
        method,
        route: &route,
        parent: parent.as_ref(),
        status,
        code,
        elapsed,
        issuer,
        subject,
    });
    let labels = [("route", route), ("method", method.to_owned()), ("status", status.to_string())];
    metrics::counter!(names::HTTP_REQUESTS, &labels).increment(1);
    metrics::histogram!(names::HTTP_REQUEST_SECONDS, &labels[..2]).record(elapsed.as_secs_f64());
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
