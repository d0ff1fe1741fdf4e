//! The provider of all tests in this crate: it does as it is told and remembers what it was asked.

use std::cmp::Reverse;
use std::fmt;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex};
use std::time::Duration;

use async_trait::async_trait;
use bytes::Bytes;
use coordination::{BudgetEntry, Cluster, Name, Swapped};
use session_provider::{
    BudgetState, CallContext, Capabilities, Error, ErrorKind, Intent, KickTargets, KickedParticipant, ListedSession,
    LiveMedia, NewPoll, Operation, Participant, ParticipantId, ParticipantList, Payer, Poll, PollOption,
    ProviderHealth, ProviderId, ProviderKind, Result, RoomId, Session, SessionId, SessionList, SessionPage,
    SessionProvider, SessionQuery, SessionStatus, UpstreamPosition,
};
use tokio::sync::Semaphore;

use crate::testing::Standstill;

/// What the provider does. What it answers to a call is decided when the call begins.
#[derive(Debug, Clone, Default)]
pub(crate) struct Behaviour {
    pub(crate) delay: Duration,
    pub(crate) fail: Option<ErrorKind>,
    /// How everybody who asks for people fails.
    pub(crate) people_fail: Option<ErrorKind>,
    /// How every mutation fails.
    pub(crate) mutations_fail: Option<Error>,
    /// Refuses this payer as if its share of the budget were spent.
    pub(crate) refuse: Option<Payer>,
    pub(crate) hang: bool,
    pub(crate) panic: bool,
    /// Every mutation waits for one permit.
    pub(crate) gate: Option<Arc<Semaphore>>,
    /// Asked anew for each call.
    pub(crate) weather: Option<Weather>,
    /// Of the replica that asks.
    pub(crate) standstill: Standstill,
    pub(crate) exchanges: u32,
    /// Takes each call from a budget there, in one round trip if nobody else has since it looked: as the budgets of the
    /// providers do (`upstream-http`, whose own tests count the same of them).
    pub(crate) pays: Option<Cluster>,
    pub(crate) budget: Option<BudgetState>,
    /// The live list; a session of it is also found by its room and by its id.
    pub(crate) sessions: Vec<Session>,
    pub(crate) dropped: u64,
    /// The list does not prove what it lacks.
    pub(crate) unsettled: bool,
    /// The next list lacks this room, which is live.
    pub(crate) lacks_once: Option<RoomId>,
    pub(crate) participants: Vec<Participant>,
    pub(crate) reported_count: Option<u64>,
    /// What runs in every room and has every id, whatever the list says.
    pub(crate) single: Option<Session>,
    /// Nothing runs in any room.
    pub(crate) idle: bool,
    pub(crate) session_id: Option<SessionId>,
    pub(crate) media: LiveMedia,
    /// What ran or runs, each with an id, in any order.
    pub(crate) history: Vec<Session>,
}

/// Draws a delay and whether the call fails.
#[derive(Clone)]
pub(crate) struct Weather(pub(crate) Arc<dyn Fn() -> (Duration, bool) + Send + Sync>);

impl fmt::Debug for Weather {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Weather")
    }
}

impl Behaviour {
    /// A session of this id runs in every room, and in `room` the list shows it.
    pub(crate) fn live(session: &str) -> Self {
        let mut live = Session::of_room(RoomId::new("room").unwrap(), SessionStatus::Live);
        live.session_id = Some(SessionId::new(session).unwrap());
        Self { sessions: vec![live.clone()], single: Some(live), ..Self::default() }
    }

    pub(crate) fn idle() -> Self {
        Self { idle: true, ..Self::default() }
    }
}

#[derive(Debug)]
pub(crate) struct Scripted {
    id: ProviderId,
    kind: ProviderKind,
    capabilities: Capabilities,
    behaviour: Mutex<Behaviour>,
    asked: Mutex<Vec<Operation>>,
    at_once: Mutex<(u32, u32)>,
    queries: Mutex<Vec<SessionQuery>>,
    /// Of the budget that it pays from.
    version: AtomicU64,
}

impl Scripted {
    /// One that can do everything.
    pub(crate) fn new(id: &str, behaviour: Behaviour) -> Arc<Self> {
        let all = Operation::ALL.into_iter().fold(Capabilities::none(), Capabilities::with);
        Self::with_capabilities(id, behaviour, all.with_expected_session_id())
    }

    pub(crate) fn with_capabilities(id: &str, behaviour: Behaviour, capabilities: Capabilities) -> Arc<Self> {
        Self::of_kind("realtimekit", id, behaviour, capabilities)
    }

    pub(crate) fn of_kind(kind: &'static str, id: &str, behaviour: Behaviour, capabilities: Capabilities) -> Arc<Self> {
        Arc::new(Self {
            id: ProviderId::new(id).unwrap(),
            kind: ProviderKind::new(kind),
            capabilities,
            behaviour: Mutex::new(behaviour),
            asked: Mutex::default(),
            at_once: Mutex::default(),
            queries: Mutex::default(),
            version: AtomicU64::default(),
        })
    }

