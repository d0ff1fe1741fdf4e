//! The suite finds what is wrong with a store: each fault below breaks a sentence of the port, and a check.

use std::sync::Arc;
use std::time::Duration;

use async_trait::async_trait;
use bytes::Bytes;
use coordination::conformance::{Stage, run_all};
use coordination::{
    After, AnswerClaim, Appended, EventPage, Found, InProcess, Kept, KeyState, Lease, Lot, LotRate, Name, News,
    PutAnswer, Question, ReplicaId, Result, Scope, Store, Swapped, Touch, Wanted,
};

const FOR_EVER: Duration = Duration::from_secs(100 * 365 * 86_400);

#[derive(Debug, Clone, Copy, PartialEq)]
enum Fault {
    ForgetsTheFirstEntry,
    RepeatsEntries,
    TakesEveryEpoch,
    CountsEveryReplica,
    CountsNoReplica,
    ForgetsMarks,
    MarksForEver,
    SaysNothing,
    ClaimsTwice,
    ClaimsForEver,
    LoadsBeginTooLate,
    NewerIsIgnored,
    TellsNoAge,
    AnswersForEver,
    KeepsOfAnyEpoch,
    ForgetsAnswers,
    EndsNoClaim,
    RenewsNothing,
    RenewsForAll,
    ReleasesNothing,
    ReleasesForAll,
    KeyIsTakenOver,
    KeyForEver,
    KeyOfAnyPrint,
    SettlesNothing,
    SwapsAnyVersion,
    StateForEver,
    GrantsOneMore,
    NeverFull,
    RemembersNothing,
    RemembersForEver,
    LeasesToAll,
    LeaseForEver,
    LeaseIsNeverGivenBack,
    AnyLeaseWrites,
    EventsForEver,
    KeepsEveryEvent,
    PagesWithoutBound,
}

#[derive(Debug)]
struct Mutant {
    inner: InProcess,
    fault: Fault,
}

impl Mutant {
    fn has(&self, fault: Fault) -> bool {
        self.fault == fault
    }

    fn time(&self, fault: Fault, time: Duration) -> Duration {
        if self.has(fault) { FOR_EVER } else { time }
    }
}

#[async_trait]
impl Store for Mutant {
    async fn news(&self, scope: Scope, replica: ReplicaId, after: After) -> Result<News> {
        let number = if self.has(Fault::RepeatsEntries) { 0 } else { after.number };
        let announce = after.announce && !self.has(Fault::CountsNoReplica) || self.has(Fault::CountsEveryReplica);
        let mut news = self.inner.news(scope, replica, After { number, announce, ..after }).await?;
        if self.has(Fault::ForgetsTheFirstEntry) && !news.entries.is_empty() {
            news.entries.remove(0);
        }
        if self.has(Fault::TakesEveryEpoch) {
            news.epoch = after.propose;
        }
        Ok(news)
    }

    async fn touch(&self, scope: Scope, replica: ReplicaId, touch: &Touch, keep: Duration) -> Result<u64> {
        let mut touch = touch.clone();
        if self.has(Fault::ForgetsMarks) {
            touch.marks.clear();
        }
        if self.has(Fault::SaysNothing) {
            touch.said = Bytes::new();
        }
        self.inner.touch(scope, replica, &touch, self.time(Fault::MarksForEver, keep)).await
    }

    async fn find(
        &self,
        scope: Scope,
        question: Question,
        replica: ReplicaId,
        wanted: Wanted,
        hold: Duration,
    ) -> Result<Found> {
        let newer_than = if self.has(Fault::NewerIsIgnored) { 0 } else { wanted.newer_than };
        let hold = self.time(Fault::ClaimsForEver, hold);
        let mut found = self.inner.find(scope, question, replica, Wanted { newer_than, ..wanted }, hold).await?;
        if self.has(Fault::ClaimsTwice) && found == Found::Held {
            found = self.inner.find(scope, question, replica, Wanted { alone: true, ..wanted }, hold).await?;
        }
        match &mut found {
            Found::Claimed(claim) if self.has(Fault::LoadsBeginTooLate) => claim.began += 1,
            Found::Answer(answer) if self.has(Fault::TellsNoAge) => answer.age = Duration::ZERO,
            _ => {}
        }
        Ok(found)
    }

    async fn put(
        &self,
        scope: Scope,
        question: Question,
        replica: ReplicaId,
        mut claim: AnswerClaim,
        mut answer: PutAnswer,
    ) -> Result<Kept> {
        if self.has(Fault::KeepsOfAnyEpoch) {
            claim.epoch = self.inner.events(scope, 0, 0).await?.epoch;
        }
        answer.keep = match self.fault {
            Fault::ForgetsAnswers => Duration::ZERO,
            _ => self.time(Fault::AnswersForEver, answer.keep),
        };
        let by = if self.has(Fault::EndsNoClaim) { ReplicaId::of(0) } else { replica };
        self.inner.put(scope, question, by, claim, answer).await
    }

    async fn release(&self, scope: Scope, question: Question, replica: ReplicaId, claim: AnswerClaim) -> Result<()> {
        if self.has(Fault::ReleasesForAll) {
            let alone = Wanted { alone: true, newer_than: 0 };
            if let Found::Claimed(own) = self.inner.find(scope, question, replica, alone, FOR_EVER).await? {
                return self.inner.release(scope, question, replica, own).await;
            }
        }
        if self.has(Fault::ReleasesNothing) {
            return Ok(());
        }
        self.inner.release(scope, question, replica, claim).await
    }

