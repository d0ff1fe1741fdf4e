//! Sessions as callers read them.

use serde::Serialize;
use session_provider as domain;
use session_provider::{RawJson, Timestamp};
use utoipa::ToSchema;

use crate::id_schemas::{ProviderIdJson, RoomIdJson, SessionIdJson};
use crate::model::{KindName, SessionExtensions};

/// Whether a session is running. `unknown`: a value that the provider has added since. Closed: these are all.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, ToSchema)]
#[serde(rename_all = "lowercase")]
#[schema(as = SessionStatus)]
pub enum SessionStatusJson {
    /// Running now, perhaps with nobody in it.
    Live,
    /// Over.
    Ended,
    /// Something the provider has added since.
    Unknown,
}

impl From<domain::SessionStatus> for SessionStatusJson {
    fn from(status: domain::SessionStatus) -> Self {
        match status {
            domain::SessionStatus::Live => Self::Live,
            domain::SessionStatus::Ended => Self::Ended,
            domain::SessionStatus::Unknown => Self::Unknown,
        }
    }
}

/// What kind of session it is. `unknown`: a value that the provider has added since. Closed: these are all.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, ToSchema)]
#[serde(rename_all = "lowercase")]
#[schema(as = SessionType)]
pub enum SessionTypeJson {
    /// People meeting.
    Meeting,
    /// A broadcast.
    Livestream,
    /// One person's, where the provider counts those apart.
    Participant,
    /// Something the provider has added since.
    Unknown,
}

impl From<domain::SessionType> for SessionTypeJson {
    fn from(session_type: domain::SessionType) -> Self {
        match session_type {
            domain::SessionType::Meeting => Self::Meeting,
            domain::SessionType::Livestream => Self::Livestream,
            domain::SessionType::Participant => Self::Participant,
            domain::SessionType::Unknown => Self::Unknown,
        }
    }
}

/// One occupancy of a room.
#[derive(Debug, Clone, Serialize, ToSchema)]
#[schema(as = Session)]
pub struct SessionJson<'a> {
    /// The provider it runs on.
    #[schema(value_type = ProviderIdJson)]
    pub provider: &'a str,
    /// The kind of that provider.
    pub kind: KindName,
    /// The room: the one asked for or, in lists, the provider's own.
    #[schema(value_type = RoomIdJson)]
    pub room_id: &'a str,
    /// The session's own id; null where the provider gives it only by further calls (`include=session_id`).
    #[schema(required, value_type = Option<SessionIdJson>)]
    pub session_id: Option<&'a str>,
    /// Whether it is running.
    pub status: SessionStatusJson,
    /// What kind it is.
    #[serde(rename = "type")]
    #[schema(required)]
    pub session_type: Option<SessionTypeJson>,
    /// The room's display name.
    #[schema(required)]
    pub title: Option<&'a str>,
    /// When the record was made.
    #[schema(required, value_type = Option<String>, format = DateTime)]
    pub created_at: Option<Timestamp>,
    /// When the first person joined.
    #[schema(required, value_type = Option<String>, format = DateTime)]
    pub started_at: Option<Timestamp>,
    /// When it ended.
    #[schema(required, value_type = Option<String>, format = DateTime)]
    pub ended_at: Option<Timestamp>,
    /// When the record last changed.
    #[schema(required, value_type = Option<String>, format = DateTime)]
    pub updated_at: Option<Timestamp>,
    /// People in it now.
    #[schema(required, format = Int64)]
    pub participant_count: Option<u64>,
    /// The most people in it at once.
    #[schema(required, format = Int64)]
    pub max_participant_count: Option<u64>,
    /// Minutes of all participants together.
    #[schema(required, minimum = 0.0)]
    pub minutes_consumed: Option<f64>,
    /// Recordings running now.
    #[schema(required, format = Int64)]
    pub recording_count: Option<u64>,
    /// Live streams running now.
    #[schema(required, format = Int64)]
    pub livestream_count: Option<u64>,
    /// Its breakout rooms.
    #[schema(required)]
    pub breakout_rooms: Option<Vec<BreakoutRoomJson<'a>>>,
    /// Whatever the customer attached: any JSON.
    #[schema(required, nullable, value_type = Option<serde_json::Value>)]
    pub metadata: Option<&'a RawJson>,
    /// What only one kind of provider says.
    pub extensions: SessionExtensions<'a>,
    /// An older answer: the latest refresh failed.
    pub stale: bool,
    /// When the provider answered.
    #[schema(value_type = String, format = DateTime)]
    pub fetched_at: Timestamp,
}

