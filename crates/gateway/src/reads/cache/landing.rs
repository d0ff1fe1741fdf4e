//! The end of a load.

use std::sync::Arc;

use session_provider::{Error, ErrorKind, Payer};
use tokio::sync::oneshot;
use tokio::time::Instant;

use crate::reads::cache::Key;
use crate::reads::cache::cache::Cache;
use crate::reads::cache::entry::Failure;
use crate::reads::cache::flight::Outcome;

/// Ends a load exactly once, also when the task that runs it panics or is dropped.
pub(crate) struct Landing {
    cache: Arc<Cache>,
    key: Key,
    began: u64,
    payer: Payer,
    waiters: Option<oneshot::Sender<Outcome>>,
}

impl Landing {
    /// Of the load that began with that number.
    pub(crate) fn new(
        cache: Arc<Cache>,
        key: Key,
        began: u64,
        payer: Payer,
        waiters: oneshot::Sender<Outcome>,
    ) -> Self {
        Self { cache, key, began, payer, waiters: Some(waiters) }
    }

    /// Ends it with its outcome.
    pub(crate) fn end(mut self, outcome: Outcome) {
        self.settle(outcome);
    }

    fn settle(&mut self, outcome: Outcome) {
        let Some(waiters) = self.waiters.take() else { return };
        self.record(&outcome);
        metrics::gauge!("rollcall_cache_weight_bytes").set(self.cache.store.settle() as f64);
        // Nobody may be waiting any more; the answer is stored all the same.
        drop(waiters.send(outcome));
    }

    /// Stores the answer or notes the failure, and takes the load out of the map.
    fn record(&self, outcome: &Outcome) {
        let (cache, key) = (&self.cache, &self.key);
        let mut flights = cache.flights.lock();
        let older = cache.store.get(key).filter(|held| held.began < self.began);
        match outcome {
            Ok(entry) => {
                let newer_is_held = older.is_none() && cache.store.get(key).is_some();
                let allowed = cache.mutations.allow(key, entry.began, &entry.answer);
                if allowed && !newer_is_held && cache.store.admits(entry) {
                    cache.store.insert(key, Arc::clone(entry));
                } else if allowed && !newer_is_held {
                    cache.store.remove(key);
                }
            }
            Err(error) if is_absence(error.kind()) => {
                if older.is_some() {
                    cache.store.remove(key);
                }
            }
            Err(error) => {
                if let Some(older) = older {
                    older.refresh_failed(Failure { at: Instant::now(), error: error.clone(), payer: self.payer });
                }
            }
        }
        if flights.get(key).is_some_and(|flight| flight.began == self.began) {
            flights.remove(key);
        }
        metrics::gauge!("rollcall_flights").set(flights.len() as f64);
    }
}

impl Drop for Landing {
    fn drop(&mut self) {
        self.settle(Err(Error::new(ErrorKind::Internal)
            .at_provider(&self.key.provider)
            .in_operation(self.key.query.operation())));
    }
}

/// Whether the error is the provider's word that what was asked for is not there: an answer, not a failure.
pub(crate) fn is_absence(kind: ErrorKind) -> bool {
    matches!(kind, ErrorKind::SessionNotLive | ErrorKind::SessionNotFound)
}
