//! Providers as callers read them.

use serde::Serialize;
use session_provider as domain;
use session_provider::{Capability, Operation, Timestamp};
use utoipa::ToSchema;

use crate::id_schemas::ProviderIdJson;
use crate::model::KindName;
use crate::problem::Code;

/// The providers this caller may see.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct ProviderList {
    /// The providers, by id.
    pub data: Vec<ProviderInfo>,
}

/// One configured account at a video service.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct ProviderInfo {
    /// Its id, chosen by the operator.
    #[schema(value_type = ProviderIdJson)]
    pub provider: String,
    /// Which service it is.
    pub kind: KindName,
    /// What it can do.
    pub capabilities: ProviderCapabilities,
    /// What was seen of it lately.
    pub health: ProviderHealthJson,
}

/// What a provider can do: one flag per operation id that takes a provider.
#[derive(Debug, Clone, Copy, Serialize, ToSchema)]
pub struct ProviderCapabilities {
    /// Its sessions are in the merged list.
    pub list_live_sessions: bool,
    /// One live session.
    pub get_live_session: bool,
    /// Who is in a live session.
    pub list_live_participants: bool,
    /// Remove some participants.
    pub kick_participants: bool,
    /// Remove everybody and end the session.
    pub kick_all_participants: bool,
    /// Put a poll to a live session.
    pub create_poll: bool,
    /// A session by its own id.
    pub get_session: bool,
    /// Everybody who was in a session.
    pub list_session_participants: bool,
    /// Its sessions of all times are in the merged history.
    pub list_sessions: bool,
    /// Those of one room are, when the room is named.
    pub list_room_sessions: bool,
    /// Mutations may name the session they expect.
    pub expected_session_id: bool,
}

impl From<domain::Capabilities> for ProviderCapabilities {
    fn from(has: domain::Capabilities) -> Self {
        Self {
            list_live_sessions: has.supports(Operation::ListLiveSessions),
            get_live_session: has.supports(Operation::GetLiveSession),
            list_live_participants: has.supports(Operation::ListLiveParticipants),
            kick_participants: has.supports(Operation::KickParticipants),
            kick_all_participants: has.supports(Operation::KickAllParticipants),
            create_poll: has.supports(Operation::CreatePoll),
            get_session: has.supports(Operation::GetSession),
            list_session_participants: has.supports(Operation::ListSessionParticipants),
            list_sessions: has.supports(Operation::ListSessions),
            list_room_sessions: has.supports(Operation::ListRoomSessions),
            expected_session_id: has.has(Capability::ExpectedSessionId),
        }
    }
}

/// What was seen of a provider lately; never the answer to a probe.
#[derive(Debug, Clone, Serialize, ToSchema)]
#[schema(as = ProviderHealth)]
pub struct ProviderHealthJson {
    /// The judgement.
    pub status: ProviderHealthStatus,
    /// When a call last succeeded.
    #[schema(required, value_type = Option<String>, format = DateTime)]
    pub last_success_at: Option<Timestamp>,
    /// When a call last failed.
    #[schema(required, value_type = Option<String>, format = DateTime)]
    pub last_error_at: Option<Timestamp>,
    /// How it failed.
    #[schema(required)]
    pub last_error_code: Option<Code>,
    /// Calls that Rollcall may still make now.
    #[schema(required, format = Int64)]
    pub budget_remaining: Option<u64>,
}

/// A provider's condition. Closed: these are all.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, ToSchema)]
#[serde(rename_all = "lowercase")]
pub enum ProviderHealthStatus {
    /// The latest call succeeded.
    Ok,
    /// Calls are failing, but it is still being called.
    Degraded,
    /// It is not being called for a moment.
    Unavailable,
    /// Nothing was called yet.
    Unknown,
}

impl From<domain::ProviderHealth> for ProviderHealthJson {
    fn from(health: domain::ProviderHealth) -> Self {
        Self {
            status: match health.status {
                domain::HealthStatus::Ok => ProviderHealthStatus::Ok,
                domain::HealthStatus::Degraded => ProviderHealthStatus::Degraded,
                domain::HealthStatus::Unavailable => ProviderHealthStatus::Unavailable,
                domain::HealthStatus::Unknown => ProviderHealthStatus::Unknown,
            },
            last_success_at: health.last_success_at,
            last_error_at: health.last_error_at,
            last_error_code: health.last_error.map(Into::into),
            budget_remaining: health.budget.map(|budget| budget.remaining.into()),
        }
    }
}
