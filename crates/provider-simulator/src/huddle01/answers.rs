//! The error bodies (`docs/upstream/huddle01.md` §5).

use axum::Json;
use axum::response::{IntoResponse, Response};
use http::{StatusCode, header};
use serde_json::{Value, json};

/// The framework's own 404, which is not JSON.
pub(super) async fn no_route() -> Response {
    (StatusCode::NOT_FOUND, [(header::CONTENT_TYPE, "text/plain;charset=UTF-8")], "404 Not Found").into_response()
}

pub(super) fn json_answer(status: StatusCode, body: Value) -> Response {
    (status, Json(body)).into_response()
}

pub(super) fn ok(body: Value) -> Response {
    json_answer(StatusCode::OK, body)
}

/// Room not live, or unknown: the live endpoints can't tell.
pub(super) fn not_live(message: &str) -> Response {
    json_answer(StatusCode::NOT_FOUND, json!({ "ok": false, "message": message }))
}

/// The history endpoints have no `ok`.
pub(super) fn not_found(message: &str) -> Response {
    json_answer(StatusCode::NOT_FOUND, json!({ "message": message }))
}

pub(super) fn unauthorized() -> Response {
    let body = json!({ "message": "Incorrect or no API key provided", "ok": false, "validated": false });
    json_answer(StatusCode::UNAUTHORIZED, body)
}

/// The input validator's refusal.
pub(super) fn invalid(path: &str, expected: &str, received: &str) -> Response {
    let message = match received {
        "undefined" => "Required".to_owned(),
        _ => format!("Expected {expected}, received {received}"),
    };
    let issue = json!({
        "code": "invalid_type", "expected": expected, "received": received, "path": [path], "message": message,
    });
    let body = json!({ "success": false, "error": { "issues": [issue], "name": "ZodError" } });
    json_answer(StatusCode::BAD_REQUEST, body)
}

/// The name the validator gives a JSON type.
pub(super) fn type_name(value: Option<&Value>) -> &'static str {
    match value {
        None => "undefined",
        Some(Value::Null) => "null",
        Some(Value::Bool(_)) => "boolean",
        Some(Value::Number(_)) => "number",
        Some(Value::String(_)) => "string",
        Some(Value::Array(_)) => "array",
        Some(Value::Object(_)) => "object",
    }
}
