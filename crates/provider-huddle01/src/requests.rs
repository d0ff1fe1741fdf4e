//! The requests of the operations in play (`docs/upstream/huddle01.md` §3).

use session_provider::{Operation, RoomId, SessionId};
use upstream_http::{Request, Segment};

/// Rows asked for in one page of a room's history. The endpoint states no maximum; this is the largest that any
/// endpoint of the API documents as accepted (`/recordings`, `docs/upstream/huddle01.md` §3).
pub(crate) const HISTORY_PAGE: usize = 20;

const LIVE_SESSIONS: Segment = Segment::literal("live-sessions");
const PARTICIPANTS: Segment = Segment::literal("participants");
const ROOMS: Segment = Segment::literal("rooms");
const PARTICIPANT_LIST: Segment = Segment::literal("participant-list");
const SESSION_DETAILS: Segment = Segment::literal("session-details");

/// `GET /live-sessions`: no paging.
pub(crate) fn live_sessions() -> Request {
    Request::get(Operation::ListLiveSessions, vec![LIVE_SESSIONS])
}

pub(crate) fn live_session(room: &RoomId) -> Request {
    Request::get(Operation::GetLiveSession, vec![LIVE_SESSIONS, Segment::from(room)])
}

/// `GET /live-sessions/participants/:roomId`: no paging.
pub(crate) fn live_participants(room: &RoomId) -> Request {
    let path = vec![LIVE_SESSIONS, PARTICIPANTS, Segment::from(room)];
    Request::get(Operation::ListLiveParticipants, path)
}

/// `GET /rooms/participant-list?sessionId=`: no paging.
pub(crate) fn session_participants(session: &SessionId) -> Request {
    Request::get(Operation::ListSessionParticipants, vec![ROOMS, PARTICIPANT_LIST]).query("sessionId", session.as_str())
}

/// `GET /rooms/session-details?roomId=&limit=&cursor=`: skips `cursor · limit` rows (`docs/upstream/huddle01.md` §4).
pub(crate) fn room_history(room: &RoomId, cursor: u32) -> Request {
    history_page(Operation::FindLiveSessionId, room, cursor)
}

/// One page of a room's history, to be read whole.
pub(crate) fn room_sessions(room: &RoomId, cursor: u32) -> Request {
    history_page(Operation::ListRoomSessions, room, cursor)
}

fn history_page(operation: Operation, room: &RoomId, cursor: u32) -> Request {
    Request::get(operation, vec![ROOMS, SESSION_DETAILS])
        .query("roomId", room.as_str())
        .query("limit", HISTORY_PAGE.to_string())
        .query("cursor", cursor.to_string())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_request_can_be_built_for_the_longest_ids() {
        let room = RoomId::new(&"x".repeat(128)).unwrap();
        let session = SessionId::new(&"x".repeat(128)).unwrap();
        for (request, path) in [
            (live_sessions(), r#"[Segment("live-sessions")]"#),
            (live_session(&room), r#"[Segment("live-sessions"), Segment("xxx"#),
            (live_participants(&room), r#"[Segment("live-sessions"), Segment("participants"), Segment("xxx"#),
            (session_participants(&session), r#"[Segment("rooms"), Segment("participant-list")]"#),
            (room_history(&room, 3), r#"[Segment("rooms"), Segment("session-details")]"#),
            (room_sessions(&room, 3), r#"[Segment("rooms"), Segment("session-details")]"#),
        ] {
            let shown = format!("{request:?}");
            assert!(shown.contains("GET") && shown.contains(path), "{shown}");
        }
    }
}
