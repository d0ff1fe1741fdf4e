//! Lists as callers read them.

use serde::Serialize;
use session_provider::Timestamp;
use utoipa::ToSchema;

use crate::model::{Participant, Session};
use crate::problem::ProviderProblem;

/// Where a page stands in its list.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct Page {
    /// The most rows this page could hold.
    #[schema(format = Int64)]
    pub limit: u64,
    /// What to ask for the next page with; null on the last one.
    #[schema(required)]
    pub next_cursor: Option<String>,
    /// Rows over all pages; null when the list is incomplete.
    #[schema(required, format = Int64)]
    pub total_count: Option<u64>,
}

/// What is live on all providers, merged. Newest first.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct LiveSessionPage<'a> {
    /// The sessions.
    pub data: Vec<Session<'a>>,
    /// Where this page stands.
    pub page: Page,
    /// Whether every provider answered, and none with an older answer.
    pub complete: bool,
    /// How each provider fared.
    pub providers: Vec<ProviderOutcome>,
}

/// How one provider fared in a merged list.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
pub struct ProviderOutcome {
    /// The configured provider.
    pub provider: String,
    /// Whether its sessions are in the list.
    pub status: ProviderOutcomeStatus,
    /// How many sessions it has, over all pages; null when it failed.
    #[schema(required, format = Int64)]
    pub session_count: Option<u64>,
    /// When it answered; null when it never did.
    #[schema(required, value_type = Option<String>, format = DateTime)]
    pub fetched_at: Option<Timestamp>,
    /// Why it is not `ok`; null when it is.
    #[schema(required)]
    pub problem: Option<ProviderProblem>,
}

/// Whether a provider's sessions are in a merged list.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, ToSchema)]
#[serde(rename_all = "lowercase")]
pub enum ProviderOutcomeStatus {
    /// They are.
    Ok,
    /// An older answer's are: the latest refresh failed.
    Stale,
    /// They are not.
    Failed,
}

/// Participants of one session. Those who joined first come first.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct ParticipantPage<'a> {
    /// The rows.
    pub data: Vec<Participant<'a>>,
    /// Where this page stands.
    pub page: Page,
    /// The provider's own figure, which may differ from the rows it gives.
    #[schema(required, format = Int64)]
    pub reported_count: Option<u64>,
    /// Whether the latest refresh failed, so that this is an older answer.
    pub stale: bool,
    /// When the provider answered.
    #[schema(value_type = String, format = DateTime)]
    pub fetched_at: Timestamp,
}
