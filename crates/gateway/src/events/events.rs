//! The event streams as a whole.

use std::collections::BTreeMap;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;

use caller_auth::{Caller, HeldToken};
use coordination::{Name, Question};
use futures_util::FutureExt;
use futures_util::future::BoxFuture;
use session_provider::{ProviderId, RoomId};
use tokio::time::Instant;
use tokio_util::sync::CancellationToken;
use tokio_util::task::TaskTracker;

use crate::changes::Changes;
use crate::config::{EventsConfig, LimitsConfig};
use crate::draining::Draining;
use crate::events::change_log::{ChangeLog, EventSource};
use crate::events::event_id::EventIds;
use crate::events::event_log::{EventLog, StreamReader};
use crate::events::keeper::{self, Keeper};
use crate::events::kept_view::KeptView;
use crate::events::poller::Poller;
use crate::events::rooms::{FollowedLogs, Rooms};
use crate::events::shared_writer::SharedPlace;
use crate::events::stream::{EventStream, FollowedLog, Terms};
use crate::events::stream_places::{NoPlace, StreamKind, StreamPlace, StreamPlaces};
use crate::providers::Provider;
use crate::reads::{AnswerListener, ListAnswer, NewAnswer, PeopleAnswer, Reads};
use crate::sharing::Sharing;
use crate::telemetry::metrics as names;

/// Entries of the log of all replicas that are no events: one for each poll.
const MARKS: u64 = 256;

/// For how long what a poller knows is kept, besides the events that come after it: longer than it polls nothing.
const VIEW_KEPT_FOR: Duration = Duration::from_secs(3600);

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
    answers: Arc<Answers>,
    places: StreamPlaces,
    sharing: Option<Sharing>,
    streams: AtomicU64,
}

/// The logs of all providers.
#[derive(Debug)]
struct Logs(BTreeMap<ProviderId, Arc<ChangeLog>>);

/// Takes answers to the logs that they are about.
#[derive(Debug)]
struct Answers {
    logs: Arc<Logs>,
    rooms: FollowedLogs,
}

impl AnswerListener for Answers {
    fn answered(&self, answer: &NewAnswer<'_>) {
        if let Some(list) = ListAnswer::of(answer) {
            if let Some(log) = self.logs.0.get(answer.provider) {
                log.answered(list);
            }
        } else if let Some((room, people)) = PeopleAnswer::of(answer) {
            self.rooms.answered(answer.provider, room, people);
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
        Self::among_replicas(config, limits, reads, changes, draining, None)
    }

    /// The same with what other replicas share, if there are any.
    #[must_use]
    pub fn among_replicas(
        config: EventsConfig,
        limits: &LimitsConfig,
        reads: Reads,
        changes: Changes,
        draining: Draining,
        sharing: Option<Sharing>,
    ) -> Self {
        let source = if sharing.is_some() { EventSource::Following } else { EventSource::Here };
        let log = |id: ProviderId| (id.clone(), Arc::new(ChangeLog::new(id, changes.clone(), &config, source)));
        let logs = Arc::new(Logs(reads.providers().ids().map(log).collect()));
        let rooms = Rooms::new(config, reads.clone(), changes.clone());
        let answers = Arc::new(Answers { logs: Arc::clone(&logs), rooms: rooms.logs() });
        let places = StreamPlaces::new(config.max_streams.get(), limits.streams.get());
        Self(Arc::new(Inner {
            config,
            reads,
            changes,
            draining,
            logs,
            rooms,
            answers,
            places,
            sharing,
            streams: AtomicU64::new(0),
        }))
    }

    /// Starts what runs in the background, until `stop`.
    pub fn start(&self, tasks: &TaskTracker, stop: &CancellationToken) {
        self.background(tasks, stop).into_iter().for_each(|work| drop(tasks.spawn(work)));
    }

    /// The same, to be spawned by whoever asks; `tasks` is for what is begun later.
    pub(super) fn background(&self, tasks: &TaskTracker, stop: &CancellationToken) -> Vec<BoxFuture<'static, ()>> {
        let mut all: Vec<BoxFuture<'static, ()>> = Vec::new();
        let Inner { reads, changes, logs, rooms, answers, sharing, .. } = &*self.0;
        rooms.start(tasks, stop);
        if sharing.is_some() {
            // Others may listen though nobody does here.
            reads.listen(Arc::clone(answers) as Arc<dyn AnswerListener>);
        }
        for log in logs.0.values() {
            let readers = Arc::clone(log);
            let turns = async move { readers.waiting.wake_in_turns().await };
            let until_stop =
                |work: BoxFuture<'static, ()>| stop.clone().run_until_cancelled_owned(work).map(drop).boxed();
            all.push(until_stop(turns.boxed()));
            let Some(provider) = reads.providers().get(log.provider().as_str()) else { continue };
            let poller = Poller::new(Arc::clone(log), provider.clone(), reads.clone(), changes.clone());
            match sharing.as_ref().and_then(|sharing| self.0.shared_place(sharing, log.provider())) {
                Some((place, kept_view)) => {
                    all.push(Keeper::new(poller, place, kept_view).run(stop.clone()).boxed());
                }
                None => {
                    all.push(until_stop(keeper::keep_alone(poller).boxed()));
                }
            }
        }
        all
    }

