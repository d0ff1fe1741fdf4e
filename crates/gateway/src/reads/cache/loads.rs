//! Loads under way, each shared by everybody who waits for it.

use std::any::Any;
use std::fmt;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use ahash::HashMap;
use futures_util::future::{BoxFuture, FutureExt, Shared};
use metrics::Gauge;
use session_provider::{Error, ErrorKind, Payer};
use tokio::sync::oneshot;

use crate::changes::Tick;
use crate::reads::cache::entry::Held;
use crate::reads::cache::key::Key;
use crate::telemetry::metrics as names;

/// The most loads that may be under way at once.
pub(crate) const MAX_LOADS: usize = 4096;

/// How a load ends.
pub(crate) type LoadOutcome<A> = Result<Held<A>, Error>;

/// A load under way. Waiting for it costs nothing upstream, and giving up does not stop it.
pub(crate) struct Load<A> {
    began: Tick,
    payer: Option<Payer>,
    outcome: Shared<BoxFuture<'static, LoadOutcome<A>>>,
}

impl<A> Load<A> {
    /// Whose share of the budget pays.
    pub(crate) fn payer(&self) -> Option<Payer> {
        self.payer
    }

    /// Waits for its end.
    pub(crate) async fn outcome(self) -> LoadOutcome<A> {
        self.outcome.await
    }
}

impl<A> Clone for Load<A> {
    fn clone(&self) -> Self {
        Self { began: self.began, payer: self.payer, outcome: self.outcome.clone() }
    }
}

/// What came of the wish to join a load.
pub(crate) enum Joined<A> {
    /// Another read had begun it.
    Running(Load<A>),
    /// One is under way, but it began too early for this read: wait for its end, then look again.
    TooEarly(Load<A>),
    /// It began now: run it, and end it.
    Began(Load<A>, Ending<A>),
    /// An answer has come since the read looked: look again.
    Answered,
    /// Too many are under way.
    Full,
}

/// The duty to end a load. Dropped unused, the load has failed on our side.
pub(crate) struct Ending<A> {
    loads: Loads,
    key: Key,
    began: Tick,
    waiters: Option<oneshot::Sender<LoadOutcome<A>>>,
}

/// The loads under way by key: at most one of a key that anybody may still join. Cheap to clone.
#[derive(Debug, Clone)]
pub(crate) struct Loads(Arc<Mutex<LoadTable>>);

#[derive(Debug)]
struct LoadTable {
    running: HashMap<Key, Running>,
    gauge: Gauge,
}

struct Running {
    began: Tick,
    /// A [`Load`] of the type of the key's question.
    load: Arc<dyn Any + Send + Sync>,
}

impl fmt::Debug for Running {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Running").field("began", &self.began).finish_non_exhaustive()
    }
}

/// What a read needs to know of a load before it joins it.
pub(crate) struct Wanted<'a> {
    /// Whose share pays for one that begins now.
    pub(crate) payer: Option<Payer>,
    /// The answer must come of a load that began after this.
    pub(crate) newer_than: Option<Tick>,
    /// Whether what began then is still of use, all changes considered. One that is not is replaced.
    pub(crate) is_valid: &'a dyn Fn(Tick) -> bool,
    /// Whether an answer has come since the read looked.
    pub(crate) is_answered: &'a dyn Fn() -> bool,
    /// When one begins that begins now.
    pub(crate) now: &'a dyn Fn() -> Tick,
}

impl Default for Loads {
    fn default() -> Self {
        Self(Arc::new(Mutex::new(LoadTable { running: HashMap::default(), gauge: metrics::gauge!(names::LOADS) })))
    }
}

impl Loads {
    /// Joins the load of the key that is under way, or begins one.
    pub(crate) fn join<A: Send + Sync + 'static>(&self, key: &Key, wanted: &Wanted<'_>) -> Joined<A>
    where
        Load<A>: Send + Sync,
    {
        let mut loads = self.lock();
        if let Some(running) = loads.running.get(key).filter(|running| (wanted.is_valid)(running.began))
            && let Some(load) = running.load.downcast_ref::<Load<A>>()
        {
            let is_new_enough = wanted.newer_than.is_none_or(|tick| running.began > tick);
            return if is_new_enough { Joined::Running(load.clone()) } else { Joined::TooEarly(load.clone()) };
        }
        if (wanted.is_answered)() {
            return Joined::Answered;
        }
        if loads.running.len() >= MAX_LOADS {
            return Joined::Full;
        }
        let began = (wanted.now)();
        let (waiters, receiver) = oneshot::channel::<LoadOutcome<A>>();
        let outcome = receiver.map(|ended| ended.unwrap_or_else(|_| Err(Error::new(ErrorKind::Internal))));
        let load = Load { began, payer: wanted.payer, outcome: outcome.boxed().shared() };
        loads.running.insert(key.clone(), Running { began, load: Arc::new(load.clone()) });
        loads.show();
        drop(loads);
        Joined::Began(load, Ending { loads: self.clone(), key: key.clone(), began, waiters: Some(waiters) })
    }

    /// How many are under way.
    #[cfg(test)]
    pub(crate) fn len(&self) -> usize {
        self.lock().running.len()
    }

    fn lock(&self) -> MutexGuard<'_, LoadTable> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl<A> Ending<A> {
    /// When the load began.
    pub(crate) fn began(&self) -> Tick {
        self.began
    }

    /// Ends the load, and says whether no other is under way then. `record` stores what came of it, under the lock, so
    /// that between the end of a load and its answer nobody can find neither; it is told whether the load is the latest
    /// of its key.
    pub(crate) fn end(mut self, outcome: LoadOutcome<A>, record: impl FnOnce(&LoadOutcome<A>, bool)) -> bool {
        let was_last = {
            let mut loads = self.loads.lock();
            let is_latest = loads.remove(&self.key, self.began);
            record(&outcome, is_latest);
            loads.running.is_empty()
        };
        // Nobody may be waiting any more; the answer is stored all the same.
        if let Some(waiters) = self.waiters.take() {
            drop(waiters.send(outcome));
        }
        was_last
    }
}

impl<A> Drop for Ending<A> {
    fn drop(&mut self) {
        if self.waiters.is_some() {
            self.loads.lock().remove(&self.key, self.began);
        }
    }
}

impl LoadTable {
    /// Takes a load out and says so, unless a later one has taken its place.
    fn remove(&mut self, key: &Key, began: Tick) -> bool {
        let is_latest = self.running.get(key).is_some_and(|running| running.began == began);
        if is_latest {
            self.running.remove(key);
            self.show();
        }
        is_latest
    }

    fn show(&self) {
        self.gauge.set(self.running.len() as f64);
    }
}
