//! What a connection is doing, and until when it may go on like that.

use std::collections::VecDeque;
use std::task::Waker;
use std::time::Duration;

use tokio::time::Instant;

use crate::server::timeouts::ConnectionTimeouts;

/// A head that began less than this ago may be whole in a moment: its connection is not idle.
const HEAD_IS_NEW: Duration = Duration::from_millis(250);

/// A connection younger than this may be about to ask: it is not idle.
const CONNECTION_IS_NEW: Duration = Duration::from_millis(100);

/// The state of one connection.
#[derive(Debug)]
pub(super) struct ConnectionState {
    timeouts: ConnectionTimeouts,
    /// The connection's own task: woken when it is asked to end, and when a request of HTTP/2 ends in another task.
    task: Option<Waker>,
    /// What the connection is asked to do.
    asked: Option<ConnectionEnd>,
    /// Requests whose answer is not complete yet.
    under_way: usize,
    /// The answers that are being sent and since when, oldest first.
    answers: VecDeque<(u64, Instant)>,
    /// The answers that go on by design.
    long_answers: Vec<u64>,
    /// When the last of them ended, if nothing came after it.
    farewell_since: Option<Instant>,
    /// Whether bytes are held back that the client gives no room for.
    is_unread: bool,
    /// The number of the next request.
    next: u64,
    /// Whether any request arrived.
    served: bool,
    /// Whether it is HTTP/2, where bytes between requests are no beginning of a head.
    multiplexed: bool,
    /// The moment of the present turn of its task, once asked for.
    moment: Option<Instant>,
    /// When the first byte of the next head arrived.
    head_since: Option<Instant>,
    /// Since when nothing is under way.
    idle_since: Instant,
    /// Once the connection ends.
    leaving: Option<Leaving>,
}

/// How a connection is asked to end.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum ConnectionEnd {
    /// After the requests that are under way now, with this long for the goodbye.
    Leave(Duration),
    /// At once.
    Cut,
}

/// How a connection ends.
#[derive(Debug)]
struct Leaving {
    /// How long it may take to say goodbye once nothing of before is under way.
    grace: Duration,
    /// The number of the first request that came too late to hold the end up.
    first_late: u64,
    /// How many that came before are under way, but for answers that go on by design: those end by themselves.
    in_time: usize,
    /// When those that have not are cut.
    long_answers_end: Instant,
    /// Since when none is.
    since: Instant,
}

/// What the task of a connection has to do next.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Next {
    /// Wait, and close the connection at the deadline if nothing has changed by then.
    Wait(Option<(Instant, Waiting)>),
    /// Say goodbye. Told once.
    Leave,
    /// End at once.
    Cut,
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

impl ConnectionState {
    /// A connection that was just accepted.
    pub(super) fn new(timeouts: ConnectionTimeouts) -> Self {
        Self {
            timeouts,
            task: None,
            asked: None,
            under_way: 0,
            answers: VecDeque::new(),
            long_answers: Vec::new(),
            farewell_since: None,
            is_unread: false,
            next: 0,
            served: false,
            multiplexed: false,
            moment: None,
            head_since: None,
            idle_since: Instant::now(),
            leaving: None,
        }
    }

    pub(super) fn is_busy(&self) -> bool {
        self.under_way > 0
    }

    pub(super) fn is_multiplexed(&self) -> bool {
        self.multiplexed
    }

    pub(super) fn is_asked_to_end(&self) -> bool {
        self.asked.is_some()
    }

    /// The task to wake when the state changes elsewhere.
    pub(super) fn task(&self) -> Option<Waker> {
        self.task.clone()
    }

    pub(super) fn watched_by(&mut self, task: &Waker) {
        match &mut self.task {
            Some(known) => known.clone_from(task),
            none => *none = Some(task.clone()),
        }
    }

    /// The first who asks it to leave says how; a cut is always heard.
    pub(super) fn ask(&mut self, ending: ConnectionEnd) {
        if self.asked.is_none() || ending == ConnectionEnd::Cut {
            self.asked = Some(ending);
        }
    }

    /// Now. What comes in, is answered and goes out in one turn of the connection's task is of one moment, and the clock is
    /// read for it once; requests of HTTP/2 have tasks of their own.
    fn now(&mut self) -> Instant {
        if self.multiplexed { Instant::now() } else { *self.moment.get_or_insert_with(Instant::now) }
    }

