//! Sessions and who is in them.

use axum::extract::{Path, State};
use axum::response::Response;
use http::StatusCode;
use serde_json::{Map, Value, json};

use crate::clock::{iso, iso_ms};
use crate::options::{SessionDetails, UnsetTime};
use crate::realtimekit::answers::{absent, bad_request, success};
use crate::realtimekit::paging::{Documented, Page, Query, ascending, one_of};
use crate::realtimekit::{App, AppAnd1, AppAnd2, RealtimeKit, Shared, either};
use crate::state::{Connection, Service, Session};

const MS_PER_MINUTE: f64 = 60_000.0;

/// The app-wide list. Breakout rooms are own sessions and stand in it too (`docs/upstream/realtimekit.md` §2).
pub(super) async fn list(State(kit): Shared, Path((_, app)): App, query: Query) -> Response {
    either((|| {
        let page = Page::read(&query, &kit.options)?;
        let status = one_of(&query, "status", &["LIVE", "ENDED"])?;
        let by = one_of(&query, "sort_by", &["minutesConsumed", "createdAt"])?;
        one_of(&query, "sort_order", &["ASC", "DESC"])?;
        let meeting = query.get("associated_id");
        // Which time the filter is about is not documented; the simulator says when the record was made, both ends included.
        let (start, end) = (moment(&query, "start_time")?, moment(&query, "end_time")?);
        let now = kit.world.clock().now_ms();
        let mut found = kit.world.map_sessions(Service::RealtimeKit, |s| {
            let wanted = status.is_none_or(|w| (w == "LIVE") == s.is_live())
                && meeting.is_none_or(|m| *m == s.room_id)
                && start.is_none_or(|start| s.started_ms >= start)
                && end.is_none_or(|end| s.started_ms <= end);
            // Ids only: the rows of one page are read below.
            wanted.then(|| {
                (if by == Some("minutesConsumed") { minutes(s, now) } else { 0.0 }, s.started_ms, s.id.clone())
            })
        });
        found.sort_by(|a, b| a.0.total_cmp(&b.0).then(a.1.cmp(&b.1)));
        if !ascending(&query) {
            found.reverse();
        }
        let row = |(_, _, id): &(f64, i64, String)| kit.world.session(id).map_or(Value::Null, |s| kit.row(&s, &app));
        Ok(page.answer(&found, row, Some("sessions"), Documented::Beside))
    })())
}

pub(super) async fn active(State(kit): Shared, Path((_, app, meeting)): AppAnd1) -> Response {
    either(kit.active_session(&meeting).map(|s| success(StatusCode::OK, kit.with_breakouts(&s, &app))))
}

pub(super) async fn details(State(kit): Shared, Path((_, app, id)): AppAnd1, query: Query) -> Response {
    either((|| {
        let breakouts = one_of(&query, "include_breakout_rooms", &["true", "false"])? == Some("true");
        let session = kit.session(&id)?;
        let row = if breakouts { kit.with_breakouts(&session, &app) } else { kit.row(&session, &app) };
        let data = match kit.options.session_details {
            SessionDetails::Flat => row,
            SessionDetails::Wrapped => json!({ "session": row }),
        };
        Ok(success(StatusCode::OK, data))
    })())
}

/// Everybody who is or was in a session, one row per connection.
pub(super) async fn participants(State(kit): Shared, Path((_, _, id)): AppAnd1, query: Query) -> Response {
    either((|| {
        let page = Page::read(&query, &kit.options)?;
        let by = one_of(&query, "sort_by", &["joinedAt", "duration"])?;
        one_of(&query, "sort_order", &["ASC", "DESC"])?;
        if query.get("view").is_some_and(|v| v == "consolidated") {
            return Err(bad_request("\"view\" consolidated is not simulated").into());
        }
        let session = kit.session(&id)?;
        let now = kit.world.clock().now_ms();
        let mut rows: Vec<&Connection> = session.connections.iter().collect();
        if by == Some("duration") {
            rows.sort_by_key(|c| c.left_ms.unwrap_or(now) - c.joined_ms);
        }
        if query.get("sort_order").is_some_and(|o| o == "DESC") {
            rows.reverse();
        }
        Ok(page.answer(
            &rows,
            |c| participant_row(c, now, kit.options.unset_time),
            Some("participants"),
            Documented::Inside,
        ))
    })())
}

