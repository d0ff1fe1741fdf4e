//! Following a stream, over as many connections as it takes.

mod follower;

use std::time::Duration;

pub use crate::events::follow::follower::Follower;

use progenitor_client::encode_path;

use crate::events::Received;
use crate::events::http::HttpStream;
use crate::token_source::TokenSource;
use crate::types::Problem;

/// Three heartbeats of a gateway that says nothing else.
const SILENCE: Duration = Duration::from_secs(45);

/// Follows what is live on every provider that the token may see, at the API of this URL. [`Follow`] has more to choose.
#[must_use]
pub fn follow(url: &str, token: impl Into<TokenSource>) -> Follower {
    Follow::new(url, token).start()
}

/// What is to be followed, and how.
#[derive(Debug, Clone)]
pub struct Follow {
    stream: HttpStream,
    of_room: bool,
    silence: Duration,
}

impl Follow {
    /// What is live on every provider that the token may see, at the API of this URL.
    #[must_use]
    pub fn new(url: &str, token: impl Into<TokenSource>) -> Self {
        let stream =
            HttpStream { url: url.to_owned(), path: "/v1/events".to_owned(), query: Vec::new(), token: token.into() };
        Self { stream, of_room: false, silence: SILENCE }
    }

    /// One room and its people, at the API of this URL. Snapshots come as [`Event::RoomSnapshot`](crate::events::Event).
    #[must_use]
    pub fn room(url: &str, token: impl Into<TokenSource>, provider: &str, room_id: &str) -> Self {
        let mut it = Self::new(url, token);
        let [provider, room_id] = [provider, room_id].map(encode_path);
        it.stream.path = format!("/v1/live-sessions/{provider}/{room_id}/events");
        it.of_room = true;
        it
    }

    /// Only this provider, and those that are named by further calls. A room has its one provider.
    #[must_use]
    pub fn provider(mut self, id: &str) -> Self {
        self.stream.query.push(("provider", id.to_owned()));
        self
    }

    /// How long a connection may be silent before it is taken for dead: more than two of the gateway's `events.heartbeat`,
    /// which is 15 s by default. 45 s unless given.
    #[must_use]
    pub fn silence(mut self, silence: Duration) -> Self {
        self.silence = silence;
        self
    }

    /// Begins. The first connection is made when something is asked for.
    #[must_use]
    pub fn start(self) -> Follower {
        Follower::new(Box::new(self.stream), self.of_room, self.silence)
    }
}

/// What a [`Follower`] has to say.
#[derive(Debug, Clone, PartialEq)]
#[non_exhaustive]
pub enum Followed {
    /// There is a connection. Events go on where they broke off, or begin with snapshots.
    Connected,
    /// An event.
    Event(Box<Received>),
    /// There is no connection, for this reason. The next is tried after a while.
    Disconnected {
        /// Why, in words for people.
        why: String,
        /// How long until the next try.
        wait: Duration,
    },
}

/// Why a stream is not followed any more: asking again would be answered in the same way.
#[derive(Debug, Clone, PartialEq, thiserror::Error)]
#[error("{why}")]
pub struct FollowError {
    /// Why, in words for people.
    pub why: String,
    /// What the gateway answered, if it was a problem: the token is refused (401, 403), or a provider is unknown (404).
    pub problem: Option<Box<Problem>>,
}
