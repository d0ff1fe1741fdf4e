//! A command with everything it takes to carry it out.

use caller_auth::Caller;
use session_provider::{RequestId, RoomId};
use tokio::time::Instant;

use crate::audit::AuditRecord;
use crate::idempotency::{IdempotencyKey, KeyScope};
use crate::moderation::ModerationCommand;
use crate::providers::Provider;

/// Who wants what done where.
#[derive(Debug, Clone)]
pub struct Order {
    /// Where: visible to the caller, and able to do it.
    pub provider: Provider,
    pub room: RoomId,
    pub command: ModerationCommand,
    pub caller: Caller,
    pub request_id: RequestId,
    /// When the request came: the deadline counts from here.
    pub arrival: Instant,
}

impl Order {
    pub(super) fn audit_record(&self) -> AuditRecord {
        AuditRecord {
            issuer: self.caller.issuer().to_owned(),
            subject: self.caller.subject().to_owned(),
            action: self.command.operation(),
            provider: self.provider.id().clone(),
            room: self.room.clone(),
            targets: self.command.targets(),
            request_id: self.request_id.clone(),
        }
    }

    pub(super) fn key_scope(&self, key: IdempotencyKey) -> KeyScope {
        KeyScope {
            issuer: self.caller.issuer().to_owned(),
            subject: self.caller.subject().to_owned(),
            operation: self.command.operation(),
            provider: self.provider.id().clone(),
            room: self.room.clone(),
            key,
        }
    }
}
