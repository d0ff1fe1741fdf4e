//! The follower: connect, read, wait, and again.

use std::time::Duration;

use futures_util::stream::{self, Stream, StreamExt};
use tokio::time::{Instant, sleep_until, timeout_at};

use crate::events::backoff::Backoff;
use crate::events::follow::{FollowError, Followed};
use crate::events::http::{Bytestream, Open, Refusal};
use crate::events::sse::{EventReader, Message};
use crate::events::{Event, Received};

/// How long a gateway may take to begin its answer, which it does at once.
const OPEN_TIMEOUT: Duration = Duration::from_secs(30);

/// The longest wait that is kept to when a stream ends.
const LONGEST_RETRY: Duration = Duration::from_secs(60);

/// Follows a stream. It connects when something is asked for, and again whenever the connection ends: after the time that
/// the gateway says, else after 1 s, 2 s and so on up to 30 s; behind the last event that was read. It gives up when it is
/// told that it may not (401, 403) or that there is no such thing (400, 404).
pub struct Follower {
    stream: Box<dyn Open>,
    of_room: bool,
    silence: Duration,
    last_event_id: Option<String>,
    backoff: Backoff,
    state: State,
}

enum State {
    /// Connect at that time.
    Waiting(Instant),
    Reading(Box<Reading>),
}

struct Reading {
    bytes: Bytestream,
    events: EventReader,
    last_byte: Instant,
    /// The wait that the gateway asks for when the connection ends.
    retry: Option<Duration>,
    /// What a `bye` gave as its reason.
    farewell: Option<String>,
}

impl Follower {
    pub(super) fn new(stream: Box<dyn Open>, of_room: bool, silence: Duration) -> Self {
        let state = State::Waiting(Instant::now());
        Self { stream, of_room, silence, last_event_id: None, backoff: Backoff::default(), state }
    }

    /// What comes next. Dropping the future before it is done loses nothing.
    ///
    /// # Errors
    /// When following is over. Asking again tries once more.
    pub async fn next(&mut self) -> Result<Followed, FollowError> {
        match &mut self.state {
            State::Waiting(until) => {
                sleep_until(*until).await;
                self.connect().await
            }
            State::Reading(reading) => match reading.next(self.silence).await {
                Ok(message) => Ok(self.received(message)),
                Err(why) => Ok(self.disconnected(why, None)),
            },
        }
    }

    /// The same as a stream, which ends behind its only error.
    pub fn into_stream(self) -> impl Stream<Item = Result<Followed, FollowError>> + Send {
        stream::unfold(Some(self), |follower| async {
            let mut follower = follower?;
            match follower.next().await {
                Ok(followed) => Some((Ok(followed), Some(follower))),
                Err(error) => Some((Err(error), None)),
            }
        })
    }

    async fn connect(&mut self) -> Result<Followed, FollowError> {
        let opened = timeout_at(Instant::now() + OPEN_TIMEOUT, self.stream.open(self.last_event_id.clone())).await;
        match opened {
            Ok(Ok(bytes)) => {
                self.state = State::Reading(Box::new(Reading {
                    bytes,
                    events: EventReader::default(),
                    last_byte: Instant::now(),
                    retry: None,
                    farewell: None,
                }));
                Ok(Followed::Connected)
            }
            Ok(Err(Refusal::Later { why, wait })) => Ok(self.disconnected(why, wait)),
            Ok(Err(Refusal::Final { why, problem })) => {
                self.state = State::Waiting(Instant::now());
                Err(FollowError { why, problem })
            }
            Err(_) => Ok(self.disconnected("it does not answer".to_owned(), None)),
        }
    }

    fn received(&mut self, message: Message) -> Followed {
        let event = match Event::read(&message, self.of_room) {
            Ok(event) => event,
            Err(error) => {
                // Behind it nothing is certain: from the beginning.
                self.last_event_id = None;
                return self.disconnected(format!("an event cannot be read: {}: {error}", message.event), None);
            }
        };
        if let Some(id) = message.id {
            self.last_event_id = Some(id);
        }
        if let (Event::Bye(bye), State::Reading(reading)) = (&event, &mut self.state) {
            reading.farewell = Some(bye.reason.to_string());
        }
        // A connection that brings something is a good one.
        self.backoff.reset();
        Followed::Event(Box::new(Received { event, name: message.event, json: message.data }))
    }

    fn disconnected(&mut self, why: String, told: Option<Duration>) -> Followed {
        let (asked, farewell) = match &mut self.state {
            State::Reading(reading) => (reading.retry, reading.farewell.take()),
            State::Waiting(_) => (None, None),
        };
        let why = farewell.map_or(why, |reason| format!("the gateway ended the stream: {reason}"));
        // A wait that comes with the end of a stream is spread over its readers by the gateway itself.
        let wait = asked.unwrap_or_else(|| self.backoff.failed(told));
        self.state = State::Waiting(Instant::now() + wait);
        Followed::Disconnected { why, wait }
    }
}

impl std::fmt::Debug for Follower {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Follower").field("last_event_id", &self.last_event_id).finish_non_exhaustive()
    }
}

impl Reading {
    /// The next event that says something, or how the connection ended.
    async fn next(&mut self, silence: Duration) -> Result<Message, String> {
        loop {
            while let Some(message) = self.events.next_event().map_err(|_| "an event has no end".to_owned())? {
                if let Some(ms) = message.retry_ms {
                    self.retry = Some(Duration::from_millis(ms).min(LONGEST_RETRY));
                }
                if !message.data.is_empty() {
                    return Ok(message);
                }
            }
            let piece = match timeout_at(self.last_byte + silence, self.bytes.next()).await {
                Ok(Some(piece)) => piece?,
                Ok(None) => return Err("the connection ended".to_owned()),
                Err(_) => return Err(format!("nothing came for {} s", silence.as_secs())),
            };
            self.last_byte = Instant::now();
            self.events.push(&piece);
        }
    }
}

#[cfg(test)]
mod tests;
