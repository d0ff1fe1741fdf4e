//! What was: sessions of a room, people of a session, recordings, metrics.

use axum::extract::State;
use axum::response::Response;
use serde_json::{Value, json};

use crate::huddle01::Shared;
use crate::huddle01::answers::{not_found, ok};
use crate::huddle01::live::SESSION_NOT_FOUND;
use crate::huddle01::paging::{Page, Query, required};
use crate::huddle01::rooms::ROOM_NOT_FOUND;
use crate::state::Service;

/// Newest first; rows skipped = `cursor` × `limit`, and no next cursor is given (`docs/upstream/huddle01.md` §4).
pub(super) async fn sessions(State(huddle01): Shared, query: Query) -> Response {
    let (room, page) = match (required(&query, "roomId"), Page::read(&query, &huddle01.options)) {
        (Ok(room), Ok(page)) => (room, page),
        (Err(refusal), _) | (_, Err(refusal)) => return refusal,
    };
    if huddle01.room(room).is_none() {
        return not_found(ROOM_NOT_FOUND);
    }
    let mut rows = huddle01.world.map_sessions(Service::Huddle01, |s| {
        let ended = s.ended_ms.map(|ended| json!(ended)).or_else(|| huddle01.options.unset_time.wire());
        (s.room_id == room).then(|| json!({ "sessionId": s.id, "startTime": s.started_ms, "endTime": ended }))
    });
    rows.reverse();
    ok(json!({ "sessions": page.rows(rows, page.cursor.unwrap_or(0)) }))
}

/// Everybody who was in a session, live or ended.
pub(super) async fn participants(State(huddle01): Shared, query: Query) -> Response {
    let session = match required(&query, "sessionId") {
        Ok(session) => session,
        Err(refusal) => return refusal,
    };
    match huddle01.world.session(session).filter(|s| s.service == Service::Huddle01) {
        Some(session) => {
            let rows: Vec<Value> = session.connections.iter().map(|c| huddle01.peer(c)).collect();
            ok(json!({ "participants": rows }))
        }
        None => not_found(SESSION_NOT_FOUND),
    }
}

/// Finished recordings, newest first; `nextCursor` is followed until it is null.
pub(super) async fn recordings(State(huddle01): Shared, query: Query) -> Response {
    let page = match Page::read(&query, &huddle01.options) {
        Ok(page) => page,
        Err(refusal) => return refusal,
    };
    let wanted = query.get("sessionId");
    let of_sessions = huddle01
        .world
        .map_sessions(Service::Huddle01, |s| wanted.is_none_or(|w| *w == s.id).then(|| s.recordings.clone()));
    let mut rows: Vec<Value> = of_sessions
        .into_iter()
        .flatten()
        .filter_map(|r| {
            let megabytes = (r.stopped_ms? - r.started_ms) / 10_000;
            let url = format!("https://example.com/recordings/{}.mp4", r.id);
            Some(json!({ "id": r.id, "recordingUrl": url, "recordingSize": megabytes }))
        })
        .collect();
    rows.reverse();
    let (cursor, total) = (page.cursor.unwrap_or(0), rows.len());
    let more = cursor.saturating_add(1).saturating_mul(page.limit) < total;
    let next = more.then_some(cursor.saturating_add(1));
    ok(json!({ "recordings": page.rows(rows, cursor), "nextCursor": next }))
}

/// Sums over the project; durations in minutes.
pub(super) async fn metrics(State(huddle01): Shared) -> Response {
    let now = huddle01.world.clock().now_ms();
    let sessions = huddle01.world.map_sessions(Service::Huddle01, |s| {
        let minutes = (s.ended_ms.unwrap_or(now) - s.started_ms) / 60_000;
        Some((minutes, s.connections.len(), s.recordings.len(), s.livestreams.len()))
    });
    ok(json!({
        "totalSessions": sessions.len(),
        "totalDuration": sessions.iter().map(|s| s.0).sum::<i64>(),
        "totalUsers": sessions.iter().map(|s| s.1).sum::<usize>(),
        "recordingCount": sessions.iter().map(|s| s.2).sum::<usize>(),
        "livestreamCount": sessions.iter().map(|s| s.3).sum::<usize>(),
    }))
}
