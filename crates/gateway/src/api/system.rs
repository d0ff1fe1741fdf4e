//! Routes about the gateway itself, open to everybody.

use std::sync::LazyLock;
use std::time::Duration;

use aws_lc_rs::digest;
use axum::body::Body;
use axum::extract::State;
use axum::response::Response;
use base64::Engine;
use bytes::Bytes;
use http::{HeaderMap, HeaderValue, StatusCode, header};
use metrics_exporter_prometheus::PrometheusHandle;
use session_provider::HealthStatus;

use crate::api::conditional::IfNoneMatch;
use crate::api::document::{OpenProblems, ReadinessProblems, openapi_json};
use crate::api::reply;
use crate::api::state::ApiState;
use crate::model::{SystemState, SystemStatus};
use crate::problem::{Code, Problem};
use crate::providers::Providers;
use crate::telemetry::metrics::{BREAKER_OPEN, BUDGET_REMAINING};

/// Prometheus' text format.
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
    responses((status = 200, description = "It runs.", body = SystemStatus), OpenProblems),
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
        OpenProblems,
    ),
    security(()),
)]
pub(crate) async fn get_readiness(State(api): State<ApiState>) -> Result<Response, Box<Problem>> {
    let missing = if api.app.draining.is_on() {
        "Rollcall is going down; send requests to another instance."
    } else if !api.app.authenticator.is_ready() {
        "No key to verify tokens with has been loaded yet."
    } else {
        return status(SystemState::Ready);
    };
    Err(Box::new(Problem::new(Code::ProviderUnavailable, missing).with_retry_after(Duration::from_secs(1))))
}

fn status(status: SystemState) -> Result<Response, Box<Problem>> {
    let mut response = reply::json(&SystemStatus { status })?;
    response.headers_mut().insert(header::CACHE_CONTROL, HeaderValue::from_static("no-store"));
    Ok(response)
}

/// The document and its entity tag, made once.
static DOCUMENT: LazyLock<(Bytes, String)> = LazyLock::new(|| {
    let text = openapi_json();
    let hash = digest::digest(&digest::SHA256, text.as_bytes());
    let tag = base64::engine::general_purpose::URL_SAFE_NO_PAD.encode(&hash.as_ref()[..16]);
    (Bytes::from(text), format!("W/\"{tag}\""))
});

/// OpenAPI document
///
/// This document.
#[utoipa::path(
    get,
    path = "/openapi.json",
    operation_id = "get_openapi",
    tag = "system",
    responses(
        (status = 200, description = "The document, OpenAPI 3.1.", body = std::collections::BTreeMap<String, serde_json::Value>),
        OpenProblems,
    ),
    security(()),
)]
pub(crate) async fn get_openapi(headers: HeaderMap) -> Response {
    let (document, etag) = &*DOCUMENT;
    let held = IfNoneMatch::read(&headers).holds(etag);
    let mut response = Response::new(if held { Body::empty() } else { Body::from(document.clone()) });
    if held {
        *response.status_mut() = StatusCode::NOT_MODIFIED;
    }
    let headers = response.headers_mut();
    headers.insert(header::CONTENT_TYPE, HeaderValue::from_static("application/json"));
    headers.insert(header::CACHE_CONTROL, HeaderValue::from_static("public, max-age=300"));
    if let Ok(etag) = HeaderValue::from_str(etag) {
        headers.insert(header::ETAG, etag);
    }
    response
}