    /// A stream of what is live on these providers, which are in the order of their ids.
    pub(crate) fn follow_account(
        &self,
        providers: &[ProviderId],
        subscriber: Subscriber<'_>,
    ) -> Result<EventStream, NoPlace> {
        let inner = &*self.0;
        let place = inner.places.take(subscriber.caller, StreamKind::Account)?;
        inner.reads.listen(Arc::clone(&inner.answers) as Arc<dyn AnswerListener>);
        let logs: Vec<_> = providers.iter().filter_map(|provider| inner.logs.0.get(provider)).collect();
        let ids = EventIds::new(logs.iter().map(|log| log.provider().as_str()));
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
        inner.reads.listen(Arc::clone(&inner.answers) as Arc<dyn AnswerListener>);
        let account = inner.logs.0.get(provider.id()).ok_or(NoPlace::Full)?;
        let (log, listening) = inner.rooms.follow(provider, room, account)?;
        let names = ["room", log.provider.as_str(), log.room.as_str()];
        let ids = EventIds::new([names.join("/").as_str()].into_iter());
        let at = ids.places(subscriber.last_event_id).first().copied().flatten();
        let terms = inner.terms(ids, subscriber.token, place);
        Ok(EventStream::new(terms, vec![FollowedLog::new(log, listening, at)], &inner.draining))
    }
}

impl Inner {
    /// Where the log of a provider is that all replicas have, and what its poller knows.
    fn shared_place(&self, sharing: &Sharing, provider: &ProviderId) -> Option<(SharedPlace, KeptView)> {
        let (cluster, account) = (sharing.cluster().clone(), sharing.scope(provider)?);
        let keep = self.config.keep_for;
        let place = SharedPlace {
            cluster: cluster.clone(),
            account,
            log: sharing.events_scope(provider)?,
            entries: u64::from(self.config.keep_events.get()) + MARKS,
            keep,
        };
        let question = Question(Name::of(["followed", provider.as_str()].map(str::as_bytes)));
        Some((place, KeptView { cluster, account, question, keep: keep + VIEW_KEPT_FOR }))
    }

    fn terms(&self, ids: EventIds, token: HeldToken, place: StreamPlace) -> Terms {
        Terms {
            reader: StreamReader { number: self.streams.fetch_add(1, Ordering::Relaxed), came: Instant::now() },
            ids,
            token,
            heartbeat: self.config.heartbeat,
            lag: metrics::histogram!(names::EVENT_LAG_SECONDS),
            _place: place,
        }
    }
}
