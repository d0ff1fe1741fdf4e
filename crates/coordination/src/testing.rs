//! For tests: a store that fails as it is told.

use std::sync::atomic::{AtomicBool, AtomicU32, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use async_trait::async_trait;
use bytes::Bytes;
use tokio::time::{Instant, sleep};

use crate::{
    After, AnswerClaim, Appended, EventPage, Found, InProcess, Kept, KeyState, Lease, Lot, LotRate, Name, News,
    PutAnswer, Question, ReplicaId, Result, Scope, Store, StoreError, Swapped, Touch, Wanted,
};

/// The store of all, and what is wrong with it for one replica.
#[derive(Debug, Default)]
pub struct FaultyStore {
    shared: Arc<InProcess>,
    refuses: AtomicBool,
    hangs: AtomicBool,
    steps: AtomicU32,
    /// How long each step takes.
    delay: Mutex<Duration>,
    begun: Mutex<Vec<(&'static str, Instant)>>,
}

impl FaultyStore {
    /// Nothing is wrong with it yet.
    #[must_use]
    pub fn over(shared: Arc<InProcess>) -> Self {
        Self { shared, ..Self::default() }
    }

    /// Every step from now on fails, or not.
    pub fn refuse(&self, refuses: bool) {
        self.refuses.store(refuses, Ordering::Relaxed);
    }

    /// No step from now on ends, or they do again.
    pub fn hang(&self, hangs: bool) {
        self.hangs.store(hangs, Ordering::Relaxed);
    }

    /// How many steps were begun.
    #[must_use]
    pub fn steps(&self) -> u32 {
        self.steps.load(Ordering::Relaxed)
    }

    /// Every step from now on takes so long.
    pub fn slow(&self, delay: Duration) {
        *lock(&self.delay) = delay;
    }

    /// The steps that were begun since this was last asked, and when: those of one moment are one flight.
    #[must_use]
    pub fn take_begun(&self) -> Vec<(&'static str, Instant)> {
        std::mem::take(&mut *lock(&self.begun))
    }

    async fn pass(&self, name: &'static str) -> Result<()> {
        self.steps.fetch_add(1, Ordering::Relaxed);
        lock(&self.begun).push((name, Instant::now()));
        let delay = *lock(&self.delay);
        if !delay.is_zero() {
            sleep(delay).await;
        }
        if self.hangs.load(Ordering::Relaxed) {
            std::future::pending::<()>().await;
        }
        if self.refuses.load(Ordering::Relaxed) { Err(StoreError::plain("refuses")) } else { Ok(()) }
    }
}

fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

macro_rules! passed {
    ($($name:ident($($argument:ident: $type:ty),*) -> $answer:ty;)*) => {
        #[async_trait]
        impl Store for FaultyStore {
            $(async fn $name(&self, $($argument: $type),*) -> Result<$answer> {
                self.pass(stringify!($name)).await?;
                self.shared.$name($($argument),*).await
            })*
        }
    };
}

passed! {
    news(scope: Scope, replica: ReplicaId, after: After) -> News;
    touch(scope: Scope, replica: ReplicaId, touch: &Touch, keep: Duration) -> u64;
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
