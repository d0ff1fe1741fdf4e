//! The envelopes (`docs/upstream/realtimekit.md` §1, §5).

use axum::Json;
use axum::response::{IntoResponse, Response};
use http::{StatusCode, Uri};
use serde_json::{Value, json};

pub(super) fn success(status: StatusCode, data: Value) -> Response {
    (status, Json(json!({ "success": true, "data": data }))).into_response()
}

/// The product's error: the code repeats the status.
pub(super) fn product_error(status: StatusCode, message: &str) -> Response {
    let error = json!({ "code": status.as_u16(), "message": message });
    (status, Json(json!({ "success": false, "error": error }))).into_response()
}

pub(super) fn absent(message: &str) -> Response {
    product_error(StatusCode::NOT_FOUND, message)
}

pub(super) fn no_active(what: &str, meeting: &str) -> Response {
    absent(&format!("No active {what} found for meeting_id {meeting}"))
}

pub(super) fn bad_request(message: &str) -> Response {
    product_error(StatusCode::BAD_REQUEST, &format!("BAD_REQUEST: {message}"))
}

/// The gateway's error (authentication, routing, quota).
pub(super) fn v4_error(status: StatusCode, error: Value) -> Response {
    let body = json!({ "result": null, "success": false, "errors": [error], "messages": [] });
    (status, Json(body)).into_response()
}

/// 7003: unknown path, wrong account or wrong app.
pub(super) fn could_not_route(path: &str) -> Response {
    let message = format!("Could not route to {path}, perhaps your object identifier is invalid?");
    v4_error(StatusCode::NOT_FOUND, json!({ "code": 7003, "message": message }))
}

pub(super) async fn no_route(uri: Uri) -> Response {
    could_not_route(uri.path())
}
