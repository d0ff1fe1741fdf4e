//! One budget for several replicas: the ledger lies in a store, and each change of it is a swap of the whole.

use std::fmt::Debug;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use async_trait::async_trait;
use bytes::Bytes;
use session_provider::{BudgetState, Intent, Payer};
use tokio::sync::{Mutex as AsyncMutex, Notify};
use tokio::time::{Instant, sleep};

use crate::budget::ledger::Ledger;
use crate::budget::settings::BudgetSettings;
use crate::budget::state::LedgerState;
use crate::rate_limit_headers::RateLimits;

/// Where budgets lie that several replicas share.
#[async_trait]
pub trait BudgetStore: Debug + Send + Sync {
    /// Puts the state in the place of the one of that version (0: there is none); `None` while the store is away.
    async fn swap(&self, credential: &[u8; 32], version: u64, state: Bytes) -> Option<BudgetSwap>;

    /// How many divide a budget among themselves while the store is away; at least 1.
    fn replicas(&self) -> u32;
}

/// What became of a swap.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum BudgetSwap {
    /// It is there, under this version.
    Done {
        /// Its version.
        version: u64,
    },
    /// Another one is there.
    Other {
        /// Its version; 0 if there is none.
        version: u64,
        /// The time since it was put there.
        age: Duration,
        /// As it was put.
        state: Bytes,
    },
}

/// More swaps that others were faster than are not tried for one call.
const MOST_SWAPS: u32 = 16;

/// That of no state: a swap of it answers what is there.
const NO_VERSION: u64 = u64::MAX;

/// When to try again then.
const CONTENDED: Duration = Duration::from_millis(100);

/// Leaves the others time to come to an end.
async fn give_way(attempt: u32) {
    if attempt > 1 {
        sleep(Duration::from_millis(attempt.into())).await;
    }
}

/// What is known of the budget that is shared.
#[derive(Debug)]
pub(super) struct SharedLedger {
    store: Arc<dyn BudgetStore>,
    credential: [u8; 32],
    settings: BudgetSettings,
    /// One swap of this replica at a time.
    turn: AsyncMutex<()>,
    known: Mutex<Known>,
    changed: Notify,
}

#[derive(Debug)]
struct Known {
    version: u64,
    /// As it was at that version.
    ledger: Ledger,
    /// What has happened here since, in order.
    unsaid: Vec<Happened>,
    /// This replica's own part, while the store is away.
    alone: Option<Ledger>,
}

/// What changes a budget besides a call that is taken.
#[derive(Debug, Clone)]
pub(super) enum Happened {
    /// Somebody asked, in vain: others have only half while they go on asking.
    Asked(Payer),
    /// A call was not made.
    PutBack(Option<Payer>),
    /// An answer said something of the provider's limits.
    Heed(RateLimits),
    /// The provider answered 429, and is left alone for so long.
    Throttled(Option<Duration>),
    /// It answered otherwise.
    NotThrottled,
}

/// More of what happened is not kept, while the store is away.
const MOST_UNSAID: usize = 256;

impl SharedLedger {
    pub(super) fn new(store: Arc<dyn BudgetStore>, credential: [u8; 32], settings: BudgetSettings) -> Self {
        let ledger = Ledger::new(settings, Instant::now());
        let known = Known { version: 0, ledger, unsaid: Vec::new(), alone: None };
        let (turn, changed) = (AsyncMutex::default(), Notify::new());
        Self { store, credential, settings, turn, known: Mutex::new(known), changed }
    }

    /// Takes a call out of what all have, or of this replica's part while the store is away.
    pub(super) async fn take(&self, intent: Intent, payer: Option<Payer>) -> Result<(), Duration> {
        let _turn = self.turn.lock().await;
        for attempt in 0..MOST_SWAPS {
            give_way(attempt).await;
            let (version, tried, taken, said) = {
                let known = self.known();
                let now = Instant::now();
                let mut tried = known.now(now);
                let taken = tried.take(intent, payer, now);
                (known.version, tried, taken, known.unsaid.len())
            };
            // What others have used since can only make it later; only what they put back is not known yet.
            if let Err(wait) = taken
                && version > 0
                && self.known().alone.is_none()
            {
                if let Some(payer) = payer {
                    self.happened(Happened::Asked(payer));
                }
                return Err(wait);
            }
            let state = LedgerState::of(&tried, Instant::now()).encode();
            match self.store.swap(&self.credential, version, state).await {
                Some(swap) => {
                    if self.swapped(swap, tried, said) {
                        return taken;
                    }
                }
                None => return self.take_alone(intent, payer),
            }
        }
        Err(CONTENDED)
    }

    /// Looks what others have left, so that the next take need not be tried twice.
    pub(super) async fn look(&self) {
        // Whoever has the turn learns it, too.
        let Ok(_turn) = self.turn.try_lock() else { return };
        if let Some(BudgetSwap::Other { version, age, state }) =
            self.store.swap(&self.credential, NO_VERSION, Bytes::new()).await
        {
            self.found(version, age, &state);
        }
    }

