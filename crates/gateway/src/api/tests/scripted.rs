//! A provider that does what a test says and remembers what it was asked.

use std::sync::{Arc, Mutex};

use async_trait::async_trait;
use session_provider::{
    CallContext, Capabilities, Error, ErrorKind, Intent, KickTargets, KickedParticipant, NewPoll, Operation,
    ParticipantId, ParticipantList, Poll, PollOption, ProviderId, ProviderKind, Result, RoomId, Session, SessionId,
    SessionList, SessionProvider, SessionStatus,
};
use tokio::sync::Semaphore;

/// What the provider does.
#[derive(Debug, Clone, Default)]
pub(super) struct Script {
    /// The session that runs in every room.
    pub(super) live: Option<&'static str>,
    /// How every mutation fails.
    pub(super) fails: Option<Error>,
    /// Every mutation waits for one permit.
    pub(super) gate: Option<Arc<Semaphore>>,
    /// Every mutation panics.
    pub(super) panics: bool,
}

#[derive(Debug)]
pub(super) struct Scripted {
    id: ProviderId,
    kind: ProviderKind,
    capabilities: Capabilities,
    script: Mutex<Script>,
    calls: Mutex<Vec<Operation>>,
}

impl Scripted {
    /// One that can do everything.
    pub(super) fn able(id: &str) -> Arc<Self> {
        let all = Operation::ALL.into_iter().fold(Capabilities::none(), Capabilities::with);
        Self::with(id, ProviderKind::new("realtimekit"), all.with_expected_session_id())
    }

    /// One that can do what Huddle01 can.
    pub(super) fn reading(id: &str) -> Arc<Self> {
        let reads = [Operation::ListLiveSessions, Operation::GetLiveSession, Operation::ListLiveParticipants];
        let reads = reads.into_iter().fold(Capabilities::none(), Capabilities::with);
        Self::with(id, ProviderKind::new("huddle01"), reads.with(Operation::ListSessionParticipants))
    }

    pub(super) fn with(id: &str, kind: ProviderKind, capabilities: Capabilities) -> Arc<Self> {
        let id = ProviderId::new(id).unwrap();
        Arc::new(Self { id, kind, capabilities, script: Mutex::default(), calls: Mutex::default() })
    }

    pub(super) fn does(&self, script: Script) {
        *self.script.lock().unwrap() = script;
    }

    pub(super) fn calls(&self) -> Vec<Operation> {
        self.calls.lock().unwrap().clone()
    }

    fn note(&self, operation: Operation) -> Result<Script> {
        self.calls.lock().unwrap().push(operation);
        if self.capabilities.supports(operation) {
            Ok(self.script.lock().unwrap().clone())
        } else {
            Err(Error::unsupported(operation))
        }
    }

    async fn mutate(&self, call: &CallContext, operation: Operation) -> Result<()> {
        assert_eq!(call.intent(), Intent::Mutation);
        assert!(call.payer().is_some());
        let script = self.note(operation)?;
        assert!(!script.panics, "as the script says");
        if let Some(gate) = script.gate {
            gate.acquire().await.unwrap().forget();
        }
        script.fails.map_or(Ok(()), Err)
    }

    fn session(&self, room: &RoomId, script: &Script) -> Result<Session> {
        let live = script.live.ok_or(ErrorKind::SessionNotLive)?;
        let mut session = Session::of_room(room.clone(), SessionStatus::Live);
        session.session_id = Some(SessionId::new(live).unwrap());
        Ok(session)
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

    async fn list_live_sessions(&self, _call: &CallContext) -> Result<SessionList> {
        let script = self.note(Operation::ListLiveSessions)?;
        let room = RoomId::new("room").unwrap();
        Ok(SessionList { sessions: self.session(&room, &script).into_iter().collect(), dropped: 0 })
    }

    async fn get_live_session(&self, _call: &CallContext, room: &RoomId) -> Result<Session> {
        let script = self.note(Operation::GetLiveSession)?;
        self.session(room, &script)
    }

    async fn list_live_participants(&self, _call: &CallContext, room: &RoomId) -> Result<ParticipantList> {
        let script = self.note(Operation::ListLiveParticipants)?;
        self.session(room, &script).map(|_| ParticipantList::default())
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

    async fn get_session(&self, _call: &CallContext, session: &SessionId, _breakouts: bool) -> Result<Session> {
        let script = self.note(Operation::GetSession)?;
        let mut found = self.session(&RoomId::new("room").unwrap(), &script)?;
        found.session_id = Some(session.clone());
        Ok(found)
    }

    async fn list_session_participants(&self, _call: &CallContext, _session: &SessionId) -> Result<ParticipantList> {
        self.note(Operation::ListSessionParticipants).map(|_| ParticipantList::default())
    }
}
