//! Keeps the log of a provider: alone, or as one of several replicas of which one polls and the others follow.

use std::time::Duration;

use coordination::Lease;
use session_provider::RoomId;
use tokio::sync::watch;
use tokio::time::{Instant, sleep};
use tokio_util::sync::CancellationToken;

use crate::events::kept_view::KeptView;
use crate::events::poller::Poller;
use crate::events::shared_entry::{SharedEntry, SharedWhat};
use crate::events::shared_writer::{HOLD, KEEP_AGAIN, RENEW_EVERY, SharedPlace, SharedWriter};
use crate::telemetry::metrics as names;

/// How often one who follows looks for what is new.
const LOOK_EVERY: Duration = Duration::from_millis(100);

/// The most entries that are read at once.
const PAGE: usize = 1000;

/// How often what the poller knows is looked for while it is not there.
const FIND_EVERY: Duration = Duration::from_millis(250);

/// How much later than the interval between two polls a reader has a snapshot; else this replica acts alone for a while.
const PATIENCE: Duration = Duration::from_secs(10);

/// For how long.
const ALONE_FOR: Duration = Duration::from_secs(60);

/// Keeps a log while nobody else does.
pub(super) async fn keep_alone(mut poller: Poller) {
    loop {
        poller.log.audience().is(true).await;
        poller.poll_while_heard(None).await;
        poller.log.set_current(false);
    }
}

/// Keeps a log as one of several.
#[derive(Debug)]
pub(super) struct Keeper {
    poller: Poller,
    place: SharedPlace,
    kept_view: KeptView,
    /// Whether the store takes and gives.
    store: watch::Receiver<bool>,
    /// The last entry that was read of the log.
    read: u64,
    /// When what the poller knows may be looked for again.
    find_after: Instant,
}

impl Keeper {
    pub(super) fn new(poller: Poller, place: SharedPlace, kept_view: KeptView) -> Self {
        let store = place.cluster.watch();
        Self { poller, place, kept_view, store, read: 0, find_after: Instant::now() }
    }

    /// Until `stop`; then the lease is given back.
    pub(super) async fn run(mut self, stop: CancellationToken) {
        let log = std::sync::Arc::clone(&self.poller.log);
        let mut alone_until = Instant::now();
        while !stop.is_cancelled() {
            tokio::select! {
                () = stop.cancelled() => return,
                () = log.audience().is(true) => {}
            }
            let is_up = *self.store.borrow_and_update();
            if is_up && alone_until <= Instant::now() {
                log.begin_following();
                if self.follow(&stop).await {
                    tracing::warn!(provider = %log.provider(), "what another replica polls does not come: this one polls itself");
                    alone_until = Instant::now() + ALONE_FOR;
                }
            } else {
                log.begin_here();
                // When the others are followed again all that is kept is read.
                self.read = 0;
                let wait = if is_up { alone_until } else { Instant::now() + Duration::from_secs(86_400) };
                tokio::select! {
                    biased;
                    () = stop.cancelled() => return,
                    () = self.poller.poll_while_heard(None) => {}
                    _ = self.store.changed() => {}
                    () = tokio::time::sleep_until(wait) => {}
                }
            }
            log.set_current(false);
        }
    }

