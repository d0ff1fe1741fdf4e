//! What every operation of every provider goes through, whoever asks: its deadline, its panics, its error's context, its
//! traces in log and metrics. Nobody above adds any of these.

use std::future::Future;
use std::panic::AssertUnwindSafe;
use std::sync::{Arc, Mutex, PoisonError};

use async_trait::async_trait;
use futures_util::FutureExt;
use session_provider::{
    CallContext, Capabilities, Clock, Error, ErrorKind, HealthStatus, KickTargets, KickedParticipant, LiveMedia,
    NewPoll, Operation, ParticipantList, Poll, ProviderHealth, ProviderId, ProviderKind, Result, RoomId, Session,
    SessionId, SessionList, SessionPage, SessionProvider, SessionQuery, Timestamp,
};
use upstream_http::CallMetrics;

use crate::providers::observation::Observation;
use crate::telemetry::metrics::{PROVIDER_OPERATION_SECONDS, PROVIDER_OPERATIONS};

/// A provider whose operations end by their deadline, never panic and are observed.
#[derive(Debug)]
pub(super) struct Guarded {
    inner: Arc<dyn SessionProvider>,
    clock: Clock,
    metrics: CallMetrics,
    /// How the latest operation that the provider answered failed although its exchanges succeeded; `None` if it did not.
    unreadable: Mutex<Option<(Timestamp, ErrorKind)>>,
}

impl Guarded {
    pub(super) fn new(inner: Arc<dyn SessionProvider>, clock: Clock) -> Self {
        let metrics = CallMetrics::new(inner.id().clone(), |labels| {
            (
                metrics::counter!(PROVIDER_OPERATIONS, labels.clone()),
                metrics::histogram!(PROVIDER_OPERATION_SECONDS, labels),
            )
        });
        Self { inner, clock, metrics, unreadable: Mutex::default() }
    }

    async fn guard<T>(
        &self,
        operation: Operation,
        call: &CallContext,
        work: impl Future<Output = Result<T>> + Send,
    ) -> Result<T> {
        let observation = Observation::begin(self.inner.id(), &self.metrics, operation, call);
        let ended = AssertUnwindSafe(self.in_time(operation, call, work)).catch_unwind().await;
        let result = ended
            .unwrap_or_else(|_panic| Err(Error::new(ErrorKind::Internal).after_sending(call.intent())))
            .map_err(|error| error.at_provider(self.inner.id()).in_operation(operation));
        observation.end(result.as_ref().err());
        self.note(result.as_ref().err());
        result
    }

    /// An exchange is fine as soon as something with a good status came back; only who reads the body learns that it is
    /// a login page, or that the account does not exist.
    fn note(&self, error: Option<&Error>) {
        let unreadable = match error.map(Error::kind) {
            Some(kind @ (ErrorKind::ProviderBadResponse | ErrorKind::ProviderAuthFailed)) => {
                Some((self.clock.now(), kind))
            }
            // An answer: also "nothing is live", and the refusal of what the caller asked for.
            None
            | Some(
                ErrorKind::SessionNotLive
                | ErrorKind::SessionNotFound
                | ErrorKind::ParticipantNotFound
                | ErrorKind::InvalidRequest,
            ) => None,
            // The exchange itself failed, or was not made: its own record says so.
            Some(_) => return,
        };
        *self.unreadable.lock().unwrap_or_else(PoisonError::into_inner) = unreadable;
    }

    async fn in_time<T>(
        &self,
        operation: Operation,
        call: &CallContext,
        work: impl Future<Output = Result<T>> + Send,
    ) -> Result<T> {
        // What the provider refuses without I/O needs no time.
        if call.remaining().is_zero() && self.inner.capabilities().supports(operation) {
            return Err(Error::new(ErrorKind::ProviderTimeout).with_detail("No time was left to ask the provider."));
        }
        match tokio::time::timeout_at(call.deadline(), work).await {
            Ok(result) => result,
            Err(_) => Err(Error::new(ErrorKind::ProviderTimeout).after_sending(call.intent())),
        }
    }
}

