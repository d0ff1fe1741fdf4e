//! The words that query parameters take.

use serde::Serialize;
use utoipa::ToSchema;

/// What some providers give only by further calls.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "snake_case")]
#[schema(as = Include)]
#[expect(dead_code, reason = "the source of the document alone")]
pub(crate) enum IncludeParam {
    /// People in the session now.
    ParticipantCount,
    /// The session's own id.
    SessionId,
    /// Recordings and live streams running now.
    MediaCounts,
}

/// Whether a list may lack a provider.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "lowercase")]
#[expect(dead_code, reason = "the source of the document alone")]
pub(crate) enum Partial {
    /// One provider that answers is enough.
    Allow,
    /// A problem unless all answer.
    Forbid,
}
