//! What the world is made of. All times are epoch milliseconds.

use serde_json::Value;

/// Whose API shows a room.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Service {
    /// Huddle01.
    Huddle01,
    /// Cloudflare RealtimeKit.
    RealtimeKit,
}

/// A reusable room: Huddle01 `room`, RealtimeKit `meeting`.
#[derive(Debug, Clone, PartialEq)]
pub struct Room {
    /// Its id: `abc-defg-hij` or a UUID, unless a test chose another.
    pub id: String,
    /// Whose it is.
    pub service: Service,
    /// Shown to people.
    pub title: String,
    /// Huddle01 `roomLocked`; RealtimeKit shows a locked meeting as `INACTIVE`.
    pub locked: bool,
    /// Free form, Huddle01 only.
    pub metadata: Value,
    /// When it was made.
    pub created_ms: i64,
    /// RealtimeKit: the people added to the meeting, in the call or not.
    pub enrolled: Vec<Enrolled>,
    /// The running session.
    pub live_session: Option<String>,
}

/// A person known to a room, whether in the call or not.
#[derive(Debug, Clone, PartialEq)]
pub struct Enrolled {
    /// The stable participant id.
    pub participant_id: String,
    /// The customer's own id of the person.
    pub custom_id: String,
    /// Shown to people.
    pub name: Option<String>,
    /// Huddle01 role, RealtimeKit preset name.
    pub role: String,
    /// When the person was added.
    pub created_ms: i64,
}

/// RealtimeKit `type` of a session.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum SessionType {
    /// People in a call.
    Meeting,
    /// A broadcast.
    Livestream,
}

impl SessionType {
    pub(crate) fn wire(self) -> &'static str {
        match self {
            Self::Meeting => "meeting",
            Self::Livestream => "livestream",
        }
    }
}

/// One run of a room.
#[derive(Debug, Clone, PartialEq)]
pub struct Session {
    /// A UUID.
    pub id: String,
    /// The room it runs in.
    pub room_id: String,
    /// Whose it is.
    pub service: Service,
    /// The room's title when it started.
    pub title: String,
    /// What kind of session it is.
    pub session_type: SessionType,
    /// When it started.
    pub started_ms: i64,
    /// When it ended; `None` while live, also when nobody is in it (`docs/upstream/realtimekit.md` quirk 9).
    pub ended_ms: Option<i64>,
    /// When anything in it last changed.
    pub updated_ms: i64,
    /// The most connections at one time.
    pub max_concurrent: usize,
    /// Everybody who is or was in it, in the order of joining; a person who came twice is in it twice.
    pub connections: Vec<Connection>,
    /// Polls put to it.
    pub polls: Vec<Poll>,
    /// Recordings made of it.
    pub recordings: Vec<Recording>,
    /// Live streams fed from it.
    pub livestreams: Vec<Livestream>,
    /// The session this one is a breakout room of.
    pub parent: Option<String>,
    /// Sessions that are breakout rooms of this one.
    pub breakouts: Vec<String>,
}

impl Session {
    /// Whether it runs.
    #[must_use]
    pub fn is_live(&self) -> bool {
        self.ended_ms.is_none()
    }

    /// The connections that have not left.
    pub fn present(&self) -> impl Iterator<Item = &Connection> {
        self.connections.iter().filter(|c| c.left_ms.is_none())
    }

    /// How many connections have not left.
    #[must_use]
    pub fn present_count(&self) -> usize {
        self.present().count()
    }

    /// Recordings that run.
    #[must_use]
    pub fn recording_count(&self) -> usize {
        self.recordings.iter().filter(|r| r.stopped_ms.is_none()).count()
    }

    /// Live streams that run.
    #[must_use]
    pub fn livestream_count(&self) -> usize {
        self.livestreams.iter().filter(|l| l.stopped_ms.is_none()).count()
    }
}

/// One connection of a person.
#[derive(Debug, Clone, PartialEq)]
pub struct Connection {
    /// Peer id.
    pub id: String,
    /// The person: RealtimeKit `user_id`; for Huddle01 the peer id again.
    pub participant_id: String,
    /// The customer's own id of the person.
    pub custom_id: String,
    /// Shown to people.
    pub name: Option<String>,
    /// Huddle01 role, RealtimeKit preset name.
    pub role: String,
    /// Huddle01 peer metadata.
    pub metadata: Value,
    /// When the connection came.
    pub joined_ms: i64,
    /// When it went; `None` while present.
    pub left_ms: Option<i64>,
}

/// A poll as RealtimeKit keeps it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Poll {
    /// A UUID.
    pub id: String,
    /// What is asked.
    pub question: String,
    /// The answers to choose from.
    pub options: Vec<String>,
    /// Whether who voted what is hidden.
    pub anonymous: bool,
    /// Whether the votes are hidden until the end.
    pub hide_votes: bool,
}

/// A recording.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Recording {
    /// A UUID.
    pub id: String,
    /// When it was asked for and began.
    pub started_ms: i64,
    /// When it stopped; `None` while it runs.
    pub stopped_ms: Option<i64>,
}

/// A live stream.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Livestream {
    /// A UUID.
    pub id: String,
    /// When it began.
    pub started_ms: i64,
    /// When it stopped; `None` while it runs.
    pub stopped_ms: Option<i64>,
}
