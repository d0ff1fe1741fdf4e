//! A hint: somebody outside says that something may have happened.

use std::time::Duration;

use session_provider::{ProviderId, RoomId, SessionId};
use tokio::time::Instant;

use crate::changes::tick::Tick;

/// How far a provider's API may lag behind its own notices: what is fetched sooner after one may not show it yet.
pub(crate) const LAG: Duration = Duration::from_secs(2);

/// A provider's own notice that something may have happened. It says where to look, never what is so.
///
/// What is known of the rooms and the session, and whatever is about the whole provider, is no longer fresh; it may still
/// be served while it is refreshed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Hint {
    /// Where to look.
    pub provider: ProviderId,
    /// The room, under every name that the notice gives it; none where it names no room.
    pub rooms: Vec<RoomId>,
    /// The session, where the notice names it.
    pub session: Option<SessionId>,
}

/// When a hint came.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct HintMark {
    /// Among reads, loads and changes.
    pub(super) tick: Tick,
    /// The same as a moment.
    pub(super) at: Instant,
}
