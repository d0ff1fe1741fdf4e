//! The body of a stream: it takes from the logs what its reader has room for.

use std::convert::Infallible;
use std::future::Future;
use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context, Poll};
use std::time::Duration;

use bytes::Bytes;
use caller_auth::{HeldToken, Lapse};
use hyper::body::{Body, Frame};
use metrics::Histogram;
use tokio::time::{Instant, Sleep, sleep_until};
use tokio_util::sync::WaitForCancellationFutureOwned;

use crate::draining::Draining;
use crate::events::chunk::{Lag, Outgoing};
use crate::events::event_id::EventIds;
use crate::events::event_log::{EventLog, Listening, NextEvent, SnapshotPieces, StreamReader};
use crate::events::frame::{self, COMMENT, EventKind};
use crate::events::place::Place;
use crate::events::stream_places::StreamPlace;

/// As soon as so many bytes are at hand no further event is taken.
const ENOUGH: usize = 16 * 1024;

/// The most bytes that are handed out at once. What is on its way out and what is at hand are less than 64 KiB, whatever
/// one session may take.
const MAX_OUTGOING: usize = 16 * 1024;

/// How long a reader may take no bytes although there are some.
const MAX_PAUSE: Duration = Duration::from_secs(30);

/// How often the token is looked at.
const TOKEN_CHECK: Duration = Duration::from_secs(4);

/// Readers come back after a time within this, in milliseconds, so that not all of them come at once.
const MAX_RETRY_MS: u64 = 10_000;

/// Why a stream ends.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum ByeReason {
    Draining,
    TokenExpired,
    Unauthorized,
    TooSlow,
}

impl ByeReason {
    fn as_str(self) -> &'static str {
        match self {
            Self::Draining => "draining",
            Self::TokenExpired => "token_expired",
            Self::Unauthorized => "unauthorized",
            Self::TooSlow => "too_slow",
        }
    }
}

/// A log that the stream follows.
#[derive(Debug)]
pub(super) struct FollowedLog {
    log: Arc<dyn EventLog>,
    /// Where the reader stands; `None` before its first snapshot.
    place: Option<Place>,
    snapshot: Option<Box<dyn SnapshotPieces>>,
    _listening: Listening,
}

impl FollowedLog {
    pub(super) fn new(log: Arc<dyn EventLog>, listening: Listening, place: Option<Place>) -> Self {
        Self { log, place, snapshot: None, _listening: listening }
    }
}

/// What a stream needs besides its logs.
#[derive(Debug)]
pub(super) struct Terms {
    pub(super) reader: StreamReader,
    pub(super) ids: EventIds,
    pub(super) token: HeldToken,
    pub(super) heartbeat: Duration,
    pub(super) lag: Histogram,
    pub(super) _place: StreamPlace,
}

/// The events of one reader.
#[derive(Debug)]
pub(crate) struct EventStream {
    terms: Terms,
    sources: Vec<FollowedLog>,
    /// The source to ask first.
    turn: usize,
    /// What is still to be handed out, and since when its oldest event is known.
    at_hand: Bytes,
    since: Option<Instant>,
    outgoing: Arc<Outgoing>,
    /// When bytes were last handed out.
    handed_out: Instant,
    /// When the token was last looked at.
    checked: Instant,
    expires: Instant,
    timer: Pin<Box<Sleep>>,
    draining: Pin<Box<WaitForCancellationFutureOwned>>,
    bye: bool,
}

impl EventStream {
    pub(super) fn new(terms: Terms, sources: Vec<FollowedLog>, draining: &Draining) -> Self {
        let now = Instant::now();
        let expires = now + terms.token.left();
        Self {
            terms,
            sources,
            turn: 0,
            // The reader, and whatever stands between, learns at once that the stream is there.
            at_hand: Bytes::from_static(COMMENT),
            since: None,
            outgoing: Arc::default(),
            handed_out: now,
            checked: now,
            expires,
            timer: Box::pin(sleep_until(now)),
            draining: Box::pin(draining.begun()),
            bye: false,
        }
    }

    /// Why it has to end now, if it has.
    fn reason_to_end(&mut self, now: Instant, is_out: bool, cx: &mut Context<'_>) -> Option<ByeReason> {
        if self.draining.as_mut().poll(cx).is_ready() {
            return Some(ByeReason::Draining);
        }
        if now >= self.expires || now >= self.checked + TOKEN_CHECK {
            self.checked = now;
            match self.terms.token.check() {
                Err(Lapse::Expired) => return Some(ByeReason::TokenExpired),
                Err(Lapse::KeyWithdrawn) => return Some(ByeReason::Unauthorized),
                // The wall clock was set back, or is a little behind.
                Ok(()) => self.expires = now + self.terms.token.left().max(Duration::from_millis(1)),
            }
        }
        (!is_out && now >= self.handed_out + MAX_PAUSE).then_some(ByeReason::TooSlow)
    }

