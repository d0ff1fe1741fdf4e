//! Peer tokens: nothing here checks them, so they are unsigned.

use axum::body::Bytes;
use axum::extract::State;
use axum::response::Response;
use serde_json::{Value, json};

use crate::huddle01::Shared;
use crate::huddle01::answers::{invalid, not_found, ok, type_name};
use crate::huddle01::rooms::ROOM_NOT_FOUND;

pub(super) async fn create_peer_token(State(huddle01): Shared, body: Bytes) -> Response {
    let body: Value = serde_json::from_slice(&body).unwrap_or(Value::Null);
    let Some(room) = body.get("roomId").and_then(Value::as_str) else {
        return invalid("roomId", "string", type_name(body.get("roomId")));
    };
    if !body.get("permissions").is_some_and(Value::is_object) {
        return invalid("permissions", "object", type_name(body.get("permissions")));
    }
    match huddle01.room(room) {
        // {"alg":"none"}.{}: nobody may mistake it for a credential.
        Some(_) => ok(json!({ "token": "eyJhbGciOiJub25lIn0.e30." })),
        None => not_found(ROOM_NOT_FOUND),
    }
}
