//! What happens on one connection, and until when it may go on like that.

use std::collections::VecDeque;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::task::Waker;
use std::time::Duration;

use futures_util::task::AtomicWaker;
use tokio::sync::Notify;
use tokio::time::Instant;

/// A head that began less than this ago may be whole in a moment: its connection is not idle.
const HEAD_IS_NEW: Duration = Duration::from_millis(250);

/// How long a connection may keep us waiting.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct ConnectionTimeouts {
    /// From the connection to its first byte.
    pub first_byte: Duration,
    /// From the first byte of a request's head to its end.
    pub head: Duration,
    /// From the end of an answer to the next request.
    pub idle: Duration,
    /// From the head of an answer to the end of its body: how long a client may take to read it. Longer than any
    /// answer of the API is; one that goes on by design would need an exemption.
    pub answer: Duration,
}

impl Default for ConnectionTimeouts {
    fn default() -> Self {
        Self {
            first_byte: Duration::from_secs(10),
            head: Duration::from_secs(10),
            idle: Duration::from_secs(75),
            answer: Duration::from_secs(60),
        }
    }
}

/// A connection younger than this may be about to ask: it is not idle.
const CONNECTION_IS_NEW: Duration = Duration::from_millis(100);

/// The state of one connection, shared by its socket, its service and its watcher.
#[derive(Debug, Clone)]
pub(super) struct Activity(Arc<ActivityInner>);

#[derive(Debug)]
struct ActivityInner {
    state: Mutex<ConnectionState>,
    /// The watcher of an HTTP/2 connection, whose requests end in other tasks than its own.
    watcher: AtomicWaker,
    /// Told when nothing is under way any more.
    idle: Arc<Notify>,
}

#[derive(Debug)]
struct ConnectionState {
    timeouts: ConnectionTimeouts,
    /// Requests whose answer is not complete yet.
    under_way: usize,
    /// The answers that are being sent and since when, oldest first.
    answers: VecDeque<(u64, Instant)>,
    /// The number of the next request.
    next: u64,
    /// Whether any request arrived.
    served: bool,
    /// Whether it is HTTP/2, where bytes between requests are no beginning of a head.
    multiplexed: bool,
    /// When the first byte of the next head arrived.
    head_since: Option<Instant>,
    /// Since when nothing is under way.
    idle_since: Instant,
    /// Once the connection was asked to end.
    leaving: Option<Leaving>,
}

/// How a connection ends.
#[derive(Debug)]
struct Leaving {
    /// How long it may take to say goodbye once nothing of before is under way.
    grace: Duration,
    /// The number of the first request that came too late to hold the end up.
    first_late: u64,
    /// How many that came before are under way.
    in_time: usize,
    /// Since when none is.
    since: Instant,
}

/// What a connection has been waiting for too long.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Waiting {
    /// For a request that never began.
    Request,
    /// For the rest of a head.
    Head,
    /// For an answer to be read.
    Reader,
    /// For its own end.
    Goodbye,
}

impl Activity {
    /// A connection that was just accepted. `idle` is told whenever nothing is under way on it any more.
    pub(super) fn begin(timeouts: ConnectionTimeouts, idle: Arc<Notify>) -> Self {
        let state = ConnectionState {
            timeouts,
            under_way: 0,
            answers: VecDeque::new(),
            next: 0,
            served: false,
            multiplexed: false,
            head_since: None,
            idle_since: Instant::now(),
            leaving: None,
        };
        Self(Arc::new(ActivityInner { state: Mutex::new(state), watcher: AtomicWaker::new(), idle }))
    }

    fn state(&self) -> MutexGuard<'_, ConnectionState> {
        self.0.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Who is to look at the deadline again when it changes.
    pub(super) fn watch(&self, waker: &Waker) {
        self.0.watcher.register(waker);
    }

    /// Whether a request is under way.
    pub(super) fn is_busy(&self) -> bool {
        self.state().under_way > 0
    }

    /// The lower, the sooner this connection is closed for a new one; `None` while there is work on it.
    pub(super) fn idle_rank(&self) -> Option<(bool, Instant)> {
        let state = self.state();
        match state.head_since {
            _ if state.under_way > 0 => None,
            None if !state.served && state.idle_since.elapsed() < CONNECTION_IS_NEW => None,
            None => Some((false, state.idle_since)),
            Some(since) => (since.elapsed() >= HEAD_IS_NEW).then_some((true, since)),
        }
    }

    /// Notes that the connection has to end, `grace` after the last of the requests that are under way now.
    pub(super) fn leave(&self, grace: Duration) {
        let mut state = self.state();
        let (first_late, in_time) = (state.next, state.under_way);
        state.leaving = Some(Leaving { grace, first_late, in_time, since: Instant::now() });
    }

    /// Notes that bytes came in.
    pub(super) fn bytes_arrived(&self) {
        let mut state = self.state();
        if state.under_way == 0 && state.head_since.is_none() && !(state.multiplexed && state.served) {
            state.head_since = Some(Instant::now());
        }
    }

    /// Notes that a request began; it is over when the result is dropped.
    pub(super) fn request_began(&self, multiplexed: bool) -> RequestUnderWay {
        let mut state = self.state();
        state.under_way += 1;
        state.served = true;
        state.multiplexed = multiplexed;
        state.head_since = None;
        let number = state.next;
        state.next += 1;
        RequestUnderWay { activity: self.clone(), number }
    }

    /// Has the watcher look again. Over HTTP/1 it is its own task that comes here, and looks anyway.
    fn deadline_changed(&self, state: MutexGuard<'_, ConnectionState>) {
        let elsewhere = state.multiplexed;
        drop(state);
        if elsewhere {
            self.0.watcher.wake();
        }
    }

    /// When the connection has to be closed if nothing changes, and why; `None` while a request is worked on.
    pub(super) fn deadline(&self) -> Option<(Instant, Waiting)> {
        let state = self.state();
        if let Some(leaving) = state.leaving.as_ref().filter(|leaving| leaving.in_time == 0) {
            return Some((leaving.since + leaving.grace, Waiting::Goodbye));
        }
        if let Some((_, since)) = state.answers.front() {
            return Some((*since + state.timeouts.answer, Waiting::Reader));
        }
        if state.under_way > 0 {
            return None;
        }
        Some(match (state.head_since, state.served) {
            (Some(since), _) => (since + state.timeouts.head, Waiting::Head),
            (None, false) => (state.idle_since + state.timeouts.first_byte, Waiting::Request),
            (None, true) => (state.idle_since + state.timeouts.idle, Waiting::Request),
        })
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
        state.answers.push_back((self.number, Instant::now()));
        self.activity.deadline_changed(state);
    }
}

impl Drop for RequestUnderWay {
    fn drop(&mut self) {
        let mut state = self.activity.state();
        state.under_way -= 1;
        state.answers.retain(|(number, _)| *number != self.number);
        if let Some(leaving) = state.leaving.as_mut().filter(|leaving| self.number < leaving.first_late) {
            leaving.in_time -= 1;
            leaving.since = Instant::now();
        }
        let idle = state.under_way == 0;
        if idle {
            state.idle_since = Instant::now();
        }
        self.activity.deadline_changed(state);
        if idle {
            self.activity.0.idle.notify_one();
        }
    }
}

#[cfg(test)]
mod tests;
