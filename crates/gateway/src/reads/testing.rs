//! A provider that does as it is told, and a gateway's read side in front of it.

use std::collections::HashMap;
use std::sync::{Arc, Mutex};
use std::time::Duration;

use async_trait::async_trait;
use session_provider::{
    BudgetState, CallContext, Capabilities, Clock, Error, ErrorKind, LiveMedia, Operation, Participant,
    ParticipantList, Payer, ProviderHealth, ProviderId, ProviderKind, RequestId, Result, RoomId, Session, SessionId,
    SessionList, SessionProvider, SessionStatus, Timestamp,
};

use crate::changes::{Cause, Changes, RoomChange};
use crate::config::CacheConfig;
use crate::providers::{Provider, Providers};
use crate::reads::{ListQuery, PageQuery, ReadCall, Reads};
use caller_auth::{Caller, VisibleProviders};

/// What one provider may take in these tests.
pub(super) const DEADLINE: Duration = Duration::from_secs(5);

/// How the fake behaves.
#[derive(Debug, Clone, Default)]
pub(super) struct Behaviour {
    pub(super) delay: Duration,
    pub(super) fail: Option<ErrorKind>,
    /// Refuses this payer as if its share of the budget were spent.
    pub(super) refuse: Option<Payer>,
    pub(super) hang: bool,
    pub(super) panic: bool,
    pub(super) exchanges: u32,
    pub(super) budget: Option<BudgetState>,
    pub(super) sessions: Vec<Session>,
    pub(super) dropped: u64,
    pub(super) participants: Vec<Participant>,
    pub(super) single: Option<Session>,
    pub(super) session_id: Option<SessionId>,
    pub(super) media: LiveMedia,
}

#[derive(Debug)]
pub(super) struct Fake {
    id: ProviderId,
    capabilities: Capabilities,
    behaviour: Mutex<Behaviour>,
    calls: Mutex<HashMap<Operation, u32>>,
    at_once: Mutex<(u32, u32)>,
}

impl Fake {
    pub(super) fn new(id: &str, behaviour: Behaviour) -> Arc<Self> {
        let capabilities = Operation::ALL.iter().fold(Capabilities::none(), |all, operation| all.with(*operation));
        Self::with_capabilities(id, behaviour, capabilities)
    }

    pub(super) fn with_capabilities(id: &str, behaviour: Behaviour, capabilities: Capabilities) -> Arc<Self> {
        Arc::new(Self {
            id: ProviderId::new(id).unwrap(),
            capabilities,
            behaviour: Mutex::new(behaviour),
            calls: Mutex::default(),
            at_once: Mutex::default(),
        })
    }

    pub(super) fn set(&self, change: impl FnOnce(&mut Behaviour)) {
        change(&mut self.behaviour.lock().unwrap());
    }

    pub(super) fn calls(&self, operation: Operation) -> u32 {
        self.calls.lock().unwrap().get(&operation).copied().unwrap_or(0)
    }

    pub(super) fn most_at_once(&self) -> u32 {
        self.at_once.lock().unwrap().1
    }

    /// One call: what it answers is decided when it begins.
    async fn act(&self, call: &CallContext, operation: Operation) -> Result<Behaviour> {
        *self.calls.lock().unwrap().entry(operation).or_default() += 1;
        let behaviour = self.behaviour.lock().unwrap().clone();
        (0..behaviour.exchanges).for_each(|_| call.count_exchange());
        {
            let mut at_once = self.at_once.lock().unwrap();
            at_once.0 += 1;
            at_once.1 = at_once.1.max(at_once.0);
        }
        tokio::time::sleep(behaviour.delay).await;
        self.at_once.lock().unwrap().0 -= 1;
        if behaviour.hang {
            std::future::pending::<()>().await;
        }
        assert!(!behaviour.panic, "the provider panics, as it was told");
        if behaviour.refuse.is_some() && behaviour.refuse == call.payer() {
            return Err(ErrorKind::ProviderRateLimited.into());
        }
        behaviour.fail.map_or(Ok(behaviour), |kind| Err(kind.into()))
    }
}

#[async_trait]
impl SessionProvider for Fake {
    fn id(&self) -> &ProviderId {
        &self.id
    }

    fn kind(&self) -> ProviderKind {
        ProviderKind::new("scripted")
    }

    fn capabilities(&self) -> Capabilities {
        self.capabilities
    }

