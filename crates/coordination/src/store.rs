//! The port: what replicas do together, as atomic steps of a store.

use std::fmt::Debug;
use std::time::Duration;

use async_trait::async_trait;
use bytes::Bytes;

use crate::answer::{AnswerClaim, Found, Kept, PutAnswer, Wanted};
use crate::budget::Swapped;
use crate::feed::{After, News};
use crate::key::KeyState;
use crate::lot::{Lot, LotRate};
use crate::name::{Name, Question, ReplicaId, Scope};
use crate::poller::{Appended, EventPage, Lease};
use crate::touch::Touch;

/// Why a step was not taken. Nothing is known of whether it had an effect.
#[derive(Debug, thiserror::Error)]
#[error("the shared store {what}")]
pub struct StoreError {
    what: &'static str,
    source: Option<Box<dyn std::error::Error + Send + Sync>>,
}

impl StoreError {
    /// With what is wrong, and the error that says so.
    pub fn new(what: &'static str, source: impl Into<Box<dyn std::error::Error + Send + Sync>>) -> Self {
        Self { what, source: Some(source.into()) }
    }

    /// With what is wrong alone.
    #[must_use]
    pub const fn plain(what: &'static str) -> Self {
        Self { what, source: None }
    }

    /// The error underneath, for the log.
    #[must_use]
    pub fn cause(&self) -> Option<&(dyn std::error::Error + Send + Sync)> {
        self.source.as_deref()
    }
}

/// What comes of a step.
pub type Result<T> = std::result::Result<T, StoreError>;

/// A store that all replicas reach. Every method is one atomic step and at most one round trip; ages are told by the store's
/// own clock, order by its counters. Everything in it expires by itself, and may be lost at any moment.
///
/// Numbers of the feed are dense within an epoch: the first entry is 1. An epoch begins when the store has nothing of the
/// scope: its number is whatever the first replica to come proposes.
#[async_trait]
pub trait Store: Debug + Send + Sync {
    /// Reads what was said since, and says that this replica is there when `after.announce`. Begins the epoch if there is
    /// none, with the proposed number.
    async fn news(&self, scope: Scope, replica: ReplicaId, after: After) -> Result<News>;

    /// Marks what is touched (for `keep`) and says so in the feed. Answers the entry's number.
    async fn touch(&self, scope: Scope, replica: ReplicaId, touch: &Touch, keep: Duration) -> Result<u64>;

    /// Looks for an answer that will do. Where there is none and no other replica is loading, or `wanted.alone`, the load is
    /// claimed for this replica for `hold`; a claim that was not renewed for as long is free. Where another is loading, it
    /// is noted that somebody waits: the end of that load is said in the feed.
    async fn find(
        &self,
        scope: Scope,
        question: Question,
        replica: ReplicaId,
        wanted: Wanted,
        hold: Duration,
    ) -> Result<Found>;

    /// Keeps an answer for `answer.keep`, unless something that it is about was touched since its load began, the epoch is
    /// another, or an answer whose load began later is kept; answers whether it is kept. Ends the claim, and says so in the
    /// feed if somebody waits.
    async fn put(
        &self,
        scope: Scope,
        question: Question,
        replica: ReplicaId,
        claim: AnswerClaim,
        answer: PutAnswer,
    ) -> Result<Kept>;

    /// Ends a claim without an answer, and says so in the feed if somebody waits.
    async fn release(&self, scope: Scope, question: Question, replica: ReplicaId, claim: AnswerClaim) -> Result<()>;

    /// Holds a claim for `hold` from now on, if it is still this replica's.
    async fn renew(
        &self,
        scope: Scope,
        question: Question,
        replica: ReplicaId,
        claim: AnswerClaim,
        hold: Duration,
    ) -> Result<()>;

    /// Claims the key for `keep` if nobody has: never taken over. Answers how it stands otherwise.
    async fn enter_key(&self, key: Name, fingerprint: Name, replica: ReplicaId, keep: Duration) -> Result<KeyState>;

    /// Keeps the outcome of what the key was claimed for, for `keep`; without one the key is free again. Does nothing if the
    /// claim is not this replica's.
    async fn settle_key(
        &self,
        key: Name,
        fingerprint: Name,
        replica: ReplicaId,
        outcome: Option<Bytes>,
        keep: Duration,
    ) -> Result<()>;

    /// Puts `state` in the place of the one of that `version` (0: there is none), for `keep`; else answers the one that is
    /// there.
    async fn swap(&self, budget: Name, version: u64, state: Bytes, keep: Duration) -> Result<Swapped>;

    /// Takes as many as there are, at most `want`, of a caller's requests.
    async fn take_lot(&self, limit: Name, rate: LotRate, want: u32) -> Result<Lot>;

    /// Remembers it for `keep`; whether it was not remembered yet.
    async fn remember(&self, scope: Scope, delivery: Name, keep: Duration) -> Result<bool>;

    /// Takes or renews the lease of the scope's poller for `hold`, if it is nobody else's. Its number is greater than that
    /// of every lease before, and the same while it is renewed.
    async fn lease(&self, scope: Scope, replica: ReplicaId, hold: Duration) -> Result<Option<Lease>>;

    /// Gives the lease back.
    async fn end_lease(&self, scope: Scope, replica: ReplicaId, lease: Lease) -> Result<()>;

    /// Appends to the log of events, if the lease is still this replica's, and keeps the latest for `keep` and at most
    /// `events` of them. Numbers of the log are dense within an epoch: the first is 1.
    async fn append(
        &self,
        scope: Scope,
        replica: ReplicaId,
        lease: Lease,
        entries: Vec<Bytes>,
        events: u64,
        keep: Duration,
    ) -> Result<Appended>;

    /// At most `most` entries of the log of events after that number.
    async fn events(&self, scope: Scope, after: u64, most: usize) -> Result<EventPage>;
}
