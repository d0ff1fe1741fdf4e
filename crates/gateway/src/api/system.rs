//! Routes about the gateway itself, open to everybody.

use std::time::Duration;

use axum::body::Body;
use axum::extract::State;
use axum::response::Response;
use http::{HeaderMap, HeaderValue, header};
use metrics_exporter_prometheus::PrometheusHandle;
use session_provider::HealthStatus;

use crate::api::answer::{KeptAnswer, KeptHeaders, json};
use crate::api::document::ServedDocument;
use crate::api::guard::going_down;
use crate::api::problem_sets::ReadinessProblems;
use crate::api::state::Api;
use crate::model::{SystemState, SystemStatus};
use crate::problem::{Code, Problem};
use crate::providers::Providers;
use crate::telemetry::metrics::{BREAKER_OPEN, BUDGET_REMAINING};

const TEXT_FORMAT: HeaderValue = HeaderValue::from_static("text/plain; version=0.0.4; charset=utf-8");

/// All metrics, for the admin listener. What providers would allow at this moment is looked up now: between exchanges
/// nothing else would bring those gauges up to date.
pub(crate) fn exposition(metrics: &PrometheusHandle, providers: &Providers) -> Response {
    for provider in providers.iter() {
        let (health, label) = (provider.health(), provider.id().to_string());
        let open = health.status == HealthStatus::Unavailable;
        metrics::gauge!(BREAKER_OPEN, "provider" => label.clone()).set(if open { 1.0 } else { 0.0 });
        if let Some(budget) = health.budget {
            metrics::gauge!(BUDGET_REMAINING, "provider" => label).set(budget.remaining);
        }
    }
    let mut response = Response::new(Body::from(metrics.render()));
    response.headers_mut().insert(header::CONTENT_TYPE, TEXT_FORMAT);
    response.headers_mut().insert(header::CACHE_CONTROL, HeaderValue::from_static("no-store"));
    response
}

/// Liveness
///
/// The process runs and answers. Never calls a provider.
#[utoipa::path(
    get,
    path = "/healthz",
    operation_id = "get_health",
    tag = "system",
    responses((status = 200, description = "It runs.", body = SystemStatus)),
    security(()),
)]
pub(crate) async fn get_health() -> Result<Response, Box<Problem>> {
    status(SystemState::Ok)
}

/// Readiness
///
/// Configuration and keys are loaded and the gateway is not going down. Never calls a provider.
#[utoipa::path(
    get,
    path = "/readyz",
    operation_id = "get_readiness",
    tag = "system",
    responses(
        (status = 200, description = "Send requests.", body = SystemStatus),
        ReadinessProblems,
    ),
    security(()),
)]
pub(crate) async fn get_readiness(State(api): State<Api>) -> Result<Response, Box<Problem>> {
    if api.app.draining.is_on() {
        return Err(Box::new(going_down()));
    }
    if !api.app.authenticator.is_ready() {
        let detail = "No key to verify tokens with has been loaded yet.";
        return Err(Box::new(Problem::new(Code::ProviderUnavailable, detail).with_retry_after(Duration::from_secs(1))));
    }
    status(SystemState::Ready)
}

fn status(status: SystemState) -> Result<Response, Box<Problem>> {
    let mut response = json(&SystemStatus { status })?;
    response.headers_mut().insert(header::CACHE_CONTROL, HeaderValue::from_static("no-store"));
    Ok(response)
}

/// OpenAPI document
///
/// This document.
#[utoipa::path(
    get,
    path = "/openapi.json",
    operation_id = "get_openapi",
    tag = "system",
    params(KeptHeaders),
    responses((
        status = 200,
        description = "The document, OpenAPI 3.1.",
        body = std::collections::BTreeMap<String, serde_json::Value>,
        example = json!({ "openapi": "3.1.0" }),
    )),
    security(()),
)]
pub(crate) async fn get_openapi(State(api): State<Api>, headers: HeaderMap) -> KeptAnswer {
    let ServedDocument { body, etag } = &**api.document;
    KeptAnswer::new(body.clone(), HeaderValue::from_static("application/json"), etag.clone(), &headers)
}
