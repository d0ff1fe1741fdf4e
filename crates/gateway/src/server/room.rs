//! Who waits for a connection to become idle, so that it can be closed for a new one.

use std::sync::atomic::{AtomicUsize, Ordering};

use tokio::sync::Notify;
use tokio::sync::futures::Notified;

/// Told by the connections of a listener when they become idle. Every request's end comes here, of all connections on
/// all threads: while nobody waits it only reads.
#[derive(Debug, Default)]
pub(super) struct RoomWanted {
    waiting: AtomicUsize,
    idle: Notify,
}

/// One who waits, until it is dropped.
#[derive(Debug)]
pub(super) struct RoomWait<'a>(&'a RoomWanted);

impl RoomWanted {
    /// From now on idle connections tell.
    pub(super) fn wait(&self) -> RoomWait<'_> {
        self.waiting.fetch_add(1, Ordering::Relaxed);
        RoomWait(self)
    }

    /// Notes that a connection has nothing to do, after that can be seen in its state. Whoever waits has counted itself
    /// before it looks at the states, each under its lock: so it sees this one idle, or is seen here.
    pub(super) fn became_idle(&self) {
        if self.waiting.load(Ordering::Relaxed) > 0 {
            self.idle.notify_one();
        }
    }
}

impl RoomWait<'_> {
    /// Resolves when a connection became idle.
    pub(super) fn idle(&self) -> Notified<'_> {
        self.0.idle.notified()
    }
}

impl Drop for RoomWait<'_> {
    fn drop(&mut self) {
        self.0.waiting.fetch_sub(1, Ordering::Relaxed);
    }
}
