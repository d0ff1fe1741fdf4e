//! Where a replica stands in the feed of a scope.

use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;

use tokio::sync::Mutex;
use tokio::time::Instant;

use crate::cluster::claim::Claims;
use crate::cluster::puts::Puts;
use crate::cluster::unsent::Unsent;
use crate::cluster::waiters::Waiters;
use crate::name::Scope;

/// What a replica knows of a scope.
#[derive(Debug)]
pub(super) struct ScopePlace {
    pub(super) scope: Scope,
    /// Held by who reads the feed or says something, so that both happen in order.
    pub(super) feed: Mutex<FeedPlace>,
    pub(super) unsent: Unsent,
    pub(super) waiters: Waiters,
    pub(super) claims: Claims,
    pub(super) puts: Puts,
    start: Instant,
    /// Until when everything that was said is known: microseconds since `start`, 0 for never.
    confirmed: AtomicU64,
    latest_event: AtomicU64,
}

/// What was read of the feed.
#[derive(Debug, Default)]
pub(super) struct FeedPlace {
    /// 0 before it was first read.
    pub(super) epoch: u64,
    pub(super) number: u64,
    pub(super) announced: Option<Instant>,
}

impl ScopePlace {
    pub(super) fn new(scope: Scope) -> Self {
        Self {
            scope,
            feed: Mutex::default(),
            unsent: Unsent::default(),
            waiters: Waiters::default(),
            claims: Claims::default(),
            puts: Puts::default(),
            start: Instant::now(),
            confirmed: AtomicU64::new(0),
            latest_event: AtomicU64::new(0),
        }
    }

    /// Everything said before `at` is known.
    pub(super) fn confirm(&self, at: Instant) {
        let micros = u64::try_from(at.saturating_duration_since(self.start).as_micros()).unwrap_or(u64::MAX);
        self.confirmed.fetch_max(micros.max(1), Ordering::AcqRel);
    }

    /// Whether everything is known that was said up to `ago` before `now`.
    pub(super) fn is_confirmed(&self, now: Instant, ago: Duration) -> bool {
        let confirmed = self.confirmed.load(Ordering::Acquire);
        confirmed > 0 && now.saturating_duration_since(self.start + Duration::from_micros(confirmed)) <= ago
    }

    pub(super) fn latest_event(&self) -> &AtomicU64 {
        &self.latest_event
    }
}