/// A session nested in another. Every field may be null.
#[derive(Debug, Clone, Serialize, ToSchema)]
#[schema(as = BreakoutRoom)]
pub struct BreakoutRoomJson<'a> {
    /// The breakout's own room.
    #[schema(required, value_type = Option<RoomIdJson>)]
    pub room_id: Option<&'a str>,
    /// The breakout's own session id.
    #[schema(required, value_type = Option<SessionIdJson>)]
    pub session_id: Option<&'a str>,
    /// Whether it is running.
    #[schema(required)]
    pub status: Option<SessionStatusJson>,
    /// What kind it is.
    #[serde(rename = "type")]
    #[schema(required)]
    pub session_type: Option<SessionTypeJson>,
    /// Its display name.
    #[schema(required)]
    pub title: Option<&'a str>,
    /// When the record was made.
    #[schema(required, value_type = Option<String>, format = DateTime)]
    pub created_at: Option<Timestamp>,
    /// When the first person joined.
    #[schema(required, value_type = Option<String>, format = DateTime)]
    pub started_at: Option<Timestamp>,
    /// When it ended.
    #[schema(required, value_type = Option<String>, format = DateTime)]
    pub ended_at: Option<Timestamp>,
    /// When the record last changed.
    #[schema(required, value_type = Option<String>, format = DateTime)]
    pub updated_at: Option<Timestamp>,
    /// People in it now.
    #[schema(required, format = Int64)]
    pub participant_count: Option<u64>,
    /// The most people in it at once.
    #[schema(required, format = Int64)]
    pub max_participant_count: Option<u64>,
    /// Minutes of all participants together.
    #[schema(required, minimum = 0.0)]
    pub minutes_consumed: Option<f64>,
    /// Recordings running now.
    #[schema(required, format = Int64)]
    pub recording_count: Option<u64>,
    /// Live streams running now.
    #[schema(required, format = Int64)]
    pub livestream_count: Option<u64>,
    /// Whatever the customer attached: any JSON.
    #[schema(required, nullable, value_type = Option<serde_json::Value>)]
    pub metadata: Option<&'a RawJson>,
}

impl<'a> SessionJson<'a> {
    /// The domain's session as callers read it.
    #[must_use]
    pub fn new(
        provider: &'a domain::ProviderId,
        kind: domain::ProviderKind,
        session: &'a domain::Session,
        fetched_at: Timestamp,
        stale: bool,
    ) -> Self {
        Self {
            provider: provider.as_str(),
            kind: KindName(kind),
            room_id: session.room_id.as_str(),
            session_id: session.session_id.as_ref().map(domain::SessionId::as_str),
            status: session.status.into(),
            session_type: session.session_type.map(Into::into),
            title: session.title.as_deref(),
            created_at: session.created_at,
            started_at: session.started_at,
            ended_at: session.ended_at,
            updated_at: session.updated_at,
            participant_count: session.participant_count,
            max_participant_count: session.max_participant_count,
            minutes_consumed: session.minutes_consumed,
            recording_count: session.recording_count,
            livestream_count: session.livestream_count,
            breakout_rooms: session.breakout_rooms.as_ref().map(|rooms| rooms.iter().map(Into::into).collect()),
            metadata: session.metadata.as_ref(),
            extensions: SessionExtensions { kind, said: session.extensions.as_ref() },
            stale,
            fetched_at,
        }
    }
}

impl<'a> From<&'a domain::BreakoutRoom> for BreakoutRoomJson<'a> {
    fn from(room: &'a domain::BreakoutRoom) -> Self {
        Self {
            room_id: room.room_id.as_ref().map(domain::RoomId::as_str),
            session_id: room.session_id.as_ref().map(domain::SessionId::as_str),
            status: room.status.map(Into::into),
            session_type: room.session_type.map(Into::into),
            title: room.title.as_deref(),
            created_at: room.created_at,
            started_at: room.started_at,
            ended_at: room.ended_at,
            updated_at: room.updated_at,
            participant_count: room.participant_count,
            max_participant_count: room.max_participant_count,
            minutes_consumed: room.minutes_consumed,
            recording_count: room.recording_count,
            livestream_count: room.livestream_count,
            metadata: room.metadata.as_ref(),
        }
    }
}
