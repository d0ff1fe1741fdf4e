//! A store in this process, on tokio's clock: what several replicas share in tests, and in a simulation.

use std::collections::{BTreeMap, HashMap, VecDeque};
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use async_trait::async_trait;
use bytes::Bytes;
use tokio::time::Instant;

use crate::answer::{AnswerClaim, Found, Kept, PutAnswer, SharedAnswer, Wanted};
use crate::budget::{BudgetEntry, Swapped};
use crate::feed::{After, Entry, Happening, News};
use crate::key::KeyState;
use crate::lot::{Lot, LotRate};
use crate::name::{Name, Question, ReplicaId, Scope};
use crate::poller::{Appended, EventPage, Lease};
use crate::store::{Result, Store};
use crate::touch::{Mark, Touch};

/// The latest entries of a feed that are kept.
const KEPT_ENTRIES: usize = 4096;

/// How long a replica that announced itself counts.
const COUNTED_FOR: Duration = Duration::from_secs(5);

/// The store. Its data can be lost on purpose.
#[derive(Debug, Default)]
pub struct InProcess(Mutex<Data>);

#[derive(Debug, Default)]
struct Data {
    scopes: HashMap<Scope, ScopeData>,
    keys: HashMap<Name, (KeyData, Instant)>,
    budgets: HashMap<Name, BudgetData>,
    lots: HashMap<Name, Instant>,
}

#[derive(Debug, Default)]
struct ScopeData {
    epoch: u64,
    latest: u64,
    feed: VecDeque<Entry>,
    marks: HashMap<Mark, (u64, Instant)>,
    loads: u64,
    answers: HashMap<Question, AnswerData>,
    claims: HashMap<Question, ClaimData>,
    replicas: BTreeMap<ReplicaId, Instant>,
    seen: HashMap<Name, Instant>,
    leases: u64,
    lease: Option<(ReplicaId, Lease, Instant)>,
    latest_event: u64,
    events: VecDeque<(u64, Bytes, Instant)>,
}

#[derive(Debug)]
struct AnswerData {
    number: u64,
    began: u64,
    answered: Instant,
    about: Vec<Mark>,
    body: Bytes,
    until: Instant,
}

#[derive(Debug)]
struct ClaimData {
    replica: ReplicaId,
    number: u64,
    until: Instant,
    waited: bool,
}

#[derive(Debug)]
struct KeyData {
    fingerprint: Name,
    replica: ReplicaId,
    outcome: Option<Bytes>,
}

#[derive(Debug)]
struct BudgetData {
    version: u64,
    put: Instant,
    state: Bytes,
    until: Instant,
}

impl InProcess {
    /// Loses everything, as a store that was emptied or began anew.
    pub fn lose_data(&self) {
        *self.lock() = Data::default();
    }

    fn lock(&self) -> MutexGuard<'_, Data> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn in_scope<T>(&self, scope: Scope, work: impl FnOnce(&mut ScopeData, Instant) -> T) -> T {
        let now = Instant::now();
        work(self.lock().scopes.entry(scope).or_default(), now)
    }
}

impl ScopeData {
    fn say(&mut self, replica: ReplicaId, said: Bytes) -> u64 {
        self.latest += 1;
        self.feed.push_back(Entry { number: self.latest, replica, said });
        if self.feed.len() > KEPT_ENTRIES {
            self.feed.pop_front();
        }
        self.latest
    }

    fn is_touched(&self, about: &[Mark], began: u64, now: Instant) -> bool {
        about.iter().filter_map(|mark| self.marks.get(mark)).any(|(number, until)| *number > began && *until > now)
    }

    /// Ends the claim if it is still the one of that load.
    fn end_claim(&mut self, question: Question, replica: ReplicaId, number: u64) {
        let is_ours = |claim: &ClaimData| claim.replica == replica && claim.number == number;
        if self.claims.get(&question).is_none_or(|claim| !is_ours(claim)) {
            return;
        }
        if self.claims.remove(&question).is_some_and(|claim| claim.waited) {
            self.say(replica, Happening::LoadEnded { question: question.0.to_string() }.encode());
        }
    }

    fn holds(&self, replica: ReplicaId, lease: Lease, now: Instant) -> bool {
        self.lease.is_some_and(|(holder, held, until)| holder == replica && held == lease && until > now)
    }
}

