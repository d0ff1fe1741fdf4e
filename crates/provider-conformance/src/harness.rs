//! What the suite needs of the service behind a provider.

use std::sync::Arc;
use std::time::Duration;

use async_trait::async_trait;
use session_provider::{CustomParticipantId, NewPoll, ParticipantId, RoomId, SessionId, SessionProvider};

use crate::{Change, Misbehaviour, Oddity};

/// Starts services. Each check asks for new ones, so that no check sees what another has done.
///
/// A harness that cannot do what it is asked panics: that is no fault of the provider.
#[async_trait]
pub trait Harness: Send + Sync {
    /// A new service in which nothing is.
    async fn start(&self) -> Box<dyn Service>;
}

/// A service that runs, and the providers that speak to it.
#[async_trait]
pub trait Service: Send + Sync {
    /// A new provider with these bounds and a budget that no check uses up. It shares no breaker, budget or connection
    /// with another.
    fn provider(&self, bounds: Bounds) -> Arc<dyn SessionProvider>;

    /// Makes a room in which nothing is live.
    fn add_room(&self) -> RoomId;

    /// A well-formed id that no room has.
    fn unknown_room(&self) -> RoomId;

    /// A well-formed id that no session has.
    fn unknown_session(&self) -> SessionId;

    /// Lets a person into a room; the first one begins a session. A person who is in it already joins once more.
    fn join(&self, room: &RoomId, visitor: &Visitor) -> Visit;

    /// Ends one connection. The session stays live.
    fn leave(&self, room: &RoomId, visit: &Visit);

    /// Ends the live session of a room.
    fn end(&self, room: &RoomId);

    /// From now on makes the next of these lots of changes after each answer, before the next request is seen.
    fn change_between_answers(&self, changes: Vec<Vec<Change>>);

    /// Adds a breakout room to a live session and answers the breakout's session id. Asked only of services whose
    /// provider offers [`GetSession`](session_provider::Operation::GetSession).
    fn add_breakout(&self, room: &RoomId) -> SessionId;

    /// Begins a recording of the live session.
    fn start_recording(&self, room: &RoomId);

    /// Begins a live stream of the live session.
    fn start_livestream(&self, room: &RoomId);

    /// A poll whose values the service refuses, if there is any.
    fn refused_poll(&self) -> Option<NewPoll>;

    /// Answers the next `after` requests well, and from then on misbehaves.
    fn misbehave(&self, misbehaviour: Misbehaviour, after: u64);

    /// Answers well from now on, but for the first row of every list, which lacks all its ids.
    fn leave_out_one_id(&self);

    /// Answers well from now on, but writes oddly.
    fn write_oddly(&self, oddity: Oddity);

    /// Takes back what makes it misbehave.
    fn behave(&self);

    /// Every request since the start, in the order of their coming, retries included.
    fn requests(&self) -> Vec<SeenRequest>;

    /// Waits until at least `count` requests came since the start.
    async fn wait_for_requests(&self, count: u64);

    /// Texts that must never be shown: the credential, the address.
    fn secrets(&self) -> Vec<String>;
}

/// The bounds of a provider.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Bounds {
    /// The longest one exchange may take.
    pub exchange_timeout: Duration,
    /// Exchanges under way at once.
    pub max_concurrency: usize,
    /// The largest body that is read, in bytes after decompression.
    pub max_body_bytes: usize,
    /// The most pages of one list.
    pub max_pages: u32,
}

impl Default for Bounds {
    /// Bounds that no well-behaved service meets: a minute, 8 exchanges, 1 MiB, 50 pages.
    fn default() -> Self {
        Self { exchange_timeout: Duration::from_secs(60), max_concurrency: 8, max_body_bytes: 1 << 20, max_pages: 50 }
    }
}

/// Somebody about to join.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Visitor {
    /// Shown to others.
    pub name: String,
    /// The customer's own id: the same id is the same person.
    pub custom_id: CustomParticipantId,
}

/// One connection of somebody, as the service knows it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Visit {
    /// The session joined.
    pub session_id: SessionId,
    /// The person.
    pub participant_id: ParticipantId,
    /// This connection.
    pub connection_id: String,
}

/// A request that the service saw.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct SeenRequest {
    /// Whether it changes something: everything but GET.
    pub mutates: bool,
    /// Path and query.
    pub target: String,
}
