//! The steps of the port.

use std::time::Duration;

use async_trait::async_trait;
use bytes::Bytes;
use coordination::{
    After, AnswerClaim, Appended, BudgetEntry, EventPage, Found, Happening, Kept, KeyState, Lease, Lot, LotRate, Name,
    News, PutAnswer, Question, ReplicaId, Result, Scope, SharedAnswer, Store, Swapped, Touch, Wanted,
};

use crate::arguments::Arguments;
use crate::config::{ConfigError, RedisConfig};
use crate::keys::Keys;
use crate::reply::{Reply, entry, event};
use crate::runner::Runner;
use crate::scripts;

/// How long a replica that announced itself counts.
const COUNTED_FOR: Duration = Duration::from_secs(5);

/// The longest list or body that a script answers: an answer of 4 MiB, which is the longest that is shared, with room.
const MOST_BYTES: usize = 5 << 20;

/// A store over Valkey or Redis. It connects when it is first used, and by itself again; a step takes at most the configured
/// time.
#[derive(Debug)]
pub struct RedisStore {
    keys: Keys,
    runner: Runner,
}

impl RedisStore {
    /// Does not connect yet.
    ///
    /// # Errors
    /// [`ConfigError`] names what is wrong in the configuration.
    pub fn new(config: &RedisConfig) -> std::result::Result<Self, ConfigError> {
        Ok(Self { keys: Keys::new(&config.namespace)?, runner: Runner::new(config)? })
    }
}

/// That a load has ended, for those who wait.
fn ended(question: Question) -> Bytes {
    Happening::LoadEnded { question: question.0.to_string() }.encode()
}

#[async_trait]
impl Store for RedisStore {
    async fn news(&self, scope: Scope, replica: ReplicaId, after: After) -> Result<News> {
        let arguments = Arguments::default().text(replica).text(after.number).text(after.propose).flag(after.announce);
        let arguments = arguments.us(COUNTED_FOR).text(MOST_BYTES);
        let read = |reply: &mut Reply| {
            let (epoch, latest) = (reply.number()?, reply.number()?);
            let (replicas, latest_event) = (reply.number()?, reply.number()?);
            let entries =
                reply.list()?.into_iter().filter_map(entry).filter(|entry| entry.number > after.number).collect();
            Some(News { epoch, latest, entries, replicas, latest_event })
        };
        self.runner.run(&scripts::NEWS, &self.keys.scope(scope), arguments, read).await
    }

    async fn touch(&self, scope: Scope, replica: ReplicaId, touch: &Touch, keep: Duration) -> Result<u64> {
        let mut arguments = Arguments::default().text(replica).bytes(&touch.said).ms(keep);
        for mark in &touch.marks {
            arguments = arguments.bytes(mark.as_str().as_bytes());
        }
        self.runner.run(&scripts::TOUCH, &self.keys.scope(scope), arguments, |reply| reply.number()).await
    }

    async fn find(
        &self,
        scope: Scope,
        question: Question,
        replica: ReplicaId,
        wanted: Wanted,
        hold: Duration,
    ) -> Result<Found> {
        let arguments = Arguments::default().text(replica).ms(hold).flag(wanted.alone).text(wanted.newer_than);
        let read = |reply: &mut Reply| match reply.text()?.as_str() {
            "answer" => {
                let (number, age) = (reply.number()?, reply.time()?);
                Some(Found::Answer(SharedAnswer { number, age, body: reply.bytes()?.into() }))
            }
            "claimed" => {
                let (number, began, epoch) = (reply.number()?, reply.number()?, reply.number()?);
                Some(Found::Claimed(AnswerClaim { number, began, epoch }))
            }
            "held" => Some(Found::Held),
            _ => None,
        };
        let keys = self.keys.question(scope, question);
        self.runner.run(&scripts::FIND, &keys, arguments.text(MOST_BYTES), read).await
    }

    async fn put(
        &self,
        scope: Scope,
        question: Question,
        replica: ReplicaId,
        claim: AnswerClaim,
        answer: PutAnswer,
    ) -> Result<Kept> {
        let ended = ended(question);
        let arguments = Arguments::default().text(replica).text(claim.number).text(claim.began).text(claim.epoch);
        let arguments = arguments.marks(&answer.about).us(answer.age).ms(answer.keep).bytes(&answer.body).bytes(&ended);
        let read = |reply: &mut Reply| match reply.text()?.as_str() {
            "kept" => Some(Kept::Yes),
            "outdated" => Some(Kept::Outdated),
            _ => None,
        };
        self.runner.run(&scripts::PUT, &self.keys.question(scope, question), arguments, read).await
    }

    async fn release(&self, scope: Scope, question: Question, replica: ReplicaId, claim: AnswerClaim) -> Result<()> {
        let ended = ended(question);
        let arguments = Arguments::default().text(replica).text(claim.number).bytes(&ended);
        self.runner.run(&scripts::RELEASE, &self.keys.question(scope, question), arguments, |_| Some(())).await
    }