#[async_trait]
impl Store for InProcess {
    async fn news(&self, scope: Scope, replica: ReplicaId, after: After) -> Result<News> {
        Ok(self.in_scope(scope, |data, now| {
            if data.epoch == 0 {
                data.epoch = after.propose;
            }
            if after.announce {
                data.replicas.insert(replica, now + COUNTED_FOR);
            }
            data.replicas.retain(|_, until| *until > now);
            News {
                epoch: data.epoch,
                latest: data.latest,
                entries: data.feed.iter().filter(|entry| entry.number > after.number).cloned().collect(),
                replicas: u32::try_from(data.replicas.len()).unwrap_or(u32::MAX),
                latest_event: data.latest_event,
            }
        }))
    }

    async fn touch(&self, scope: Scope, replica: ReplicaId, touch: &Touch, keep: Duration) -> Result<u64> {
        Ok(self.in_scope(scope, |data, now| {
            let number = data.say(replica, touch.said.clone());
            data.marks.retain(|_, (_, until)| *until > now);
            data.marks.extend(touch.marks.iter().map(|mark| (mark.clone(), (number, now + keep))));
            number
        }))
    }

    async fn find(
        &self,
        scope: Scope,
        question: Question,
        replica: ReplicaId,
        wanted: Wanted,
        hold: Duration,
    ) -> Result<Found> {
        Ok(self.in_scope(scope, |data, now| {
            if !wanted.alone {
                let usable = |kept: &&AnswerData| {
                    kept.until > now
                        && kept.number > wanted.newer_than
                        && !data.is_touched(&kept.about, kept.began, now)
                };
                if let Some(kept) = data.answers.get(&question).filter(usable) {
                    let age = now.saturating_duration_since(kept.answered);
                    return Found::Answer(SharedAnswer { number: kept.number, age, body: kept.body.clone() });
                }
                if let Some(claim) = data.claims.get_mut(&question).filter(|claim| claim.until > now) {
                    claim.waited = true;
                    return Found::Held;
                }
            }
            data.loads += 1;
            let number = data.loads;
            let waited = data.claims.get(&question).is_some_and(|before| before.waited);
            data.claims.insert(question, ClaimData { replica, number, until: now + hold, waited });
            Found::Claimed(AnswerClaim { number, began: data.latest, epoch: data.epoch })
        }))
    }

    async fn put(
        &self,
        scope: Scope,
        question: Question,
        replica: ReplicaId,
        claim: AnswerClaim,
        answer: PutAnswer,
    ) -> Result<Kept> {
        Ok(self.in_scope(scope, |data, now| {
            let is_outdated = data.epoch != claim.epoch
                || data.is_touched(&answer.about, claim.began, now)
                || data.answers.get(&question).is_some_and(|kept| kept.until > now && kept.number > claim.number);
            if !is_outdated {
                data.answers.retain(|_, kept| kept.until > now);
                let PutAnswer { about, age, body, keep } = answer;
                let answered = now.checked_sub(age).unwrap_or(now);
                let (number, began) = (claim.number, claim.began);
                data.answers.insert(question, AnswerData { number, began, answered, about, body, until: now + keep });
            }
            data.end_claim(question, replica, claim.number);
            if is_outdated { Kept::Outdated } else { Kept::Yes }
        }))
    }

    async fn release(&self, scope: Scope, question: Question, replica: ReplicaId, claim: AnswerClaim) -> Result<()> {
        self.in_scope(scope, |data, _| data.end_claim(question, replica, claim.number));
        Ok(())
    }

    async fn renew(
        &self,
        scope: Scope,
        question: Question,
        replica: ReplicaId,
        claim: AnswerClaim,
        hold: Duration,
    ) -> Result<()> {
        self.in_scope(scope, |data, now| {
            if let Some(held) = data.claims.get_mut(&question)
                && (held.replica, held.number) == (replica, claim.number)
            {
                held.until = now + hold;
            }
        });
        Ok(())
    }

    async fn enter_key(&self, key: Name, fingerprint: Name, replica: ReplicaId, keep: Duration) -> Result<KeyState> {
        let now = Instant::now();
        let mut data = self.lock();
        data.keys.retain(|_, (_, until)| *until > now);
        if let Some((known, _)) = data.keys.get(&key) {
            let same = known.fingerprint == fingerprint;
            return Ok(match &known.outcome {
                Some(outcome) => KeyState::Settled { same, outcome: outcome.clone() },
                None => KeyState::Claimed { same },
            });
        }
        data.keys.insert(key, (KeyData { fingerprint, replica, outcome: None }, now + keep));
        Ok(KeyState::New)
    }