    async fn renew(
        &self,
        scope: Scope,
        question: Question,
        replica: ReplicaId,
        claim: AnswerClaim,
        hold: Duration,
    ) -> Result<()> {
        if self.has(Fault::RenewsForAll) {
            let alone = Wanted { alone: true, newer_than: 0 };
            return self.inner.find(scope, question, replica, alone, hold).await.map(drop);
        }
        if self.has(Fault::RenewsNothing) {
            return Ok(());
        }
        self.inner.renew(scope, question, replica, claim, hold).await
    }

    async fn enter_key(&self, key: Name, fingerprint: Name, replica: ReplicaId, keep: Duration) -> Result<KeyState> {
        let state = self.inner.enter_key(key, fingerprint, replica, self.time(Fault::KeyForEver, keep)).await?;
        Ok(match state {
            KeyState::Claimed { .. } if self.has(Fault::KeyIsTakenOver) => KeyState::New,
            KeyState::Claimed { .. } if self.has(Fault::KeyOfAnyPrint) => KeyState::Claimed { same: true },
            other => other,
        })
    }

    async fn settle_key(
        &self,
        key: Name,
        fingerprint: Name,
        replica: ReplicaId,
        outcome: Option<Bytes>,
        keep: Duration,
    ) -> Result<()> {
        if self.has(Fault::SettlesNothing) {
            return Ok(());
        }
        let keep = self.time(Fault::KeyForEver, keep);
        self.inner.settle_key(key, fingerprint, replica, outcome, keep).await
    }

    async fn swap(&self, budget: Name, version: u64, state: Bytes, keep: Duration) -> Result<Swapped> {
        let keep = self.time(Fault::StateForEver, keep);
        let swapped = self.inner.swap(budget, version, state.clone(), keep).await?;
        match swapped {
            Swapped::No(entry) if self.has(Fault::SwapsAnyVersion) => {
                self.inner.swap(budget, entry.version, state, keep).await
            }
            swapped => Ok(swapped),
        }
    }

    async fn take_lot(&self, limit: Name, rate: LotRate, want: u32) -> Result<Lot> {
        let mut lot = self.inner.take_lot(limit, rate, want).await?;
        if self.has(Fault::GrantsOneMore) && lot.granted < want {
            lot.granted += 1;
        }
        if self.has(Fault::NeverFull) {
            lot.full_in = Duration::ZERO;
        }
        Ok(lot)
    }

    async fn remember(&self, scope: Scope, delivery: Name, keep: Duration) -> Result<bool> {
        let is_new = self.inner.remember(scope, delivery, self.time(Fault::RemembersForEver, keep)).await?;
        Ok(is_new || self.has(Fault::RemembersNothing))
    }

    async fn lease(&self, scope: Scope, replica: ReplicaId, hold: Duration) -> Result<Option<Lease>> {
        let lease = self.inner.lease(scope, replica, self.time(Fault::LeaseForEver, hold)).await?;
        Ok(lease.or_else(|| self.has(Fault::LeasesToAll).then_some(Lease(1))))
    }

    async fn end_lease(&self, scope: Scope, replica: ReplicaId, lease: Lease) -> Result<()> {
        if self.has(Fault::LeaseIsNeverGivenBack) {
            return Ok(());
        }
        self.inner.end_lease(scope, replica, lease).await
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
        let keep = self.time(Fault::EventsForEver, keep);
        let events = if self.has(Fault::KeepsEveryEvent) { u64::MAX } else { events };
        let appended = self.inner.append(scope, replica, lease, entries.clone(), events, keep).await?;
        if self.has(Fault::AnyLeaseWrites)
            && appended == Appended::Lost
            && let Some(own) = self.inner.lease(scope, replica, FOR_EVER).await?
        {
            return self.inner.append(scope, replica, own, entries, events, keep).await;
        }
        Ok(appended)
    }

    async fn events(&self, scope: Scope, after: u64, most: usize) -> Result<EventPage> {
        let most = if self.has(Fault::PagesWithoutBound) { usize::MAX } else { most };
        self.inner.events(scope, after, most).await
    }
}

#[tokio::test(start_paused = true)]
async fn every_fault_is_found() {
    let faults = [
        Fault::ForgetsTheFirstEntry,
        Fault::RepeatsEntries,
        Fault::TakesEveryEpoch,
        Fault::CountsEveryReplica,
        Fault::CountsNoReplica,
        Fault::ForgetsMarks,
        Fault::MarksForEver,
        Fault::SaysNothing,
        Fault::ClaimsTwice,
        Fault::ClaimsForEver,
        Fault::LoadsBeginTooLate,
        Fault::NewerIsIgnored,
        Fault::TellsNoAge,
        Fault::AnswersForEver,
        Fault::KeepsOfAnyEpoch,
        Fault::ForgetsAnswers,
        Fault::EndsNoClaim,
        Fault::RenewsNothing,
        Fault::RenewsForAll,
        Fault::ReleasesNothing,
        Fault::ReleasesForAll,
        Fault::KeyIsTakenOver,
        Fault::KeyForEver,
        Fault::KeyOfAnyPrint,
        Fault::SettlesNothing,
        Fault::SwapsAnyVersion,
        Fault::StateForEver,
        Fault::GrantsOneMore,
        Fault::NeverFull,
        Fault::RemembersNothing,
        Fault::RemembersForEver,
        Fault::LeasesToAll,
        Fault::LeaseForEver,
        Fault::LeaseIsNeverGivenBack,
        Fault::AnyLeaseWrites,
        Fault::EventsForEver,
        Fault::KeepsEveryEvent,
        Fault::PagesWithoutBound,
    ];
    let mut unseen = Vec::new();
    for fault in faults {
        let store = Arc::new(Mutant { inner: InProcess::default(), fault });
        if run_all(&Stage::new(store, Duration::from_secs(1))).await.failed.is_empty() {
            unseen.push(fault);
        }
    }
    assert!(unseen.is_empty(), "no check finds {unseen:?}");
}
