//! What happens at a service of its own accord.

use session_provider::{RoomId, SessionId};

use crate::{Visit, Visitor};

/// Something that happens to a room while a provider is asked.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Change {
    /// Somebody joins; the first one begins a session.
    Join(RoomId, Visitor),
    /// One connection ends. The session stays live.
    Leave(RoomId, Visit),
    /// The live session ends, and with it what is recorded and streamed.
    End(RoomId),
    /// The record of a session that has ended vanishes.
    Forget(SessionId),
    /// A recording of the live session begins.
    StartRecording(RoomId),
    /// A live stream of the live session begins.
    StartLivestream(RoomId),
}
