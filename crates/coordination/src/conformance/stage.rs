//! What checks work with: the store, names that nobody else has, and time.

use std::future::Future;
use std::sync::Arc;
use std::time::Duration;

use bytes::Bytes;
use tokio::time::{Instant, sleep};

use crate::answer::{AnswerClaim, Found, Kept, PutAnswer, Wanted};
use crate::conformance::verdict::{Violation, ensure};
use crate::feed::{After, News};
use crate::name::{Name, Question, ReplicaId, Scope};
use crate::poller::Lease;
use crate::store::{Result as Stored, Store};
use crate::touch::{Mark, Touch};

/// What must not end while a check runs.
pub(crate) const LONG: Duration = Duration::from_secs(3600);

/// How often is looked whether something has ended: with the pauses in between, for hundreds of units.
const LOOKS: u32 = 2000;

/// A store to be checked.
#[derive(Debug, Clone)]
pub struct Stage {
    store: Arc<dyn Store>,
    unit: Duration,
}

impl Stage {
    /// With the time that short-lived things last: some milliseconds more than the store's grain, or any on a paused clock.
    #[must_use]
    pub fn new(store: Arc<dyn Store>, unit: Duration) -> Self {
        Self { store, unit }
    }

    pub(crate) fn store(&self) -> &dyn Store {
        &*self.store
    }

    pub(crate) fn unit(&self) -> Duration {
        self.unit
    }

    /// A new one.
    pub(crate) fn name() -> Name {
        Name::of([rand::random::<[u8; 16]>().as_slice()])
    }

    pub(crate) fn scope() -> Scope {
        Scope(Self::name())
    }

    pub(crate) fn question() -> Question {
        Question(Self::name())
    }

    pub(crate) fn replica() -> ReplicaId {
        ReplicaId::random()
    }

    /// Lets so many units pass.
    pub(crate) async fn pass(&self, units: u32) {
        sleep(self.unit * units).await;
    }

    /// Looks until something is there.
    pub(crate) async fn until<T, F>(&self, what: &str, mut look: impl FnMut() -> F) -> Result<T, Violation>
    where
        F: Future<Output = Stored<Option<T>>>,
    {
        let began = Instant::now();
        for _ in 0..LOOKS {
            if let Some(seen) = look().await? {
                return Ok(seen);
            }
            sleep(self.unit / 4).await;
        }
        Err(Violation::new(format!("{what} did not come in {:?}", began.elapsed())))
    }

    /// Everything that was said, without announcing anybody.
    pub(crate) async fn news(&self, scope: Scope) -> Stored<News> {
        self.news_after(scope, 0).await
    }

    pub(crate) async fn news_after(&self, scope: Scope, number: u64) -> Stored<News> {
        self.store.news(scope, Self::replica(), After { number, propose: 1, announce: false }).await
    }

    /// Looks for any answer, as a replica that is new.
    pub(crate) async fn find(&self, scope: Scope, question: Question) -> Stored<Found> {
        self.store.find(scope, question, Self::replica(), Wanted::default(), LONG).await
    }

    /// Claims a load that nobody has.
    pub(crate) async fn claim(
        &self,
        scope: Scope,
        question: Question,
        replica: ReplicaId,
        hold: Duration,
    ) -> Result<AnswerClaim, Violation> {
        match self.store.find(scope, question, replica, Wanted::default(), hold).await? {
            Found::Claimed(claim) => Ok(claim),
            other => Err(Violation::new(format!("{other:?} instead of a claim"))),
        }
    }

    /// Claims a load whoever has it.
    pub(crate) async fn claim_alone(
        &self,
        scope: Scope,
        question: Question,
        replica: ReplicaId,
    ) -> Result<AnswerClaim, Violation> {
        let alone = Wanted { alone: true, newer_than: 0 };
        match self.store.find(scope, question, replica, alone, LONG).await? {
            Found::Claimed(claim) => Ok(claim),
            other => Err(Violation::new(format!("{other:?} for one who loads alone"))),
        }
    }

    /// Puts a body about a room.
    pub(crate) async fn put(
        &self,
        scope: Scope,
        question: Question,
        replica: ReplicaId,
        claim: AnswerClaim,
        body: &'static str,
    ) -> Stored<Kept> {
        self.store.put(scope, question, replica, claim, answer(body)).await
    }

    pub(crate) async fn touch(&self, scope: Scope, marks: &[Mark]) -> Stored<u64> {
        self.store.touch(scope, Self::replica(), &touch(marks), LONG).await
    }

    /// The lease, which nobody has.
    pub(crate) async fn lease(&self, scope: Scope, replica: ReplicaId, hold: Duration) -> Result<Lease, Violation> {
        let lease = self.store.lease(scope, replica, hold).await?;
        lease.ok_or_else(|| Violation::new("no lease, though nobody has it"))
    }

    /// The body that is found.
    pub(crate) async fn body(&self, scope: Scope, question: Question) -> Result<Bytes, Violation> {
        let found = self.find(scope, question).await?;
        ensure!(matches!(found, Found::Answer(_)), "{found:?} instead of the answer");
        let Found::Answer(answer) = found else { return Ok(Bytes::new()) };
        Ok(answer.body)
    }
}

/// The room that [`answer`] is about.
pub(crate) const ROOM: &str = "room é,1:";

pub(crate) fn answer(body: &'static str) -> PutAnswer {
    let about = vec![Mark::account(), Mark::room(ROOM)];
    PutAnswer { about, age: Duration::ZERO, body: Bytes::from_static(body.as_bytes()), keep: LONG }
}

pub(crate) fn touch(marks: &[Mark]) -> Touch {
    Touch { marks: marks.to_vec(), said: Bytes::from_static(b"said") }
}
