//! What an event changed in what is known.

use crate::types::{ProviderOutcome, Session, SessionEndReason};

/// A change of [`LiveSessions`](crate::events::LiveSessions).
#[expect(clippy::large_enum_variant, reason = "one at a time, taken apart as soon as it is there")]
#[derive(Debug, Clone, PartialEq)]
#[non_exhaustive]
pub enum Change {
    /// It was running already when we were told what is live.
    Found(Session),
    /// It began.
    Started(Session),
    /// Something about it is otherwise.
    Updated {
        /// As it was.
        before: Session,
        /// As it is.
        after: Session,
    },
    /// It is over.
    Ended {
        /// As it was.
        session: Session,
        /// Why. `None`: a snapshot lacks it, it ended while we were away.
        reason: Option<SessionEndReason>,
    },
    /// A provider fares otherwise, or is known for the first time. When it failed its sessions are unknown and forgotten.
    Provider(ProviderOutcome),
}
