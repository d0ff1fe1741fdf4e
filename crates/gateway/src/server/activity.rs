//! What happens on one connection, and until when it may go on like that.

use std::collections::VecDeque;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use tokio::time::Instant;

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

/// The state of one connection, shared by its socket, its service and its watcher.
#[derive(Debug, Clone)]
pub(super) struct Activity(Arc<Mutex<State>>);

#[derive(Debug)]
struct State {
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
}

impl Activity {
    pub(super) fn begin(timeouts: ConnectionTimeouts) -> Self {
        Self(Arc::new(Mutex::new(State {
            timeouts,
            under_way: 0,
            answers: VecDeque::new(),
            next: 0,
            served: false,
            multiplexed: false,
            head_since: None,
            idle_since: Instant::now(),
        })))
    }

    fn state(&self) -> MutexGuard<'_, State> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Notes that bytes came in.
    pub(super) fn bytes_arrived(&self) {
        let mut state = self.state();
        if state.under_way == 0 && state.head_since.is_none() && !(state.multiplexed && state.served) {
            state.head_since = Some(Instant::now());
        }
    }

    /// Notes that a request began; it is over when the result is dropped.
    pub(super) fn request_began(&self, multiplexed: bool) -> UnderWay {
        let mut state = self.state();
        state.under_way += 1;
        state.served = true;
        state.multiplexed = multiplexed;
        state.head_since = None;
        let number = state.next;
        state.next += 1;
        UnderWay { activity: self.clone(), number }
    }

    /// When the connection has to be closed if nothing changes, and why; `None` while a request is worked on.
    pub(super) fn deadline(&self) -> Option<(Instant, Waiting)> {
        let state = self.state();
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
pub(super) struct UnderWay {
    activity: Activity,
    number: u64,
}

impl UnderWay {
    /// Notes that the answer is made: from now on it is the client that takes the time.
    pub(super) fn answer_began(&self) {
        self.activity.state().answers.push_back((self.number, Instant::now()));
    }
}

impl Drop for UnderWay {
    fn drop(&mut self) {
        let mut state = self.activity.state();
        state.under_way -= 1;
        state.answers.retain(|(number, _)| *number != self.number);
        if state.under_way == 0 {
            state.idle_since = Instant::now();
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test(start_paused = true)]
    async fn each_state_has_its_own_deadline() {
        let timeouts = ConnectionTimeouts::default();
        let activity = Activity::begin(timeouts);
        let start = Instant::now();
        assert_eq!(activity.deadline(), Some((start + timeouts.first_byte, Waiting::Request)));
        tokio::time::advance(Duration::from_secs(3)).await;
        activity.bytes_arrived();
        tokio::time::advance(Duration::from_secs(3)).await;
        activity.bytes_arrived();
        let head = start + Duration::from_secs(3) + timeouts.head;
        assert_eq!(activity.deadline(), Some((head, Waiting::Head)), "later bytes buy no time");
        let one = activity.request_began(false);
        let other = activity.request_began(false);
        drop(one);
        assert_eq!(activity.deadline(), None);
        drop(other);
        assert_eq!(activity.deadline(), Some((Instant::now() + timeouts.idle, Waiting::Request)));
    }

    #[tokio::test(start_paused = true)]
    async fn the_oldest_answer_that_is_not_read_sets_the_deadline() {
        let activity = Activity::begin(ConnectionTimeouts::default());
        let answer = ConnectionTimeouts::default().answer;
        let (one, other, third) =
            (activity.request_began(true), activity.request_began(true), activity.request_began(true));
        assert_eq!(activity.deadline(), None, "they are worked on");
        other.answer_began();
        let start = Instant::now();
        tokio::time::advance(Duration::from_secs(1)).await;
        one.answer_began();
        assert_eq!(activity.deadline(), Some((start + answer, Waiting::Reader)));
        drop(other);
        assert_eq!(activity.deadline(), Some((start + Duration::from_secs(1) + answer, Waiting::Reader)));
        drop(one);
        assert_eq!(activity.deadline(), None);
        drop(third);
        assert!(matches!(activity.deadline(), Some((_, Waiting::Request))));
    }

    #[tokio::test(start_paused = true)]
    async fn frames_between_the_requests_of_http2_are_no_head() {
        let activity = Activity::begin(ConnectionTimeouts::default());
        activity.bytes_arrived();
        drop(activity.request_began(true));
        activity.bytes_arrived();
        assert!(matches!(activity.deadline(), Some((_, Waiting::Request))));
    }
}
