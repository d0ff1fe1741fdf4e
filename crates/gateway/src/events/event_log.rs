//! What a stream reads from.

use std::fmt::Debug;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::task::Context;

use bytes::Bytes;
use tokio::sync::Notify;
use tokio::time::Instant;

use crate::events::place::Place;

/// Events in one order for everybody.
pub(super) trait EventLog: Debug + Send + Sync {
    /// What comes next for one who stands at `place`; without one, a snapshot. `reader` is woken when there is something.
    fn next(&self, place: Option<Place>, reader: StreamReader, cx: &Context<'_>) -> NextEvent;

    /// Forgets one who waited.
    fn forget(&self, reader: StreamReader);
}

/// One who reads.
#[derive(Debug, Clone, Copy)]
pub(super) struct StreamReader {
    /// Among all streams.
    pub(super) number: u64,
    /// When the stream began.
    pub(super) came: Instant,
}

/// What comes next for a reader of a log.
#[derive(Debug)]
pub(super) enum NextEvent {
    /// An event without its end, and when it came to be known.
    Event(Bytes, Instant),
    Snapshot(Box<dyn SnapshotPieces>),
    /// Nothing yet: the reader is woken.
    Nothing,
}

/// A snapshot on its way to one reader.
pub(super) trait SnapshotPieces: Debug + Send {
    /// Appends the next piece but for its end, and says whether it was the last.
    fn write_piece(&mut self, out: &mut Vec<u8>) -> bool;

    /// Where its reader stands in the log after it.
    fn then(&self) -> Place;
}

/// How many follow a log.
#[derive(Debug, Default)]
pub(super) struct Audience {
    size: AtomicUsize,
    /// Told when the first one comes and when the last one goes.
    changed: Notify,
}

/// One who follows a log, until it is dropped.
#[derive(Debug)]
pub(super) struct Listening(Arc<Audience>);

impl Audience {
    /// One more who listens.
    pub(super) fn listen(self: &Arc<Self>) -> Listening {
        if self.size.fetch_add(1, Ordering::AcqRel) == 0 {
            self.changed.notify_one();
        }
        Listening(Arc::clone(self))
    }

    pub(super) fn is_there(&self) -> bool {
        self.size.load(Ordering::Acquire) > 0
    }

    /// Resolves when there is one, or none, as `wanted` says. For one task alone.
    pub(super) async fn is(&self, wanted: bool) {
        while self.is_there() != wanted {
            self.changed.notified().await;
        }
    }
}

impl Drop for Listening {
    fn drop(&mut self) {
        if self.0.size.fetch_sub(1, Ordering::AcqRel) == 1 {
            self.0.changed.notify_one();
        }
    }
}
