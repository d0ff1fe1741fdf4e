//! What a webhook is about: a pure map of its body.

use lenient_json::{Raw, fields, object_fields, text};
use session_provider::{NoticeEvent, RoomId, SessionId};

/// Nothing of what is no object.
fn members<'a, const N: usize>(part: Raw<'a>, names: [&str; N]) -> [Raw<'a>; N] {
    part.and_then(|part| object_fields(part, names)).unwrap_or([None; N])
}

/// What is of use in a body, all of it optional.
#[derive(Debug, Default, PartialEq, Eq)]
pub(super) struct WebhookBody {
    pub(super) event: Option<String>,
    pub(super) rooms: Vec<RoomId>,
    pub(super) session: Option<SessionId>,
}

impl WebhookBody {
    /// Of a body that is no object nothing is known.
    pub(super) fn read(body: &str) -> Self {
        let names = ["event", "meeting", "recording", "meetingId", "sessionId"];
        let Ok([event, meeting, recording, meeting_id, session_id]) = fields(body, names) else {
            return Self::default();
        };
        // `roomName` is the name of a V1 room, or the meeting's id again (quirk 15).
        let [id, room_name, of_meeting] = members(meeting, ["id", "roomName", "sessionId"]);
        let [recorded, of_recording] = members(recording, ["meetingId", "roomUUID"]);
        let mut rooms = Vec::new();
        for room in
            [id, room_name, recorded, meeting_id].into_iter().filter_map(|field| RoomId::new(&text(field)?).ok())
        {
            if !rooms.contains(&room) {
                rooms.push(room);
            }
        }
        let sessions = [of_meeting, of_recording, session_id];
        let session = sessions.into_iter().find_map(|field| SessionId::new(&text(field)?).ok());
        Self { event: text(event), rooms, session }
    }

    /// What it is about (`docs/upstream/realtimekit.md` §6).
    pub(super) fn notice_event(&self) -> NoticeEvent {
        match self.event.as_deref() {
            Some("meeting.started") => NoticeEvent::SessionStarted,
            Some("meeting.ended") => NoticeEvent::SessionEnded,
            Some("meeting.participantJoined") => NoticeEvent::ParticipantJoined,
            Some("meeting.participantLeft") => NoticeEvent::ParticipantLeft,
            Some("recording.statusUpdate") => NoticeEvent::Recording,
            Some("livestreaming.statusUpdate") => NoticeEvent::Livestream,
            Some("meeting.chatSynced" | "meeting.transcript" | "meeting.summary") => NoticeEvent::Other,
            _ => NoticeEvent::Unknown,
        }
    }
}
