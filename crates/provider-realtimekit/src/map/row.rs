//! What a session and a breakout room are both read for.

use lenient_json::{Raw, nonempty, text};
use session_provider::{RoomId, SessionId, SessionStatus, SessionType};

use crate::wire::SessionRow;

/// The session's own id.
pub(crate) fn session_id(row: &SessionRow<'_>) -> Option<SessionId> {
    SessionId::new(&text(row.id)?).ok()
}

/// The room: a meeting's UUID or a V1 name.
pub(crate) fn room_id(row: &SessionRow<'_>) -> Option<RoomId> {
    RoomId::new(&text(row.associated_id)?).ok()
}

/// The status in any letter case; `None` when it is not said.
pub(crate) fn status(row: &SessionRow<'_>) -> Option<SessionStatus> {
    let said = row.status?;
    Some(match text(Some(said)).map(|text| text.to_ascii_lowercase()).as_deref() {
        Some("live") => SessionStatus::Live,
        Some("ended") => SessionStatus::Ended,
        _ => SessionStatus::Unknown,
    })
}

/// The type in any letter case; `None` when it is not said.
pub(crate) fn session_type(raw: Raw<'_>) -> Option<SessionType> {
    Some(match nonempty(raw)?.to_ascii_lowercase().as_str() {
        "meeting" => SessionType::Meeting,
        "livestream" => SessionType::Livestream,
        "participant" => SessionType::Participant,
        _ => SessionType::Unknown,
    })
}
