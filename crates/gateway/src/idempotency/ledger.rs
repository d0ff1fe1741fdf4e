//! The keys in use and the outcomes they led to, bounded in number, bytes and time.

use std::collections::{HashMap, VecDeque};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use tokio::sync::watch;
use tokio::time::Instant;

use crate::idempotency::{Fingerprint, KeyScope, Remember};

/// How long an outcome is kept.
const KEPT_FOR: Duration = Duration::from_secs(600);

/// What the ledger may hold. Where a bound is reached new keys are refused: no key pushes another out.
#[derive(Debug, Clone, Copy)]
struct LedgerBounds {
    /// Keys of one caller.
    keys_of_caller: usize,
    /// Bytes of one caller's keys and outcomes.
    bytes_of_caller: usize,
    bytes: usize,
    /// Bytes of one outcome.
    outcome: usize,
}

const BOUNDS: LedgerBounds =
    LedgerBounds { keys_of_caller: 1000, bytes_of_caller: 4 << 20, bytes: 64 << 20, outcome: 1 << 20 };

/// The ledger. Cheap to clone.
#[derive(Debug)]
pub struct KeyLedger<O>(Arc<Mutex<Book<O>>>);

#[derive(Debug)]
struct Book<O> {
    keys: HashMap<Arc<KeyScope>, KeySlot<O>>,
    /// Every finished key, in the order in which they finished and so expire.
    finished: VecDeque<(Instant, Arc<KeyScope>)>,
    callers: HashMap<CallerId, Usage>,
    bytes: usize,
    bounds: LedgerBounds,
}

type CallerId = (String, String);

/// What one caller's keys take.
#[derive(Debug, Clone, Copy, Default)]
struct Usage {
    keys: usize,
    bytes: usize,
}

#[derive(Debug)]
struct KeySlot<O> {
    fingerprint: Fingerprint,
    state: KeyState<O>,
    bytes: usize,
}

#[derive(Debug)]
enum KeyState<O> {
    Running(watch::Receiver<Option<O>>),
    Finished(O),
}

/// What a key turns out to be.
#[derive(Debug)]
pub enum KeyEntry<O: Remember> {
    /// New: run the mutation and settle the claim.
    New(Claim<O>),
    /// Seen before with the same request.
    Known(Repeat<O>),
    /// Seen before with another request.
    Reused,
    /// This caller, or all together, have as many keys as are remembered.
    Full,
}

/// The duty to run a mutation and say how it ended. Dropped unsettled, the key is free again.
#[derive(Debug)]
pub struct Claim<O: Remember> {
    ledger: KeyLedger<O>,
    scope: Arc<KeyScope>,
    publish: watch::Sender<Option<O>>,
    settled: bool,
}

/// The outcome of an earlier request, perhaps still to come.
#[derive(Debug)]
pub enum Repeat<O> {
    Finished(O),
    /// It is under way.
    Running(watch::Receiver<Option<O>>),
}

impl<O> Clone for KeyLedger<O> {
    fn clone(&self) -> Self {
        Self(Arc::clone(&self.0))
    }
}

impl<O: Remember> Default for KeyLedger<O> {
    fn default() -> Self {
        Self::bounded(BOUNDS)
    }
}

impl<O: Remember> KeyLedger<O> {
    fn bounded(bounds: LedgerBounds) -> Self {
        let (keys, finished, callers) = (HashMap::new(), VecDeque::new(), HashMap::new());
        Self(Arc::new(Mutex::new(Book { keys, finished, callers, bytes: 0, bounds })))
    }

