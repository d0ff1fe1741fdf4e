//! Writes the log of events of all replicas, under the lease of its poller.

use std::time::Duration;

use coordination::{Appended, Cluster, Lease, Scope};
use tokio::time::{Instant, sleep};
use tokio_util::sync::CancellationToken;

use crate::changes::{Changes, Tick};
use crate::events::batch::{Batch, Brought, NewEntry};
use crate::events::change_log::ChangeLog;
use crate::events::kept_view::KeptView;
use crate::events::place::Place;
use crate::events::shared_entry;

/// How long the lease is held without being renewed.
pub(super) const HOLD: Duration = Duration::from_secs(2);

/// How often it is renewed, or tried for.
pub(super) const RENEW_EVERY: Duration = Duration::from_millis(500);

/// The most events, and about the most bytes, that are written at once: more than that is told by a snapshot.
const MOST_AT_ONCE: usize = 1000;
const MOST_BYTES_AT_ONCE: usize = 1024 * 1024;

/// What is known is kept again after so long though nothing has changed.
pub(super) const KEEP_AGAIN: Duration = Duration::from_secs(10);

/// The log of a provider in the store.
#[derive(Debug, Clone)]
pub(super) struct SharedPlace {
    pub(super) cluster: Cluster,
    /// Of the account: its feed, its answers.
    pub(super) account: Scope,
    /// Of the lease and the log: the account under the id that this provider has.
    pub(super) log: Scope,
    /// How many entries are kept, and for how long.
    pub(super) entries: u64,
    pub(super) keep: Duration,
}

/// The writer, while it has the lease.
#[derive(Debug)]
pub(super) struct SharedWriter {
    pub(super) place: SharedPlace,
    pub(super) lease: Lease,
    pub(super) changes: Changes,
    pub(super) kept_view: KeptView,
    /// What is kept: of which place, asked for when, kept when.
    kept: Option<(Place, Tick, Instant)>,
    /// The number of the last entry that was written.
    pub(super) last: Option<u64>,
}

impl SharedWriter {
    pub(super) fn new(place: SharedPlace, lease: Lease, changes: Changes, kept_view: KeptView) -> Self {
        Self { place, lease, changes, kept_view, kept: None, last: None }
    }

    /// Writes what was brought, and has it told once it is written. `false` if it is not known to be written: then this
    /// replica knows no more how the log stands, and writes nothing further under this lease.
    pub(super) async fn write(&mut self, log: &ChangeLog, brought: Brought) -> bool {
        let Some(mut batch) = log.prepare(brought) else { return true };
        let SharedPlace { cluster, account, log: scope, entries: most, keep } = &self.place;
        log.see(&batch);
        // Before anybody can read an event, nobody is given what was fetched earlier about its room.
        if !batch.seen.is_empty() && !cluster.say_now(*account).await {
            return false;
        }
        if is_much(&batch) {
            log.begin_anew();
            batch.entries.clear();
        }
        let Some(entries) = encoded(log.end(), &batch) else { return false };
        match cluster.append(*scope, self.lease, entries, *most, *keep).await {
            Some(Appended::Yes(last)) => self.last = Some(last),
            Some(Appended::Lost) | None => return false,
        }
        log.written(batch);
        self.keep(log).await;
        true
    }

    /// Keeps what is known for those who follow, unless the same is kept already.
    async fn keep(&mut self, log: &ChangeLog) {
        let Some(view) = log.view_at_end() else { return };
        let Some(began) = view.latest.map(|latest| latest.began) else { return };
        let place = log.end();
        let is_unchanged_since = |began| self.changes.is_unchanged_since(began, log.provider());
        let is_kept = |&(at, began, kept): &(Place, Tick, Instant)| {
            at == place && is_unchanged_since(began) && kept.elapsed() < KEEP_AGAIN
        };
        if self.kept.as_ref().is_some_and(is_kept) {
            return;
        }
        if self.kept_view.put(place, &view, || is_unchanged_since(began)).await {
            self.kept = Some((place, began, Instant::now()));
        }
    }
}

impl SharedPlace {
    /// Renews the lease until `over`, or it is known to be lost. Answers the one that is to be given back.
    pub(super) async fn hold(&self, lease: Lease, over: &CancellationToken) -> Lease {
        while over.run_until_cancelled(sleep(RENEW_EVERY)).await.is_some() {
            // Not given up once it is on its way: of a lease that has run out meanwhile it takes a new one, which nobody else
            // could have for as long as it holds.
            if let Some(held) = self.cluster.lease(self.log, HOLD).await
                && held != Some(lease)
            {
                return held.unwrap_or(lease);
            }
        }
        lease
    }
}

fn is_much(batch: &Batch) -> bool {
    let size = |entry: &NewEntry| if let NewEntry::Event { event, .. } = entry { event.len() } else { 0 };
    batch.entries.len() > MOST_AT_ONCE || batch.entries.iter().map(size).sum::<usize>() > MOST_BYTES_AT_ONCE
}

/// The entries of a batch that stands at this place, a mark last.
fn encoded(start: Place, batch: &Batch) -> Option<Vec<bytes::Bytes>> {
    let mut at = start;
    let mut entries = Vec::with_capacity(batch.entries.len() + 1);
    for entry in &batch.entries {
        entries.push(shared_entry::event(at, entry)?);
        at = at.after_next();
    }
    let spacing = batch.view.latest.map_or(Duration::ZERO, |latest| latest.spacing);
    entries.push(shared_entry::mark(at, batch.view.outcome.as_deref()?, spacing)?);
    Some(entries)
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use coordination::testing::FaultyStore;
    use coordination::{ClusterSettings, InProcess, Name, Store};
    use tokio_util::task::TaskTracker;

    use super::*;

    #[tokio::test(start_paused = true)]
    async fn a_renewal_that_takes_the_lease_anew_is_given_back_too() {
        let store = Arc::new(FaultyStore::over(Arc::<InProcess>::default()));
        let (account, log) = (Scope(Name::of([&b"account"[..]])), Scope(Name::of([&b"log"[..]])));
        let settings = ClusterSettings { timeout: Duration::from_millis(50), replicas: 3 };
        let cluster = Cluster::new(Arc::clone(&store) as Arc<dyn Store>, settings, [account]);
        TaskTracker::new().spawn(cluster.clone().run());
        cluster.watch().wait_for(|up| *up).await.unwrap();
        let place = SharedPlace { cluster: cluster.clone(), account, log, entries: 1, keep: HOLD };
        let lease = cluster.lease(log, HOLD).await.flatten().unwrap();
        // This replica stood still for longer than it holds, and ends while the renewal is on its way.
        sleep(HOLD + RENEW_EVERY).await;
        store.slow(Duration::from_millis(20));
        let over = CancellationToken::new();
        let ends = async {
            sleep(RENEW_EVERY + Duration::from_millis(10)).await;
            over.cancel();
        };
        let (held, ()) = tokio::join!(place.hold(lease, &over), ends);
        assert!(held > lease);
        cluster.end_lease(log, held).await;
        let other = Cluster::new(store, settings, [account]);
        TaskTracker::new().spawn(other.clone().run());
        other.watch().wait_for(|up| *up).await.unwrap();
        assert!(other.lease(log, HOLD).await.flatten().is_some());
    }
}