    async fn renew(
        &self,
        scope: Scope,
        question: Question,
        replica: ReplicaId,
        claim: AnswerClaim,
        hold: Duration,
    ) -> Result<()> {
        let arguments = Arguments::default().text(replica).text(claim.number).ms(hold);
        self.runner.run(&scripts::RENEW, &self.keys.question(scope, question), arguments, |_| Some(())).await
    }

    async fn enter_key(&self, key: Name, fingerprint: Name, replica: ReplicaId, keep: Duration) -> Result<KeyState> {
        let arguments = Arguments::default().text(fingerprint).text(replica).ms(keep);
        let read = |reply: &mut Reply| match reply.text()?.as_str() {
            "new" => Some(KeyState::New),
            "claimed" => Some(KeyState::Claimed { same: reply.flag()? }),
            "settled" => Some(KeyState::Settled { same: reply.flag()?, outcome: reply.bytes()?.into() }),
            _ => None,
        };
        self.runner.run(&scripts::ENTER_KEY, &self.keys.key(key), arguments, read).await
    }

    async fn settle_key(
        &self,
        key: Name,
        fingerprint: Name,
        replica: ReplicaId,
        outcome: Option<Bytes>,
        keep: Duration,
    ) -> Result<()> {
        let mut arguments = Arguments::default().text(fingerprint).text(replica).ms(keep);
        if let Some(outcome) = &outcome {
            arguments = arguments.bytes(outcome);
        }
        self.runner.run(&scripts::SETTLE_KEY, &self.keys.key(key), arguments, |_| Some(())).await
    }

    async fn swap(&self, budget: Name, version: u64, state: Bytes, keep: Duration) -> Result<Swapped> {
        let arguments = Arguments::default().text(version).ms(keep).bytes(&state);
        let read = |reply: &mut Reply| match reply.text()?.as_str() {
            "yes" => Some(Swapped::Yes { version: reply.number()? }),
            "no" => {
                let (version, age) = (reply.number()?, reply.time()?);
                Some(Swapped::No(BudgetEntry { version, age, state: reply.bytes()?.into() }))
            }
            _ => None,
        };
        self.runner.run(&scripts::SWAP, &self.keys.budget(budget), arguments, read).await
    }

    async fn take_lot(&self, limit: Name, rate: LotRate, want: u32) -> Result<Lot> {
        let per = rate.per.max(Duration::from_micros(1));
        let arguments = Arguments::default().text(rate.quota.max(1)).us(per).text(want);
        let read = |reply: &mut Reply| {
            let (granted, remaining) = (reply.number()?, reply.number()?);
            Some(Lot { granted, remaining, full_in: reply.time()?, wait: reply.time()? })
        };
        self.runner.run(&scripts::TAKE_LOT, &self.keys.limit(limit), arguments, read).await
    }

    async fn remember(&self, scope: Scope, delivery: Name, keep: Duration) -> Result<bool> {
        let read = |reply: &mut Reply| match reply.text()?.as_str() {
            "new" => Some(true),
            "known" => Some(false),
            _ => None,
        };
        let arguments = Arguments::default().ms(keep);
        self.runner.run(&scripts::REMEMBER, &self.keys.delivery(scope, delivery), arguments, read).await
    }

    async fn lease(&self, scope: Scope, replica: ReplicaId, hold: Duration) -> Result<Option<Lease>> {
        let read = |reply: &mut Reply| match reply.text()?.as_str() {
            "yours" => Some(Some(Lease(reply.number()?))),
            "held" => Some(None),
            _ => None,
        };
        let arguments = Arguments::default().text(replica).ms(hold);
        self.runner.run(&scripts::LEASE, &self.keys.scope(scope), arguments, read).await
    }

    async fn end_lease(&self, scope: Scope, replica: ReplicaId, lease: Lease) -> Result<()> {
        let arguments = Arguments::default().text(replica).text(lease.0);
        self.runner.run(&scripts::END_LEASE, &self.keys.scope(scope), arguments, |_| Some(())).await
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
        let mut arguments = Arguments::default().text(replica).text(lease.0).text(events).ms(keep);
        for entry in &entries {
            arguments = arguments.bytes(entry);
        }
        let read = |reply: &mut Reply| match reply.text()?.as_str() {
            "yes" => Some(Appended::Yes(reply.number()?)),
            "lost" => Some(Appended::Lost),
            _ => None,
        };
        self.runner.run(&scripts::APPEND, &self.keys.scope(scope), arguments, read).await
    }

    async fn events(&self, scope: Scope, after: u64, most: usize) -> Result<EventPage> {
        let arguments = Arguments::default().text(after).text(most).text(MOST_BYTES);
        let read = |reply: &mut Reply| {
            let (epoch, latest) = (reply.number()?, reply.number()?);
            Some(EventPage { epoch, latest, entries: reply.list()?.into_iter().filter_map(event).collect() })
        };
        self.runner.run(&scripts::EVENTS, &self.keys.scope(scope), arguments, read).await
    }
}
