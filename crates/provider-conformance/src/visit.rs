//! Who comes, and what comes of it.

use session_provider::{CustomParticipantId, ParticipantId, SessionId};

/// Somebody about to join.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Visitor {
    /// Shown to others.
    pub name: String,
    /// The customer's own id: the same id is the same person.
    pub custom_id: CustomParticipantId,
}

/// One connection of somebody, as the service knows it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Visit {
    /// The session joined.
    pub session_id: SessionId,
    /// The person.
    pub participant_id: ParticipantId,
    /// This connection.
    pub connection_id: String,
}