    /// Takes what the logs have, a little from each in turn.
    fn fill(&mut self, cx: &Context<'_>) {
        let count = self.sources.len();
        let mut out = Vec::new();
        let mut idle = 0;
        while idle < count && out.len() < ENOUGH {
            let turn = self.turn % count;
            // A snapshot is read to its end: nothing comes between its pieces.
            match self.take_from(turn, &mut out, cx) {
                TakenEvent::Nothing => {
                    idle += 1;
                    self.turn = turn + 1;
                }
                TakenEvent::Event => {
                    idle = 0;
                    self.turn = turn + 1;
                }
                TakenEvent::Piece => idle = 0,
            }
        }
        self.at_hand = out.into();
    }

    fn take_from(&mut self, turn: usize, out: &mut Vec<u8>, cx: &Context<'_>) -> TakenEvent {
        let Some(source) = self.sources.get_mut(turn) else { return TakenEvent::Nothing };
        if source.snapshot.is_none() {
            match source.log.next(source.place, self.terms.reader, cx) {
                NextEvent::Nothing => return TakenEvent::Nothing,
                NextEvent::Event(event, at) => {
                    out.extend_from_slice(&event);
                    source.place = source.place.map(Place::after_next);
                    self.since.get_or_insert(at);
                    self.end_with_id(out);
                    return TakenEvent::Event;
                }
                NextEvent::Snapshot(snapshot) => source.snapshot = Some(snapshot),
            }
        }
        let Some(snapshot) = &mut source.snapshot else { return TakenEvent::Nothing };
        if snapshot.write_piece(out) {
            source.place = Some(snapshot.then());
            source.snapshot = None;
            self.end_with_id(out);
            TakenEvent::Event
        } else {
            frame::end(out);
            TakenEvent::Piece
        }
    }

    fn end_with_id(&self, out: &mut Vec<u8>) {
        let id = self.terms.ids.id(self.sources.iter().map(|source| source.place));
        frame::end_with_id(&id, out);
    }

    fn say_bye(&mut self, reason: ByeReason) -> Bytes {
        self.bye = true;
        let retry = rand::random_range(0..MAX_RETRY_MS);
        let mut out = std::mem::take(&mut self.at_hand).to_vec();
        out.extend_from_slice(format!("retry: {retry}\n").as_bytes());
        let data = format!("{{\"reason\":\"{}\"}}", reason.as_str());
        frame::begin(EventKind::Bye, &mut out, |out| out.extend_from_slice(data.as_bytes()));
        frame::end(&mut out);
        out.into()
    }

    fn hand_out(&mut self) -> Bytes {
        // A stream that waits holds no memory for bytes that are gone.
        let bytes = if self.at_hand.len() > MAX_OUTGOING {
            self.at_hand.split_to(MAX_OUTGOING)
        } else {
            std::mem::take(&mut self.at_hand)
        };
        self.handed_out = Instant::now();
        let since = self.since.take_if(|_| self.at_hand.is_empty());
        let lag = since.map(|since| Lag { since, histogram: self.terms.lag.clone() });
        self.outgoing.send(bytes, lag)
    }
}

/// What a log had.
enum TakenEvent {
    Nothing,
    /// An event, or the end of a snapshot.
    Event,
    /// A piece of a snapshot, which goes on.
    Piece,
}

impl Body for EventStream {
    type Data = Bytes;
    type Error = Infallible;

    fn poll_frame(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Option<Result<Frame<Bytes>, Infallible>>> {
        let this = &mut *self;
        if this.bye {
            return Poll::Ready(None);
        }
        loop {
            let now = Instant::now();
            let is_out = this.outgoing.is_out(cx);
            if let Some(reason) = this.reason_to_end(now, is_out, cx) {
                return Poll::Ready(Some(Ok(Frame::data(this.say_bye(reason)))));
            }
            if is_out {
                if this.at_hand.is_empty() {
                    this.fill(cx);
                }
                if this.at_hand.is_empty() && now >= this.handed_out + this.terms.heartbeat {
                    this.at_hand = Bytes::from_static(COMMENT);
                }
                if !this.at_hand.is_empty() {
                    return Poll::Ready(Some(Ok(Frame::data(this.hand_out()))));
                }
            }
            let next = if is_out { this.terms.heartbeat } else { MAX_PAUSE };
            let deadline = (this.handed_out + next).min(this.checked + TOKEN_CHECK).min(this.expires);
            // It moves on with every event: the timer follows when it rings.
            if deadline < this.timer.deadline() || this.timer.is_elapsed() {
                this.timer.as_mut().reset(deadline);
            }
            if this.timer.as_mut().poll(cx).is_pending() {
                return Poll::Pending;
            }
        }
    }

    fn is_end_stream(&self) -> bool {
        self.bye
    }
}

impl Drop for EventStream {
    fn drop(&mut self) {
        for source in &self.sources {
            source.log.forget(self.terms.reader);
        }
    }
}
