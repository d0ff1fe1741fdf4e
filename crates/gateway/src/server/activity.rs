//! What happens on one connection, as its parts tell each other.

use std::future::poll_fn;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::task::{Context, Poll};
use std::time::Duration;

use tokio::time::Instant;

#[cfg(test)]
use crate::server::connection_state::Waiting;
use crate::server::connection_state::{ConnectionEnd, ConnectionState, Next};
use crate::server::room::RoomWanted;
use crate::server::timeouts::ConnectionTimeouts;

/// The state of one connection, shared by its socket, its service, its task, and those who want it to end. Its lock is
/// the connection's own: whoever takes it seldom waits.
#[derive(Debug, Clone)]
pub(super) struct Activity(Arc<ActivityInner>);

#[derive(Debug)]
struct ActivityInner {
    state: Mutex<ConnectionState>,
    /// Whether an answer that goes on by design was ever given on it.
    has_streamed: AtomicBool,
    /// Whether bytes came in since a request began or ended, or the state was looked at.
    bytes_came: AtomicBool,
    /// Told when nothing is under way any more.
    room: Arc<RoomWanted>,
}

impl Activity {
    /// A connection that was just accepted. `room` is told whenever nothing is under way on it any more.
    pub(super) fn begin(timeouts: ConnectionTimeouts, room: Arc<RoomWanted>) -> Self {
        Self(Arc::new(ActivityInner {
            state: Mutex::new(ConnectionState::new(timeouts)),
            has_streamed: AtomicBool::new(false),
            bytes_came: AtomicBool::new(false),
            room,
        }))
    }

    fn state(&self) -> MutexGuard<'_, ConnectionState> {
        self.0.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// The state with what has come in.
    fn settled(&self) -> MutexGuard<'_, ConnectionState> {
        let mut state = self.state();
        if self.0.bytes_came.load(Ordering::Relaxed) {
            self.0.bytes_came.store(false, Ordering::Relaxed);
            state.bytes_arrived();
        }
        state
    }

    /// Whether a request is under way.
    pub(super) fn is_busy(&self) -> bool {
        self.state().is_busy()
    }

    /// The lower, the sooner this connection is closed for a new one; `None` while there is work on it.
    pub(super) fn idle_rank(&self) -> Option<(bool, Instant)> {
        self.settled().idle_rank()
    }

    /// Has the connection end.
    pub(super) fn end(&self, ending: ConnectionEnd) {
        let mut state = self.state();
        state.ask(ending);
        wake_task(state);
    }

    /// Whether somebody wants the connection to end.
    pub(super) fn is_asked_to_end(&self) -> bool {
        self.state().is_asked_to_end()
    }

    /// Resolves once somebody wants the connection to end. Only the connection's own task may wait for it.
    pub(super) async fn asked_to_end(&self) {
        poll_fn(|cx| {
            let mut state = self.state();
            state.watched_by(cx.waker());
            if state.is_asked_to_end() { Poll::Ready(()) } else { Poll::Pending }
        })
        .await;
    }

    /// What the connection's task has to do next. It is woken when something else is to be done by what happens
    /// elsewhere.
    pub(super) fn next(&self, cx: &Context<'_>) -> Next {
        let mut state = self.settled();
        state.watched_by(cx.waker());
        state.next()
    }

    /// Notes that the connection has to end, `grace` after the last of the requests that are under way now.
    pub(super) fn leave(&self, grace: Duration) {
        self.state().leave(grace);
    }

    /// Notes that bytes came in. Most are of a request that begins within the same turn of the connection's task, which alone
    /// comes here: whether there are others is looked at when the turn [ends](Self::next), or somebody asks.
    pub(super) fn bytes_arrived(&self) {
        self.0.bytes_came.store(true, Ordering::Relaxed);
    }

    /// Notes whether the client gives no room for what is to be sent.
    pub(super) fn unread(&self, is_unread: bool) {
        self.state().unread(is_unread);
    }

    /// Whether an answer that goes on by design was ever given on it.
    pub(super) fn has_streamed(&self) -> bool {
        self.0.has_streamed.load(Ordering::Relaxed)
    }

    /// Notes that a request began; it is over when the result is dropped.
    pub(super) fn request_began(&self, multiplexed: bool) -> RequestUnderWay {
        self.0.bytes_came.store(false, Ordering::Relaxed);
        let number = self.state().request_began(multiplexed);
        RequestUnderWay { activity: self.clone(), number }
    }

    /// When the connection has to be closed if nothing changes, and why; `None` while a request is worked on.
    #[cfg(test)]
    pub(super) fn deadline(&self) -> Option<(Instant, Waiting)> {
        self.settled().deadline()
    }
}

/// Has the connection's task look again.
fn wake_task(state: MutexGuard<'_, ConnectionState>) {
    let task = state.task();
    drop(state);
    if let Some(task) = task {
        task.wake();
    }
}

/// The same after a request's progress. Over HTTP/1 it is that task itself that comes here, and looks anyway.
fn request_went_on(state: MutexGuard<'_, ConnectionState>) {
    if state.is_multiplexed() {
        wake_task(state);
    }
}

/// A request under way.
#[derive(Debug)]
pub(super) struct RequestUnderWay {
    activity: Activity,
    number: u64,
}

impl RequestUnderWay {
    /// Notes that the answer is made: from now on it is the client that takes the time.
    pub(super) fn answer_began(&self) {
        let mut state = self.activity.state();
        state.answer_began(self.number);
        request_went_on(state);
    }

    /// The same for an answer that goes on by design, which has a clock of its own.
    pub(super) fn long_answer_began(&self) {
        self.activity.0.has_streamed.store(true, Ordering::Relaxed);
        let mut state = self.activity.state();
        state.long_answer_began(self.number);
        request_went_on(state);
    }
}

impl Drop for RequestUnderWay {
    fn drop(&mut self) {
        let mut state = self.activity.state();
        // They were its own.
        self.activity.0.bytes_came.store(false, Ordering::Relaxed);
        state.request_ended(self.number);
        let idle = !state.is_busy();
        request_went_on(state);
        if idle {
            self.activity.0.room.became_idle();
        }
    }
}

#[cfg(test)]
mod tests;
