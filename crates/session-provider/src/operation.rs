//! The operations a provider may be asked for, as the labels of logs and metrics know them.

use std::fmt;

/// One operation of [`SessionProvider`](crate::SessionProvider).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Operation {
    /// What is live in the whole account.
    ListLiveSessions,
    /// The live session of one room.
    GetLiveSession,
    /// Who is in a live session.
    ListLiveParticipants,
    /// Remove some participants of a live session.
    KickParticipants,
    /// Remove everybody and end the session.
    KickAllParticipants,
    /// Put a poll to a live session.
    CreatePoll,
    /// A session by its own id, live or ended.
    GetSession,
    /// Everybody who was in a session.
    ListSessionParticipants,
    /// Sessions of the whole account that ran or run, page by page.
    ListSessions,
    /// All sessions that ever ran in one room.
    ListRoomSessions,
    /// The session id of a room's live session.
    FindLiveSessionId,
    /// Running recordings and live streams of the whole account.
    CountLiveMedia,
}

impl Operation {
    /// Every operation, in the order of the API's document.
    pub const ALL: [Self; 12] = [
        Self::ListLiveSessions,
        Self::GetLiveSession,
        Self::ListLiveParticipants,
        Self::KickParticipants,
        Self::KickAllParticipants,
        Self::CreatePoll,
        Self::GetSession,
        Self::ListSessionParticipants,
        Self::ListSessions,
        Self::ListRoomSessions,
        Self::FindLiveSessionId,
        Self::CountLiveMedia,
    ];

    /// The name in logs and metrics; for the public ones also the `operationId` of the API.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::ListLiveSessions => "list_live_sessions",
            Self::GetLiveSession => "get_live_session",
            Self::ListLiveParticipants => "list_live_participants",
            Self::KickParticipants => "kick_participants",
            Self::KickAllParticipants => "kick_all_participants",
            Self::CreatePoll => "create_poll",
            Self::GetSession => "get_session",
            Self::ListSessionParticipants => "list_session_participants",
            Self::ListSessions => "list_sessions",
            Self::ListRoomSessions => "list_room_sessions",
            Self::FindLiveSessionId => "find_live_session_id",
            Self::CountLiveMedia => "count_live_media",
        }
    }
}

impl fmt::Display for Operation {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}
