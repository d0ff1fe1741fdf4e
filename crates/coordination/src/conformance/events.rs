//! The log of events.

use bytes::Bytes;

use crate::conformance::stage::{LONG, Stage};
use crate::conformance::verdict::{Verdict, Violation, ensure, ensure_eq};
use crate::feed::After;
use crate::name::{ReplicaId, Scope};
use crate::poller::{Appended, Lease};

fn numbered(numbers: impl IntoIterator<Item = u64>) -> Vec<(u64, Bytes)> {
    numbers.into_iter().map(|number| (number, event(number))).collect()
}

fn event(number: u64) -> Bytes {
    format!("event {number}\0\r\n").into()
}

/// Appends one after the other, as many as there are kept.
async fn append(
    stage: &Stage,
    scope: Scope,
    (replica, lease): (ReplicaId, Lease),
    numbers: impl IntoIterator<Item = u64>,
) -> Result<u64, Violation> {
    let entries = numbers.into_iter().map(event).collect();
    match stage.store().append(scope, replica, lease, entries, 100, LONG).await? {
        Appended::Yes(last) => Ok(last),
        Appended::Lost => Err(Violation::new("the lease is lost, though nobody took it")),
    }
}

async fn poller(stage: &Stage, scope: Scope) -> Result<(ReplicaId, Lease), Violation> {
    let replica = Stage::replica();
    Ok((replica, stage.lease(scope, replica, LONG).await?))
}

pub(crate) async fn they_are_numbered_from_one_and_read_as_they_were(stage: &Stage) -> Verdict {
    let scope = Stage::scope();
    let page = stage.store().events(scope, 0, 10).await?;
    ensure!(page.latest == 0 && page.entries.is_empty(), "{page:?} before the first event");
    let poller = poller(stage, scope).await?;
    ensure_eq!(append(stage, scope, poller, []).await?, 0, "the last number of none");
    ensure_eq!(append(stage, scope, poller, [1, 2]).await?, 2, "the last number");
    ensure_eq!(append(stage, scope, poller, []).await?, 2, "the last number");
    ensure_eq!(append(stage, scope, poller, [3]).await?, 3, "the last number");
    let page = stage.store().events(scope, 0, 10).await?;
    ensure_eq!(page.entries, numbered(1..=3), "the events");
    ensure_eq!(page.latest, 3, "the last number");
    Ok(())
}

pub(crate) async fn pages_are_bounded(stage: &Stage) -> Verdict {
    let scope = Stage::scope();
    let poller = poller(stage, scope).await?;
    append(stage, scope, poller, 1..=5).await?;
    for (after, most, expected) in [
        (0, 2, 1..3),
        (2, 2, 3..5),
        (4, 2, 5..6),
        (3, usize::MAX, 4..6),
        (0, 0, 0..0),
        (5, 9, 0..0),
        (u64::MAX, 9, 0..0),
    ] {
        let page = stage.store().events(scope, after, most).await?;
        ensure_eq!(page.entries, numbered(expected), "a page");
        ensure_eq!(page.latest, 5, "the last number");
    }
    Ok(())
}

pub(crate) async fn no_other_lease_writes(stage: &Stage) -> Verdict {
    let scope = Stage::scope();
    let store = stage.store();
    let write = async |replica, lease| store.append(scope, replica, lease, vec![event(1)], 100, LONG).await;
    ensure_eq!(write(Stage::replica(), Lease(1)).await?, Appended::Lost, "without any lease");
    let (replica, lease) = poller(stage, scope).await?;
    ensure_eq!(write(replica, Lease(lease.0 + 1)).await?, Appended::Lost, "with another number");
    ensure_eq!(write(Stage::replica(), lease).await?, Appended::Lost, "by another replica");
    store.end_lease(scope, replica, lease).await?;
    ensure_eq!(write(replica, lease).await?, Appended::Lost, "after it was given back");
    let lease = stage.lease(scope, replica, stage.unit()).await?;
    stage.pass(2).await;
    ensure_eq!(write(replica, lease).await?, Appended::Lost, "after it had ended");
    let page = store.events(scope, 0, 10).await?;
    ensure!(page.latest == 0 && page.entries.is_empty(), "{page:?} though nobody had the lease");
    Ok(())
}

pub(crate) async fn the_latest_are_kept(stage: &Stage) -> Verdict {
    let scope = Stage::scope();
    let (replica, lease) = poller(stage, scope).await?;
    let entries = (1..=7).map(event).collect();
    let last = stage.store().append(scope, replica, lease, entries, 3, LONG).await?;
    ensure_eq!(last, Appended::Yes(7), "the last number");
    let page = stage.store().events(scope, 0, 10).await?;
    ensure_eq!(page.entries, numbered(5..=7), "the latest three");
    stage.store().append(scope, replica, lease, vec![event(8)], 0, LONG).await?;
    let page = stage.store().events(scope, 0, 10).await?;
    ensure!(page.entries.is_empty() && page.latest == 8, "{page:?} though none is kept");
    Ok(())
}

pub(crate) async fn old_ones_go(stage: &Stage) -> Verdict {
    let scope = Stage::scope();
    let (replica, lease) = poller(stage, scope).await?;
    stage.store().append(scope, replica, lease, vec![event(1), event(2)], 100, stage.unit()).await?;
    stage.pass(2).await;
    append(stage, scope, (replica, lease), [3]).await?;
    let page = stage.store().events(scope, 0, 10).await?;
    ensure_eq!(page.entries, numbered([3]), "the events whose time is not over");
    Ok(())
}

pub(crate) async fn news_and_pages_tell_the_epoch_and_the_last_number(stage: &Stage) -> Verdict {
    let scope = Stage::scope();
    let after = After { number: 0, propose: 5, announce: false };
    ensure_eq!(stage.store().news(scope, Stage::replica(), after).await?.latest_event, 0, "before the first event");
    let poller = poller(stage, scope).await?;
    append(stage, scope, poller, 1..=4).await?;
    ensure_eq!(stage.store().news(scope, Stage::replica(), after).await?.latest_event, 4, "the last event in the news");
    ensure_eq!(stage.store().events(scope, 4, 1).await?.epoch, 5, "the epoch of a page");
    Ok(())
}
