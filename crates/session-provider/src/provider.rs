//! The one trait that every video service is reached through.

use std::fmt::Debug;

use async_trait::async_trait;

use crate::{
    CallContext, Capabilities, Error, KickTargets, KickedParticipant, LiveMedia, NewPoll, Operation, ParticipantList,
    Poll, ProviderHealth, ProviderId, ProviderKind, Result, RoomId, Session, SessionId, SessionList, SessionPage,
    SessionQuery,
};

/// One configured account at a video service.
///
/// An operation that is not in [`capabilities`](Self::capabilities) answers
/// [`CapabilityUnsupported`](crate::ErrorKind::CapabilityUnsupported) without any I/O; one that is in it never does.
/// Every operation ends by the deadline of its context, and dropping its future abandons it.
#[async_trait]
pub trait SessionProvider: Debug + Send + Sync {
    /// The operator's name for this account.
    fn id(&self) -> &ProviderId;

    /// Which service it is.
    fn kind(&self) -> ProviderKind;

    /// What it can do.
    fn capabilities(&self) -> Capabilities;

    /// What was seen of it lately. Never calls upstream.
    fn health(&self) -> ProviderHealth {
        ProviderHealth::unknown()
    }

    /// A call may follow soon: what can be learned for it beforehand, is. Never calls upstream.
    async fn prepare(&self) {}

    /// What is live in the account, all pages. Needs [`Operation::ListLiveSessions`].
    ///
    /// # Errors
    /// Never an empty list for an answer that could not be read; see [`Error`].
    async fn list_live_sessions(&self, _call: &CallContext) -> Result<SessionList> {
        Err(Error::unsupported(Operation::ListLiveSessions))
    }

    /// The live session of a room. Its `room_id` is the one asked for. Needs [`Operation::GetLiveSession`].
    ///
    /// # Errors
    /// `SessionNotLive` when the room is idle or unknown; see [`Error`].
    async fn get_live_session(&self, _call: &CallContext, _room: &RoomId) -> Result<Session> {
        Err(Error::unsupported(Operation::GetLiveSession))
    }

    /// Who is in a live session now. Needs [`Operation::ListLiveParticipants`].
    ///
    /// # Errors
    /// `SessionNotLive` when the room is idle or unknown; see [`Error`].
    async fn list_live_participants(&self, _call: &CallContext, _room: &RoomId) -> Result<ParticipantList> {
        Err(Error::unsupported(Operation::ListLiveParticipants))
    }

    /// Removes people from a live session. Needs [`Operation::KickParticipants`].
    ///
    /// # Errors
    /// `SessionNotLive`, `ParticipantNotFound`, `InvalidRequest`; see [`Error`] and its effect.
    async fn kick_participants(
        &self,
        _call: &CallContext,
        _room: &RoomId,
        _targets: &KickTargets,
    ) -> Result<Vec<KickedParticipant>> {
        Err(Error::unsupported(Operation::KickParticipants))
    }

    /// Removes everybody and ends the live session; answers how many, where the provider says so.
    /// Needs [`Operation::KickAllParticipants`].
    ///
    /// # Errors
    /// `SessionNotLive`; see [`Error`] and its effect.
    async fn kick_all_participants(&self, _call: &CallContext, _room: &RoomId) -> Result<Option<u64>> {
        Err(Error::unsupported(Operation::KickAllParticipants))
    }

    /// Puts a poll to a live session. Needs [`Operation::CreatePoll`].
    ///
    /// # Errors
    /// `SessionNotLive`, `InvalidRequest`; see [`Error`] and its effect.
    async fn create_poll(&self, _call: &CallContext, _room: &RoomId, _poll: &NewPoll) -> Result<Poll> {
        Err(Error::unsupported(Operation::CreatePoll))
    }

    /// A session by its own id, live or ended. Needs [`Operation::GetSession`].
    ///
    /// # Errors
    /// `SessionNotFound`; see [`Error`].
    async fn get_session(
        &self,
        _call: &CallContext,
        _session: &SessionId,
        _include_breakout_rooms: bool,
    ) -> Result<Session> {
        Err(Error::unsupported(Operation::GetSession))
    }

    /// Everybody who was in a session, live or ended, all pages. Needs [`Operation::ListSessionParticipants`].
    ///
    /// # Errors
    /// `SessionNotFound`; see [`Error`].
    async fn list_session_participants(&self, _call: &CallContext, _session: &SessionId) -> Result<ParticipantList> {
        Err(Error::unsupported(Operation::ListSessionParticipants))
    }

    /// One page of the account's sessions that ran or run, newest first. Needs [`Operation::ListSessions`].
    ///
    /// A walk from page to page gives no session twice, and every one that was there when it began and still is, though
    /// others begin, end and vanish meanwhile. A page costs what it needs of the provider's list, never all of it. A
    /// room that is unknown has no sessions.
    ///
    /// # Errors
    /// See [`Error`]. The same page can be asked for again.
    async fn list_sessions(&self, _call: &CallContext, _query: &SessionQuery) -> Result<SessionPage> {
        Err(Error::unsupported(Operation::ListSessions))
    }

    /// All sessions that ran or run in a room, for services that can list those of one room only. A room that is unknown
    /// has none. Needs [`Operation::ListRoomSessions`].
    ///
    /// # Errors
    /// Never a shortened list; see [`Error`].
    async fn list_room_sessions(&self, _call: &CallContext, _room: &RoomId) -> Result<SessionList> {
        Err(Error::unsupported(Operation::ListRoomSessions))
    }

    /// The session id of a room's live session, for services whose live answers do not carry it; `None` when nothing
    /// runs there. Needs [`Operation::FindLiveSessionId`].
    ///
    /// # Errors
    /// See [`Error`].
    async fn find_live_session_id(&self, _call: &CallContext, _room: &RoomId) -> Result<Option<SessionId>> {
        Err(Error::unsupported(Operation::FindLiveSessionId))
    }

    /// Running recordings and live streams of the whole account, for services whose sessions do not carry them.
    /// Needs [`Operation::CountLiveMedia`].
    ///
    /// # Errors
    /// See [`Error`].
    async fn count_live_media(&self, _call: &CallContext) -> Result<LiveMedia> {
        Err(Error::unsupported(Operation::CountLiveMedia))
    }
}
