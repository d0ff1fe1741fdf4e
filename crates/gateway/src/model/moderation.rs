//! Kicks as callers ask for them and read their results.

use serde::{Deserialize, Serialize};
use session_provider as domain;
use session_provider::Timestamp;
use utoipa::ToSchema;

use crate::id_schemas::{CustomParticipantIdJson, ParticipantIdJson, SessionIdJson};
use crate::model::absent::null_is_absence;

/// Whom to remove: at least one id, at most 100 in all.
#[derive(Debug, Clone, Deserialize, Serialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct KickRequest {
    /// Ids as the participants lists give them.
    #[serde(default, deserialize_with = "null_is_absence")]
    #[schema(nullable, max_items = 100, value_type = Vec<ParticipantIdJson>)]
    pub participant_ids: Vec<String>,
    /// The customer's own ids.
    #[serde(default, deserialize_with = "null_is_absence")]
    #[schema(nullable, max_items = 100, value_type = Vec<CustomParticipantIdJson>)]
    pub custom_participant_ids: Vec<String>,
    /// Only if this session is running; else 409 `session_changed`.
    #[serde(default)]
    #[schema(value_type = Option<SessionIdJson>)]
    pub expected_session_id: Option<String>,
}

/// Who was removed.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct KickResult<'a> {
    /// The people.
    pub kicked: Vec<KickedParticipantJson<'a>>,
}

/// One person who was removed.
#[derive(Debug, Clone, Serialize, ToSchema)]
#[schema(as = KickedParticipant)]
pub struct KickedParticipantJson<'a> {
    /// The provider's id of the person.
    #[schema(required, value_type = Option<ParticipantIdJson>)]
    pub participant_id: Option<&'a str>,
    /// The name shown to others.
    #[schema(required)]
    pub display_name: Option<&'a str>,
    /// Their mail address.
    #[schema(required)]
    pub email: Option<&'a str>,
    /// A picture.
    #[schema(required)]
    pub picture_url: Option<&'a str>,
    /// When the record was made.
    #[schema(required, value_type = Option<String>, format = DateTime)]
    pub created_at: Option<Timestamp>,
    /// When the record last changed.
    #[schema(required, value_type = Option<String>, format = DateTime)]
    pub updated_at: Option<Timestamp>,
}

impl<'a> From<&'a domain::KickedParticipant> for KickedParticipantJson<'a> {
    fn from(person: &'a domain::KickedParticipant) -> Self {
        Self {
            participant_id: person.participant_id.as_ref().map(domain::ParticipantId::as_str),
            display_name: person.display_name.as_deref(),
            email: person.email.as_deref(),
            picture_url: person.picture_url.as_deref(),
            created_at: person.created_at,
            updated_at: person.updated_at,
        }
    }
}

/// Conditions of a kick-all; no body is fine too.
#[derive(Debug, Clone, Default, Deserialize, Serialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct KickAllRequest {
    /// Only if this session is running; else 409 `session_changed`.
    #[serde(default)]
    #[schema(value_type = Option<SessionIdJson>)]
    pub expected_session_id: Option<String>,
}

/// How many were removed.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct KickAllResult {
    /// The number.
    #[schema(required, format = Int64)]
    pub kicked_count: Option<u64>,
}
