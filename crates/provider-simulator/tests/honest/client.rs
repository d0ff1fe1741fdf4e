//! Calling a simulator without a socket.

use axum::Router;
use axum::body::{Body, to_bytes};
use http::{HeaderMap, Request};
use serde_json::Value;
use tower::ServiceExt;

/// An answer; a body that is not JSON is a text.
#[derive(Debug)]
pub(crate) struct Answer {
    pub(crate) status: u16,
    pub(crate) headers: HeaderMap,
    pub(crate) body: Value,
    pub(crate) is_json: bool,
}

/// Sends `GET /path` or `POST /path` with the credentials of both services.
pub(crate) async fn call(router: &Router, request: &str, body: Option<&Value>) -> Answer {
    call_as(router, request, body, Some("any")).await
}

pub(crate) async fn call_as(router: &Router, request: &str, body: Option<&Value>, credential: Option<&str>) -> Answer {
    let (method, path) = request.split_once(' ').unwrap();
    let mut builder = Request::builder().method(method).uri(path);
    if let Some(credential) = credential {
        builder = builder.header("x-api-key", credential).header("authorization", format!("Bearer {credential}"));
    }
    let body = body.map_or_else(Body::empty, |b| Body::from(b.to_string()));
    let response = router.clone().oneshot(builder.body(body).unwrap()).await.unwrap();
    let (parts, body) = response.into_parts();
    let bytes = to_bytes(body, usize::MAX).await.unwrap();
    let is_json = parts.headers.get("content-type").is_some_and(|t| t == "application/json");
    let body = match serde_json::from_slice(&bytes) {
        Ok(value) if is_json => value,
        _ => Value::String(String::from_utf8_lossy(&bytes).into_owned()),
    };
    Answer { status: parts.status.as_u16(), headers: parts.headers, body, is_json }
}
