//! What an answer is kept under.

use std::hash::{Hash, Hasher};
use std::sync::{Arc, LazyLock};

use ahash::RandomState;
use coordination::{Name, Question};
use session_provider::{Operation, ProviderId, RoomId, SessionId, SessionQuery};

use crate::changes::Subject;

/// One question to one provider. Its operation tells what type of question it is, so two questions of different types
/// never have equal keys.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Key {
    /// Of all the rest, and compared first: among many keys, the texts of another are seldom near the processor.
    hash: u64,
    pub(crate) provider: ProviderId,
    pub(crate) operation: Operation,
    pub(crate) target: Target,
}

/// Of this process alone, so that nobody can choose ids that collide.
static HASHER: LazyLock<RandomState> = LazyLock::new(RandomState::new);

impl Key {
    pub(crate) fn new(provider: ProviderId, operation: Operation, target: Target) -> Self {
        let hash = HASHER.hash_one((&provider, operation, &target));
        Self { hash, provider, operation, target }
    }
}

impl Hash for Key {
    fn hash<H: Hasher>(&self, state: &mut H) {
        state.write_u64(self.hash);
    }
}

impl Key {
    /// The question's name among replicas: the same in each of one version.
    pub(crate) fn shared_name(&self) -> Question {
        let text = |kind: &'static str, id: &str| (kind, id.to_owned());
        let (kind, about) = match &self.target {
            Target::Account => text("account", ""),
            Target::Room(room) => text("room", room.as_str()),
            Target::Session(id) => text("session", id.as_str()),
            Target::SessionWithBreakoutRooms(id) => text("session-with-breakout-rooms", id.as_str()),
            Target::Sessions(query) => text("sessions", &serde_json::to_string(&**query).unwrap_or_default()),
        };
        Question(Name::of([self.operation.as_str(), kind, &about].map(str::as_bytes)))
    }
}

/// What a question is asked about.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub(crate) enum Target {
    Account,
    Room(RoomId),
    /// A session by its own id.
    Session(SessionId),
    /// A session by its own id, and its breakout rooms.
    SessionWithBreakoutRooms(SessionId),
    /// A page of the account's sessions.
    Sessions(Arc<SessionQuery>),
}

impl Target {
    /// What an answer is about of which nothing is known but the question.
    pub(crate) fn subject(&self) -> Subject<'_> {
        match self {
            Self::Room(room) => Subject::Rooms { rooms: vec![room.as_str()], session: None },
            // A room that is on no page of it yet may be on the next.
            Self::Sessions(_) => Subject::AnyRoom,
            Self::Account => Subject::Provider,
            Self::Session(id) | Self::SessionWithBreakoutRooms(id) => Subject::Session(id),
        }
    }

    /// The session that is asked for by its id.
    pub(crate) fn session(&self) -> Option<&SessionId> {
        match self {
            Self::Session(id) | Self::SessionWithBreakoutRooms(id) => Some(id),
            Self::Account | Self::Room(_) | Self::Sessions(_) => None,
        }
    }
}