    pub(crate) fn does(&self, behaviour: Behaviour) {
        *self.behaviour.lock().unwrap() = behaviour;
    }

    pub(crate) fn behaviour(&self) -> Behaviour {
        self.behaviour.lock().unwrap().clone()
    }

    pub(crate) fn set(&self, change: impl FnOnce(&mut Behaviour)) {
        change(&mut self.behaviour.lock().unwrap());
    }

    /// Everything that it was asked, in order.
    pub(crate) fn asked(&self) -> Vec<Operation> {
        self.asked.lock().unwrap().clone()
    }

    pub(crate) fn calls(&self, operation: Operation) -> u32 {
        self.asked.lock().unwrap().iter().filter(|asked| **asked == operation).count() as u32
    }

    /// Every page of sessions that it was asked for, in order.
    pub(crate) fn queries(&self) -> Vec<SessionQuery> {
        self.queries.lock().unwrap().clone()
    }

    pub(crate) fn most_at_once(&self) -> u32 {
        self.at_once.lock().unwrap().1
    }

    /// Whether it was the state's version; notes which one it is now.
    async fn swap(&self, cluster: &Cluster, version: u64) -> bool {
        let (name, keep) = (Name::of([&b"budget"[..]]), Duration::from_secs(60));
        let (done, version) = match cluster.swap(name, version, Bytes::new(), keep).await.unwrap() {
            Swapped::Yes { version } => (true, version),
            Swapped::No(BudgetEntry { version, .. }) => (false, version),
        };
        self.version.store(version, Ordering::Relaxed);
        done
    }

    async fn act(&self, call: &CallContext, operation: Operation) -> Result<Behaviour> {
        self.asked.lock().unwrap().push(operation);
        if !self.capabilities.supports(operation) {
            return Err(Error::unsupported(operation));
        }
        let behaviour = self.behaviour.lock().unwrap().clone();
        (0..behaviour.exchanges).for_each(|_| call.count_exchange());
        while let Some(cluster) = &behaviour.pays
            && !self.swap(cluster, self.version.load(Ordering::Relaxed)).await
        {}
        {
            let mut at_once = self.at_once.lock().unwrap();
            at_once.0 += 1;
            at_once.1 = at_once.1.max(at_once.0);
        }
        let (delay, fails) = behaviour.weather.as_ref().map_or((behaviour.delay, false), |weather| (weather.0)());
        tokio::time::sleep(delay).await;
        behaviour.standstill.over().await;
        self.at_once.lock().unwrap().0 -= 1;
        if behaviour.hang {
            std::future::pending::<()>().await;
        }
        assert!(!behaviour.panic, "the provider panics, as it was told");
        if behaviour.refuse.is_some() && behaviour.refuse == call.payer() {
            return Err(ErrorKind::ProviderRateLimited.into());
        }
        let failure = behaviour.fail.or(fails.then_some(ErrorKind::ProviderError));
        failure.map_or(Ok(behaviour), |kind| Err(kind.into()))
    }

    async fn mutate(&self, call: &CallContext, operation: Operation) -> Result<()> {
        assert_eq!(call.intent(), Intent::Mutation);
        assert!(call.payer().is_some());
        let did = self.act(call, operation).await?;
        if let Some(gate) = did.gate {
            gate.acquire().await.unwrap().forget();
        }
        did.mutations_fail.map_or(Ok(()), Err)
    }
}

impl Behaviour {
    fn in_room(&self, room: &RoomId) -> Result<Session> {
        let listed = self.sessions.iter().find(|session| session.room_id == *room);
        let session = self.single.as_ref().or(listed).filter(|_| !self.idle).ok_or(ErrorKind::SessionNotLive)?;
        Ok(Session { room_id: room.clone(), ..session.clone() })
    }

    fn people(self, operation: Operation) -> Result<ParticipantList> {
        if let Some(kind) = self.people_fail {
            return Err(kind.into());
        }
        if self.idle && operation == Operation::ListLiveParticipants {
            return Err(ErrorKind::SessionNotLive.into());
        }
        Ok(ParticipantList { participants: self.participants, reported_count: self.reported_count, dropped: 0 })
    }
}

#[async_trait]
impl SessionProvider for Scripted {
    fn id(&self) -> &ProviderId {
        &self.id
    }

    fn kind(&self) -> ProviderKind {
        self.kind
    }

    fn capabilities(&self) -> Capabilities {
        self.capabilities
    }

    fn health(&self) -> ProviderHealth {
        ProviderHealth { budget: self.behaviour.lock().unwrap().budget, ..ProviderHealth::unknown() }
    }

    async fn prepare(&self) {
        if let Some(cluster) = self.behaviour().pays {
            self.swap(&cluster, u64::MAX).await;
        }
    }

