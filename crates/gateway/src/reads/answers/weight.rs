//! How much memory an answer takes.

use serde_json::Value;
use session_provider::Session;

/// Bytes of a session's value.
pub(super) fn of_session(session: &Session) -> usize {
    let text = |text: &Option<String>| text.as_ref().map_or(0, String::capacity);
    let breakouts = session.breakout_rooms.iter().flatten();
    size_of::<Session>()
        + 160 // room and session id
        + text(&session.title)
        + text(&session.organization_id)
        + text(&session.associated_id)
        + session.metadata.as_ref().map_or(0, of_json)
        + breakouts
            .map(|room| 512 + text(&room.title) + room.metadata.as_ref().map_or(0, of_json))
            .sum::<usize>()
}

/// Bytes of a JSON value: a node of a map takes about 96 besides its key.
fn of_json(value: &Value) -> usize {
    size_of::<Value>()
        + match value {
            Value::Null | Value::Bool(_) | Value::Number(_) => 0,
            Value::String(text) => text.capacity(),
            Value::Array(items) => items.iter().map(of_json).sum(),
            Value::Object(fields) => fields.iter().map(|(key, value)| 96 + key.len() + of_json(value)).sum(),
        }
}
