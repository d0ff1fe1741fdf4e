//! What is live (`docs/upstream/huddle01.md` §3): no paging, no peer counts in the list, no session ids.

use axum::extract::{Path, State};
use axum::response::Response;
use serde_json::{Map, Value, json};

use crate::huddle01::answers::{not_live, ok};
use crate::huddle01::{Huddle01, Shared};
use crate::options::{Counts, Metadata, SingleSession};
use crate::state::{Connection, Service, Session};

const NO_LIVE_SESSION: &str = "No live sessions found for this room id";
pub(super) const SESSION_NOT_FOUND: &str = "Session Not Found";

pub(super) async fn list(State(huddle01): Shared) -> Response {
    let mut rows =
        huddle01.world.map_sessions(Service::Huddle01, |s| s.is_live().then(|| Value::Object(huddle01.row(s))));
    rows.reverse();
    if huddle01.options.lowercase_keys {
        rows = rows.into_iter().map(|row| rename(row, |key| key.to_lowercase())).collect();
    }
    ok(json!({ "liveSessions": rows }))
}

pub(super) async fn one(State(huddle01): Shared, Path(room): Path<String>) -> Response {
    let Some(session) = huddle01.live(&room) else { return not_live(NO_LIVE_SESSION) };
    let mut row = huddle01.row(&session);
    row.insert("currentPeerCount".to_owned(), json!(session.present_count()));
    let row = Value::Object(row);
    let shaped = match huddle01.options.single_session {
        SingleSession::Object => row,
        SingleSession::Array => json!([row]),
        SingleSession::LowercaseArray => json!([rename(row, |key| match key {
            "roomId" => "roomid".to_owned(),
            "startTime" => "starttime".to_owned(),
            other => other.to_owned(),
        })]),
    };
    ok(json!({ "liveSessions": shaped }))
}

pub(super) async fn participants(State(huddle01): Shared, Path(room): Path<String>) -> Response {
    let Some(session) = huddle01.live(&room) else { return not_live(SESSION_NOT_FOUND) };
    let participants: Vec<Value> = session.present().map(|c| huddle01.peer(c)).collect();
    ok(json!({ "count": participants.len(), "participants": participants }))
}

impl Huddle01 {
    fn live(&self, room: &str) -> Option<Session> {
        self.world.live_session(room).filter(|s| s.service == Service::Huddle01)
    }

    fn row(&self, session: &Session) -> Map<String, Value> {
        let (livestreams, recordings) = (session.livestream_count(), session.recording_count());
        let number = |n: i64| if self.options.counts == Counts::Text { json!(n.to_string()) } else { json!(n) };
        let count = |n: usize| match self.options.counts {
            Counts::Numbers => json!(n),
            Counts::Null => Value::Null,
            Counts::Text => json!(n.to_string()),
        };
        let mut row = Map::new();
        row.insert("roomId".to_owned(), json!(session.room_id));
        row.insert("startTime".to_owned(), number(session.started_ms));
        row.insert("livestreamCount".to_owned(), count(livestreams));
        row.insert("recordingCount".to_owned(), count(recordings));
        row
    }

    /// A person, with `exitTime` once gone.
    pub(super) fn peer(&self, connection: &Connection) -> Value {
        let metadata = match (self.options.metadata, &connection.metadata) {
            (Metadata::Text, Value::Object(object)) => Value::String(Value::Object(object.clone()).to_string()),
            (_, metadata) => metadata.clone(),
        };
        let mut peer = Map::new();
        peer.insert("peerId".to_owned(), json!(connection.id));
        peer.insert("joinTime".to_owned(), json!(connection.joined_ms));
        let left = connection.left_ms.map(|left| json!(left));
        if let Some(left) = left.or_else(|| self.options.unset_time.wire()) {
            peer.insert("exitTime".to_owned(), left);
        }
        peer.insert("metadata".to_owned(), metadata);
        Value::Object(peer)
    }
}

fn rename(row: Value, name: impl Fn(&str) -> String) -> Value {
    match row {
        Value::Object(members) => Value::Object(members.into_iter().map(|(k, v)| (name(&k), v)).collect()),
        other => other,
    }
}