    async fn list_live_sessions(&self, call: &CallContext) -> Result<SessionList> {
        let lacked = self.behaviour.lock().unwrap().lacks_once.take();
        let mut did = self.act(call, Operation::ListLiveSessions).await?;
        did.sessions.retain(|session| Some(&session.room_id) != lacked.as_ref());
        Ok(SessionList { sessions: did.sessions, dropped: did.dropped, settled: !did.unsettled })
    }

    async fn get_live_session(&self, call: &CallContext, room: &RoomId) -> Result<Session> {
        self.act(call, Operation::GetLiveSession).await?.in_room(room)
    }

    async fn list_live_participants(&self, call: &CallContext, _room: &RoomId) -> Result<ParticipantList> {
        let operation = Operation::ListLiveParticipants;
        self.act(call, operation).await?.people(operation)
    }

    async fn kick_participants(
        &self,
        call: &CallContext,
        _room: &RoomId,
        targets: &KickTargets,
    ) -> Result<Vec<KickedParticipant>> {
        self.mutate(call, Operation::KickParticipants).await?;
        let kicked = |id: &ParticipantId| KickedParticipant {
            participant_id: Some(id.clone()),
            display_name: None,
            email: None,
            picture_url: None,
            created_at: None,
            updated_at: None,
        };
        Ok(targets.participant_ids().iter().map(kicked).collect())
    }

    async fn kick_all_participants(&self, call: &CallContext, _room: &RoomId) -> Result<Option<u64>> {
        self.mutate(call, Operation::KickAllParticipants).await.map(|()| Some(7))
    }

    async fn create_poll(&self, call: &CallContext, _room: &RoomId, poll: &NewPoll) -> Result<Poll> {
        self.mutate(call, Operation::CreatePoll).await?;
        let option = |text: &String| PollOption { text: text.clone(), count: Some(0), votes: Some(vec![]) };
        Ok(Poll {
            poll_id: Some("poll-1".to_owned()),
            question: poll.question.clone(),
            options: poll.options.iter().map(option).collect(),
            anonymous: Some(poll.anonymous),
            hide_votes: None,
            created_by: None,
            voted: None,
        })
    }

    async fn get_session(&self, call: &CallContext, id: &SessionId, _breakouts: bool) -> Result<Session> {
        let did = self.act(call, Operation::GetSession).await?;
        let listed = did.sessions.iter().find(|session| session.session_id.as_ref() == Some(id)).cloned();
        let session = did.single.or(listed).filter(|_| !did.idle).ok_or(ErrorKind::SessionNotFound)?;
        Ok(Session { session_id: session.session_id.is_some().then(|| id.clone()), ..session })
    }

    async fn list_session_participants(&self, call: &CallContext, _id: &SessionId) -> Result<ParticipantList> {
        let operation = Operation::ListSessionParticipants;
        self.act(call, operation).await?.people(operation)
    }

    /// Its position is the number of rows passed: what it is given back it checks in no way.
    async fn list_sessions(&self, call: &CallContext, query: &SessionQuery) -> Result<SessionPage> {
        let did = self.act(call, Operation::ListSessions).await?;
        self.queries.lock().unwrap().push(query.clone());
        let mut rows: Vec<ListedSession> = did
            .history
            .into_iter()
            .map(|session| (session.session_id.clone().unwrap(), session.moment(), session))
            .filter(|(id, moment, session)| {
                query.filter.room.as_ref().is_none_or(|room| session.room_id == *room)
                    && query.filter.admits(session.status, *moment)
                    && query.passed.as_ref().is_none_or(|passed| !passed.holds(*moment, id))
            })
            .map(|(id, moment, session)| ListedSession { id, moment, session, position: UpstreamPosition::default() })
            .collect();
        rows.sort_by(|a, b| (Reverse(a.moment), &a.id).cmp(&(Reverse(b.moment), &b.id)));
        let more = rows.len() > usize::from(query.limit);
        rows.truncate(query.limit.into());
        let before = query.position.numbers().first().copied().unwrap_or(0);
        for (row, passed) in rows.iter_mut().zip(before + 1..) {
            row.position = UpstreamPosition::new(vec![passed]);
        }
        let start = UpstreamPosition::new(vec![before]);
        Ok(SessionPage { rows, start, more, dropped: did.dropped })
    }

    async fn list_room_sessions(&self, call: &CallContext, room: &RoomId) -> Result<SessionList> {
        let did = self.act(call, Operation::ListRoomSessions).await?;
        let sessions = did.history.into_iter().filter(|session| session.room_id == *room).collect();
        Ok(SessionList { sessions, dropped: did.dropped, ..SessionList::default() })
    }

    async fn find_live_session_id(&self, call: &CallContext, _room: &RoomId) -> Result<Option<SessionId>> {
        Ok(self.act(call, Operation::FindLiveSessionId).await?.session_id)
    }

    async fn count_live_media(&self, call: &CallContext) -> Result<LiveMedia> {
        Ok(self.act(call, Operation::CountLiveMedia).await?.media)
    }
}
