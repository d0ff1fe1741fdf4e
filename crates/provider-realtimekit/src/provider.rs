//! The provider: which requests make up an operation.

use async_trait::async_trait;
use lenient_json::{KnownRows, SharedKnownRows};
use session_provider::{
    CallContext, Capabilities, Clock, KickTargets, KickedParticipant, LiveMedia, NewPoll, Operation, ParticipantList,
    Poll, ProviderHealth, ProviderId, ProviderKind, Result, RoomId, Session, SessionFilter, SessionId, SessionList,
    SessionPage, SessionProvider, SessionQuery, Timestamp,
};
use upstream_http::{Budgets, BuildError, Credential, MANY_ROWS, Request, Response, Upstream, beside};

use crate::RealtimeKitConfig;
use crate::history;
use crate::map::participant::Who;
use crate::map::{media, moderation, participant, session};
use crate::pages::{self, MAX_HELD, Page, Row, Walked};
use crate::refusal::Asked;
use crate::requests::Requests;

/// One RealtimeKit app of a Cloudflare account.
#[derive(Debug)]
pub struct RealtimeKit {
    id: ProviderId,
    upstream: Upstream,
    clock: Clock,
    requests: Requests,
    max_pages: u32,
    known: SharedKnownRows<Row<Session>>,
}

impl RealtimeKit {
    /// The kind of every such provider.
    pub const KIND: ProviderKind = ProviderKind::new("realtimekit");

    /// Sets the app up. Sends nothing.
    ///
    /// # Errors
    /// [`BuildError`] when the HTTP client cannot be set up.
    pub fn new(
        id: ProviderId,
        config: RealtimeKitConfig,
        budgets: &Budgets,
        clock: Clock,
    ) -> std::result::Result<Self, BuildError> {
        let credential = Credential::Bearer(config.api_token);
        let budget = budgets.of(&credential, config.budget);
        let upstream = Upstream::new(id.clone(), config.upstream, credential, budget, clock)?;
        let requests = Requests::new(config.account_id, config.app_id);
        let known = SharedKnownRows::new(MAX_HELD as usize);
        Ok(Self { id, upstream, clock, requests, max_pages: config.max_pages, known })
    }

    /// One exchange, read by `read`.
    async fn exchange<T>(
        &self,
        call: &CallContext,
        request: Request,
        read: impl FnOnce(&Response, Timestamp) -> Result<T> + Send,
    ) -> Result<T> {
        let answer = self.upstream.send(call, request).await.and_then(|response| read(&response, self.clock.now()));
        answer.map_err(|error| error.at_provider(&self.id))
    }

    /// One exchange that may answer much.
    async fn exchange_page<R: Send + 'static>(
        &self,
        call: &CallContext,
        request: Request,
        read: impl FnOnce(&Response, Timestamp) -> Result<Page<R>> + Send + 'static,
    ) -> Result<Page<R>> {
        let response = self.upstream.send(call, request).await?;
        let now = self.clock.now();
        let answer = response.read_by(move |response| read(response, now)).await;
        answer.map_err(|error| error.at_provider(&self.id))
    }

    /// All pages of a list.
    async fn pages<R: Send + 'static>(
        &self,
        call: &CallContext,
        operation: Operation,
        request: impl Fn(u32) -> Request + Send + Sync,
        read: impl Fn(&Response, Timestamp) -> Result<Page<R>> + Clone + Send + 'static,
    ) -> Result<Walked<R>> {
        let fetch = |page_no| self.exchange_page(call, request(page_no), read.clone());
        let walk = pages::walk(operation, self.max_pages, fetch);
        walk.await.map_err(|error| error.at_provider(&self.id))
    }
}

