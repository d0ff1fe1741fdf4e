//! What the poller of all replicas knows, kept for those who follow it: snapshots are made of it, and the next poller goes
//! on from it.

use std::sync::Arc;
use std::time::Duration;

use coordination::{Cluster, Finding, Mark, PutAnswer, Question, Scope, Wanted};
use serde::{Deserialize, Serialize};
use session_provider::{Session, SessionList, Timestamp};

use crate::changes::Tick;
use crate::events::batch::{Latest, View};
use crate::events::place::Place;
use crate::events::snapshot::KnownSessions;
use crate::problem::ProviderOutcome;
use crate::providers::Provider;
use crate::reads::{KeptList, Reads};
use crate::sharing::{packed, unpacked};

/// It stands in the store. Of another version it does not read as ours.
#[derive(Serialize, Deserialize)]
struct WireView {
    epoch: u64,
    number: u64,
    outcome: ProviderOutcome,
    list: SessionList,
    missing: Vec<Session>,
    fetched_at: Timestamp,
    /// The time since the provider answered, when it was kept.
    age_ms: u64,
    spacing_ms: u64,
    load: u64,
}

/// Where it is kept.
#[derive(Debug, Clone)]
pub(super) struct KeptView {
    pub(super) cluster: Cluster,
    /// The account, whose changes outdate it.
    pub(super) account: Scope,
    pub(super) question: Question,
    pub(super) keep: Duration,
}

/// What another replica knew.
#[derive(Debug)]
pub(super) struct FoundView {
    /// Where it stood.
    pub(super) place: Place,
    pub(super) view: View,
    /// The time since it was kept.
    pub(super) age: Duration,
}

fn ms(duration: Duration) -> u64 {
    u64::try_from(duration.as_millis()).unwrap_or(u64::MAX)
}

impl KeptView {
    /// Keeps what is known at this place, unless something was changed since it was asked for: `is_unchanged` says whether
    /// this replica knows of nothing.
    pub(super) async fn put(&self, place: Place, view: &View, is_unchanged: impl Fn() -> bool) -> bool {
        let View { known: Some(known), outcome: Some(outcome), latest: Some(latest) } = view.clone() else {
            return false;
        };
        let Some(load) = latest.number else { return false };
        let packing = tokio::task::spawn_blocking(move || {
            let answer = &known.answer;
            let list = SessionList { sessions: answer.sessions().to_vec(), dropped: 0, settled: answer.is_settled() };
            packed(&WireView {
                epoch: place.epoch,
                number: place.number,
                outcome: (*outcome).clone(),
                list,
                missing: known.missing.iter().map(|session| (**session).clone()).collect(),
                fetched_at: answer.fetched_at(),
                age_ms: ms(latest.answered.elapsed()),
                spacing_ms: ms(latest.spacing),
                load,
            })
        });
        let Ok(Some(body)) = packing.await else { return false };
        let wanted = Wanted { alone: true, newer_than: 0 };
        let Finding::Load(claim) = self.cluster.find(self.account, self.question, wanted).await else {
            return false;
        };
        // What was changed before the claim is known here by now, and what was changed after it the store compares.
        if !self.cluster.confirm(self.account).await || !is_unchanged() {
            return false;
        }
        let about = vec![Mark::everything(), Mark::until_changed()];
        claim.put(PutAnswer { about, age: Duration::ZERO, body, keep: self.keep }).await
    }

    /// What is kept, if nothing was changed since it was asked for. It is looked for at `began`.
    pub(super) async fn find(&self, reads: &Reads, provider: &Provider, began: Tick) -> Option<FoundView> {
        // A claim is not wanted: it is given back at once.
        let Finding::Answer(found, asked) = self.cluster.find(self.account, self.question, Wanted::default()).await
        else {
            return None;
        };
        let wire: WireView = unpacked(found.body).await?;
        let answered = asked.checked_sub(found.age + Duration::from_millis(wire.age_ms)).unwrap_or(asked);
        let (list, number) = (wire.list, wire.load);
        let kept = KeptList { began, list, fetched_at: wire.fetched_at, answered, number };
        let answer = reads.kept_live_sessions(provider, kept).await?;
        let latest = Latest {
            began: answer.began(),
            number: Some(number),
            answered,
            spacing: Duration::from_millis(wire.spacing_ms),
        };
        let missing = wire.missing.into_iter().map(Arc::new).collect();
        let outcome = ProviderOutcome { provider: provider.id().to_string(), ..wire.outcome };
        let view = View {
            known: Some(Arc::new(KnownSessions { answer, missing })),
            outcome: Some(Arc::new(outcome)),
            latest: Some(latest),
        };
        let place = Place { epoch: wire.epoch, number: wire.number };
        Some(FoundView { place, view, age: found.age })
    }
}