// A new operation must be guarded too, so none may fall back to the trait's default.
#[deny(clippy::missing_trait_methods)]
#[async_trait]
impl SessionProvider for Guarded {
    fn id(&self) -> &ProviderId {
        self.inner.id()
    }

    fn kind(&self) -> ProviderKind {
        self.inner.kind()
    }

    fn capabilities(&self) -> Capabilities {
        self.inner.capabilities()
    }

    fn health(&self) -> ProviderHealth {
        let health = self.inner.health();
        let unreadable = *self.unreadable.lock().unwrap_or_else(PoisonError::into_inner);
        match (health.status, unreadable) {
            (HealthStatus::Ok, Some((at, kind))) => ProviderHealth {
                status: HealthStatus::Degraded,
                last_error_at: Some(at),
                last_error: Some(kind),
                ..health
            },
            _ => health,
        }
    }

    async fn prepare(&self) {
        self.inner.prepare().await;
    }

    async fn list_live_sessions(&self, call: &CallContext) -> Result<SessionList> {
        self.guard(Operation::ListLiveSessions, call, self.inner.list_live_sessions(call)).await
    }

    async fn get_live_session(&self, call: &CallContext, room: &RoomId) -> Result<Session> {
        self.guard(Operation::GetLiveSession, call, self.inner.get_live_session(call, room)).await
    }

    async fn list_live_participants(&self, call: &CallContext, room: &RoomId) -> Result<ParticipantList> {
        self.guard(Operation::ListLiveParticipants, call, self.inner.list_live_participants(call, room)).await
    }

    async fn kick_participants(
        &self,
        call: &CallContext,
        room: &RoomId,
        targets: &KickTargets,
    ) -> Result<Vec<KickedParticipant>> {
        self.guard(Operation::KickParticipants, call, self.inner.kick_participants(call, room, targets)).await
    }

    async fn kick_all_participants(&self, call: &CallContext, room: &RoomId) -> Result<Option<u64>> {
        self.guard(Operation::KickAllParticipants, call, self.inner.kick_all_participants(call, room)).await
    }

    async fn create_poll(&self, call: &CallContext, room: &RoomId, poll: &NewPoll) -> Result<Poll> {
        self.guard(Operation::CreatePoll, call, self.inner.create_poll(call, room, poll)).await
    }

    async fn get_session(
        &self,
        call: &CallContext,
        session: &SessionId,
        include_breakout_rooms: bool,
    ) -> Result<Session> {
        let work = self.inner.get_session(call, session, include_breakout_rooms);
        self.guard(Operation::GetSession, call, work).await
    }

    async fn list_session_participants(&self, call: &CallContext, session: &SessionId) -> Result<ParticipantList> {
        self.guard(Operation::ListSessionParticipants, call, self.inner.list_session_participants(call, session)).await
    }

    async fn list_sessions(&self, call: &CallContext, query: &SessionQuery) -> Result<SessionPage> {
        self.guard(Operation::ListSessions, call, self.inner.list_sessions(call, query)).await
    }

    async fn list_room_sessions(&self, call: &CallContext, room: &RoomId) -> Result<SessionList> {
        self.guard(Operation::ListRoomSessions, call, self.inner.list_room_sessions(call, room)).await
    }

    async fn find_live_session_id(&self, call: &CallContext, room: &RoomId) -> Result<Option<SessionId>> {
        self.guard(Operation::FindLiveSessionId, call, self.inner.find_live_session_id(call, room)).await
    }

    async fn count_live_media(&self, call: &CallContext) -> Result<LiveMedia> {
        self.guard(Operation::CountLiveMedia, call, self.inner.count_live_media(call)).await
    }
}

#[cfg(test)]
mod tests;
