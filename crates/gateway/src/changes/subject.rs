//! What an answer of a provider is about.

use session_provider::SessionId;

/// What an answer is about, as far as it is known: a change that touches it makes the answer old.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Subject<'a> {
    /// Anything at the provider may be in it: every change there touches it.
    Provider,
    /// Any room may be in it, and what is seen of one is news of it: whatever touches a room touches it, too.
    AnyRoom,
    /// A session of which no room is known: every change at the provider touches it, and what is seen of the session.
    Session(&'a SessionId),
    /// Certain rooms, each under every name known of it, and perhaps a session.
    Rooms { rooms: Vec<&'a str>, session: Option<&'a SessionId> },
}
