//! Sessions: the occupancies of rooms.

use serde::{Deserialize, Serialize};

use crate::{RawJson, RoomId, SessionId, Timestamp};

/// Whether a session is running.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub enum SessionStatus {
    /// Running now, perhaps with nobody in it.
    Live,
    /// Over; nobody can be in it any more.
    Ended,
    /// The provider said something we do not know.
    Unknown,
}

/// What kind of session it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub enum SessionType {
    /// People who meet, all of whom may speak.
    Meeting,
    /// A broadcast of a few to many.
    Livestream,
    /// One person's, where the provider counts those apart.
    Participant,
    /// The provider said something we do not know.
    Unknown,
}

/// One occupancy of a room. `None` always means that the provider did not say.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Session {
    /// The room: the one asked for or, in lists, the provider's own.
    pub room_id: RoomId,
    /// The session's own id.
    pub session_id: Option<SessionId>,
    /// Whether it is running.
    pub status: SessionStatus,
    /// What kind it is.
    pub session_type: Option<SessionType>,
    /// The room's display name.
    pub title: Option<String>,
    /// When the provider made the record.
    pub created_at: Option<Timestamp>,
    /// When the first person joined.
    pub started_at: Option<Timestamp>,
    /// When it ended; `None` while it runs.
    pub ended_at: Option<Timestamp>,
    /// When the provider last changed the record.
    pub updated_at: Option<Timestamp>,
    /// People in it now.
    pub participant_count: Option<u64>,
    /// The most people that were in it at once.
    pub max_participant_count: Option<u64>,
    /// Minutes of all participants together, fractional.
    #[serde(with = "crate::as_text::number")]
    pub minutes_consumed: Option<f64>,
    /// Recordings under way, paused ones included.
    pub recording_count: Option<u64>,
    /// Live streams running now.
    pub livestream_count: Option<u64>,
    /// Breakout rooms; `None` when the provider gave no such list.
    pub breakout_rooms: Option<Vec<BreakoutRoom>>,
    /// Whatever the customer attached, to the digit.
    #[serde(with = "crate::as_text::json")]
    pub metadata: Option<RawJson>,
    /// Other names that the room goes by: whatever happens to a room of one of them happens to this session.
    pub aliases: Vec<RoomId>,
    /// What only this kind of provider says: a JSON object, shown to callers under the kind's name.
    #[serde(with = "crate::as_text::json")]
    pub extensions: Option<RawJson>,
}

impl Session {
    /// The moment by which sessions are ordered: when the record was made, or when the session began where the provider
    /// says nothing else.
    #[must_use]
    pub fn moment(&self) -> Option<Timestamp> {
        self.created_at.or(self.started_at)
    }

    /// A session of which nothing is known but its room and whether it runs.
    #[must_use]
    pub fn of_room(room_id: RoomId, status: SessionStatus) -> Self {
        Self {
            room_id,
            session_id: None,
            status,
            session_type: None,
            title: None,
            created_at: None,
            started_at: None,
            ended_at: None,
            updated_at: None,
            participant_count: None,
            max_participant_count: None,
            minutes_consumed: None,
            recording_count: None,
            livestream_count: None,
            breakout_rooms: None,
            metadata: None,
            aliases: Vec::new(),
            extensions: None,
        }
    }
}

/// A breakout room: a session nested in another, of which everything may be unknown.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
pub struct BreakoutRoom {
    /// The breakout's own room.
    pub room_id: Option<RoomId>,
    /// The breakout's own session id.
    pub session_id: Option<SessionId>,
    /// Whether it is running.
    pub status: Option<SessionStatus>,
    /// What kind it is.
    pub session_type: Option<SessionType>,
    /// The breakout's own display name.
    pub title: Option<String>,
    /// When the provider made the record.
    pub created_at: Option<Timestamp>,
    /// When the first person joined.
    pub started_at: Option<Timestamp>,
    /// When it ended; `None` while it runs.
    pub ended_at: Option<Timestamp>,
    /// When the provider last changed the record.
    pub updated_at: Option<Timestamp>,
    /// People in it now.
    pub participant_count: Option<u64>,
    /// The most people that were in it at once.
    pub max_participant_count: Option<u64>,
    /// Minutes of all participants together, fractional.
    #[serde(with = "crate::as_text::number")]
    pub minutes_consumed: Option<f64>,
    /// Recordings under way, paused ones included.
    pub recording_count: Option<u64>,
    /// Live streams running now.
    pub livestream_count: Option<u64>,
    /// Whatever the customer attached, to the digit.
    #[serde(with = "crate::as_text::json")]
    pub metadata: Option<RawJson>,
}

/// What is live in a whole account, or ever ran in one room.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct SessionList {
    /// The sessions in no particular order; each room once, or of one room each session once.
    pub sessions: Vec<Session>,
    /// Rows that had no usable id and were left out.
    pub dropped: u64,
    /// Whether a session that is not in it is surely not live. Not so where the provider does not tell how many pages its
    /// list has, and it took several.
    pub settled: bool,
}

impl Default for SessionList {
    /// Nothing is live.
    fn default() -> Self {
        Self { sessions: Vec::new(), dropped: 0, settled: true }
    }
}