    /// Follows, and leads whenever nobody else does, while somebody listens and the store is as it is. Answers whether
    /// what another polls does not come.
    async fn follow(&mut self, stop: &CancellationToken) -> bool {
        let log = std::sync::Arc::clone(&self.poller.log);
        let mut is_live = false;
        let mut try_at = Instant::now();
        loop {
            let now = Instant::now();
            is_live |= self.catch_up(is_live).await;
            if now >= try_at {
                try_at = now + RENEW_EVERY;
                if let Some(Some(mut lease)) = self.place.cluster.lease(self.place.log, HOLD).await {
                    // From now on nobody else writes.
                    if self.catch_up(is_live).await {
                        let mut writer = SharedWriter::new(
                            self.place.clone(),
                            lease,
                            self.poller.changes.clone(),
                            self.kept_view.clone(),
                        );
                        lease = self.lead(&mut writer, stop).await;
                        self.read = writer.last.unwrap_or(self.read);
                    }
                    self.place.cluster.end_lease(self.place.log, lease).await;
                }
            } else if log.wants_to_know() && now >= self.find_after {
                self.find().await;
            }
            let interval = log.latest().map_or(log.poll_for, |latest| latest.spacing.max(log.poll_for));
            if log.wanted_for() > interval + PATIENCE {
                return true;
            }
            tokio::select! {
                biased;
                () = stop.cancelled() => return false,
                () = log.audience().is(false) => return false,
                _ = self.store.changed() => return false,
                () = log.called() => {}
                () = sleep(LOOK_EVERY) => {}
            }
        }
    }

    /// Polls and writes while it may. Answers the lease that is to be given back.
    async fn lead(&mut self, writer: &mut SharedWriter, stop: &CancellationToken) -> Lease {
        let log = std::sync::Arc::clone(&self.poller.log);
        if log.view_at_end().is_none() {
            self.find().await;
        }
        log.begin_leading();
        let leading = metrics::gauge!(names::EVENTS_LEADING, "provider" => log.provider().to_string());
        leading.set(1.0);
        let (place, lease) = (writer.place.clone(), writer.lease);
        let (over, lost) = (CancellationToken::new(), CancellationToken::new());
        let holding = async {
            let lease = place.hold(lease, &over).await;
            lost.cancel();
            lease
        };
        let working = async {
            tokio::select! {
                biased;
                () = stop.cancelled() => {}
                // Seen again by who follows.
                Ok(()) = async { self.store.clone().changed().await } => {}
                () = lost.cancelled() => {}
                () = self.poller.poll_while_heard(Some(writer)) => {}
            }
            over.cancel();
        };
        let (lease, ()) = tokio::join!(biased; holding, working);
        leading.set(0.0);
        log.end_leading();
        lease
    }

    /// Takes all that is new in the log. `false` if the store did not say all.
    async fn catch_up(&mut self, is_live: bool) -> bool {
        let began = Instant::now();
        loop {
            let SharedPlace { cluster, log: scope, .. } = &self.place;
            let Some(page) = cluster.events(*scope, self.read, PAGE).await else { return false };
            if page.latest < self.read {
                // It was lost, and began again.
                self.read = 0;
                continue;
            }
            for (number, entry) in &page.entries {
                self.read = *number;
                self.take(entry, is_live);
            }
            if page.entries.is_empty() || self.read >= page.latest {
                self.poller.log.caught_up(began);
                return true;
            }
        }
    }

    /// Takes an entry; what does not read as ours is as if it were forgotten.
    fn take(&self, entry: &[u8], is_live: bool) {
        let log = &self.poller.log;
        let Some(SharedEntry { at, what }) = SharedEntry::read(entry, log.provider()) else { return };
        match what {
            SharedWhat::Event(event, about) => {
                if let Some(about) = about {
                    let rooms: &[RoomId] = &about.rooms;
                    self.poller.changes.seen_elsewhere(log.provider(), rooms, about.session.as_ref());
                }
                log.follow(at, event);
            }
            SharedWhat::Mark { outcome, spacing } => log.stands_at(at, outcome, spacing, is_live),
        }
    }

    /// Looks for what the poller knows.
    async fn find(&mut self) {
        self.find_after = Instant::now() + FIND_EVERY;
        let Poller { log, provider, reads, changes, .. } = &self.poller;
        let Some(found) = self.kept_view.find(reads, provider, changes.tick()).await else { return };
        let interval = found.view.latest.map_or(log.poll_for, |latest| latest.spacing.max(log.poll_for));
        let is_new = found.age <= interval + KEEP_AGAIN + Duration::from_secs(3);
        log.knows(found.place, found.view, is_new);
    }
}
