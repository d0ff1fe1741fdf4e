//! The provider: which requests make up an operation.

use async_trait::async_trait;
use session_provider::{
    CallContext, Capabilities, Clock, Operation, ParticipantList, ProviderHealth, ProviderId, ProviderKind, Result,
    RoomId, Session, SessionList, SessionProvider, Timestamp,
};
use upstream_http::{Budgets, BuildError, Credential, Request, Response, Upstream};

use crate::pages::{self, Page, Walked};
use crate::{WhiteboardConfig, map, requests};

/// One Whiteboard account.
#[derive(Debug)]
pub struct Whiteboard {
    id: ProviderId,
    upstream: Upstream,
    clock: Clock,
    max_pages: u32,
}

impl Whiteboard {
    /// The kind of every such provider.
    pub const KIND: ProviderKind = ProviderKind::new("whiteboard");

    /// Sets the account up. Sends nothing.
    ///
    /// # Errors
    /// [`BuildError`] when the HTTP client cannot be set up.
    pub fn new(
        id: ProviderId,
        config: WhiteboardConfig,
        budgets: &Budgets,
        clock: Clock,
    ) -> std::result::Result<Self, BuildError> {
        let credential = Credential::Bearer(config.api_key);
        let budget = budgets.of(&credential, config.budget);
        let upstream = Upstream::new(id.clone(), config.upstream, credential, budget, clock)?;
        Ok(Self { id, upstream, clock, max_pages: config.max_pages })
    }

    /// One exchange, read by `read`.
    async fn ask<T: Send + 'static>(
        &self,
        call: &CallContext,
        request: Request,
        read: impl FnOnce(&Response, Timestamp) -> Result<T> + Send + 'static,
    ) -> Result<T> {
        let response = self.upstream.send(call, request).await?;
        let now = self.clock.now();
        response.read_by(move |response| read(response, now)).await.map_err(|error| error.at_provider(&self.id))
    }

    /// All pages of a list.
    async fn ask_pages<T: Send + 'static>(
        &self,
        call: &CallContext,
        operation: Operation,
        request: impl Fn(Option<&str>) -> Request + Send + Sync,
        read: fn(&Response, Timestamp) -> Result<Page<T>>,
    ) -> Result<Walked<T>> {
        let fetch = |after: Option<String>| self.ask(call, request(after.as_deref()), read);
        pages::walk(operation, self.max_pages, fetch).await.map_err(|error| error.at_provider(&self.id))
    }
}

#[async_trait]
impl SessionProvider for Whiteboard {
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
            .with(Operation::KickAllParticipants)
            .with_expected_session_id()
    }

    fn health(&self) -> ProviderHealth {
        self.upstream.health()
    }

    async fn list_live_sessions(&self, call: &CallContext) -> Result<SessionList> {
        let walked = self.ask_pages(call, Operation::ListLiveSessions, requests::live_boards, map::live_boards_page);
        walked.await.map(map::live_boards)
    }

    async fn get_live_session(&self, call: &CallContext, room: &RoomId) -> Result<Session> {
        let board = room.clone();
        self.ask(call, requests::live_board(room), move |response, now| map::live_board(response, &board, now)).await
    }

    async fn list_live_participants(&self, call: &CallContext, room: &RoomId) -> Result<ParticipantList> {
        let request = |after: Option<&str>| requests::editors(room, after);
        let walked = self.ask_pages(call, Operation::ListLiveParticipants, request, map::editors_page);
        walked.await.map(map::editors)
    }

    async fn kick_all_participants(&self, call: &CallContext, room: &RoomId) -> Result<Option<u64>> {
        self.ask(call, requests::close(room), |response, _| map::removed(response)).await
    }
}
