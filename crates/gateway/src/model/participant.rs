//! Participants as callers read them.

use serde::Serialize;
use session_provider as domain;
use session_provider::{RawJson, Timestamp};
use utoipa::ToSchema;

use crate::id_schemas::{CustomParticipantIdJson, ParticipantIdJson};

/// One connection of a person to a session.
#[derive(Debug, Clone, Serialize, ToSchema)]
#[schema(as = Participant)]
pub struct ParticipantJson<'a> {
    /// The id that a kick takes, where the provider can kick; null when this row cannot be addressed.
    #[schema(required, value_type = Option<ParticipantIdJson>)]
    pub participant_id: Option<&'a str>,
    /// This connection; a person who joined twice has two.
    #[schema(min_length = 1, max_length = 256)]
    pub connection_id: &'a str,
    /// The customer's own name for the person.
    #[schema(required, value_type = Option<CustomParticipantIdJson>)]
    pub custom_participant_id: Option<&'a str>,
    /// The name shown to others.
    #[schema(required)]
    pub display_name: Option<&'a str>,
    /// The role, or the name of the preset, as the provider writes it.
    #[schema(required)]
    pub role: Option<&'a str>,
    /// When the connection was made.
    #[schema(required, value_type = Option<String>, format = DateTime)]
    pub joined_at: Option<Timestamp>,
    /// When it ended; null while it lasts.
    #[schema(required, value_type = Option<String>, format = DateTime)]
    pub left_at: Option<Timestamp>,
    /// Whatever the customer attached: any JSON.
    #[schema(required, nullable, value_type = Option<serde_json::Value>)]
    pub metadata: Option<&'a RawJson>,
}

impl<'a> From<&'a domain::Participant> for ParticipantJson<'a> {
    fn from(row: &'a domain::Participant) -> Self {
        Self {
            participant_id: row.participant_id.as_ref().map(domain::ParticipantId::as_str),
            connection_id: row.connection_id.as_str(),
            custom_participant_id: row.custom_participant_id.as_ref().map(domain::CustomParticipantId::as_str),
            display_name: row.display_name.as_deref(),
            role: row.role.as_deref(),
            joined_at: row.joined_at,
            left_at: row.left_at,
            metadata: row.metadata.as_ref(),
        }
    }
}