    /// Says what has happened here.
    pub(super) async fn say(&self) {
        let _turn = self.turn.lock().await;
        for attempt in 0..MOST_SWAPS {
            give_way(attempt).await;
            let (version, tried, said) = {
                let known = self.known();
                (known.version, known.now(Instant::now()), known.unsaid.len())
            };
            if said == 0 {
                return;
            }
            let state = LedgerState::of(&tried, Instant::now()).encode();
            match self.store.swap(&self.credential, version, state).await {
                Some(swap) => {
                    if self.swapped(swap, tried, said) {
                        return;
                    }
                }
                None => return,
            }
        }
    }

    /// Says what happens here as it happens, until dropped.
    pub(super) async fn keep_saying(&self) {
        loop {
            self.changed.notified().await;
            self.say().await;
        }
    }

    /// Notes something that has happened here.
    pub(super) fn happened(&self, happened: Happened) -> Option<Duration> {
        let now = Instant::now();
        let mut known = self.known();
        if let Some(alone) = &mut known.alone {
            happened.apply(alone, now);
        }
        let mut after = known.now(now);
        let wait = happened.apply(&mut after, now);
        let is_told = matches!((&happened, known.unsaid.last()), (Happened::Asked(one), Some(Happened::Asked(other))) if one == other);
        if known.unsaid.len() < MOST_UNSAID && !is_told {
            // As it turned out: the growing of waits must not be told twice.
            known.unsaid.push(if wait.is_some() { Happened::Throttled(wait) } else { happened });
        }
        drop(known);
        self.changed.notify_one();
        wait
    }

    /// The provider answered, and not with 429: of no interest to anybody unless waits were growing.
    pub(super) fn not_throttled(&self) {
        if self.known().now(Instant::now()).limits.throttles > 0 {
            self.happened(Happened::NotThrottled);
        }
    }

    pub(super) fn state(&self) -> BudgetState {
        let (known, now) = (self.known(), Instant::now());
        known.alone.clone().unwrap_or_else(|| known.now(now)).state(now)
    }

    /// Takes in what a swap has led to; whether ours is there.
    fn swapped(&self, swap: BudgetSwap, ours: Ledger, said: usize) -> bool {
        // A look that succeeds is no reason to give up this replica's own part: a take may fail all the same.
        self.known().alone = None;
        match swap {
            BudgetSwap::Done { version } => {
                let mut known = self.known();
                known.version = version;
                known.ledger = ours;
                known.unsaid.drain(..said);
                true
            }
            BudgetSwap::Other { version, age, state } => {
                self.found(version, age, &state);
                false
            }
        }
    }

    /// Takes in what is there.
    fn found(&self, version: u64, age: Duration, state: &[u8]) {
        let now = Instant::now();
        let then = now.checked_sub(age).unwrap_or(now);
        let mut known = self.known();
        known.version = version;
        known.ledger = LedgerState::decode(state)
            .map_or_else(|| Ledger::new(self.settings, now), |state| state.ledger(self.settings, then));
    }

    fn take_alone(&self, intent: Intent, payer: Option<Payer>) -> Result<(), Duration> {
        let now = Instant::now();
        let mut known = self.known();
        let replicas = self.store.replicas().max(1);
        let part = BudgetSettings {
            requests: (self.settings.requests / replicas).max(1),
            per: if self.settings.requests < replicas {
                self.settings.per * replicas / self.settings.requests.max(1)
            } else {
                self.settings.per
            },
        };
        let limits = known.now(now).limits.part_of(replicas);
        // The first call need not wait, unless all those first calls were more than the whole budget.
        let lent = self.settings.requests >= replicas;
        let alone = known.alone.get_or_insert_with(|| Ledger::empty(part, limits, lent, now));
        alone.take(intent, payer, now)
    }

    fn known(&self) -> MutexGuard<'_, Known> {
        self.known.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Known {
    /// As it is with what has happened here since.
    fn now(&self, now: Instant) -> Ledger {
        let mut ledger = self.ledger.clone();
        for happened in &self.unsaid {
            happened.apply(&mut ledger, now);
        }
        ledger
    }
}

impl Happened {
    /// How long the provider is left alone, if that is what happened.
    fn apply(&self, ledger: &mut Ledger, now: Instant) -> Option<Duration> {
        match self {
            Self::Asked(payer) => ledger.asked(*payer, now),
            Self::PutBack(payer) => ledger.put_back(*payer, now),
            Self::Heed(limits) => ledger.limits.heed(limits, now),
            Self::Throttled(wait) => return Some(ledger.limits.throttled(*wait, now)),
            Self::NotThrottled => ledger.limits.not_throttled(now),
        }
        None
    }
}

#[cfg(test)]
mod tests;
