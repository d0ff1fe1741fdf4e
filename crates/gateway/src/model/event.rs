//! Events as callers read them.

use serde::Serialize;
use utoipa::ToSchema;

use crate::model::SessionJson;
use crate::problem::ProviderOutcome;

/// The `data` of an event of `stream_events`: `event` says which it is.
#[derive(Debug, Serialize, ToSchema)]
#[serde(untagged)]
pub enum AccountEvent<'a> {
    /// `snapshot`
    Snapshot(SnapshotEvent<'a>),
    /// `session_started`
    SessionStarted(SessionStartedEvent<'a>),
    /// `session_updated`
    SessionUpdated(SessionUpdatedEvent),
    /// `session_ended`
    SessionEnded(SessionEndedEvent),
    /// `provider_changed`
    ProviderChanged(ProviderChangedEvent),
    /// `bye`
    Bye(ByeEvent),
}

/// What is live on a provider, or a piece of it. Nothing comes between the pieces.
#[derive(Debug, Serialize, ToSchema)]
pub struct SnapshotEvent<'a> {
    /// The configured provider.
    pub provider: String,
    /// How it fares; when it `failed` its sessions are unknown.
    pub entry: ProviderOutcome,
    /// How often it is asked now, in seconds.
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
    /// The configured provider.
    pub provider: String,
    /// The session.
    pub session: SessionJson<'a>,
}

/// Something about a session has changed.
#[derive(Debug, Serialize, ToSchema)]
pub struct SessionUpdatedEvent {
    /// The configured provider.
    pub provider: String,
    /// Its room.
    pub room_id: String,
    /// The session's own id.
    #[schema(required)]
    pub session_id: Option<String>,
    /// The fields of the session that have changed, with their new values.
    #[schema(value_type = Object)]
    pub changes: serde_json::Value,
}

/// A session is over.
#[derive(Debug, Serialize, ToSchema)]
pub struct SessionEndedEvent {
    /// The configured provider.
    pub provider: String,
    /// Its room.
    pub room_id: String,
    /// The session's own id.
    #[schema(required)]
    pub session_id: Option<String>,
    /// Why.
    pub reason: SessionEndReason,
}

/// Why a session is over.
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
    /// The configured provider.
    pub provider: String,
    /// How it fares. When it `failed` its sessions are unknown: forget them. When it answers again a snapshot comes.
    pub entry: ProviderOutcome,
}

/// The stream ends. Connect again after the `retry` that came with it.
#[derive(Debug, Serialize, ToSchema)]
pub struct ByeEvent {
    /// Why.
    pub reason: ByeReasonJson,
}

/// Why a stream ends.
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
