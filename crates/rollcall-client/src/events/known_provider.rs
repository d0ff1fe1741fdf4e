//! What is known of one provider.

use std::collections::BTreeMap;

use crate::events::Change;
use crate::types::{ProviderOutcome, ProviderOutcomeStatus, Session, SessionEndReason, SnapshotEvent};

/// Sessions by their rooms.
pub(super) type Rooms = BTreeMap<String, Session>;

/// How a provider fares, and its sessions.
#[derive(Debug, Clone, Default)]
pub(super) struct KnownProvider {
    /// `None` until its first snapshot is whole.
    pub(super) entry: Option<ProviderOutcome>,
    pub(super) rooms: Rooms,
    /// The pieces of a snapshot that has not come whole. They count when the last has come: a stream that breaks between
    /// them, and goes on behind an event from before them, has lost nothing.
    arriving: Rooms,
}

impl KnownProvider {
    /// Takes a piece of a snapshot.
    pub(super) fn arrive(&mut self, piece: &SnapshotEvent) -> Vec<Change> {
        if piece.first {
            self.arriving.clear();
        }
        self.arriving.extend(piece.data.iter().map(|session| (session.room_id.clone(), session.clone())));
        if !piece.last {
            return Vec::new();
        }
        let mut changes = self.fare(&piece.entry);
        let mut before = std::mem::replace(&mut self.rooms, std::mem::take(&mut self.arriving));
        let is_known = piece.entry.status != ProviderOutcomeStatus::Failed;
        changes.extend(self.rooms.values().filter_map(|after| match before.remove(&after.room_id) {
            None => Some(Change::Found(after.clone())),
            Some(before) if is_same(&before, after) => None,
            Some(before) => Some(Change::Updated { before, after: after.clone() }),
        }));
        changes
            .extend(before.into_values().filter(|_| is_known).map(|session| Change::Ended { session, reason: None }));
        changes
    }

    /// Takes word of how the provider fares.
    pub(super) fn fare(&mut self, entry: &ProviderOutcome) -> Vec<Change> {
        let before = self.entry.replace(entry.clone()).map(|entry| entry.status);
        if entry.status == ProviderOutcomeStatus::Failed {
            self.rooms.clear();
        }
        if before != Some(entry.status) { vec![Change::Provider(entry.clone())] } else { Vec::new() }
    }

    pub(super) fn start(&mut self, session: &Session) -> Change {
        match self.rooms.insert(session.room_id.clone(), session.clone()) {
            // Told twice, or more than we knew.
            Some(before) => Change::Updated { before, after: session.clone() },
            None => Change::Started(session.clone()),
        }
    }

    pub(super) fn update(
        &mut self,
        room: &str,
        changes: &serde_json::Map<String, serde_json::Value>,
    ) -> Option<Change> {
        let session = self.rooms.get_mut(room)?;
        let mut fields = match serde_json::to_value(&*session) {
            Ok(serde_json::Value::Object(fields)) => fields,
            _ => return None,
        };
        fields.extend(changes.clone());
        let after: Session = serde_json::from_value(fields.into()).ok()?;
        let before = std::mem::replace(session, after.clone());
        Some(Change::Updated { before, after })
    }

    pub(super) fn end(&mut self, room: &str, reason: SessionEndReason) -> Option<Change> {
        let session = self.rooms.remove(room)?;
        Some(Change::Ended { session, reason: Some(reason) })
    }
}

/// Whether nothing has changed of which there would be an event.
fn is_same(a: &Session, b: &Session) -> bool {
    let but_for_times = |session: &Session| Session {
        stale: false,
        updated_at: None,
        minutes_consumed: None,
        fetched_at: chrono::DateTime::UNIX_EPOCH,
        ..session.clone()
    };
    but_for_times(a) == but_for_times(b)
}