    /// Ends a turn of the task.
    pub(super) fn next(&mut self) -> Next {
        self.moment = None;
        match self.asked {
            Some(ConnectionEnd::Cut) => Next::Cut,
            Some(ConnectionEnd::Leave(grace)) if self.leaving.is_none() => {
                self.leave(grace);
                Next::Leave
            }
            _ => Next::Wait(self.deadline()),
        }
    }

    pub(super) fn leave(&mut self, grace: Duration) {
        let (first_late, in_time) = (self.next, self.under_way - self.long_answers.len());
        let now = Instant::now();
        self.leaving = Some(Leaving { grace, first_late, in_time, long_answers_end: now + 2 * grace, since: now });
    }

    pub(super) fn bytes_arrived(&mut self) {
        if self.under_way == 0 && self.head_since.is_none() && !(self.multiplexed && self.served) {
            self.head_since = Some(self.now());
        }
    }

    /// Whether the client gives no room for what is to be sent.
    pub(super) fn unread(&mut self, is_unread: bool) {
        self.is_unread = is_unread;
    }

    /// Answers the request's number.
    pub(super) fn request_began(&mut self, multiplexed: bool) -> u64 {
        self.under_way += 1;
        self.farewell_since = None;
        self.served = true;
        self.multiplexed = multiplexed;
        self.head_since = None;
        self.next += 1;
        self.next - 1
    }

    pub(super) fn answer_began(&mut self, request: u64) {
        let now = self.now();
        self.answers.push_back((request, now));
    }

    pub(super) fn long_answer_began(&mut self, request: u64) {
        self.long_answers.push(request);
        self.waited_for(request);
    }

    pub(super) fn request_ended(&mut self, request: u64) {
        self.under_way -= 1;
        self.answers.retain(|(number, _)| *number != request);
        if let Some(at) = self.long_answers.iter().position(|number| *number == request) {
            self.long_answers.swap_remove(at);
            self.farewell_since = Some(self.now());
        } else {
            // What is unread now may be of this answer, which has the time of any other.
            self.farewell_since = None;
            self.waited_for(request);
        }
        if self.under_way == 0 {
            self.idle_since = self.now();
        }
    }

    /// The end waits for this request no longer.
    fn waited_for(&mut self, request: u64) {
        if let Some(leaving) = self.leaving.as_mut().filter(|leaving| request < leaving.first_late) {
            leaving.in_time -= 1;
            leaving.since = Instant::now();
        }
    }

    /// The lower, the sooner this connection is closed for a new one; `None` while there is work on it.
    pub(super) fn idle_rank(&self) -> Option<(bool, Instant)> {
        match self.head_since {
            _ if self.under_way > 0 => None,
            None if !self.served && self.idle_since.elapsed() < CONNECTION_IS_NEW => None,
            None => Some((false, self.idle_since)),
            Some(since) => (since.elapsed() >= HEAD_IS_NEW).then_some((true, since)),
        }
    }

    /// When the connection has to be closed if nothing changes, and why; `None` while a request is worked on.
    pub(super) fn deadline(&self) -> Option<(Instant, Waiting)> {
        if let Some(leaving) = self.leaving.as_ref().filter(|leaving| leaving.in_time == 0) {
            let goodbye = leaving.since + leaving.grace;
            let end = if self.long_answers.is_empty() { goodbye } else { goodbye.max(leaving.long_answers_end) };
            return Some((end, Waiting::Goodbye));
        }
        if let Some((_, since)) = self.answers.front() {
            return Some((*since + self.timeouts.answer, Waiting::Reader));
        }
        if self.under_way > 0 {
            return None;
        }
        if let Some(since) = self.farewell_since.filter(|_| self.is_unread) {
            return Some((since + self.timeouts.farewell, Waiting::Goodbye));
        }
        Some(match (self.head_since, self.served) {
            (Some(since), _) => (since + self.timeouts.head, Waiting::Head),
            (None, false) => (self.idle_since + self.timeouts.first_byte, Waiting::Request),
            (None, true) => (self.idle_since + self.timeouts.idle, Waiting::Request),
        })
    }
}
