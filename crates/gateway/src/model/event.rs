//! Events as callers read them.

use serde::Serialize;
use session_provider::Timestamp;
use utoipa::ToSchema;

use crate::id_schemas::{ParticipantIdJson, ProviderIdJson, RoomIdJson, SessionIdJson};
use crate::model::{ParticipantJson, SessionJson};
use crate::problem::ProviderOutcome;

// The forms have no words of their own: to some generators words around a reference make a second type beside the one
// that it names.

/// The `data` of an event of `stream_events`, by its `event`: `session_started` is a `SessionStartedEvent`, and so each other.
#[derive(Debug, Serialize, ToSchema)]
#[serde(untagged)]
pub enum AccountEvent<'a> {
    Snapshot(SnapshotEvent<'a>),
    SessionStarted(SessionStartedEvent<'a>),
    SessionUpdated(SessionUpdatedEvent),
    SessionEnded(SessionEndedEvent),
    ProviderChanged(ProviderChangedEvent),
    Bye(ByeEvent),
}

/// The `data` of an event of `stream_room_events`, by its `event`: `snapshot` is a `RoomSnapshotEvent`, `participant_joined`
/// and `participant_updated` a `ParticipantEvent`, each other as in `AccountEvent`.
#[derive(Debug, Serialize, ToSchema)]
#[serde(untagged)]
pub enum RoomEvent<'a> {
    Snapshot(RoomSnapshotEvent<'a>),
    SessionStarted(SessionStartedEvent<'a>),
    SessionUpdated(SessionUpdatedEvent),
    SessionEnded(SessionEndedEvent),
    Participant(ParticipantEvent<'a>),
    ParticipantLeft(ParticipantLeftEvent),
    ProviderChanged(ProviderChangedEvent),
    Bye(ByeEvent),
}

/// What runs in a room and who is in it, or a piece of that. Nothing comes between the pieces.
#[derive(Debug, Serialize, ToSchema)]
pub struct RoomSnapshotEvent<'a> {
    /// The provider.
    #[schema(value_type = ProviderIdJson)]
    pub provider: String,
    /// The room that was asked for.
    #[schema(value_type = RoomIdJson)]
    pub room_id: String,
    /// How the provider fares; when it `failed`, session and people are unknown.
    pub entry: ProviderOutcome,
    /// How often the room is asked now at most, in seconds.
    #[schema(minimum = 0.0)]
    pub poll_seconds: f64,
    /// The first piece: forget what was known of the room.
    pub first: bool,
    /// The last piece.
    pub last: bool,
    /// The session that runs; null when the room is idle.
    #[schema(required)]
    pub session: Option<SessionJson<'a>>,
    /// The people of this piece.
    pub participants: Vec<ParticipantJson<'a>>,
    /// The provider's own figure.
    #[schema(required, format = Int64)]
    pub reported_count: Option<u64>,
}

/// Somebody came, or is otherwise than before.
#[derive(Debug, Serialize, ToSchema)]
pub struct ParticipantEvent<'a> {
    /// The provider.
    #[schema(value_type = ProviderIdJson)]
    pub provider: String,
    /// The room that was asked for.
    #[schema(value_type = RoomIdJson)]
    pub room_id: String,
    /// The person, known again by `connection_id`.
    pub participant: ParticipantJson<'a>,
}

/// Somebody left.
#[derive(Debug, Serialize, ToSchema)]
pub struct ParticipantLeftEvent {
    /// The provider.
    #[schema(value_type = ProviderIdJson)]
    pub provider: String,
    /// The room that was asked for.
    #[schema(value_type = RoomIdJson)]
    pub room_id: String,
    /// The id that a kick takes.
    #[schema(required, value_type = Option<ParticipantIdJson>)]
    pub participant_id: Option<String>,
    /// The connection.
    #[schema(min_length = 1, max_length = 256)]
    pub connection_id: String,
    /// When it ended.
    #[schema(required, value_type = Option<String>, format = DateTime)]
    pub left_at: Option<Timestamp>,
}

/// What is live on a provider, or a piece of it. Nothing comes between the pieces.
#[derive(Debug, Serialize, ToSchema)]
pub struct SnapshotEvent<'a> {
    /// The provider.
    #[schema(value_type = ProviderIdJson)]
    pub provider: String,
    /// How it fares; when it `failed` its sessions are unknown.
    pub entry: ProviderOutcome,
    /// How often it is asked now, in seconds.
    #[schema(minimum = 0.0)]
    pub poll_seconds: f64,
    /// The first piece: forget what was known of this provider.
    pub first: bool,
    /// The last piece.
    pub last: bool,
    /// The sessions of this piece.
    pub data: Vec<SessionJson<'a>>,
}

/// A session began.
#[derive(Debug, Serialize, ToSchema)]
pub struct SessionStartedEvent<'a> {
    /// The provider.
    #[schema(value_type = ProviderIdJson)]
    pub provider: String,
    /// The session.
    pub session: SessionJson<'a>,
}

/// Something about a session has changed.
#[derive(Debug, Serialize, ToSchema)]
pub struct SessionUpdatedEvent {
    /// The provider.
    #[schema(value_type = ProviderIdJson)]
    pub provider: String,
    /// Its room.
    #[schema(value_type = RoomIdJson)]
    pub room_id: String,
    /// The session's own id.
    #[schema(required, value_type = Option<SessionIdJson>)]
    pub session_id: Option<String>,
    /// The fields of the session that have changed, with their new values.
    #[schema(value_type = std::collections::BTreeMap<String, serde_json::Value>)]
    pub changes: serde_json::Value,
}

/// A session is over.
#[derive(Debug, Serialize, ToSchema)]
pub struct SessionEndedEvent {
    /// The provider.
    #[schema(value_type = ProviderIdJson)]
    pub provider: String,
    /// Its room.
    #[schema(value_type = RoomIdJson)]
    pub room_id: String,
    /// The session's own id.
    #[schema(required, value_type = Option<SessionIdJson>)]
    pub session_id: Option<String>,
    /// Why.
    pub reason: SessionEndReason,
}

/// Why a session is over. Closed: these are all.
#[derive(Debug, Clone, Copy, Serialize, ToSchema)]
#[serde(rename_all = "lowercase")]
pub enum SessionEndReason {
    /// It has ended.
    Ended,
    /// Another began in its room, whose `session_started` follows.
    Replaced,
}

/// A provider fares otherwise than before.
#[derive(Debug, Serialize, ToSchema)]
pub struct ProviderChangedEvent {
    /// The provider.
    #[schema(value_type = ProviderIdJson)]
    pub provider: String,
    /// How it fares. When it `failed` forget its sessions; when it answers again a snapshot comes.
    pub entry: ProviderOutcome,
}

/// The stream ends. Connect again after the `retry` that came with it.
#[derive(Debug, Serialize, ToSchema)]
pub struct ByeEvent {
    /// Why.
    pub reason: ByeReasonJson,
}

/// Why a stream ends. Closed: these are all.
#[derive(Debug, Clone, Copy, Serialize, ToSchema)]
#[serde(rename_all = "snake_case")]
#[schema(as = ByeReason)]
pub enum ByeReasonJson {
    /// This instance is going down.
    Draining,
    /// The token's time is over.
    TokenExpired,
    /// The token's issuer no longer has its key.
    Unauthorized,
    /// The reader took nothing for 30 seconds.
    TooSlow,
}
