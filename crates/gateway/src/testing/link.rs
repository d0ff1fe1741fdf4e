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

use crate::testing::Standstill;

const LOST: StoreError = StoreError::plain("was lost on the way");

/// What the way is like.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum LinkState {
    /// Steps take their time, and arrive.
    Good,
    /// One in four goes wrong, in any way.
    Lossy,
    /// Steps take about as long as a request may wait for one, or longer.
    Slow,
    Refuses,
    /// Nothing goes on before that moment, as if the store stood still; then it does what it was told meanwhile.
    Hangs(Instant),
}

impl LinkState {
    /// Mostly good; it hangs for so long at most.
    pub(crate) fn draw(rng: &mut StdRng, longest_ms: u64) -> Self {
        match rng.random_range(0..8) {
            0 => Self::Lossy,
            1 => Self::Refuses,
            2 => Self::Slow,
            3 => Self::Hangs(Instant::now() + Duration::from_millis(rng.random_range(20..longest_ms))),
            _ => Self::Good,
        }
    }
}

/// What becomes of a step.
#[derive(Debug, Clone, Copy)]
enum Fate {
    Passes,
    Slow,
    /// Its effect is there, but nobody is told.
    AnswerLost,
    /// Nothing happens.
    Lost,
    /// It is given up, and takes effect when nobody reckons with it any more.
    Late,
    Doubled,
    Refused,
    Hangs(Instant),
}

#[derive(Debug)]
pub(crate) struct Link {
    shared: Arc<InProcess>,
    way: Arc<Way>,
    /// Of the replica at this end.
    standstill: Standstill,
    under_way: TaskTracker,
}

#[derive(Debug)]
struct Way {
    state: Mutex<LinkState>,
    rng: Mutex<StdRng>,
    /// When something last went wrong.
    faulty: Mutex<Option<Instant>>,
}

/// The replica waits for a step of this link.
struct Awaited<'a>(Option<&'a Link>);

impl Drop for Awaited<'_> {
    fn drop(&mut self) {
        // A wait that is given up while the replica stands still is given up in this simulation only.
        if let Some(link) = self.0.filter(|link| link.standstill.is_on()) {
            link.way.went_wrong();
        }
    }
}

impl Link {
    pub(crate) fn new(shared: Arc<InProcess>, standstill: Standstill, seed: u64) -> Arc<Self> {
        let (state, rng) = (Mutex::new(LinkState::Good), Mutex::new(StdRng::seed_from_u64(seed)));
        let way = Arc::new(Way { state, rng, faulty: Mutex::default() });
        Arc::new(Self { shared, way, standstill, under_way: TaskTracker::new() })
    }

    pub(crate) fn set(&self, state: LinkState) {
        if *self.way.state.lock().unwrap() != LinkState::Good {
            self.way.went_wrong();
        }
        *self.way.state.lock().unwrap() = state;
    }

    /// Whether nothing has gone wrong since then.
    pub(crate) fn is_good_since(&self, then: Instant) -> bool {
        let state = *self.way.state.lock().unwrap();
        state == LinkState::Good && self.way.faulty.lock().unwrap().is_none_or(|at| at < then)
    }

    /// One step, as it fares: it goes on its way whether or not the replica waits for it.
    async fn carry<T, F>(&self, step: impl Fn() -> F + Send + Sync + 'static) -> Result<T>
    where
        T: Send + 'static,
        F: Future<Output = Result<T>> + Send + 'static,
    {
        let mut awaited = Awaited(Some(self));
        let way = Arc::clone(&self.way);
        let answer = self.under_way.spawn(async move { way.carry(step).await }).await;
        awaited.0 = None;
        answer.unwrap()
    }
}

impl Way {
    fn went_wrong(&self) {
        *self.faulty.lock().unwrap() = Some(Instant::now());
    }

    fn draw<T>(&self, draw: impl FnOnce(&mut StdRng) -> T) -> T {
        draw(&mut self.rng.lock().unwrap())
    }

    fn fate(&self) -> Fate {
        let state = *self.state.lock().unwrap();
        let fate = match state {
            LinkState::Good => return Fate::Passes,
            LinkState::Slow => Fate::Slow,
            LinkState::Refuses => Fate::Refused,
            LinkState::Hangs(until) => Fate::Hangs(until),
            LinkState::Lossy => match self.draw(|rng| rng.random_range(0..16)) {
                0 => Fate::AnswerLost,
                1 => Fate::Lost,
                2 => Fate::Late,
                3 => Fate::Doubled,
                _ => return Fate::Passes,
            },
        };
        self.went_wrong();
        fate
    }

    /// A part of a round trip: what begins later may arrive earlier.
    async fn travel(&self, fate: Fate) {
        let most = if matches!(fate, Fate::Slow) { 60_000 } else { 4_000 };
        let micros = self.draw(|rng| rng.random_range(50..most));
        sleep(Duration::from_micros(micros)).await;
    }

    async fn carry<T, F: Future<Output = Result<T>>>(&self, step: impl Fn() -> F) -> Result<T> {
        let fate = self.fate();
        self.travel(fate).await;
        let answer = match fate {
            Fate::Passes | Fate::Slow => step().await,
            Fate::Refused => Err(StoreError::plain("refuses")),
            Fate::Hangs(until) => {
                sleep_until(until).await;
                self.went_wrong();
                step().await
            }
            Fate::Lost => Err(LOST),
            Fate::AnswerLost => step().await.and(Err(LOST)),
            Fate::Late => {
                let after = self.draw(|rng| rng.random_range(60..1_500));
                sleep(Duration::from_millis(after)).await;
                self.went_wrong();
                step().await
            }
            Fate::Doubled => {
                drop(step().await);
                step().await
            }
        };
        self.travel(fate).await;
        if !matches!(fate, Fate::Passes) {
            self.went_wrong();
        }
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
                let (shared, touch) = (Arc::clone(&self.shared), touch.clone());
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
