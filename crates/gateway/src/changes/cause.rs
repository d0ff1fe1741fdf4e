//! A change to a room.

use session_provider::{Operation, ProviderId, RoomId, SessionId};

/// Something happened, or may have happened, to what runs in a room.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RoomChange {
    /// Where the room is.
    pub provider: ProviderId,
    /// The room, under the name that the change gave it; it may have others.
    pub room: RoomId,
    /// The session that runs there, where the change names it.
    pub session: Option<SessionId>,
    pub cause: Cause,
}

/// Who says that a room has changed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Cause {
    /// A caller of ours changed it by this operation, or tried to and we do not know the outcome.
    Mutation(Operation),
    /// Another replica says so.
    Elsewhere,
}
