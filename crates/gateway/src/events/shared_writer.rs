//! Writes the log of events of all replicas, under the lease of its poller.

use std::time::Duration;

use coordination::{Appended, Cluster, Lease, Scope};
use tokio::time::{Instant, sleep};

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
    /// Renews the lease until it is known to be lost.
    pub(super) async fn hold(&self, lease: Lease) {
        loop {
            sleep(RENEW_EVERY).await;
            if self.cluster.lease(self.log, HOLD).await.is_some_and(|held| held != Some(lease)) {
                return;
            }
        }
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