    fn lock(&self) -> MutexGuard<'_, Book<O>> {
        // Every change under the lock is complete or panics before it begins.
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Looks the key up, and claims it if it is new.
    #[must_use]
    pub fn enter(&self, scope: KeyScope, fingerprint: Fingerprint) -> KeyEntry<O> {
        let mut book = self.lock();
        book.expire();
        if let Some(slot) = book.keys.get(&scope) {
            return match &slot.state {
                _ if slot.fingerprint != fingerprint => KeyEntry::Reused,
                KeyState::Finished(outcome) => KeyEntry::Known(Repeat::Finished(outcome.clone())),
                KeyState::Running(outcome) => KeyEntry::Known(Repeat::Running(outcome.clone())),
            };
        }
        let scope = Arc::new(scope);
        let bytes = scope.bytes();
        if !book.has_room(&scope, 1, bytes) {
            return KeyEntry::Full;
        }
        let (publish, outcome) = watch::channel(None);
        book.charge(&scope, 1, bytes);
        book.keys.insert(scope.clone(), KeySlot { fingerprint, state: KeyState::Running(outcome), bytes });
        KeyEntry::New(Claim { ledger: self.clone(), scope, publish, settled: false })
    }
}

fn caller(scope: &KeyScope) -> CallerId {
    (scope.issuer.clone(), scope.subject.clone())
}

impl<O: Remember> Book<O> {
    /// Forgets what has been kept long enough. A key that is under way is never forgotten.
    fn expire(&mut self) {
        while self.finished.front().is_some_and(|(at, _)| at.elapsed() >= KEPT_FOR) {
            if let Some((_, scope)) = self.finished.pop_front() {
                self.remove(&scope);
            }
        }
    }

    fn remove(&mut self, scope: &KeyScope) {
        let Some(slot) = self.keys.remove(scope) else { return };
        self.bytes -= slot.bytes;
        let caller = caller(scope);
        if let Some(usage) = self.callers.get_mut(&caller) {
            usage.keys -= 1;
            usage.bytes -= slot.bytes;
            if usage.keys == 0 {
                self.callers.remove(&caller);
            }
        }
    }

    fn has_room(&self, scope: &KeyScope, keys: usize, bytes: usize) -> bool {
        let used = self.callers.get(&caller(scope)).copied().unwrap_or_default();
        used.keys + keys <= self.bounds.keys_of_caller
            && used.bytes + bytes <= self.bounds.bytes_of_caller
            && self.bytes + bytes <= self.bounds.bytes
    }

    fn charge(&mut self, scope: &KeyScope, keys: usize, bytes: usize) {
        self.bytes += bytes;
        let usage = self.callers.entry(caller(scope)).or_default();
        usage.keys += keys;
        usage.bytes += bytes;
    }

    fn finish(&mut self, scope: &Arc<KeyScope>, outcome: &O) {
        let fits = outcome.bytes() <= self.bounds.outcome && self.has_room(scope, 0, outcome.bytes());
        let kept = if fits { outcome.clone() } else { O::too_large() };
        let more = kept.bytes();
        let Some(slot) = self.keys.get_mut(scope) else { return };
        slot.state = KeyState::Finished(kept);
        slot.bytes += more;
        self.charge(scope, 0, more);
        self.finished.push_back((Instant::now(), scope.clone()));
    }
}

impl<O: Remember> Claim<O> {
    /// Keeps the outcome, unless repeating the request may help, and gives it to those who wait for it.
    pub fn settle(mut self, outcome: &O) {
        self.settled = true;
        {
            let mut book = self.ledger.lock();
            if outcome.stands() {
                book.finish(&self.scope, outcome);
            } else {
                book.remove(&self.scope);
            }
        }
        self.publish.send_replace(Some(outcome.clone()));
    }
}

impl<O: Remember> Drop for Claim<O> {
    fn drop(&mut self) {
        if !self.settled {
            self.ledger.lock().remove(&self.scope);
        }
    }
}

impl<O: Remember> Repeat<O> {
    /// The outcome; `None` if the first request was lost without one.
    pub async fn outcome(self) -> Option<O> {
        match self {
            Self::Finished(outcome) => Some(outcome),
            Self::Running(mut outcome) => outcome.wait_for(Option::is_some).await.ok().and_then(|seen| seen.clone()),
        }
    }
}

#[cfg(test)]
mod tests;
