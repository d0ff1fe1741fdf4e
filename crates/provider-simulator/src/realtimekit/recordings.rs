//! Recordings.

use axum::extract::{Path, State};
use axum::response::Response;
use http::StatusCode;
use serde_json::{Value, json};

use crate::clock::iso;
use crate::realtimekit::answers::{bad_request, no_active, success};
use crate::realtimekit::meetings::meeting_row;
use crate::realtimekit::paging::{Documented, Page, Query, ascending};
use crate::realtimekit::{App, AppAnd1, Shared, either};
use crate::state::{Recording, Service, Session};

const STATUSES: [&str; 6] = ["INVOKED", "RECORDING", "UPLOADING", "UPLOADED", "ERRORED", "PAUSED"];
/// The parameters with their repetitions.
type Pairs = axum::extract::Query<Vec<(String, String)>>;

const WEEK_MS: i64 = 7 * 24 * 3600 * 1000;

/// The app-wide list; `status` is a comma list (`docs/upstream/realtimekit.md` §3), or repeated, as the official SDK
/// 7.3.0 sends it.
pub(super) async fn list(State(kit): Shared, _: App, query: Query, pairs: Pairs) -> Response {
    either((|| {
        let page = Page::read(&query, &kit.options)?;
        let given = pairs.iter().filter(|(name, _)| name == "status");
        let statuses: Vec<&str> = given.flat_map(|(_, value)| value.split(',')).collect();
        if statuses.iter().any(|s| !STATUSES.contains(s)) {
            return Err(bad_request(&format!("\"status\" must be one of [{}]", STATUSES.join(", "))).into());
        }
        let meeting = query.get("meeting_id");
        let mut found: Vec<(String, Value)> = kit
            .world
            .map_sessions(Service::RealtimeKit, |s| {
                let wanted = meeting.is_none_or(|m| *m == s.room_id) && !s.recordings.is_empty();
                wanted.then(|| {
                    let of = s.recordings.iter().filter(|r| statuses.is_empty() || statuses.contains(&status(r)));
                    of.map(|r| (s.room_id.clone(), recording_row(r, s))).collect::<Vec<_>>()
                })
            })
            .into_iter()
            .flatten()
            .collect();
        if !ascending(&query) {
            found.reverse();
        }
        let row = |(room, recording): &(String, Value)| {
            let mut row = recording.clone();
            // A V1 name is no meeting id: such a meeting can't be shown.
            if let Some(room) = kit.world.room(room).filter(|r| uuid::Uuid::try_parse(&r.id).is_ok()) {
                row["meeting"] = meeting_row(&room);
            }
            row
        };
        Ok(page.answer(&found, row, None, Documented::Beside))
    })())
}

pub(super) async fn active(State(kit): Shared, Path((_, _, meeting)): AppAnd1) -> Response {
    either((|| {
        kit.check_id(&meeting)?;
        let session = kit.active_session(&meeting).ok();
        let running = session.as_ref().and_then(|s| Some((s.recordings.iter().find(|r| r.stopped_ms.is_none())?, s)));
        let (recording, session) = running.ok_or_else(|| no_active("recording", &meeting))?;
        Ok(success(StatusCode::OK, recording_row(recording, session)))
    })())
}

fn status(recording: &Recording) -> &'static str {
    if recording.stopped_ms.is_none() { "RECORDING" } else { "UPLOADED" }
}

fn recording_row(recording: &Recording, session: &Session) -> Value {
    let name = format!("{}_{}.mp4", session.room_id, recording.started_ms);
    let url = recording.stopped_ms.map(|_| format!("https://example.com/{name}"));
    let mut row = json!({
        "id": recording.id,
        "status": status(recording),
        "session_id": session.id,
        "invoked_time": iso(recording.started_ms),
        "started_time": iso(recording.started_ms),
        "stopped_time": recording.stopped_ms.map(iso),
        "output_file_name": name,
        "file_size": recording.stopped_ms.map(|stopped| stopped - recording.started_ms),
        "download_url": url,
        "download_url_expiry": recording.stopped_ms.map(|stopped| iso(stopped + WEEK_MS)),
        "audio_download_url": null,
    });
    if let Some(stopped) = recording.stopped_ms {
        row["recording_duration"] = json!((stopped - recording.started_ms) / 1000);
    }
    row
}
