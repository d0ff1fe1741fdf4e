//! What happens in a world, as webhooks tell it.

use tokio::sync::broadcast;

use crate::state::{Connection, Service, Session, State, World};

/// The most that a listener may be behind.
const KEPT: usize = 4096;

/// Something that happened to a session.
#[derive(Debug, Clone, PartialEq)]
pub struct Happening {
    /// When.
    pub at_ms: i64,
    /// Whose.
    pub service: Service,
    /// The room.
    pub room_id: String,
    /// The session.
    pub session_id: String,
    /// Shown to people.
    pub title: String,
    /// When the session started.
    pub started_ms: i64,
    /// How many connections it has had so far, and the most at once.
    pub connections: (usize, usize),
    /// What happened to it.
    pub what: What,
}

/// What happened to a session.
#[derive(Debug, Clone, PartialEq)]
pub enum What {
    /// It started.
    Started,
    /// It ended.
    Ended,
    /// Somebody came.
    Joined(Connection),
    /// Somebody left.
    Left(Connection),
    /// A recording of this id and beginning began.
    RecordingStarted(String, i64),
    /// It stopped.
    RecordingStopped(String, i64),
    /// A live stream of this id began.
    LivestreamStarted(String),
    /// It stopped.
    LivestreamStopped(String),
}

/// Who listens to a world.
#[derive(Debug)]
pub(super) struct Listeners(broadcast::Sender<Happening>);

impl Default for Listeners {
    fn default() -> Self {
        Self(broadcast::Sender::new(KEPT))
    }
}

impl World {
    /// Everything that happens from now on.
    #[must_use]
    pub fn happenings(&self) -> broadcast::Receiver<Happening> {
        self.state().listeners.0.subscribe()
    }
}

impl State {
    /// Tells who listens what has happened to a session.
    pub(super) fn tell(&self, session: &str, at_ms: i64, what: impl IntoIterator<Item = What>) {
        if self.listeners.0.receiver_count() == 0 {
            return;
        }
        let Some(session) = self.sessions.get(session) else { return };
        for what in what {
            // An error says that nobody listens any more.
            let _ = self.listeners.0.send(Happening::of(session, at_ms, what));
        }
    }
}

impl Happening {
    fn of(session: &Session, at_ms: i64, what: What) -> Self {
        Self {
            at_ms,
            service: session.service,
            room_id: session.room_id.clone(),
            session_id: session.id.clone(),
            title: session.title.clone(),
            started_ms: session.started_ms,
            connections: (session.connections.len(), session.max_concurrent),
            what,
        }
    }
}
