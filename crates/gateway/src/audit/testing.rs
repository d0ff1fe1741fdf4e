//! What the tests of the audit log share.

use std::path::{Path, PathBuf};

use session_provider::{Operation, ProviderId, RequestId, RoomId};

use crate::audit::AuditRecord;

pub(super) fn record(request_id: &str) -> AuditRecord {
    AuditRecord {
        issuer: "https://id.example.internal".into(),
        subject: "svc-board".into(),
        action: Operation::KickParticipants,
        provider: ProviderId::new("rtk-eu").unwrap(),
        room: RoomId::new("room-1").unwrap(),
        targets: vec!["p1".into(), "p2".into()],
        request_id: RequestId::accept(request_id).unwrap(),
    }
}

/// A directory of its own, removed at the end.
pub(super) struct TempDir(PathBuf);

impl TempDir {
    pub(super) fn new() -> Self {
        let path = std::env::temp_dir().join(format!("rollcall-audit-{}", uuid::Uuid::new_v4()));
        std::fs::create_dir(&path).unwrap();
        Self(path)
    }

    pub(super) fn path(&self) -> &Path {
        &self.0
    }
}

impl Drop for TempDir {
    fn drop(&mut self) {
        let _ = std::fs::remove_dir_all(&self.0);
    }
}
