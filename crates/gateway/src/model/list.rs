//! Lists as callers read them.

use serde::Serialize;
use session_provider::Timestamp;
use utoipa::ToSchema;

use crate::model::{ParticipantJson, SessionJson};
use crate::problem::ProviderOutcome;

/// Where a page stands in its list.
#[derive(Debug, Clone, Serialize, ToSchema)]
#[schema(as = PageInfo)]
pub struct PageJson {
    /// The most rows this page could hold.
    #[schema(format = Int64, minimum = 1, maximum = 1000)]
    pub limit: u64,
    /// What to ask for the next page with; null on the last one.
    #[schema(required)]
    pub next_cursor: Option<String>,
    /// Rows over all pages; null when the list is incomplete, and for the history.
    #[schema(required, format = Int64)]
    pub total_count: Option<u64>,
}

/// What is live on all providers, merged. Newest first.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct LiveSessionPage<'a> {
    /// The sessions.
    pub data: Vec<SessionJson<'a>>,
    /// Where this page stands.
    pub page: PageJson,
    /// Whether all `providers` are `ok`.
    pub complete: bool,
    /// How each provider fared.
    pub providers: Vec<ProviderOutcome>,
}

/// Sessions that ran or run on all providers, merged. Newest first.
#[derive(Debug, Clone, Serialize, ToSchema)]
#[schema(as = SessionPage)]
pub struct SessionPageJson<'a> {
    /// The sessions.
    pub data: Vec<SessionJson<'a>>,
    /// Where this page stands.
    pub page: PageJson,
    /// Whether all `providers` are `ok`.
    pub complete: bool,
    /// How each provider fared.
    pub providers: Vec<ProviderOutcome>,
}

/// Participants of one session. Those who joined first come first.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct ParticipantPage<'a> {
    /// The rows.
    pub data: Vec<ParticipantJson<'a>>,
    /// Where this page stands.
    pub page: PageJson,
    /// The provider's own figure, which may differ from the rows it gives.
    #[schema(required, format = Int64)]
    pub reported_count: Option<u64>,
    /// An older answer: the latest refresh failed.
    pub stale: bool,
    /// When the provider answered.
    #[schema(value_type = String, format = DateTime)]
    pub fetched_at: Timestamp,
}
