//! The replica's part.

use std::collections::BTreeMap;
use std::sync::atomic::{AtomicU32, Ordering};
use std::sync::{Arc, OnceLock};
use std::time::Duration;

use bytes::Bytes;
use tokio::sync::watch;
use tokio::time::{Instant, timeout};

use crate::answer::{AnswerClaim, Found, Kept, PutAnswer, Wanted};
use crate::budget::Swapped;
use crate::cluster::claim::{Finding, HOLD, LoadClaim, LoadElsewhere};
use crate::cluster::place::ScopePlace;
use crate::cluster::standing::Standing;
use crate::cluster::{ClusterSettings, NewsListener, metric};
use crate::key::KeyState;
use crate::lot::{Lot, LotRate};
use crate::name::{Name, Question, ReplicaId, Scope};
use crate::poller::{Appended, EventPage, Lease};
use crate::store::{Store, StoreError};
use crate::touch::Touch;

/// What is known up to so long ago may be answered from memory without asking.
const CONFIRMED_FOR: Duration = Duration::from_millis(100);

/// Cheap to clone.
#[derive(Debug, Clone)]
pub struct Cluster(pub(super) Arc<Inner>);

#[derive(Debug)]
pub(super) struct Inner {
    pub(super) store: Arc<dyn Store>,
    pub(super) replica: ReplicaId,
    pub(super) settings: ClusterSettings,
    pub(super) standing: Standing,
    pub(super) scopes: BTreeMap<Scope, ScopePlace>,
    pub(super) listener: OnceLock<Arc<dyn NewsListener>>,
    pub(super) seen: AtomicU32,
}

impl Cluster {
    /// A replica of its own over this store, which shares these scopes. Nothing is shared before [`run`](Self::run).
    #[must_use]
    pub fn new(store: Arc<dyn Store>, settings: ClusterSettings, scopes: impl IntoIterator<Item = Scope>) -> Self {
        Self(Arc::new(Inner {
            store,
            replica: ReplicaId::random(),
            settings,
            standing: Standing::new(settings.timeout),
            scopes: scopes.into_iter().map(|scope| (scope, ScopePlace::new(scope))).collect(),
            listener: OnceLock::new(),
            seen: AtomicU32::new(1),
        }))
    }

    /// Who acts on what others say. The first who asks is told.
    pub fn listen(&self, listener: Arc<dyn NewsListener>) {
        // An error says that another is told already.
        let _ = self.0.listener.set(listener);
    }

    /// Whether the store takes and gives, as it changes.
    #[must_use]
    pub fn watch(&self) -> watch::Receiver<bool> {
        self.0.standing.watch()
    }

    /// Whether the store takes and gives.
    #[must_use]
    pub fn is_up(&self) -> bool {
        *self.0.standing.watch().borrow()
    }

    /// The most that a request waits for the store, in all.
    #[must_use]
    pub fn timeout(&self) -> Duration {
        self.0.settings.timeout
    }

    /// How many replicas divide among themselves what is shared while the store is away.
    #[must_use]
    pub fn replicas(&self) -> u32 {
        self.0.seen.load(Ordering::Relaxed).max(self.0.settings.replicas)
    }

    /// Whether what other replicas have said until 100 ms ago is known, so that memory may be answered from.
    #[must_use]
    pub fn is_confirmed(&self, scope: Scope, now: Instant) -> bool {
        self.place(scope).is_none_or(|place| place.is_confirmed(now, CONFIRMED_FOR))
    }

    /// The same, after asking if need be. `false` while the store is away.
    pub async fn confirm(&self, scope: Scope) -> bool {
        let Some(place) = self.place(scope) else { return true };
        let asked = Instant::now();
        let reading = async {
            let mut feed = place.feed.lock().await;
            if place.is_confirmed(asked, Duration::ZERO) {
                return Some(());
            }
            self.read(place, &mut feed, false).await
        };
        self.in_time(reading).await.flatten().is_some()
    }

    /// Marks what is touched, and has the other replicas told: this is done when it returns `true`. Else it is done as soon
    /// as the store is reached.
    pub async fn touch(&self, scope: Scope, touch: Touch) -> bool {
        self.touch_soon(scope, touch);
        self.say_now(scope).await
    }

    /// Waits until what was to be said soon has been said. `false` while the store is away.
    pub async fn say_now(&self, scope: Scope) -> bool {
        let Some(place) = self.place(scope).filter(|place| !place.unsent.is_empty()) else { return true };
        let saying = async {
            let _feed = place.feed.lock().await;
            self.say(place).await
        };
        self.in_time(saying).await.flatten().is_some()
    }

    /// Has the other replicas told soon, without waiting for it.
    pub fn touch_soon(&self, scope: Scope, touch: Touch) {
        if let Some(place) = self.place(scope) {
            place.unsent.push(touch);
        }
    }

    /// Looks for an answer of any replica, or claims the load.
    pub async fn find(&self, scope: Scope, question: Question, wanted: Wanted) -> Finding {
        let Some(place) = self.place(scope) else { return Finding::Away };
        // What this replica has done must count before what others have fetched is taken.
        if !self.say_now(scope).await {
            return Finding::Away;
        }
        let ended = place.waiters.wait_for(question);
        let asked = Instant::now();
        let step = self.0.store.find(scope, question, self.0.replica, wanted, HOLD);
        match self.step("find", step).await {
            None => Finding::Away,
            Some(Found::Answer(answer)) => Finding::Answer(answer, asked),
            Some(Found::Held) => Finding::Elsewhere(LoadElsewhere { ended }),
            Some(Found::Claimed(claim)) => {
                place.claims.add(question, claim);
                Finding::Load(LoadClaim::new(self.clone(), scope, question, claim))
            }
        }
    }