/// One row, by peer id or participant id (the notes do not say which).
pub(super) async fn participant(State(kit): Shared, Path((_, _, id, wanted)): AppAnd2) -> Response {
    either((|| {
        let session = kit.session(&id)?;
        let found = session.connections.iter().rev().find(|c| c.id == wanted || c.participant_id == wanted);
        let found = found.ok_or_else(|| absent(&format!("No participant found with id {wanted}")))?;
        let row = participant_row(found, kit.world.clock().now_ms(), kit.options.unset_time);
        Ok(success(StatusCode::OK, json!({ "participant": row })))
    })())
}

impl RealtimeKit {
    fn row(&self, session: &Session, app: &str) -> Value {
        let mut row = Map::new();
        for (key, value) in [
            ("id", json!(session.id)),
            ("associated_id", json!(session.room_id)),
            ("meeting_display_name", json!(session.title)),
            ("type", json!(session.session_type.wire())),
            ("status", json!(if session.is_live() { "LIVE" } else { "ENDED" })),
            ("live_participants", json!(session.present_count())),
            ("max_concurrent_participants", json!(session.max_concurrent)),
            ("minutes_consumed", json!(minutes(session, self.world.clock().now_ms()))),
            ("organization_id", json!(app)),
            ("started_at", json!(iso(session.started_ms))),
            ("created_at", json!(iso(session.started_ms))),
            ("updated_at", json!(iso(session.updated_ms))),
        ] {
            row.insert(key.to_owned(), value);
        }
        let ended = session.ended_ms.map(|ended| json!(iso(ended)));
        if let Some(ended) = ended.or_else(|| self.options.unset_time.wire()) {
            row.insert("ended_at".to_owned(), ended);
        }
        Value::Object(row)
    }

    fn with_breakouts(&self, session: &Session, app: &str) -> Value {
        let mut row = self.row(session, app);
        let breakouts = session.breakouts.iter().filter_map(|id| self.world.session(id));
        row["breakout_rooms"] = breakouts.map(|s| self.row(&s, app)).collect();
        row
    }
}

/// A time in the query, in milliseconds.
fn moment(query: &Query, name: &str) -> Result<Option<i64>, Box<Response>> {
    let read = |text: &String| {
        iso_ms(text).ok_or_else(|| bad_request(&format!("\"{name}\" must be a valid ISO 8601 date")).into())
    };
    query.get(name).map(read).transpose()
}

/// Minutes that all connections took together, as billed.
fn minutes(session: &Session, now: i64) -> f64 {
    session.connections.iter().map(|c| duration_minutes(c, now)).sum()
}

fn duration_minutes(connection: &Connection, now: i64) -> f64 {
    let ms = connection.left_ms.unwrap_or(now) - connection.joined_ms;
    i32::try_from(ms).map_or(f64::from(i32::MAX), f64::from) / MS_PER_MINUTE
}

/// `left_at` is not set while present (`docs/upstream/realtimekit.md` §3).
fn participant_row(connection: &Connection, now: i64, unset_time: UnsetTime) -> Value {
    let joined = iso(connection.joined_ms);
    let mut row = json!({
        "id": connection.id,
        "user_id": connection.participant_id,
        "custom_participant_id": connection.custom_id,
        "preset_name": connection.role,
        "joined_at": joined,
        "duration": duration_minutes(connection, now),
        "created_at": joined,
        "updated_at": iso(connection.left_ms.unwrap_or(connection.joined_ms)),
    });
    if let Some(name) = &connection.name {
        row["display_name"] = json!(name);
    }
    let left = connection.left_ms.map(|left| json!(iso(left)));
    if let Some(left) = left.or_else(|| unset_time.wire()) {
        row["left_at"] = left;
    }
    row
}
