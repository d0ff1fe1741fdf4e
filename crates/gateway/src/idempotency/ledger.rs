//! The keys in use and the outcomes they led to, bounded in number, bytes and time.

use std::collections::{HashMap, VecDeque};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use tokio::sync::watch;
use tokio::time::Instant;

use crate::idempotency::KeyScope;
use crate::moderation::{Fingerprint, Outcome, is_remembered, outcome_bytes};
use crate::problem::{Code, Problem};

/// How long an outcome is kept.
const KEPT_FOR: Duration = Duration::from_secs(600);

/// The most keys that are kept.
const MAX_KEYS: usize = 10_000;

/// The most memory that they and their outcomes may take.
const MAX_BYTES: usize = 16 * 1024 * 1024;

/// The part of that which one outcome may take: a provider's huge answer must not push everybody's keys out.
const OUTCOME_PART: usize = 16;

/// The ledger. Cheap to clone.
#[derive(Debug, Clone)]
pub struct Idempotency(Arc<Mutex<Ledger>>);

#[derive(Debug)]
struct Ledger {
    keys: HashMap<Arc<KeyScope>, Slot>,
    /// Every finished key, in the order in which they finished and so expire.
    finished: VecDeque<(Instant, Arc<KeyScope>)>,
    /// What all keys and outcomes take.
    bytes: usize,
    max_keys: usize,
    max_bytes: usize,
}

#[derive(Debug)]
struct Slot {
    fingerprint: Fingerprint,
    state: State,
    bytes: usize,
}

#[derive(Debug)]
enum State {
    Running(watch::Receiver<Option<Outcome>>),
    Finished(Outcome),
}

/// What a key turns out to be.
#[derive(Debug)]
pub enum Entry {
    /// New: run the mutation and settle the claim.
    New(Claim),
    /// Seen before with the same request.
    Known(Repeat),
    /// Seen before with another request.
    Reused,
    /// Too many mutations are under way to remember one more.
    Full,
}

/// The duty to run a mutation and say how it ended. Dropped unsettled, the key is free again.
#[derive(Debug)]
pub struct Claim {
    ledger: Idempotency,
    scope: Arc<KeyScope>,
    publish: watch::Sender<Option<Outcome>>,
    settled: bool,
}

/// The outcome of an earlier request, perhaps still to come.
#[derive(Debug)]
pub enum Repeat {
    /// It is over.
    Finished(Outcome),
    /// It is under way.
    Running(watch::Receiver<Option<Outcome>>),
}

impl Default for Idempotency {
    fn default() -> Self {
        Self::bounded(MAX_KEYS, MAX_BYTES)
    }
}

impl Idempotency {
    fn bounded(max_keys: usize, max_bytes: usize) -> Self {
        let (keys, finished) = (HashMap::new(), VecDeque::new());
        Self(Arc::new(Mutex::new(Ledger { keys, finished, bytes: 0, max_keys, max_bytes })))
    }

    fn ledger(&self) -> MutexGuard<'_, Ledger> {
        // Every change under the lock is complete or panics before it begins.
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Looks the key up, and claims it if it is new.
    #[must_use]
    pub fn enter(&self, scope: KeyScope, fingerprint: Fingerprint) -> Entry {
        let mut ledger = self.ledger();
        ledger.expire();
        if let Some(slot) = ledger.keys.get(&scope) {
            return match &slot.state {
                _ if slot.fingerprint != fingerprint => Entry::Reused,
                State::Finished(outcome) => Entry::Known(Repeat::Finished(outcome.clone())),
                State::Running(outcome) => Entry::Known(Repeat::Running(outcome.clone())),
            };
        }
        let scope = Arc::new(scope);
        let bytes = scope.bytes();
        if !ledger.make_room(bytes) {
            return Entry::Full;
        }
        let (publish, outcome) = watch::channel(None);
        ledger.bytes += bytes;
        ledger.keys.insert(scope.clone(), Slot { fingerprint, state: State::Running(outcome), bytes });
        Entry::New(Claim { ledger: self.clone(), scope, publish, settled: false })
    }
}

impl Ledger {
    /// Forgets what has been kept long enough.
    fn expire(&mut self) {
        while self.finished.front().is_some_and(|(at, _)| at.elapsed() >= KEPT_FOR) {
            self.forget_oldest();
        }
    }

    /// Forgets the key that finished first. One that is under way is never forgotten.
    fn forget_oldest(&mut self) -> bool {
        let Some((_, scope)) = self.finished.pop_front() else { return false };
        self.remove(&scope);
        true
    }

    fn remove(&mut self, scope: &KeyScope) {
        if let Some(slot) = self.keys.remove(scope) {
            self.bytes -= slot.bytes;
        }
    }

    /// Makes room for one more key of so many bytes; false if those under way leave none.
    fn make_room(&mut self, bytes: usize) -> bool {
        while self.keys.len() >= self.max_keys || self.bytes + bytes > self.max_bytes {
            if !self.forget_oldest() {
                return false;
            }
        }
        true
    }

    fn finish(&mut self, scope: &Arc<KeyScope>, outcome: &Outcome) {
        let mut outcome = outcome.clone();
        if outcome_bytes(&outcome) > self.max_bytes / OUTCOME_PART {
            outcome = Err(too_large());
        }
        let more = outcome_bytes(&outcome);
        if let Some(slot) = self.keys.get_mut(scope) {
            slot.state = State::Finished(outcome);
            slot.bytes += more;
            self.bytes += more;
            self.finished.push_back((Instant::now(), scope.clone()));
        }
        while self.bytes > self.max_bytes && self.forget_oldest() {}
    }
}

/// What stands for an outcome that is not kept whole: the key stays used, so that nothing is sent a second time.
fn too_large() -> Box<Problem> {
    let detail = "It was done when this key was first used, but that answer was too large to keep. Do not repeat it.";
    Box::new(Problem::new(Code::Internal, detail))
}

impl Claim {
    /// Keeps the outcome, unless repeating the request may help, and gives it to those who wait for it.
    pub fn settle(mut self, outcome: &Outcome) {
        self.settled = true;
        {
            let mut ledger = self.ledger.ledger();
            if is_remembered(outcome) {
                ledger.finish(&self.scope, outcome);
            } else {
                ledger.remove(&self.scope);
            }
        }
        self.publish.send_replace(Some(outcome.clone()));
    }
}

impl Drop for Claim {
    fn drop(&mut self) {
        if !self.settled {
            self.ledger.ledger().remove(&self.scope);
        }
    }
}

impl Repeat {
    /// The outcome; `None` if the first request was lost without one.
    pub async fn outcome(self) -> Option<Outcome> {
        match self {
            Self::Finished(outcome) => Some(outcome),
            Self::Running(mut outcome) => outcome.wait_for(Option::is_some).await.ok().and_then(|seen| seen.clone()),
        }
    }
}

#[cfg(test)]
#[path = "ledger_tests.rs"]
mod tests;
