//! Rooms, their metadata, and the small probes.

use axum::body::Bytes;
use axum::extract::{Path, State};
use axum::response::Response;
use http::StatusCode;
use serde_json::{Value, json};

use crate::huddle01::answers::{invalid, json_answer, not_found, ok, type_name};
use crate::huddle01::paging::{Page, Query, required};
use crate::huddle01::{Huddle01, Shared};
use crate::state::{Room, Service};

pub(super) const ROOM_NOT_FOUND: &str = "Room Not Found";

impl Huddle01 {
    pub(super) fn room(&self, room: &str) -> Option<Room> {
        self.world.room(room).filter(|r| r.service == Service::Huddle01)
    }
}

pub(super) async fn root() -> Response {
    ok(json!({ "ok": true, "message": "Welcome to the Huddle01 SDK API" }))
}

/// The text says not found, the code says bad request (`docs/upstream/huddle01.md` §5).
pub(super) async fn details(State(huddle01): Shared, Path(room): Path<String>) -> Response {
    match huddle01.room(&room) {
        Some(room) => ok(json!({ "roomId": room.id, "roomLocked": room.locked, "metadata": room.metadata })),
        None => json_answer(StatusCode::NOT_FOUND, json!({ "message": ROOM_NOT_FOUND, "code": "BAD_REQUEST" })),
    }
}

/// Newest first; `cursor` is a page number that begins at 1 (`docs/upstream/huddle01.md` §4).
pub(super) async fn list(State(huddle01): Shared, query: Query) -> Response {
    let page = match Page::read(&query, &huddle01.options) {
        Ok(page) => page,
        Err(refusal) => return refusal,
    };
    let mut rooms = huddle01.world.rooms(Service::Huddle01);
    rooms.reverse();
    let (count, current) = (rooms.len(), page.cursor.unwrap_or(1).max(1));
    let rows: Vec<Value> = page
        .rows(rooms, current - 1)
        .into_iter()
        .map(|r| json!({ "roomId": r.id, "createdAt": r.created_ms, "roomLocked": r.locked, "metadata": r.metadata }))
        .collect();
    let next = (current.saturating_mul(page.limit) < count).then_some(current.saturating_add(1));
    ok(json!({
        "rooms": rows, "pageSize": rows.len(), "current": current, "nextCursor": next, "prevCursor": current - 1,
        "count": count,
    }))
}

pub(super) async fn create(State(huddle01): Shared, body: Bytes) -> Response {
    let body: Value = serde_json::from_slice(&body).unwrap_or(Value::Null);
    let (locked, metadata) = match (body.get("roomLocked"), body.get("metadata")) {
        (Some(other), _) if !other.is_boolean() => return invalid("roomLocked", "boolean", type_name(Some(other))),
        (_, Some(other)) if !other.is_string() => return invalid("metadata", "string", type_name(Some(other))),
        (locked, metadata) => (locked == Some(&json!(true)), metadata.and_then(Value::as_str)),
    };
    let id = huddle01.world.add_room(Service::Huddle01, "");
    let metadata = metadata.map_or(Value::Null, stored);
    let changed = huddle01.world.change_room(&id, |room| (room.locked, room.metadata) = (locked, metadata));
    match changed {
        Ok(()) => json_answer(
            StatusCode::CREATED,
            json!({ "message": "Room Created Successfully", "data": { "roomId": id } }),
        ),
        Err(error) => json_answer(StatusCode::INTERNAL_SERVER_ERROR, json!({ "message": error.to_string() })),
    }
}

/// Metadata comes as JSON text and goes out as an object (`docs/upstream/huddle01.md` §7 quirk 5); other text stays
/// text.
fn stored(text: &str) -> Value {
    serde_json::from_str(text).ok().filter(Value::is_object).unwrap_or_else(|| json!(text))
}

pub(super) async fn metadata(State(huddle01): Shared, Path(room): Path<String>) -> Response {
    match huddle01.room(&room) {
        Some(room) => ok(json!({ "metadata": room.metadata })),
        None => not_found(ROOM_NOT_FOUND),
    }
}

pub(super) async fn metadata_by_query(state: Shared, query: Query) -> Response {
    match required(&query, "roomId").map(str::to_owned) {
        Ok(room) => metadata(state, Path(room)).await,
        Err(refusal) => refusal,
    }
}

pub(super) async fn set_metadata(State(huddle01): Shared, Path(room): Path<String>, body: Bytes) -> Response {
    let body: Value = serde_json::from_slice(&body).unwrap_or(Value::Null);
    let metadata = match body.get("metadata") {
        Some(Value::String(text)) => stored(text),
        None => Value::Null,
        other => return invalid("metadata", "string", type_name(other)),
    };
    if huddle01.room(&room).is_none() {
        return not_found(ROOM_NOT_FOUND);
    }
    match huddle01.world.change_room(&room, |r| r.metadata = metadata.clone()) {
        Ok(()) => ok(json!({ "metadata": metadata })),
        Err(_) => not_found(ROOM_NOT_FOUND),
    }
}

pub(super) async fn set_metadata_by_query(state: Shared, query: Query, body: Bytes) -> Response {
    match required(&query, "roomId").map(str::to_owned) {
        Ok(room) => set_metadata(state, Path(room), body).await,
        Err(refusal) => refusal,
    }
}

/// Whether a room is of this key: 401 when not (`docs/upstream/huddle01.md` §3).
pub(super) async fn validate(State(huddle01): Shared, query: Query) -> Response {
    match required(&query, "roomId").map(|room| huddle01.room(room)) {
        Ok(Some(_)) => ok(json!({ "ok": true, "validated": true })),
        Ok(None) => super::answers::unauthorized(),
        Err(refusal) => refusal,
    }
}

pub(super) async fn whitelisted_domains(State(huddle01): Shared) -> Response {
    ok(json!({ "ok": true, "whitelistedDomains": huddle01.options.whitelisted_domains }))
}
