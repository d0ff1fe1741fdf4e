//! What an answer is kept under.

use session_provider::{Operation, ProviderId, RoomId, SessionId};

/// One question to one provider.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub(crate) struct Key {
    /// Who is asked.
    pub(crate) provider: ProviderId,
    /// What is asked.
    pub(crate) query: Query,
}

/// An operation with its arguments.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub(crate) enum Query {
    /// What is live in the account.
    LiveSessions,
    /// The live session of a room.
    LiveSession(RoomId),
    /// Who is in it.
    LiveParticipants(RoomId),
    /// Its session id.
    LiveSessionId(RoomId),
    /// Running recordings and live streams of the account.
    LiveMedia,
    /// A session by its own id.
    Session {
        /// The session.
        id: SessionId,
        /// With its breakout rooms.
        breakout_rooms: bool,
    },
    /// Everybody who was in a session.
    SessionParticipants(SessionId),
}

impl Query {
    /// The provider's operation that answers it.
    pub(crate) fn operation(&self) -> Operation {
        match self {
            Self::LiveSessions => Operation::ListLiveSessions,
            Self::LiveSession(_) => Operation::GetLiveSession,
            Self::LiveParticipants(_) => Operation::ListLiveParticipants,
            Self::LiveSessionId(_) => Operation::FindLiveSessionId,
            Self::LiveMedia => Operation::CountLiveMedia,
            Self::Session { .. } => Operation::GetSession,
            Self::SessionParticipants(_) => Operation::ListSessionParticipants,
        }
    }
}
