//! The rooms that are followed.

use std::collections::{BTreeMap, HashMap};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use session_provider::{ProviderId, RoomId};
use tokio_util::sync::CancellationToken;
use tokio_util::task::TaskTracker;

use crate::changes::Changes;
use crate::config::EventsConfig;
use crate::events::change_log::ChangeLog;
use crate::events::event_log::Listening;
use crate::events::room_log::RoomLog;
use crate::events::room_poller::RoomPoller;
use crate::events::room_shares::{RoomShares, USUAL_CALLS};
use crate::events::stream_places::NoPlace;
use crate::providers::Provider;
use crate::reads::Reads;

/// The logs of rooms: those that are followed, and those that may be come back to. Cheap to clone.
#[derive(Debug, Clone)]
pub(super) struct Rooms(Arc<RoomsInner>);

#[derive(Debug)]
struct RoomsInner {
    config: EventsConfig,
    reads: Reads,
    changes: Changes,
    shares: BTreeMap<ProviderId, Arc<RoomShares>>,
    followed: Mutex<FollowedRooms>,
}

#[derive(Debug, Default)]
struct FollowedRooms {
    logs: HashMap<(ProviderId, RoomId), Arc<RoomLog>>,
    serial: u64,
    /// Where pollers run; none before the start.
    tasks: Option<(TaskTracker, CancellationToken)>,
}

impl Rooms {
    pub(super) fn new(config: EventsConfig, reads: Reads, changes: Changes) -> Self {
        let spacing = |provider: &Provider| {
            let budget = provider.health().budget;
            budget.map_or(Duration::ZERO, |budget| budget.time_at_a_quarter_for(USUAL_CALLS))
        };
        let share = |provider: &Provider| (provider.id().clone(), Arc::new(RoomShares::new(spacing(provider))));
        let shares = reads.providers().iter().map(share).collect();
        Self(Arc::new(RoomsInner { config, reads, changes, shares, followed: Mutex::default() }))
    }

    /// Says where pollers run, and until when.
    pub(super) fn start(&self, tasks: &TaskTracker, stop: &CancellationToken) {
        self.lock().tasks = Some((tasks.clone(), stop.clone()));
    }

    /// The log of a room, with one more who follows it.
    pub(super) fn follow(
        &self,
        provider: &Provider,
        room: &RoomId,
        account: &Arc<ChangeLog>,
    ) -> Result<(Arc<RoomLog>, Listening), NoPlace> {
        let inner = &*self.0;
        let key = (provider.id().clone(), room.clone());
        let mut followed = self.lock();
        if let Some(log) = followed.logs.get(&key) {
            return Ok((Arc::clone(log), log.audience.listen()));
        }
        let most = usize::try_from(inner.config.max_rooms.get()).unwrap_or(usize::MAX);
        let shares = inner.shares.get(provider.id()).ok_or(NoPlace::Full)?;
        if followed.logs.len() >= most || !shares.add() {
            return Err(NoPlace::Full);
        }
        followed.serial += 1;
        let (id, changes) = (provider.id().clone(), inner.changes.clone());
        let log = Arc::new(RoomLog::new(id, room.clone(), followed.serial, changes.clone(), &inner.config));
        let listening = log.audience.listen();
        let poller = RoomPoller {
            log: Arc::clone(&log),
            account: Arc::clone(account),
            provider: provider.clone(),
            reads: inner.reads.clone(),
            changes,
            shares: Arc::clone(shares),
            poll_for: inner.config.poll_for,
        };
        if let Some((tasks, stop)) = &followed.tasks {
            tasks.spawn(stop.clone().run_until_cancelled_owned(self.clone().keep(poller)));
        }
        followed.logs.insert(key, Arc::clone(&log));
        Ok((log, listening))
    }

    /// Polls a room while it is followed, and keeps its log for as long as somebody may come back to it.
    async fn keep(self, poller: RoomPoller) {
        let log = &poller.log;
        loop {
            poller.run_while_followed().await;
            if tokio::time::timeout(self.0.config.keep_for, log.audience.is(true)).await.is_err() {
                let mut followed = self.lock();
                // Nobody comes while the lock is held.
                if !log.audience.is_there() {
                    followed.logs.remove(&(log.provider.clone(), log.room.clone()));
                    poller.shares.remove();
                    return;
                }
            }
        }
    }

    /// Has everybody who waits look up.
    pub(super) fn wake_all(&self) {
        self.lock().logs.values().for_each(|log| log.wake_all());
    }

    fn lock(&self) -> MutexGuard<'_, FollowedRooms> {
        self.0.followed.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
