//! What can't be done in the world.

/// Why the world did not change.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum WorldError {
    /// There is no such room.
    #[error("no room {0}: add it first")]
    UnknownRoom(String),
    /// Nothing runs in the room.
    #[error("nothing is live in room {0}: start a session or join first")]
    NotLive(String),
    /// The room has a running session.
    #[error("room {0} is live already: end its session first")]
    AlreadyLive(String),
    /// Nobody with that id is in the session.
    #[error("nobody with the id {0} is present")]
    UnknownParticipant(String),
    /// There is no such session in the history.
    #[error("no session {0} that has ended")]
    UnknownSession(String),
    /// The id is taken.
    #[error("there is a room {0} already")]
    RoomExists(String),
}
