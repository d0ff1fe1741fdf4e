//! The way of a replica to the shared store: it loses, delays, reorders and doubles what goes over it.

use std::sync::{Arc, Mutex};
use std::time::Duration;

use async_trait::async_trait;
use bytes::Bytes;
use coordination::{
    After, AnswerClaim, Appended, EventPage, Found, InProcess, Kept, KeyState, Lease, Lot, LotRate, Name, News,
    PutAnswer, Question, ReplicaId, Result, Scope, Store, StoreError, Swapped, Touch, Wanted,
};
use rand::rngs::StdRng;
use rand::{Rng, SeedableRng};
use tokio::time::{Instant, sleep, sleep_until};
use tokio_util::task::TaskTracker;

const LOST: StoreError = StoreError::plain("was lost on the way");

/// What the way is like.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum LinkState {
    /// Steps take their time, and arrive.
    Good,
    /// One in four goes wrong, in any way.
    Lossy,
    Refuses,
    /// Nothing comes back before that moment, as if the replica or the store stood still.
    Hangs(Instant),
}

/// What becomes of a step.
#[derive(Debug, Clone, Copy)]
enum Fate {
    Passes,
    /// Its effect is there, but nobody is told.
    AnswerLost,
    /// Nothing happens.
    Lost,
    /// It is given up, and takes effect when nobody reckons with it any more.
    Late,
    Doubled,
}

#[derive(Debug)]
pub(super) struct Link {
    shared: Arc<InProcess>,
    state: Mutex<LinkState>,
    rng: Mutex<StdRng>,
    late: TaskTracker,
    /// When something last went wrong.
    faulty: Mutex<Option<Instant>>,
}

impl Link {
    pub(super) fn new(shared: Arc<InProcess>, seed: u64) -> Arc<Self> {
        Arc::new(Self {
            shared,
            state: Mutex::new(LinkState::Good),
            rng: Mutex::new(StdRng::seed_from_u64(seed)),
            late: TaskTracker::new(),
            faulty: Mutex::default(),
        })
    }

    pub(super) fn set(&self, state: LinkState) {
        *self.state.lock().unwrap() = state;
    }

    /// Whether nothing has gone wrong since then.
    pub(super) fn is_good_since(&self, then: Instant) -> bool {
        *self.state.lock().unwrap() == LinkState::Good && self.faulty.lock().unwrap().is_none_or(|at| at < then)
    }

    fn went_wrong(&self) {
        *self.faulty.lock().unwrap() = Some(Instant::now());
    }

    fn draw<T>(&self, draw: impl FnOnce(&mut StdRng) -> T) -> T {
        draw(&mut self.rng.lock().unwrap())
    }

    async fn fate(&self) -> Result<Fate> {
        let state = *self.state.lock().unwrap();
        match state {
            LinkState::Good => Ok(Fate::Passes),
            LinkState::Refuses => {
                self.went_wrong();
                Err(StoreError::plain("refuses"))
            }
            LinkState::Hangs(until) => {
                self.went_wrong();
                sleep_until(until).await;
                self.went_wrong();
                Ok(Fate::Passes)
            }
            LinkState::Lossy => {
                let fate = self.draw(|rng| match rng.random_range(0..16) {
                    0 => Fate::AnswerLost,
                    1 => Fate::Lost,
                    2 => Fate::Late,
                    3 => Fate::Doubled,
                    _ => Fate::Passes,
                });
                if !matches!(fate, Fate::Passes) {
                    self.went_wrong();
                }
                Ok(fate)
            }
        }
    }

    /// A part of a round trip: what begins later may arrive earlier.
    async fn travel(&self) {
        let micros = self.draw(|rng| rng.random_range(50..4_000));
        sleep(Duration::from_micros(micros)).await;
    }

    /// One step, as it fares.
    async fn carry<T, F>(&self, step: impl Fn() -> F + Send + Sync) -> Result<T>
    where
        T: Send,
        F: Future<Output = Result<T>> + Send + 'static,
    {
        let fate = self.fate().await?;
        self.travel().await;
        let answer = match fate {
            Fate::Passes => step().await,
            Fate::Lost => Err(LOST),
            Fate::AnswerLost => step().await.and(Err(LOST)),
            Fate::Late => {
                let (step, after) = (step(), self.draw(|rng| rng.random_range(50..1_500)));
                self.late.spawn(async move {
                    sleep(Duration::from_millis(after)).await;
                    drop(step.await);
                });
                Err(LOST)
            }
            Fate::Doubled => {
                drop(step().await);
                step().await
            }
        };
        self.travel().await;
        answer
    }
}

macro_rules! carried {
    ($($name:ident($($argument:ident: $type:ty),*) -> $answer:ty;)*) => {
        #[async_trait]
        impl Store for Link {
            $(async fn $name(&self, $($argument: $type),*) -> Result<$answer> {
                let shared = Arc::clone(&self.shared);
                self.carry(move || {
                    let shared = Arc::clone(&shared);
                    $(let $argument = Clone::clone(&$argument);)*
                    async move { shared.$name($($argument),*).await }
                })
                .await
            })*

            async fn touch(&self, scope: Scope, replica: ReplicaId, touch: &Touch, keep: Duration) -> Result<u64> {
                let shared = Arc::clone(&self.shared);
                self.carry(move || {
                    let (shared, touch) = (Arc::clone(&shared), touch.clone());
                    async move { shared.touch(scope, replica, &touch, keep).await }
                })
                .await
            }
        }
    };
}

carried! {
    news(scope: Scope, replica: ReplicaId, after: After) -> News;
    find(scope: Scope, question: Question, replica: ReplicaId, wanted: Wanted, hold: Duration) -> Found;
    put(scope: Scope, question: Question, replica: ReplicaId, claim: AnswerClaim, answer: PutAnswer) -> Kept;
    release(scope: Scope, question: Question, replica: ReplicaId, claim: AnswerClaim) -> ();
    renew(scope: Scope, question: Question, replica: ReplicaId, claim: AnswerClaim, hold: Duration) -> ();
    enter_key(key: Name, fingerprint: Name, replica: ReplicaId, keep: Duration) -> KeyState;
    settle_key(key: Name, fingerprint: Name, replica: ReplicaId, outcome: Option<Bytes>, keep: Duration) -> ();
    swap(budget: Name, version: u64, state: Bytes, keep: Duration) -> Swapped;
    take_lot(limit: Name, rate: LotRate, want: u32) -> Lot;
    remember(scope: Scope, delivery: Name, keep: Duration) -> bool;
    lease(scope: Scope, replica: ReplicaId, hold: Duration) -> Option<Lease>;
    end_lease(scope: Scope, replica: ReplicaId, lease: Lease) -> ();
    append(scope: Scope, replica: ReplicaId, lease: Lease, entries: Vec<Bytes>, events: u64, keep: Duration) -> Appended;
    events(scope: Scope, after: u64, most: usize) -> EventPage;
}
