//! Live streams.

use axum::extract::{Path, State};
use axum::response::Response;
use http::StatusCode;
use serde_json::{Value, json};

use crate::clock::iso;
use crate::realtimekit::answers::{no_active, success};
use crate::realtimekit::paging::{Documented, Page, Query, ascending, one_of};
use crate::realtimekit::{App, AppAnd1, Shared, either};
use crate::state::{Livestream, Service, Session};

/// The app-wide list: an array with paging, as in the published sample (`docs/upstream/realtimekit.md` §3).
pub(super) async fn list(State(kit): Shared, _: App, query: Query) -> Response {
    either((|| {
        let page = Page::read(&query, &kit.options)?;
        let wanted = one_of(&query, "status", &["LIVE", "IDLE", "ERRORED", "INVOKED"])?;
        one_of(&query, "sort_order", &["ASC", "DSC"])?;
        // All streams of this world feed from meetings.
        let exclude = one_of(&query, "exclude_meetings", &["true", "false"])? == Some("true");
        let of_sessions = kit.world.map_sessions(Service::RealtimeKit, |s| {
            (!exclude && !s.livestreams.is_empty()).then(|| {
                let of = s.livestreams.iter().filter(|l| wanted.is_none_or(|w| w == status(l)));
                of.map(|l| stream_row(l, s)).collect::<Vec<_>>()
            })
        });
        let mut rows: Vec<Value> = of_sessions.into_iter().flatten().collect();
        if !ascending(&query) {
            rows.reverse();
        }
        Ok(page.answer(&rows, Clone::clone, None, Documented::Beside))
    })())
}

pub(super) async fn active(State(kit): Shared, Path((_, _, meeting)): AppAnd1) -> Response {
    either((|| {
        kit.check_id(&meeting)?;
        let session = kit.active_session(&meeting).ok();
        let running = session.as_ref().and_then(|s| Some((s.livestreams.iter().find(|l| l.stopped_ms.is_none())?, s)));
        let (stream, session) = running.ok_or_else(|| no_active("livestream", &meeting))?;
        Ok(success(StatusCode::OK, stream_row(stream, session)))
    })())
}

fn status(stream: &Livestream) -> &'static str {
    if stream.stopped_ms.is_none() { "LIVE" } else { "IDLE" }
}

fn stream_row(stream: &Livestream, session: &Session) -> Value {
    json!({
        "id": stream.id,
        "name": null,
        "status": status(stream),
        "meeting_id": session.room_id,
        "ingest_server": "rtmps://example.com:443/app/",
        "stream_key": "sk_simulated",
        "playback_url": format!("https://example.com/{}.m3u8", stream.id),
        "disabled": false,
        "created_at": iso(stream.started_ms),
        "updated_at": iso(stream.stopped_ms.unwrap_or(stream.started_ms)),
    })
}
