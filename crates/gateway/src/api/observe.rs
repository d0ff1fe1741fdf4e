//! One log line and two metrics for every request, none of which holds a token, a query or a path as it came; and a span
//! where it is traced.

use std::borrow::Cow;

use axum::extract::{MatchedPath, Request};
use axum::middleware::Next;
use axum::response::Response;
use caller_auth::Caller;
use http::StatusCode;
use metrics::{Counter, Histogram};
use opentelemetry::trace::SpanContext;
use tracing::Span;

use crate::api::asked::Asked;
use crate::api::method_label::method_label;
use crate::problem::Code;
use crate::telemetry::metrics as names;
use crate::telemetry::{AccessLine, AccessLog, MetricHandles};

/// The label of requests that match no route: the paths of strangers must not become labels.
pub(crate) const UNMATCHED: &str = "unmatched";

/// The span that what is logged of a request carries while it waits.
pub(crate) fn span(asked: &Asked, route: &str) -> Span {
    let span = tracing::info_span!(
        "request",
        request_id = asked.context.id.as_str(),
        method = method_label(&asked.method),
        route,
        trace_id = tracing::field::Empty,
        parent_span_id = tracing::field::Empty,
    );
    if let Some(trace) = asked.parent.as_ref().map(SpanContext::trace_id).or(asked.own_trace()) {
        span.record("trace_id", trace.to_string());
    }
    if let Some(parent) = &asked.parent {
        span.record("parent_span_id", parent.span_id().to_string());
    }
    span
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
        asked: &mut Asked,
        route: Cow<'static, str>,
        caller: Option<&Caller>,
        status: StatusCode,
        code: Option<Code>,
        timed: bool,
    ) {
        let elapsed = asked.context.arrival.elapsed();
        let (code, method) = (code.map(Code::as_str), method_label(&asked.method));
        let (issuer, subject) = (caller.map(Caller::issuer), caller.map(Caller::subject));
        self.access_log.answered(&AccessLine {
            unix_micros: asked.context.micros_after(elapsed),
            request_id: asked.context.id.as_str(),
            method,
            route: &route,
            parent: asked.parent.as_ref(),
            own_trace: asked.own_trace(),
            status: status.as_u16(),
            code,
            elapsed,
            issuer,
            subject,
        });
        if let Some(span) = asked.span.take() {
            let matched = (route != UNMATCHED).then(|| route.clone().into_owned());
            span.end(matched, status, code);
        }
        let labels = (route, method, status.as_u16());
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