    fn health(&self) -> ProviderHealth {
        ProviderHealth { budget: self.behaviour.lock().unwrap().budget, ..ProviderHealth::unknown() }
    }

    async fn list_live_sessions(&self, call: &CallContext) -> Result<SessionList> {
        let did = self.act(call, Operation::ListLiveSessions).await?;
        Ok(SessionList { sessions: did.sessions, dropped: did.dropped })
    }

    async fn get_live_session(&self, call: &CallContext, room: &RoomId) -> Result<Session> {
        let did = self.act(call, Operation::GetLiveSession).await?;
        let session = did.single.ok_or_else(|| Error::new(ErrorKind::SessionNotLive))?;
        Ok(Session { room_id: room.clone(), ..session })
    }

    async fn list_live_participants(&self, call: &CallContext, _room: &RoomId) -> Result<ParticipantList> {
        let did = self.act(call, Operation::ListLiveParticipants).await?;
        Ok(ParticipantList { participants: did.participants, reported_count: Some(7), dropped: 0 })
    }

    async fn get_session(&self, call: &CallContext, _id: &SessionId, _breakouts: bool) -> Result<Session> {
        let did = self.act(call, Operation::GetSession).await?;
        did.single.ok_or_else(|| Error::new(ErrorKind::SessionNotFound))
    }

    async fn list_session_participants(&self, call: &CallContext, _id: &SessionId) -> Result<ParticipantList> {
        let did = self.act(call, Operation::ListSessionParticipants).await?;
        Ok(ParticipantList { participants: did.participants, reported_count: None, dropped: 0 })
    }

    async fn find_live_session_id(&self, call: &CallContext, _room: &RoomId) -> Result<Option<SessionId>> {
        Ok(self.act(call, Operation::FindLiveSessionId).await?.session_id)
    }

    async fn count_live_media(&self, call: &CallContext) -> Result<LiveMedia> {
        Ok(self.act(call, Operation::CountLiveMedia).await?.media)
    }
}

/// A read side in front of these fakes.
pub(super) fn reads(fakes: &[&Arc<Fake>], config: CacheConfig) -> Reads {
    let clock = clock();
    let providers = Providers::new(fakes.iter().map(|fake| Arc::clone(fake) as Arc<dyn SessionProvider>), clock);
    let changes = Changes::new(providers.ids());
    Reads::new(providers, changes, &config, DEADLINE, clock)
}

/// A kick in this room of the provider `p` that is over.
pub(super) fn kicked(reads: &Reads, room: &RoomId, session: Option<&SessionId>) {
    let cause = Cause::Mutation(Operation::KickParticipants);
    let provider = ProviderId::new("p").unwrap();
    reads.changes().publish(RoomChange { provider, room: room.clone(), session: session.cloned(), cause });
}

pub(super) fn provider(fake: &Arc<Fake>) -> Provider {
    Provider::new(Arc::clone(fake) as Arc<dyn SessionProvider>, clock())
}

fn clock() -> Clock {
    Clock::anchored(Timestamp::parse_rfc3339("2026-11-20T10:00:00Z").unwrap())
}

pub(super) fn call() -> ReadCall {
    call_of(1)
}

pub(super) fn call_of(payer: u64) -> ReadCall {
    ReadCall {
        request_id: RequestId::generate(),
        arrival: tokio::time::Instant::now(),
        payer: Payer(payer),
        no_cache: false,
    }
}

pub(super) fn no_cache() -> ReadCall {
    ReadCall { no_cache: true, ..call() }
}

pub(super) fn room(text: &str) -> RoomId {
    RoomId::new(text).unwrap()
}

pub(super) fn at(ms: i64) -> Option<Timestamp> {
    Timestamp::from_unix_ms(ms)
}

pub(super) fn live(text: &str, started_ms: Option<i64>) -> Session {
    Session { started_at: started_ms.and_then(at), ..Session::of_room(room(text), SessionStatus::Live) }
}

pub(super) fn page(limit: u16, cursor: Option<String>) -> PageQuery {
    PageQuery { limit, cursor }
}

pub(super) fn list() -> ListQuery {
    ListQuery { providers: None, page: page(100, None), forbid_partial: false, include: Default::default() }
}

pub(super) fn everyone() -> Caller {
    Caller::new("iss".into(), "sub".into(), Default::default(), VisibleProviders::All)
}

pub(super) fn json(body: &[u8]) -> serde_json::Value {
    serde_json::from_slice(body).unwrap()
}
