//! Meetings, who is enrolled in them, and the apps of the account.

use axum::body::Bytes;
use axum::extract::{Path, State};
use axum::response::Response;
use http::StatusCode;
use serde_json::{Value, json};

use crate::clock::iso;
use crate::realtimekit::answers::{bad_request, success};
use crate::realtimekit::paging::{Documented, Page, Query, one_of};
use crate::realtimekit::{App, AppAnd1, Shared, either};
use crate::state::{Enrolled, Person, Room, Service};

/// The app shown when every app id is good.
const ANY_APP: &str = "14a396e7-ca44-4937-bf1f-050a69118543";

/// Newest first. `ACTIVE` means joinable, not live (`docs/upstream/realtimekit.md` §2).
pub(super) async fn list(State(kit): Shared, _: App, query: Query) -> Response {
    either((|| {
        let page = Page::read(&query, &kit.options)?;
        let status = one_of(&query, "status", &["ACTIVE", "INACTIVE"])?;
        let mut rooms = kit.world.rooms(Service::RealtimeKit);
        rooms.retain(|r| status.is_none_or(|s| s == joinable(r)));
        rooms.reverse();
        Ok(page.answer(&rooms, meeting_row, None, Documented::Beside))
    })())
}

pub(super) async fn one(State(kit): Shared, Path((_, _, meeting)): AppAnd1) -> Response {
    either(kit.meeting(&meeting).map(|room| success(StatusCode::OK, meeting_row(&room))))
}

pub(super) async fn create(State(kit): Shared, _: App, body: Bytes) -> Response {
    let body: Value = serde_json::from_slice(&body).unwrap_or(Value::Null);
    let title = match body.get("title") {
        None | Some(Value::Null) => "",
        Some(Value::String(title)) => title,
        Some(_) => return bad_request("\"title\" must be a string"),
    };
    let id = kit.world.add_room(Service::RealtimeKit, title);
    either(kit.meeting(&id).map(|room| success(StatusCode::CREATED, meeting_row(&room))))
}

/// The enrolled, in the call or not.
pub(super) async fn participants(State(kit): Shared, Path((_, _, meeting)): AppAnd1, query: Query) -> Response {
    either((|| {
        let page = Page::read(&query, &kit.options)?;
        let room = kit.meeting(&meeting)?;
        Ok(page.answer(&room.enrolled, enrolled_row, None, Documented::Beside))
    })())
}

pub(super) async fn add_participant(State(kit): Shared, Path((_, _, meeting)): AppAnd1, body: Bytes) -> Response {
    either((|| {
        let body: Value = serde_json::from_slice(&body).unwrap_or(Value::Null);
        let text = |name: &str| body.get(name).and_then(Value::as_str);
        let required = |name: &str| text(name).ok_or_else(|| Box::new(bad_request(&format!("\"{name}\" is required"))));
        let (custom_id, preset) = (required("custom_participant_id")?, required("preset_name")?);
        kit.meeting(&meeting)?;
        let person = text("name").map_or_else(Person::nameless, Person::named).custom_id(custom_id).role(preset);
        let enrolled = kit.world.enrol(&meeting, person).map_err(|e| super::answers::absent(&e.to_string()))?;
        let mut row = enrolled_row(&enrolled);
        // {"alg":"none"}.{}: nobody may mistake it for a credential.
        row["token"] = json!("eyJhbGciOiJub25lIn0.e30.");
        Ok(success(StatusCode::CREATED, row))
    })())
}

pub(super) async fn apps(State(kit): Shared, query: Query) -> Response {
    either((|| {
        let page = Page::read(&query, &kit.options)?;
        let id = kit.options.app_id.clone().unwrap_or_else(|| ANY_APP.to_owned());
        let row = |id: &String| json!({ "id": id, "name": "Simulated app", "created_at": "2025-11-04T18:22:11.369Z" });
        Ok(page.answer(&[id], row, None, Documented::Beside))
    })())
}

fn joinable(room: &Room) -> &'static str {
    if room.locked { "INACTIVE" } else { "ACTIVE" }
}

pub(super) fn meeting_row(room: &Room) -> Value {
    json!({
        "id": room.id,
        "title": room.title,
        "status": joinable(room),
        "record_on_start": false,
        "live_stream_on_start": false,
        "persist_chat": false,
        "summarize_on_end": false,
        "transcribe_on_end": false,
        "session_keep_alive_time_in_secs": 60,
        "created_at": iso(room.created_ms),
        "updated_at": iso(room.created_ms),
    })
}

fn enrolled_row(enrolled: &Enrolled) -> Value {
    let created = iso(enrolled.created_ms);
    json!({
        "id": enrolled.participant_id,
        "name": enrolled.name,
        "picture": null,
        "custom_participant_id": enrolled.custom_id,
        "preset_name": enrolled.role,
        "created_at": created,
        "updated_at": created,
    })
}
