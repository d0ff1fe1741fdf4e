//! What is live, as events tell it.

use std::collections::BTreeMap;

use crate::events::known_provider::KnownProvider;
use crate::events::{Change, Event};
use crate::types::{ProviderOutcome, ProviderOutcomeStatus, Session};

/// What is live on every provider that is followed. Two polls after the last change it is what a list says that is read
/// with `Cache-Control: no-cache`, but for `fetched_at`, `stale`, `updated_at` and `minutes_consumed`.
#[derive(Debug, Clone, Default)]
pub struct LiveSessions {
    providers: BTreeMap<String, KnownProvider>,
}

impl LiveSessions {
    /// Nothing is known.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// Takes an event of `stream_events` and answers what it changed. A snapshot counts when its last piece has come, and
    /// changes only what is otherwise than it was known; so a stream that begins anew repeats nothing.
    pub fn apply(&mut self, event: &Event) -> Vec<Change> {
        match event {
            Event::Snapshot(it) => self.providers.entry(it.provider.clone()).or_default().arrive(it),
            Event::ProviderChanged(it) => self.providers.entry(it.provider.clone()).or_default().fare(&it.entry),
            Event::SessionStarted(it) => {
                self.providers.get_mut(&it.provider).map(|provider| provider.start(&it.session)).into_iter().collect()
            }
            Event::SessionUpdated(it) => {
                let provider = self.providers.get_mut(&it.provider);
                provider.and_then(|provider| provider.update(&it.room_id, &it.changes)).into_iter().collect()
            }
            Event::SessionEnded(it) => {
                let provider = self.providers.get_mut(&it.provider);
                provider.and_then(|provider| provider.end(&it.room_id, it.reason)).into_iter().collect()
            }
            _ => Vec::new(),
        }
    }

    /// Every session, by provider and room.
    pub fn sessions(&self) -> impl Iterator<Item = &Session> {
        self.providers.values().flat_map(|provider| provider.rooms.values())
    }

    /// How every provider fares whose first snapshot has come, by provider. `session_count`, `fetched_at` and `problem` are of the time when its status
    /// changed last.
    pub fn providers(&self) -> impl Iterator<Item = &ProviderOutcome> {
        self.providers.values().filter_map(|provider| provider.entry.as_ref())
    }

    /// Whether every provider that was told of answers, so that what is not here is not live there.
    #[must_use]
    pub fn is_complete(&self) -> bool {
        let is_ok = |entry: &ProviderOutcome| entry.status == ProviderOutcomeStatus::Ok;
        self.providers.values().all(|provider| provider.entry.as_ref().is_some_and(is_ok))
    }
}

#[cfg(test)]
mod tests;
