//! One span, one log line and two metrics for every request. None of them holds a token, a query or a path as it came.

use std::borrow::Cow;

use axum::extract::{MatchedPath, Request};
use axum::middleware::Next;
use axum::response::Response;
use caller_auth::Caller;
use http::{Method, StatusCode};
use metrics::{Counter, Histogram};
use tracing::Span;

use crate::api::asked::Asked;
use crate::problem::Code;
use crate::telemetry::metrics as names;
use crate::telemetry::{AccessLine, AccessLog, MetricHandles, adopt_parent};

/// The label of requests that match no route: the paths of strangers must not become labels.
pub(crate) const UNMATCHED: &str = "unmatched";

/// The target that the printed log leaves out: its access lines are written by hand.
const ACCESS: &str = "access";

/// Makes the span of a request, a child of the caller's own.
macro_rules! span {
    ($target:expr, $asked:expr, $route:expr) => {{
        let asked: &mut Asked = $asked;
        let span = tracing::info_span!(
            target: $target,
            "request",
            request_id = asked.context.id.as_str(),
            method = method_label(&asked.method),
            route = $route,
            trace_id = tracing::field::Empty,
            parent_span_id = tracing::field::Empty,
        );
        asked.parent = adopt_parent(&span, &asked.trace);
        span
    }};
}

/// The span of a request that may have to wait: what is logged meanwhile carries its id.
pub(crate) fn span(asked: &mut Asked, route: &str) -> Span {
    span!(module_path!(), asked, route)
}

/// The span of a request that is answered at once. Nobody but an export of traces listens to it.
pub(crate) fn span_for_export(asked: &mut Asked, route: &str) -> Span {
    span!(ACCESS, asked, route)
}

/// Tells the span and the answer which route it is. The outermost layer of the routes, which alone know it.
pub(crate) async fn note_route(request: Request, next: Next) -> Response {
    let route = request.extensions().get::<MatchedPath>().cloned();
    if let Some(route) = &route {
        Span::current().record("route", route.as_str());
    }
    let mut response = next.run(request).await;
    if let Some(route) = route {
        response.extensions_mut().insert(route);
    }
    response
}

/// Route, method and status.
type Labels = (Cow<'static, str>, &'static str, u16);

/// What counts the answers of a listener.
pub(crate) struct Observer {
    access_log: AccessLog,
    requests: MetricHandles<Labels, (Counter, Histogram)>,
}

impl Observer {
    pub(crate) fn new(access_log: AccessLog) -> Self {
        Self { access_log, requests: MetricHandles::default() }
    }

    /// Logs and counts an answer. `timed` ones count among the durations.
    pub(crate) fn answered(
        &self,
        asked: &Asked,
        route: Cow<'static, str>,
        caller: Option<&Caller>,
        status: StatusCode,
        code: Option<Code>,
        timed: bool,
    ) {
        let elapsed = asked.context.arrival.elapsed();
        let (status, code, method) = (status.as_u16(), code.map(Code::as_str), method_label(&asked.method));
        let (issuer, subject) = (caller.map(Caller::issuer), caller.map(Caller::subject));
        // Nobody but an export of traces listens to this one.
        tracing::info!(
            target: ACCESS,
            status,
            code,
            elapsed_ms = u64::try_from(elapsed.as_millis()).unwrap_or(u64::MAX),
            iss = issuer,
            sub = subject,
            "answered"
        );
        self.access_log.answered(&AccessLine {
            request_id: asked.context.id.as_str(),
            method,
            route: &route,
            parent: asked.parent.as_ref(),
            status,
            code,
            elapsed,
            issuer,
            subject,
        });
        let labels = (route, method, status);
        self.requests.with(
            &labels,
            || handles(&labels),
            |(answered, seconds)| {
                answered.increment(1);
                if timed {
                    seconds.record(elapsed.as_secs_f64());
                }
            },
        );
    }
}

fn handles((route, method, status): &Labels) -> (Counter, Histogram) {
    let labels = [("route", route.to_string()), ("method", (*method).to_owned()), ("status", status.to_string())];
    (metrics::counter!(names::HTTP_REQUESTS, &labels), metrics::histogram!(names::HTTP_REQUEST_SECONDS, &labels[..2]))
}

impl std::fmt::Debug for Observer {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Observer")
    }
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
