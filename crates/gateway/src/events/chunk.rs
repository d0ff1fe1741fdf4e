//! Bytes of a stream on their way out: whoever gave them is told when they are gone.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::task::Context;

use bytes::Bytes;
use futures_util::task::AtomicWaker;
use metrics::Histogram;
use tokio::time::Instant;

/// Whether a stream's bytes are still to be written.
#[derive(Debug, Default)]
pub(super) struct Outgoing {
    unsent: AtomicBool,
    task: AtomicWaker,
}

/// When what the bytes tell came to be known, and where that is recorded once they are out.
#[derive(Debug)]
pub(super) struct Lag {
    pub(super) since: Instant,
    pub(super) histogram: Histogram,
}

/// The bytes. The server drops them when all of them are written.
struct Chunk {
    bytes: Bytes,
    outgoing: Arc<Outgoing>,
    lag: Option<Lag>,
}

impl Outgoing {
    /// Hands bytes out; at most once until they are gone.
    pub(super) fn send(self: &Arc<Self>, bytes: Bytes, lag: Option<Lag>) -> Bytes {
        self.unsent.store(true, Ordering::Release);
        Bytes::from_owner(Chunk { bytes, outgoing: Arc::clone(self), lag })
    }

    /// Whether nothing is to be written; else the task is woken when that is so.
    pub(super) fn is_out(&self, cx: &Context<'_>) -> bool {
        if !self.unsent.load(Ordering::Acquire) {
            return true;
        }
        self.task.register(cx.waker());
        !self.unsent.load(Ordering::Acquire)
    }
}

impl AsRef<[u8]> for Chunk {
    fn as_ref(&self) -> &[u8] {
        &self.bytes
    }
}

impl Drop for Chunk {
    fn drop(&mut self) {
        if let Some(Lag { since, histogram }) = &self.lag {
            histogram.record(since.elapsed().as_secs_f64());
        }
        self.outgoing.unsent.store(false, Ordering::Release);
        self.outgoing.task.wake();
    }
}
