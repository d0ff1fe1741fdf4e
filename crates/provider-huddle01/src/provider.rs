//! The provider: each operation is a request, one exchange and a mapping.

use async_trait::async_trait;
use lenient_json::SharedKnownRows;
use session_provider::{
    CallContext, Capabilities, Clock, Operation, ParticipantList, ProviderHealth, ProviderId, ProviderKind, Result,
    RoomId, Session, SessionId, SessionList, SessionProvider, Timestamp,
};
use upstream_http::{Budgets, BuildError, Credential, Request, Response, Upstream};

use crate::map::{HistoryWalk, MAX_ROWS, RoomSessions, Step};
use crate::{Huddle01Config, map, requests};

/// One Huddle01 account.
///
/// It reads only: Huddle01 has no moderation endpoint, no session by its own id, and its live answers carry no
/// session id (`docs/upstream/huddle01.md`, "What is missing").
#[derive(Debug)]
pub struct Huddle01 {
    id: ProviderId,
    upstream: Upstream,
    clock: Clock,
    max_pages: u32,
    known: SharedKnownRows<Session>,
}

impl Huddle01 {
    /// The kind of every such provider.
    pub const KIND: ProviderKind = ProviderKind::new("huddle01");

    /// Sets the account up. Sends nothing.
    ///
    /// # Errors
    /// [`BuildError`] when the HTTP client cannot be set up.
    pub fn new(
        id: ProviderId,
        config: Huddle01Config,
        budgets: &Budgets,
        clock: Clock,
    ) -> std::result::Result<Self, BuildError> {
        let credential = Credential::Header(http::HeaderName::from_static("x-api-key"), config.api_key);
        let budget = budgets.of(&credential, config.budget);
        let upstream = Upstream::new(id.clone(), config.upstream, credential, budget, clock)?;
        let known = SharedKnownRows::new(MAX_ROWS);
        Ok(Self { id, upstream, clock, max_pages: config.max_pages, known })
    }

    async fn ask<T>(
        &self,
        call: &CallContext,
        request: Request,
        map: impl FnOnce(&Response, Timestamp) -> Result<T> + Send,
    ) -> Result<T> {
        let response = self.upstream.send(call, request).await?;
        map(&response, self.clock.now()).map_err(|error| error.at_provider(&self.id))
    }

    /// The same where the answer may be long.
    async fn ask_list<T: Send + 'static>(
        &self,
        call: &CallContext,
        request: Request,
        map: impl FnOnce(&Response, Timestamp) -> Result<T> + Send + 'static,
    ) -> Result<T> {
        let response = self.upstream.send(call, request).await?;
        let now = self.clock.now();
        response.read_by(move |response| map(response, now)).await.map_err(|error| error.at_provider(&self.id))
    }
}

#[async_trait]
impl SessionProvider for Huddle01 {
    fn id(&self) -> &ProviderId {
        &self.id
    }

    fn kind(&self) -> ProviderKind {
        Self::KIND
    }

    fn capabilities(&self) -> Capabilities {
        Capabilities::none()
            .with(Operation::ListLiveSessions)
            .with(Operation::GetLiveSession)
            .with(Operation::ListLiveParticipants)
            .with(Operation::ListSessionParticipants)
            .with(Operation::ListRoomSessions)
            .with(Operation::FindLiveSessionId)
    }

    fn health(&self) -> ProviderHealth {
        self.upstream.health()
    }

    async fn prepare(&self) {
        self.upstream.prepare().await;
    }

    async fn list_live_sessions(&self, call: &CallContext) -> Result<SessionList> {
        let known = self.known.clone();
        let read = move |response: &Response, now| {
            known.lend(|known| {
                known.begin();
                map::live_sessions_knowing(response, now, known)
            })
        };
        self.ask_list(call, requests::live_sessions(), read).await
    }

    async fn get_live_session(&self, call: &CallContext, room: &RoomId) -> Result<Session> {
        self.ask(call, requests::live_session(room), |response, now| map::live_session(response, room, now)).await
    }

    async fn list_live_participants(&self, call: &CallContext, room: &RoomId) -> Result<ParticipantList> {
        self.ask_list(call, requests::live_participants(room), map::live_participants).await
    }

    async fn list_session_participants(&self, call: &CallContext, session: &SessionId) -> Result<ParticipantList> {
        self.ask_list(call, requests::session_participants(session), map::session_participants).await
    }

    async fn list_room_sessions(&self, call: &CallContext, room: &RoomId) -> Result<SessionList> {
        let mut sessions = RoomSessions::new(room.clone(), self.clock.now());
        for cursor in 0..self.max_pages {
            let request = requests::room_sessions(room, cursor);
            if !self.ask(call, request, |response, _| sessions.take(response)).await? {
                return Ok(sessions.into_list());
            }
        }
        Err(RoomSessions::too_long().at_provider(&self.id))
    }

    async fn find_live_session_id(&self, call: &CallContext, room: &RoomId) -> Result<Option<SessionId>> {
        let mut walk = HistoryWalk::new(self.clock.now());
        for cursor in 0..self.max_pages {
            match self.ask(call, requests::room_history(room, cursor), |response, _| walk.take(response)).await? {
                Step::Found(session) => return Ok(Some(session)),
                Step::NotRunning => return Ok(None),
                Step::Next => {}
            }
        }
        Err(HistoryWalk::too_long().at_provider(&self.id))
    }
}
