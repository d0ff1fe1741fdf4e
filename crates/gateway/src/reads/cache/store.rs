//! Where answers are kept: bounded by bytes, least recently used first out.

use std::any::Any;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;

use ahash::RandomState;
use metrics::Gauge;
use moka::policy::EvictionPolicy;
use moka::sync::Cache as Moka;

use crate::reads::cache::Answer;
use crate::reads::cache::entry::Held;
use crate::reads::cache::key::Key;
use crate::telemetry::metrics::CACHE_WEIGHT;

/// The answers. Which of them may still be served is not decided here: moka does not see tokio's time.
///
/// Answers of all types share one bound, so they are kept without their types. A key is only ever used with the type of
/// its operation's question; an answer of another type would be as if there were none.
#[derive(Debug)]
pub(crate) struct Store {
    slots: Moka<Key, Slot, RandomState>,
    max_bytes: u64,
    /// What was inserted since the store was last brought under its bound, in bytes.
    unsettled: AtomicU64,
    weight: Gauge,
}

#[derive(Debug, Clone)]
struct Slot {
    weight: u32,
    held: Arc<dyn Any + Send + Sync>,
}

impl Store {
    /// An empty one. What was not read for `idle` is dropped even when there is room for it.
    ///
    /// The policy is plain LRU: moka's default may refuse a new entry in favour of a popular old one, and an answer
    /// that was just paid for must be kept.
    pub(crate) fn new(max_bytes: u64, idle: Duration) -> Self {
        let slots = Moka::builder()
            .max_capacity(max_bytes)
            .weigher(|_: &Key, slot: &Slot| slot.weight)
            .eviction_policy(EvictionPolicy::lru())
            .time_to_idle(idle.max(Duration::from_secs(1)))
            .build_with_hasher(RandomState::new());
        Self { slots, max_bytes, unsettled: AtomicU64::new(0), weight: metrics::gauge!(CACHE_WEIGHT) }
    }

    /// What is kept under the key.
    pub(crate) fn get<A: Answer>(&self, key: &Key) -> Option<Held<A>> {
        Held::restore(self.slots.get(key)?.held)
    }

    /// Whether it is small enough to be kept at all.
    pub(crate) fn admits<A: Answer>(&self, held: &Held<A>) -> bool {
        u64::from(held.weight()) <= self.max_bytes
    }

    /// Keeps an answer in the place of an older one.
    pub(crate) fn insert<A: Answer>(&self, key: &Key, held: Held<A>) {
        let weight = held.weight();
        self.unsettled.fetch_add(weight.into(), Ordering::Relaxed);
        self.slots.insert(key.clone(), Slot { weight, held: held.erase() });
    }

    /// Drops what is kept under the key.
    pub(crate) fn remove(&self, key: &Key) {
        self.slots.invalidate(key);
    }

    /// Whether enough was inserted that the store might be over its bound by more than a 64th.
    pub(crate) fn is_due(&self) -> bool {
        self.unsettled.load(Ordering::Relaxed) > self.max_bytes / 64
    }

    /// Brings the store under its bound and answers what it weighs. To be called when it [is due](Self::is_due), and when
    /// nothing will be inserted for a while, since moka evicts only when it is asked to or used.
    pub(crate) fn settle(&self) -> u64 {
        self.unsettled.store(0, Ordering::Relaxed);
        self.slots.run_pending_tasks();
        let weight = self.slots.weighted_size();
        self.weight.set(weight as f64);
        weight
    }
}