    async fn settle_key(
        &self,
        key: Name,
        fingerprint: Name,
        replica: ReplicaId,
        outcome: Option<Bytes>,
        keep: Duration,
    ) -> Result<()> {
        let now = Instant::now();
        let mut data = self.lock();
        let is_ours = |(known, until): &(KeyData, Instant)| {
            known.replica == replica && known.fingerprint == fingerprint && known.outcome.is_none() && *until > now
        };
        if data.keys.get(&key).is_some_and(is_ours) {
            match outcome {
                None => drop(data.keys.remove(&key)),
                Some(outcome) => {
                    let settled = KeyData { fingerprint, replica, outcome: Some(outcome) };
                    data.keys.insert(key, (settled, now + keep));
                }
            }
        }
        Ok(())
    }

    async fn swap(&self, budget: Name, version: u64, state: Bytes, keep: Duration) -> Result<Swapped> {
        let now = Instant::now();
        let mut data = self.lock();
        let known = data.budgets.get(&budget).filter(|known| known.until > now);
        let at = known.map_or(0, |known| known.version);
        if at != version {
            let entry = known.map_or(BudgetEntry { version: 0, age: Duration::ZERO, state: Bytes::new() }, |known| {
                let age = now.saturating_duration_since(known.put);
                BudgetEntry { version: known.version, age, state: known.state.clone() }
            });
            return Ok(Swapped::No(entry));
        }
        let version = at + 1;
        data.budgets.insert(budget, BudgetData { version, put: now, state, until: now + keep });
        Ok(Swapped::Yes { version })
    }

    async fn take_lot(&self, limit: Name, rate: LotRate, want: u32) -> Result<Lot> {
        let now = Instant::now();
        let mut data = self.lock();
        let interval = (rate.per / rate.quota.max(1)).max(Duration::from_nanos(1));
        let window = interval * rate.quota.max(1);
        let full_at = data.lots.get(&limit).copied().unwrap_or(now).max(now);
        let ahead = full_at - now;
        let there = window.saturating_sub(ahead).as_nanos() / interval.as_nanos();
        let there = u32::try_from(there).unwrap_or(u32::MAX);
        let granted = there.min(want);
        let full_at = full_at + interval * granted;
        data.lots.insert(limit, full_at);
        let wait = if granted > 0 { Duration::ZERO } else { (ahead + interval).saturating_sub(window) };
        Ok(Lot { granted, remaining: there - granted, full_in: full_at - now, wait })
    }

    async fn remember(&self, scope: Scope, delivery: Name, keep: Duration) -> Result<bool> {
        Ok(self.in_scope(scope, |data, now| {
            data.seen.retain(|_, until| *until > now);
            data.seen.insert(delivery, now + keep).is_none()
        }))
    }

    async fn lease(&self, scope: Scope, replica: ReplicaId, hold: Duration) -> Result<Option<Lease>> {
        Ok(self.in_scope(scope, |data, now| {
            let lease = match data.lease {
                Some((holder, lease, until)) if until > now => (holder == replica).then_some(lease)?,
                _ => {
                    data.leases += 1;
                    Lease(data.leases)
                }
            };
            data.lease = Some((replica, lease, now + hold));
            Some(lease)
        }))
    }

    async fn end_lease(&self, scope: Scope, replica: ReplicaId, lease: Lease) -> Result<()> {
        self.in_scope(scope, |data, now| {
            if data.holds(replica, lease, now) {
                data.lease = None;
            }
        });
        Ok(())
    }

    async fn append(
        &self,
        scope: Scope,
        replica: ReplicaId,
        lease: Lease,
        entries: Vec<Bytes>,
        events: u64,
        keep: Duration,
    ) -> Result<Appended> {
        Ok(self.in_scope(scope, |data, now| {
            if !data.holds(replica, lease, now) {
                return Appended::Lost;
            }
            for entry in entries {
                data.latest_event += 1;
                data.events.push_back((data.latest_event, entry, now + keep));
            }
            let most = usize::try_from(events).unwrap_or(usize::MAX);
            while data.events.front().is_some_and(|(_, _, until)| *until <= now) || data.events.len() > most {
                data.events.pop_front();
            }
            Appended::Yes(data.latest_event)
        }))
    }

    async fn events(&self, scope: Scope, after: u64, most: usize) -> Result<EventPage> {
        Ok(self.in_scope(scope, |data, _| EventPage {
            epoch: data.epoch,
            latest: data.latest_event,
            entries: data
                .events
                .iter()
                .filter(|(number, ..)| *number > after)
                .take(most)
                .map(|(number, entry, _)| (*number, entry.clone()))
                .collect(),
        }))
    }
}
