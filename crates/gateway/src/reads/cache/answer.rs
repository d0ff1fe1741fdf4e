//! What a provider answered.

use session_provider::{Error, LiveMedia, RoomId, SessionId, SessionStatus};

use crate::reads::cache::{ParticipantRows, SessionDocument, SessionRows};

/// An answer, rendered where callers see it as it is.
#[derive(Debug)]
pub(crate) enum Answer {
    /// To [`LiveSessions`](super::Query::LiveSessions).
    Sessions(SessionRows),
    /// To a read of one session.
    Session(Box<SessionDocument>),
    /// To a read of participants.
    Participants(ParticipantRows),
    /// To [`LiveSessionId`](super::Query::LiveSessionId).
    LiveSessionId(Option<SessionId>),
    /// To [`LiveMedia`](super::Query::LiveMedia).
    LiveMedia(LiveMedia),
    /// "Nothing is live in this room", the one error that is kept.
    NotLive(Error),
}

impl Answer {
    /// Whether it says that something is not there, so that it may only be kept for `not_live_for`.
    pub(crate) fn is_absence(&self) -> bool {
        matches!(self, Self::NotLive(_) | Self::LiveSessionId(None))
    }

    /// Whether it is a session that is over, and so changes no more.
    pub(crate) fn is_ended_session(&self) -> bool {
        matches!(self, Self::Session(document) if document.session().status == SessionStatus::Ended)
    }

    /// Every room that a session read by its id is about: its own under both of its names, and its breakout rooms.
    pub(crate) fn is_about_room(&self, room: &RoomId) -> bool {
        let Self::Session(document) = self else { return false };
        let session = document.session();
        session.room_id == *room
            || session.associated_id.as_deref() == Some(room.as_str())
            || session.breakout_rooms.iter().flatten().any(|breakout| breakout.room_id.as_ref() == Some(room))
    }

    /// Bytes held.
    pub(crate) fn weight(&self) -> usize {
        match self {
            Self::Sessions(rows) => rows.weight(),
            Self::Session(document) => document.weight(),
            Self::Participants(rows) => rows.weight(),
            Self::LiveSessionId(_) | Self::NotLive(_) => 512,
            Self::LiveMedia(media) => media.len() * 256,
        }
    }
}
