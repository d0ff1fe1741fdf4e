//! The rooms that are followed.

use std::collections::{BTreeMap, HashMap};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use session_provider::{ProviderId, RoomId};
use tokio::task::AbortHandle;
use tokio::time::Instant;
use tokio_util::sync::CancellationToken;
use tokio_util::task::TaskTracker;

use crate::changes::Changes;
use crate::config::EventsConfig;
use crate::events::change_log::ChangeLog;
use crate::events::event_log::Listening;
use crate::events::room_log::RoomLog;
use crate::events::room_poller::{RoomPace, RoomPoller};
use crate::events::room_shares::{RoomShare, RoomShares, USUAL_CALLS};
use crate::events::stream_places::NoPlace;
use crate::providers::Provider;
use crate::reads::{PeopleAnswer, Reads};

/// The logs of rooms: those that are followed, and those that may be come back to. Cheap to clone.
#[derive(Debug, Clone)]
pub(super) struct Rooms(Arc<RoomsInner>);

#[derive(Debug)]
struct RoomsInner {
    config: EventsConfig,
    reads: Reads,
    changes: Changes,
    shares: BTreeMap<ProviderId, Arc<RoomShares>>,
    followed: FollowedLogs,
}

/// The same for those who bring answers.
#[derive(Debug, Clone, Default)]
pub(super) struct FollowedLogs(Arc<Mutex<FollowedRooms>>);

type RoomKey = (ProviderId, RoomId);

#[derive(Debug, Default)]
struct FollowedRooms {
    logs: HashMap<RoomKey, KeptLog>,
    /// Rooms that were asked so lately, before their logs were dropped, that they may not be asked again before this.
    asked: HashMap<RoomKey, Instant>,
    serial: u64,
    /// Where pollers run; none before the start.
    tasks: Option<(TaskTracker, CancellationToken)>,
}

/// A log and what keeps it.
#[derive(Debug)]
struct KeptLog {
    log: Arc<RoomLog>,
    share: Arc<RoomShare>,
    /// Among all rooms that were followed.
    serial: u64,
    /// The task of its poller; none before the start.
    keeper: Option<AbortHandle>,
}

impl FollowedRooms {
    /// Drops the log that was begun first of those at such a provider that nobody follows, with its share. Says whether
    /// there was one.
    fn drop_unfollowed(&mut self, poll_for: Duration, at: impl Fn(&ProviderId) -> bool) -> bool {
        let unfollowed = self.logs.iter().filter(|((id, _), kept)| at(id) && !kept.log.audience.is_there());
        let Some(key) = unfollowed.min_by_key(|(_, kept)| kept.serial).map(|(key, _)| key.clone()) else {
            return false;
        };
        if let Some(keeper) = self.drop_log(&key, poll_for) {
            keeper.abort();
        }
        true
    }

    /// Drops a log and gives its share back. Answers what keeps it.
    fn drop_log(&mut self, key: &RoomKey, poll_for: Duration) -> Option<AbortHandle> {
        let KeptLog { log, share, keeper, .. } = self.logs.remove(key)?;
        let now = Instant::now();
        self.asked.retain(|_, may_be_asked| *may_be_asked > now);
        let interval = share.interval(log.spacing()).max(poll_for);
        self.asked.extend(log.asked().map(|asked| (key.clone(), asked + interval)));
        share.give_back();
        keeper
    }
}

impl Rooms {
    pub(super) fn new(config: EventsConfig, reads: Reads, changes: Changes) -> Self {
        let spacing = |provider: &Provider| {
            let budget = provider.health().budget;
            budget.map_or(Duration::ZERO, |budget| budget.time_at_a_quarter_for(USUAL_CALLS))
        };
        let share = |provider: &Provider| (provider.id().clone(), Arc::new(RoomShares::new(spacing(provider))));
        let shares = reads.providers().iter().map(share).collect();
        Self(Arc::new(RoomsInner { config, reads, changes, shares, followed: FollowedLogs::default() }))
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
        if let Some(KeptLog { log, .. }) = followed.logs.get(&key) {
            return Ok((Arc::clone(log), log.audience.listen()));
        }
        let most = usize::try_from(inner.config.max_rooms.get()).unwrap_or(usize::MAX);
        let shares = inner.shares.get(provider.id()).ok_or(NoPlace::Full)?;
        // What is kept in case that somebody comes back gives way to whoever is here.
        while followed.logs.len() >= most {
            if !followed.drop_unfollowed(inner.config.poll_for, |_| true) {
                return Err(NoPlace::Rooms);
            }
        }
        let share = loop {
            if let Some(share) = shares.take() {
                break Arc::new(share);
            }
            if !followed.drop_unfollowed(inner.config.poll_for, |id| id == provider.id()) {
                return Err(NoPlace::Budget);
            }
        };
        followed.serial += 1;
        let (id, changes) = (provider.id().clone(), inner.changes.clone());
        let log = Arc::new(RoomLog::new(id, room.clone(), changes.clone(), &inner.config));
        let listening = log.audience.listen();
        let poller = RoomPoller {
            log: Arc::clone(&log),
            account: Arc::clone(account),
            provider: provider.clone(),
            reads: inner.reads.clone(),
            share: Arc::clone(&share),
            poll_for: inner.config.poll_for,
            hints: changes.subscribe_to_hints(),
            mutations: changes.subscribe(),
            pace: RoomPace::not_before(followed.asked.get(&key).copied()),
        };
        let keeper = followed.tasks.as_ref().map(|(tasks, stop)| {
            tasks.spawn(stop.clone().run_until_cancelled_owned(self.clone().keep(poller))).abort_handle()
        });
        let serial = followed.serial;
        followed.logs.insert(key, KeptLog { log: Arc::clone(&log), share, serial, keeper });
        Ok((log, listening))
    }

    /// Polls a room while it is followed, has its readers read, and keeps its log for as long as somebody may come back to it.
    async fn keep(self, poller: RoomPoller) {
        let log = Arc::clone(&poller.log);
        tokio::select! {
            () = self.poll_and_drop(poller) => {}
            () = log.waiting.wake_in_turns() => {}
        }
    }

    async fn poll_and_drop(&self, mut poller: RoomPoller) {
        let log = Arc::clone(&poller.log);
        loop {
            poller.run_while_followed().await;
            if tokio::time::timeout(self.0.config.keep_for, log.audience.is(true)).await.is_err() {
                let mut followed = self.lock();
                let key = (log.provider.clone(), log.room.clone());
                if !followed.logs.get(&key).is_some_and(|kept| Arc::ptr_eq(&kept.log, &log)) {
                    // It had to give way.
                    return;
                }
                // Nobody comes while the lock is held.
                if !log.audience.is_there() {
                    let _ = followed.drop_log(&key, poller.poll_for);
                    return;
                }
            }
        }
    }

    /// The logs alone.
    pub(super) fn logs(&self) -> FollowedLogs {
        self.0.followed.clone()
    }

    fn lock(&self) -> MutexGuard<'_, FollowedRooms> {
        self.0.followed.lock()
    }
}

impl FollowedLogs {
    /// Somebody's read of a room has brought this.
    pub(super) fn answered(&self, provider: &ProviderId, room: &RoomId, answer: PeopleAnswer) {
        let log = self.lock().logs.get(&(provider.clone(), room.clone())).map(|kept| Arc::clone(&kept.log));
        if let Some(log) = log {
            log.answered(answer);
        }
    }

    fn lock(&self) -> MutexGuard<'_, FollowedRooms> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
