//! Where entries are kept: bounded by bytes, least recently used first out.

use std::sync::Arc;
use std::time::Duration;

use moka::policy::EvictionPolicy;
use moka::sync::Cache as Moka;

use crate::reads::cache::{Entry, Key};

/// The entries. Which of them may still be served is not decided here: moka does not see tokio's time.
#[derive(Debug)]
pub(crate) struct Store {
    entries: Moka<Key, Arc<Entry>>,
    max_bytes: u64,
}

impl Store {
    /// An empty one. What was not read for `idle` is dropped even when there is room for it.
    ///
    /// The policy is plain LRU: moka's default may refuse a new entry in favour of a popular old one, and an answer
    /// that was just paid for must be kept.
    pub(crate) fn new(max_bytes: u64, idle: Duration) -> Self {
        let entries = Moka::builder()
            .max_capacity(max_bytes)
            .weigher(|_: &Key, entry: &Arc<Entry>| entry.weight())
            .eviction_policy(EvictionPolicy::lru())
            .time_to_idle(idle.max(Duration::from_secs(1)))
            .build();
        Self { entries, max_bytes }
    }

    /// What is kept under the key.
    pub(crate) fn get(&self, key: &Key) -> Option<Arc<Entry>> {
        self.entries.get(key)
    }

    /// Whether an entry is small enough to be kept at all.
    pub(crate) fn admits(&self, entry: &Entry) -> bool {
        u64::from(entry.weight()) <= self.max_bytes
    }

    /// Keeps an entry in the place of an older one.
    pub(crate) fn insert(&self, key: &Key, entry: Arc<Entry>) {
        self.entries.insert(key.clone(), entry);
    }

    /// Drops what is kept under the key.
    pub(crate) fn remove(&self, key: &Key) {
        self.entries.invalidate(key);
    }

    /// Brings the store under its bound and answers what it weighs. Called after every change, since moka evicts
    /// only when it is asked to or used.
    pub(crate) fn settle(&self) -> u64 {
        self.entries.run_pending_tasks();
        self.entries.weighted_size()
    }
}
