//! The event streams as a whole.

use std::collections::BTreeMap;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use caller_auth::{Caller, HeldToken};
use session_provider::{ProviderId, RoomId};
use tokio_util::sync::CancellationToken;
use tokio_util::task::TaskTracker;

use crate::changes::Changes;
use crate::config::{EventsConfig, LimitsConfig};
use crate::draining::Draining;
use crate::events::change_log::ChangeLog;
use crate::events::event_id::EventIds;
use crate::events::event_log::EventLog;
use crate::events::poller;
use crate::events::rooms::Rooms;
use crate::events::stream::{EventStream, FollowedLog, Terms};
use crate::events::stream_places::{NoPlace, StreamKind, StreamPlace, StreamPlaces};
use crate::providers::Provider;
use crate::reads::{AnswerListener, ListAnswer, NewAnswer, Reads};
use crate::telemetry::metrics as names;

/// Every stream, and what they follow. Cheap to clone.
#[derive(Debug, Clone)]
pub struct Events(Arc<Inner>);

#[derive(Debug)]
struct Inner {
    config: EventsConfig,
    reads: Reads,
    changes: Changes,
    draining: Draining,
    logs: Arc<Logs>,
    rooms: Rooms,
    places: StreamPlaces,
    /// Tells the ids of this process from those of another.
    epoch: u64,
    streams: AtomicU64,
}

/// The logs of all providers.
#[derive(Debug)]
struct Logs(BTreeMap<ProviderId, Arc<ChangeLog>>);

impl AnswerListener for Logs {
    fn answered(&self, answer: &NewAnswer<'_>) {
        if let Some(log) = self.0.get(answer.provider)
            && let Some(list) = ListAnswer::of(answer)
        {
            log.answered(list);
        }
    }
}

/// Who wants a stream.
#[derive(Debug)]
pub(crate) struct Subscriber<'a> {
    pub(crate) caller: &'a Caller,
    pub(crate) token: HeldToken,
    /// The `Last-Event-ID` of the stream that this one goes on with.
    pub(crate) last_event_id: Option<&'a str>,
}

impl Events {
    /// Nobody listens yet.
    #[must_use]
    pub fn new(
        config: EventsConfig,
        limits: &LimitsConfig,
        reads: Reads,
        changes: Changes,
        draining: Draining,
    ) -> Self {
        let log = |id: ProviderId| (id.clone(), Arc::new(ChangeLog::new(id, changes.clone(), &config)));
        let logs = Arc::new(Logs(reads.providers().ids().map(log).collect()));
        let rooms = Rooms::new(config, reads.clone(), changes.clone());
        let places = StreamPlaces::new(config.max_streams.get(), limits.streams.get());
        let epoch = rand::random();
        Self(Arc::new(Inner {
            config,
            reads,
            changes,
            draining,
            logs,
            rooms,
            places,
            epoch,
            streams: AtomicU64::new(0),
        }))
    }

    /// Starts what runs in the background, until `stop`.
    pub fn start(&self, tasks: &TaskTracker, stop: &CancellationToken) {
        let Inner { config, reads, changes, logs, rooms, .. } = &*self.0;
        rooms.start(tasks, stop);
        for log in logs.0.values() {
            let Some(provider) = reads.providers().get(log.provider().as_str()) else { continue };
            let polling =
                poller::run(Arc::clone(log), provider.clone(), reads.clone(), changes.clone(), config.poll_for);
            tasks.spawn(stop.clone().run_until_cancelled_owned(polling));
        }
    }

    /// A stream of what is live on these providers, which are in the order of their ids.
    pub(crate) fn follow_account(
        &self,
        providers: &[ProviderId],
        subscriber: Subscriber<'_>,
    ) -> Result<EventStream, NoPlace> {
        let inner = &*self.0;
        let place = inner.places.take(subscriber.caller, StreamKind::Account)?;
        inner.reads.listen(Arc::clone(&inner.logs) as Arc<dyn AnswerListener>);
        let logs: Vec<_> = providers.iter().filter_map(|provider| inner.logs.0.get(provider)).collect();
        let ids = EventIds::new(inner.epoch, logs.iter().map(|log| log.provider().as_str()));
        let places = ids.places(subscriber.last_event_id);
        let follow = |(log, at): (&Arc<ChangeLog>, _)| {
            FollowedLog::new(Arc::clone(log) as Arc<dyn EventLog>, log.audience().listen(), at)
        };
        let sources = logs.into_iter().zip(places).map(follow).collect();
        Ok(EventStream::new(inner.terms(ids, subscriber.token, place), sources, &inner.draining))
    }

    /// A stream of what happens in a room of this provider.
    pub(crate) fn follow_room(
        &self,
        provider: &Provider,
        room: &RoomId,
        subscriber: Subscriber<'_>,
    ) -> Result<EventStream, NoPlace> {
        let inner = &*self.0;
        let place = inner.places.take(subscriber.caller, StreamKind::Room)?;
        inner.reads.listen(Arc::clone(&inner.logs) as Arc<dyn AnswerListener>);
        let account = inner.logs.0.get(provider.id()).ok_or(NoPlace::Full)?;
        let (log, listening) = inner.rooms.follow(provider, room, account)?;
        let names = ["room", log.provider.as_str(), log.room.as_str(), log.serial.as_str()];
        let ids = EventIds::new(inner.epoch, [names.join("/").as_str()].into_iter());
        let at = ids.places(subscriber.last_event_id).first().copied().flatten();
        let terms = inner.terms(ids, subscriber.token, place);
        Ok(EventStream::new(terms, vec![FollowedLog::new(log, listening, at)], &inner.draining))
    }
}

impl Inner {
    fn terms(&self, ids: EventIds, token: HeldToken, place: StreamPlace) -> Terms {
        Terms {
            reader: self.streams.fetch_add(1, Ordering::Relaxed),
            ids,
            token,
            heartbeat: self.config.heartbeat,
            lag: metrics::histogram!(names::EVENT_LAG_SECONDS),
            _place: place,
        }
    }
}