    /// The answer goes with the next reading of the feed: no round trip of its own.
    pub(super) async fn put(
        &self,
        scope: Scope,
        question: Question,
        claim: AnswerClaim,
        answer: PutAnswer,
    ) -> Option<Kept> {
        // In no epoch yet: if the store lost its data in between, nothing would tell.
        let place = self.place(scope).filter(|_| claim.epoch != 0)?;
        if !self.0.standing.may_ask() {
            count("put", "skipped");
            return None;
        }
        place.puts.push(question, claim, answer).await.ok()
    }

    pub(super) fn ended(&self, scope: Scope, question: Question, claim: AnswerClaim, released: bool) {
        if let Some(place) = self.place(scope) {
            place.claims.ended(question, claim, released);
        }
    }

    /// Claims the key, or says how it stands; `None` while the store is away.
    pub async fn enter_key(&self, key: Name, fingerprint: Name, keep: Duration) -> Option<KeyState> {
        self.step("enter_key", self.0.store.enter_key(key, fingerprint, self.0.replica, keep)).await
    }

    /// Keeps an outcome under a key that was claimed, or frees it.
    pub async fn settle_key(&self, key: Name, fingerprint: Name, outcome: Option<Bytes>, keep: Duration) -> bool {
        let step = self.0.store.settle_key(key, fingerprint, self.0.replica, outcome, keep);
        self.step("settle_key", step).await.is_some()
    }

    /// Puts the state of a budget in the place of the one of that version; `None` while the store is away.
    pub async fn swap(&self, budget: Name, version: u64, state: Bytes, keep: Duration) -> Option<Swapped> {
        self.step("swap", self.0.store.swap(budget, version, state, keep)).await
    }

    /// Takes some of a caller's requests; `None` while the store is away.
    pub async fn take_lot(&self, limit: Name, rate: LotRate, want: u32) -> Option<Lot> {
        self.step("take_lot", self.0.store.take_lot(limit, rate, want)).await
    }

    /// Remembers a delivery; whether no replica had; `None` while the store is away.
    pub async fn remember(&self, scope: Scope, delivery: Name, keep: Duration) -> Option<bool> {
        self.step("remember", self.0.store.remember(scope, delivery, keep)).await
    }

    /// Takes or renews the lease of the scope's poller; `None` while the store is away.
    pub async fn lease(&self, scope: Scope, hold: Duration) -> Option<Option<Lease>> {
        self.step("lease", self.0.store.lease(scope, self.0.replica, hold)).await
    }

    /// Gives the lease back.
    pub async fn end_lease(&self, scope: Scope, lease: Lease) {
        self.step("end_lease", self.0.store.end_lease(scope, self.0.replica, lease)).await;
    }

    /// Appends to the scope's log of events; `None` while the store is away.
    pub async fn append(
        &self,
        scope: Scope,
        lease: Lease,
        entries: Vec<Bytes>,
        events: u64,
        keep: Duration,
    ) -> Option<Appended> {
        self.step("append", self.0.store.append(scope, self.0.replica, lease, entries, events, keep)).await
    }

    /// Events of the scope's log after that number; `None` while the store is away.
    pub async fn events(&self, scope: Scope, after: u64, most: usize) -> Option<EventPage> {
        self.step("events", self.0.store.events(scope, after, most)).await
    }

    /// The number of the latest event of the scope's log that this replica has heard of.
    #[must_use]
    pub fn latest_event(&self, scope: Scope) -> u64 {
        self.place(scope).map_or(0, |place| place.latest_event().load(Ordering::Acquire))
    }

    fn place(&self, scope: Scope) -> Option<&ScopePlace> {
        self.0.scopes.get(&scope)
    }

    /// One step on behalf of a request.
    pub(super) async fn step<T>(
        &self,
        name: &'static str,
        step: impl Future<Output = Result<T, StoreError>>,
    ) -> Option<T> {
        if !self.0.standing.may_ask() {
            count(name, "skipped");
            return None;
        }
        let begun = Instant::now();
        self.in_time(async { self.noted(name, begun, step.await) }).await.flatten()
    }

    /// Notes how a step has ended that was begun at that moment.
    pub(super) fn noted<T>(&self, name: &'static str, begun: Instant, result: Result<T, StoreError>) -> Option<T> {
        match result {
            Ok(value) => {
                count(name, "ok");
                self.0.standing.succeeded();
                Some(value)
            }
            Err(error) => {
                let cause = error.cause().map(ToString::to_string);
                tracing::debug!(step = name, %error, cause, "a step of the shared store failed");
                count(name, "failed");
                self.0.standing.failed(begun);
                None
            }
        }
    }

    /// `None` if it takes longer than a request may wait, or the store is left alone.
    pub(super) async fn in_time<T>(&self, work: impl Future<Output = T>) -> Option<T> {
        if !self.0.standing.may_ask() {
            return None;
        }
        let begun = Instant::now();
        let done = timeout(self.0.settings.timeout, work).await;
        if done.is_err() {
            // Where much more time has gone by, this replica stood still: whoever comes now must ask the store, since others
            // may have changed anything meanwhile.
            if begun.elapsed() < self.0.settings.timeout * 2 {
                self.0.standing.failed(begun);
            } else {
                self.0.standing.failed_late(begun);
            }
        }
        done.ok()
    }
}

fn count(step: &'static str, outcome: &'static str) {
    metrics::counter!(metric::CLUSTER_STEPS, "step" => step, "outcome" => outcome).increment(1);
}
