//! What is written down.

use session_provider::{ErrorKind, Operation, ProviderId, RequestId, RoomId};

/// Who is about to do what to whom.
#[derive(Debug, Clone)]
pub struct AuditRecord {
    pub issuer: String,
    pub subject: String,
    pub action: Operation,
    pub provider: ProviderId,
    pub room: RoomId,
    /// To whom: ids as the request named them; empty where the action has no targets.
    pub targets: Vec<String>,
    pub request_id: RequestId,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum AuditOutcome {
    /// The provider did it.
    Done,
    /// It surely had no effect.
    Refused(ErrorKind),
    /// It was never sent: its intent could not be written in time.
    NotSent,
    /// It may or may not have taken effect.
    Unknown(ErrorKind),
}
