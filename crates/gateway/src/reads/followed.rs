//! What those who follow the live sessions are told.

use std::sync::Arc;
use std::time::Duration;

use session_provider::{RoomId, Session, SessionList, Timestamp};
use tokio::time::Instant;

use crate::changes::Tick;
use crate::problem::{ProviderOutcome, ProviderProblem};
use crate::reads::answers::{ParticipantRows, SessionRows};
use crate::reads::cache::{Entry, NewAnswer, Origin};
use crate::reads::questions::{ListLiveParticipants, ListLiveSessions};

/// Which answers a poll wants.
#[derive(Debug, Clone, Copy, Default)]
pub(crate) struct NewerThan {
    /// Those whose load began after this; by default, after now.
    pub(crate) load: Option<Tick>,
    /// Those of other replicas, too, whose load has a greater number than this and that nothing has outdated; by default,
    /// none.
    pub(crate) shared_load: Option<u64>,
}

impl NewerThan {
    /// Those whose load begins from now on; of other replicas' answers the same as before.
    pub(crate) fn of_others(self) -> Self {
        Self { load: None, ..self }
    }
}

/// A list as it is kept for the other replicas' followers.
#[derive(Debug)]
pub(crate) struct KeptList {
    /// When it was looked for.
    pub(crate) began: Tick,
    pub(crate) list: SessionList,
    pub(crate) fetched_at: Timestamp,
    /// When the provider answered, by this replica's clock.
    pub(crate) answered: Instant,
    /// The number of its load among all replicas.
    pub(crate) number: u64,
}

/// A provider's answer to what is live on it. Cheap to clone.
#[derive(Debug, Clone)]
pub(crate) struct ListAnswer(Arc<Entry<SessionRows>>);

/// Who is in a room. Cheap to clone.
#[derive(Debug, Clone)]
pub(crate) struct PeopleAnswer(Arc<Entry<ParticipantRows>>);

impl PeopleAnswer {
    pub(super) fn new(entry: Arc<Entry<ParticipantRows>>) -> Self {
        Self(entry)
    }

    /// When its load began.
    pub(crate) fn began(&self) -> Tick {
        self.0.times.began
    }

    /// The people in a new answer, and the room that was asked for, if it is about them.
    pub(crate) fn of<'a>(answer: &NewAnswer<'a>) -> Option<(&'a RoomId, Self)> {
        let room = answer.room()?;
        Some((room, Self(answer.to::<ListLiveParticipants>()??)))
    }

    /// When the provider answered.
    pub(crate) fn answered(&self) -> Instant {
        self.0.times.answered
    }

    /// Which answers are newer than this one.
    pub(crate) fn newer(&self) -> NewerThan {
        NewerThan { load: Some(self.began()), shared_load: self.0.times.origin().number() }
    }

    /// The least time between two such answers that takes no more than a quarter of the budget.
    pub(crate) fn spacing(&self) -> Duration {
        self.0.times.lifetime.spacing()
    }

    /// Each connection with the JSON of its participant, in the order of the list.
    pub(crate) fn rows(&self) -> impl Iterator<Item = (&str, &[u8])> {
        let rows = &self.0.answer;
        (0..rows.len()).filter_map(|row| Some((rows.place(row)?.connection_id(), rows.run(row..row + 1))))
    }

    /// How many they are.
    pub(crate) fn len(&self) -> usize {
        self.0.answer.len()
    }

    /// The JSON of a participant.
    pub(crate) fn row(&self, row: usize) -> &[u8] {
        self.0.answer.run(row..row + 1)
    }

    /// The provider's own figure.
    pub(crate) fn reported_count(&self) -> Option<u64> {
        self.0.answer.reported_count()
    }
}

/// How a poll of the people in a room ended.
#[derive(Debug)]
pub(crate) enum PeoplePolled {
    /// They are these. The problem is why it is an older answer, if it is one.
    People(PeopleAnswer, Option<ProviderProblem>),
    /// Nothing is live there.
    NotLive,
    Failed(ProviderProblem),
}

/// How a poll of a provider's live sessions ended.
#[derive(Debug)]
pub(crate) struct Polled {
    /// As a read of the list says it.
    pub(crate) outcome: ProviderOutcome,
    /// What is known, perhaps from an older answer; `None` when the provider failed.
    pub(crate) answer: Option<ListAnswer>,
}

impl ListAnswer {
    pub(super) fn new(entry: Arc<Entry<SessionRows>>) -> Self {
        Self(entry)
    }

    /// The list in a new answer, if it is one.
    pub(crate) fn of(answer: &NewAnswer<'_>) -> Option<Self> {
        answer.to::<ListLiveSessions>()?.map(Self)
    }

    /// When its load began.
    pub(crate) fn began(&self) -> Tick {
        self.0.times.began
    }

    /// The number of its load among all replicas; `None` for one that they do not know of.
    pub(crate) fn number(&self) -> Option<u64> {
        self.0.times.origin().number()
    }

    /// Whether this replica has asked for it, and the others may have it.
    pub(crate) fn is_ours_to_tell(&self) -> bool {
        matches!(self.0.times.origin(), Origin::Claimed(_))
    }

    /// When the provider answered.
    pub(crate) fn answered(&self) -> Instant {
        self.0.times.answered
    }

    /// The same as wall time.
    pub(crate) fn fetched_at(&self) -> Timestamp {
        self.0.times.fetched_at
    }

    /// The least time between two such answers that takes no more than a quarter of the budget.
    pub(crate) fn spacing(&self) -> Duration {
        self.0.times.lifetime.spacing()
    }

    /// Whether a session that is not in it has ended for sure.
    pub(crate) fn is_settled(&self) -> bool {
        self.0.answer.is_settled()
    }

    /// In the order of the list.
    pub(crate) fn sessions(&self) -> &[Session] {
        self.0.answer.sessions()
    }

    /// Whether a session is known to be the same as one of an earlier answer. That it is not known says nothing.
    pub(crate) fn is_row_of(&self, row: usize, earlier: &Self, earlier_row: usize) -> bool {
        self.0.answer.is_row_of(row, &earlier.0.answer, earlier_row)
    }

    /// How many bytes the JSON of a session takes.
    pub(crate) fn size(&self, row: usize) -> usize {
        self.0.answer.size(row)
    }

    /// Appends the JSON of a session.
    pub(crate) fn write(&self, row: usize, stale: bool, out: &mut Vec<u8>) {
        self.0.answer.write(row, stale, out);
    }

    /// Appends the JSON of a session of another answer.
    pub(crate) fn write_other(&self, session: &Session, stale: bool, out: &mut Vec<u8>) {
        self.0.answer.write_other(session, stale, out);
    }
}
