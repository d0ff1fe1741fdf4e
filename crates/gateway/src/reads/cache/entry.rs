//! An answer in the cache.

use std::sync::{Mutex, PoisonError};
use std::time::Duration;

use serde_json::Value;
use session_provider::{Error, ErrorKind, Payer, Session, Timestamp};
use tokio::time::Instant;

use crate::reads::cache::Answer;
use crate::reads::cache::age::Lifetime;

/// An answer with its times. Never changed, but for the note that its refresh failed.
#[derive(Debug)]
pub(crate) struct Entry {
    /// The number its load took from the cache's counter: its identity, and its place among mutations.
    pub(crate) began: u64,
    /// When the provider answered.
    pub(crate) answered: Instant,
    /// The same as wall time.
    pub(crate) fetched_at: Timestamp,
    /// How long it serves.
    pub(crate) lifetime: Lifetime,
    /// The answer.
    pub(crate) answer: Answer,
    failure: Mutex<Option<Failure>>,
}

/// The latest refresh of an answer, failed.
#[derive(Debug, Clone)]
pub(crate) struct Failure {
    /// When it failed.
    pub(crate) at: Instant,
    /// How.
    pub(crate) error: Error,
    /// Whose share of the budget was to pay.
    pub(crate) payer: Payer,
}

/// Bytes that an entry takes besides its answer: key, times, bookkeeping of the store.
const OVERHEAD: usize = 512;

impl Entry {
    /// An answer that came just now.
    pub(crate) fn new(
        began: u64,
        answered: Instant,
        fetched_at: Timestamp,
        lifetime: Lifetime,
        answer: Answer,
    ) -> Self {
        Self { began, answered, fetched_at, lifetime, answer, failure: Mutex::new(None) }
    }

    /// The time since the provider answered.
    pub(crate) fn age(&self, now: Instant) -> Duration {
        now.saturating_duration_since(self.answered)
    }

    /// Notes that its refresh failed.
    pub(crate) fn refresh_failed(&self, failure: Failure) {
        *self.failure.lock().unwrap_or_else(PoisonError::into_inner) = Some(failure);
    }

    /// The failure of the latest refresh, as far as it says anything to this payer: that another's share of the
    /// budget was spent does not.
    pub(crate) fn failure_for(&self, payer: Payer) -> Option<Failure> {
        let failure = self.failure.lock().unwrap_or_else(PoisonError::into_inner).clone()?;
        let concerns = failure.error.kind() != ErrorKind::ProviderRateLimited || failure.payer == payer;
        concerns.then_some(failure)
    }

    /// Bytes it takes, rounded up rather than down.
    pub(crate) fn weight(&self) -> u32 {
        u32::try_from(self.answer.weight().saturating_add(OVERHEAD)).unwrap_or(u32::MAX)
    }
}

/// Bytes of a session's value.
pub(crate) fn session_weight(session: &Session) -> usize {
    let text = |text: &Option<String>| text.as_ref().map_or(0, String::capacity);
    let breakouts = session.breakout_rooms.iter().flatten();
    size_of::<Session>()
        + 160 // room and session id
        + text(&session.title)
        + text(&session.organization_id)
        + text(&session.associated_id)
        + session.metadata.as_ref().map_or(0, json_weight)
        + breakouts
            .map(|room| 512 + text(&room.title) + room.metadata.as_ref().map_or(0, json_weight))
            .sum::<usize>()
}

/// Bytes of a JSON value: a node of a map takes about 96 besides its key.
fn json_weight(value: &Value) -> usize {
    size_of::<Value>()
        + match value {
            Value::Null | Value::Bool(_) | Value::Number(_) => 0,
            Value::String(text) => text.capacity(),
            Value::Array(items) => items.iter().map(json_weight).sum(),
            Value::Object(fields) => fields.iter().map(|(key, value)| 96 + key.len() + json_weight(value)).sum(),
        }
}