#[async_trait]
impl SessionProvider for RealtimeKit {
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
            .with(Operation::KickParticipants)
            .with(Operation::KickAllParticipants)
            .with(Operation::CreatePoll)
            .with(Operation::GetSession)
            .with(Operation::ListSessionParticipants)
            .with(Operation::ListSessions)
            .with(Operation::ListRoomSessions)
            .with(Operation::CountLiveMedia)
            .with_expected_session_id()
    }

    fn health(&self) -> ProviderHealth {
        self.upstream.health()
    }

    async fn prepare(&self) {
        self.upstream.prepare().await;
    }

    async fn list_live_sessions(&self, call: &CallContext) -> Result<SessionList> {
        let request = |page_no| self.requests.live_sessions(page_no);
        let known = self.known.clone();
        known.lend(KnownRows::begin);
        let read = move |response: &Response, now| known.lend(|known| session::live_page_knowing(response, now, known));
        let walked = self.pages(call, Operation::ListLiveSessions, request, read).await?;
        let list = beside(walked.values.len() > MANY_ROWS, move || session::list(walked));
        list.await.map_err(|error| error.at_provider(&self.id))
    }

    async fn get_live_session(&self, call: &CallContext, room: &RoomId) -> Result<Session> {
        let request = self.requests.active_session(Operation::GetLiveSession, room);
        self.exchange(call, request, |response, now| session::live(response, room, now)).await.map(|(_, live)| live)
    }

    async fn list_live_participants(&self, call: &CallContext, room: &RoomId) -> Result<ParticipantList> {
        let operation = Operation::ListLiveParticipants;
        let request = self.requests.active_session(operation, room);
        let (id, live) = self.exchange(call, request, |response, now| session::live(response, room, now)).await?;
        let request = |page_no| self.requests.participants(operation, &id, page_no);
        let read =
            |response: &Response, now| participant::list_page(response, Asked::LiveParticipants, Who::Present, now);
        let walked = self.pages(call, operation, request, read).await?;
        Ok(participant::list(walked, live.participant_count))
    }

    async fn kick_participants(
        &self,
        call: &CallContext,
        room: &RoomId,
        targets: &KickTargets,
    ) -> Result<Vec<KickedParticipant>> {
        self.exchange(call, self.requests.kick(room, targets)?, moderation::kicked).await
    }

    async fn kick_all_participants(&self, call: &CallContext, room: &RoomId) -> Result<Option<u64>> {
        self.exchange(call, self.requests.kick_all(room), |response, _| moderation::kicked_count(response)).await
    }

    async fn create_poll(&self, call: &CallContext, room: &RoomId, poll: &NewPoll) -> Result<Poll> {
        self.exchange(call, self.requests.poll(room, poll)?, |response, _| moderation::poll(response, poll)).await
    }

    async fn get_session(
        &self,
        call: &CallContext,
        session: &SessionId,
        include_breakout_rooms: bool,
    ) -> Result<Session> {
        let request = self.requests.session(session, include_breakout_rooms);
        self.exchange(call, request, |response, now| session::by_id(response, session, now)).await
    }

    async fn list_session_participants(&self, call: &CallContext, session: &SessionId) -> Result<ParticipantList> {
        let operation = Operation::ListSessionParticipants;
        let request = |page_no| self.requests.participants(operation, session, page_no);
        let read = |response: &Response, now| participant::list_page(response, Asked::Session, Who::Everybody, now);
        let walked = self.pages(call, operation, request, read).await?;
        let total_count = walked.total_count;
        Ok(participant::list(walked, total_count))
    }

    async fn list_sessions(&self, call: &CallContext, query: &SessionQuery) -> Result<SessionPage> {
        let filter = query.filter.clone();
        let read = move |response: &Response, now| session::history_page(response, &filter, now);
        let request = |page_no, per_page| self.requests.sessions(&query.filter, page_no, per_page);
        let fetch = |page_no, per_page| self.exchange_page(call, request(page_no, per_page), read.clone());
        history::page(query, self.max_pages, fetch).await.map_err(|error| error.at_provider(&self.id))
    }

    async fn list_room_sessions(&self, call: &CallContext, room: &RoomId) -> Result<SessionList> {
        let filter = SessionFilter { room: Some(room.clone()), ..SessionFilter::default() };
        let read = {
            let filter = filter.clone();
            move |response: &Response, now| session::history_page(response, &filter, now)
        };
        let request = |page_no| self.requests.room_sessions(&filter, page_no);
        let walked = self.pages(call, Operation::ListRoomSessions, request, read).await?;
        Ok(session::room_list(walked, room))
    }

    async fn count_live_media(&self, call: &CallContext) -> Result<LiveMedia> {
        let operation = Operation::CountLiveMedia;
        let recordings = self.pages(
            call,
            operation,
            |page| self.requests.recordings(page),
            |answer, _| media::recordings_page(answer),
        );
        let livestreams = self.pages(
            call,
            operation,
            |page| self.requests.livestreams(page),
            |answer, _| media::livestreams_page(answer),
        );
        let (recordings, livestreams) = tokio::try_join!(recordings, livestreams)?;
        Ok(media::count(recordings, livestreams))
    }
}
