//! Many at once.

use std::future::Future;

use bytes::Bytes;
use tokio::task::JoinSet;

use crate::answer::{Found, Kept};
use crate::budget::{BudgetEntry, Swapped};
use crate::conformance::stage::{LONG, ROOM, Stage};
use crate::conformance::verdict::{Verdict, Violation, ensure, ensure_eq};
use crate::key::KeyState;
use crate::lot::LotRate;
use crate::poller::Appended;
use crate::store::Result as Stored;
use crate::touch::Mark;

const MANY: usize = 48;

/// What so many tasks see that begin together.
async fn all<T, F>(stage: &Stage, task: impl Fn(Stage) -> F) -> Result<Vec<T>, Violation>
where
    T: Send + 'static,
    F: Future<Output = Stored<T>> + Send + 'static,
{
    let mut tasks = JoinSet::new();
    for _ in 0..MANY {
        tasks.spawn(task(stage.clone()));
    }
    let mut seen = Vec::new();
    while let Some(outcome) = tasks.join_next().await {
        seen.push(outcome.map_err(|error| Violation::new(error.to_string()))??);
    }
    Ok(seen)
}

fn how_many<T>(seen: &[T], is_so: impl Fn(&T) -> bool) -> usize {
    seen.iter().filter(|one| is_so(one)).count()
}

pub(crate) async fn one_claim(stage: &Stage) -> Verdict {
    let (scope, question) = (Stage::scope(), Stage::question());
    let seen = all(stage, |stage| async move { stage.find(scope, question).await }).await?;
    ensure_eq!(how_many(&seen, |found| matches!(found, Found::Claimed(_))), 1, "claims");
    ensure_eq!(how_many(&seen, |found| matches!(found, Found::Held)), MANY - 1, "replicas that wait");
    Ok(())
}

pub(crate) async fn one_key(stage: &Stage) -> Verdict {
    let (key, print) = (Stage::name(), Stage::name());
    let enter = |stage: Stage| async move { stage.store().enter_key(key, print, Stage::replica(), LONG).await };
    let seen = all(stage, enter).await?;
    ensure_eq!(how_many(&seen, |state| *state == KeyState::New), 1, "claims");
    ensure_eq!(how_many(&seen, |state| *state == KeyState::Claimed { same: true }), MANY - 1, "others");
    Ok(())
}

pub(crate) async fn one_delivery(stage: &Stage) -> Verdict {
    let (scope, delivery) = (Stage::scope(), Stage::name());
    let seen = all(stage, |stage| async move { stage.store().remember(scope, delivery, LONG).await }).await?;
    ensure_eq!(how_many(&seen, |is_new| *is_new), 1, "replicas that act");
    Ok(())
}

pub(crate) async fn one_lease(stage: &Stage) -> Verdict {
    let scope = Stage::scope();
    let seen = all(stage, |stage| async move { stage.store().lease(scope, Stage::replica(), LONG).await }).await?;
    ensure_eq!(how_many(&seen, Option::is_some), 1, "leases");
    Ok(())
}

pub(crate) async fn one_swap_wins(stage: &Stage) -> Verdict {
    let budget = Stage::name();
    let swap = |stage: Stage| async move { stage.store().swap(budget, 0, Bytes::from_static(b"state"), LONG).await };
    let seen = all(stage, swap).await?;
    ensure_eq!(how_many(&seen, |swapped| matches!(swapped, Swapped::Yes { .. })), 1, "winners");
    Ok(())
}

pub(crate) async fn no_swap_is_lost(stage: &Stage) -> Verdict {
    let budget = Stage::name();
    // Each counts one up, on what it has seen.
    let count = |stage: Stage| async move {
        let mut seen = BudgetEntry { version: 0, age: LONG, state: Bytes::new() };
        loop {
            let state = Bytes::from(vec![b'x'; seen.state.len() + 1]);
            match stage.store().swap(budget, seen.version, state, LONG).await? {
                Swapped::Yes { .. } => return Ok(()),
                Swapped::No(entry) => seen = entry,
            }
        }
    };
    all(stage, count).await?;
    let Swapped::No(entry) = stage.store().swap(budget, u64::MAX, Bytes::new(), LONG).await? else {
        return Err(Violation::new("a version that never was is there"));
    };
    ensure_eq!(entry.state.len(), MANY, "what was counted");
    Ok(())
}

pub(crate) async fn the_feed_has_no_gap_and_no_number_twice(stage: &Stage) -> Verdict {
    let scope = Stage::scope();
    let mut seen = all(stage, |stage| async move { stage.touch(scope, &[Mark::account()]).await }).await?;
    seen.sort_unstable();
    let expected: Vec<u64> = (1..=MANY as u64).collect();
    ensure_eq!(seen, expected, "the numbers that were answered");
    let entries: Vec<u64> = stage.news(scope).await?.entries.iter().map(|entry| entry.number).collect();
    ensure_eq!(entries, expected, "the numbers in the feed");
    Ok(())
}

pub(crate) async fn the_log_has_no_gap_and_no_number_twice(stage: &Stage) -> Verdict {
    let (scope, replica) = (Stage::scope(), Stage::replica());
    let lease = stage.lease(scope, replica, LONG).await?;
    let append = |stage: Stage| async move {
        let entries = vec![Bytes::from_static(b"a"), Bytes::from_static(b"b")];
        stage.store().append(scope, replica, lease, entries, 1000, LONG).await
    };
    let seen = all(stage, append).await?;
    let lasts = (1..=MANY as u64).filter(|n| seen.contains(&Appended::Yes(n * 2))).count();
    ensure_eq!(lasts, MANY, "last numbers, each of its own");
    let page = stage.store().events(scope, 0, 1000).await?;
    let events: Vec<(u64, Bytes)> = (1..=MANY as u64 * 2)
        .map(|number| (number, Bytes::from_static(if number % 2 == 1 { b"a" } else { b"b" })))
        .collect();
    ensure_eq!(page.entries, events, "the log, in which what was appended together is together");
    Ok(())
}

pub(crate) async fn never_more_than_the_quota(stage: &Stage) -> Verdict {
    let (limit, rate) = (Stage::name(), LotRate { quota: 100, per: LONG * 24 });
    let lots = all(stage, |stage| async move { stage.store().take_lot(limit, rate, 3).await }).await?;
    ensure_eq!(lots.iter().map(|lot| lot.granted).sum::<u32>(), 100, "granted of a quota of 100");
    Ok(())
}

pub(crate) async fn no_answer_outlives_a_touch(stage: &Stage) -> Verdict {
    for round in 0..MANY {
        let (scope, question, replica) = (Stage::scope(), Stage::question(), Stage::replica());
        let claim = stage.claim(scope, question, replica, LONG).await?;
        let marks = [Mark::room(ROOM)];
        let put = stage.put(scope, question, replica, claim, "old");
        let touch = stage.touch(scope, &marks);
        // Polled in turns, so that either is first about as often.
        let (kept, number) = if round % 2 == 0 {
            tokio::try_join!(put, touch)?
        } else {
            tokio::try_join!(touch, put).map(|(n, kept)| (kept, n))?
        };
        ensure!(matches!(kept, Kept::Yes | Kept::Outdated) && number == 1, "{kept:?} and the number {number}");
        let found = stage.find(scope, question).await?;
        ensure!(!matches!(found, Found::Answer(_)), "{found:?} after the touch was answered");
    }
    Ok(())
}
