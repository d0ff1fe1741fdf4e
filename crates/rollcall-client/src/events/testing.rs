//! What the tests have events from.

use serde_json::{Value, json};

use crate::events::Event;
use crate::events::sse::Message;

/// A session of the provider `p`.
pub(crate) fn session(room: &str) -> Value {
    json!({
        "provider": "p", "kind": "huddle01", "room_id": room, "session_id": null, "status": "live",
        "type": "meeting", "title": null, "created_at": null, "started_at": "2026-11-20T09:00:00Z", "ended_at": null,
        "updated_at": null, "participant_count": 1, "max_participant_count": null, "minutes_consumed": null,
        "recording_count": null, "livestream_count": null, "breakout_rooms": null, "metadata": { "a": [1] },
        "extensions": { "realtimekit": null }, "stale": false, "fetched_at": "2026-11-20T10:00:00Z",
    })
}

/// How the provider `p` fares.
pub(crate) fn entry(status: &str) -> Value {
    json!({ "provider": "p", "status": status, "session_count": null, "fetched_at": null, "problem": null })
}

/// A piece of a snapshot.
pub(crate) fn piece(rooms: &[&str], first: bool, last: bool, status: &str) -> Value {
    let data: Vec<_> = rooms.iter().map(|room| session(room)).collect();
    json!({ "provider": "p", "entry": entry(status), "poll_seconds": 2.0, "first": first, "last": last, "data": data })
}

/// The event of this name and data.
pub(crate) fn event(name: &str, data: &Value) -> Event {
    let message = Message { event: name.to_owned(), data: data.to_string(), ..Message::default() };
    Event::read(&message, false).unwrap()
}
