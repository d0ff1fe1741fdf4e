//! How each provider fared in a list: in the list itself and in the problem that stands in its place.

use serde::{Deserialize, Serialize};
use session_provider::Timestamp;
use utoipa::ToSchema;

use crate::id_schemas::ProviderIdJson;
use crate::problem::Code;

/// How one provider fared in a merged list.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct ProviderOutcome {
    /// The provider.
    #[schema(value_type = ProviderIdJson)]
    pub provider: String,
    /// Whether its sessions are in the list.
    pub status: ProviderOutcomeStatus,
    /// How many sessions it has, over all pages; null when it failed, and in the history.
    #[schema(required, format = Int64)]
    pub session_count: Option<u64>,
    /// When it answered; null when it never did.
    #[schema(required, value_type = Option<String>, format = DateTime)]
    pub fetched_at: Option<Timestamp>,
    /// Why it is not `ok`.
    #[schema(required)]
    pub problem: Option<ProviderProblem>,
}

/// Whether a provider's sessions are in a merged list. Closed: these are all.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "lowercase")]
pub enum ProviderOutcomeStatus {
    /// They are.
    Ok,
    /// An older answer's are: the latest refresh failed.
    Stale,
    /// They are not.
    Failed,
    /// They are not: the provider cannot list what was asked for. It did not fail.
    Unsupported,
}

/// How one provider failed, inside a list.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct ProviderProblem {
    /// The cause as a stable name.
    pub code: Code,
    /// What happened.
    pub detail: String,
    /// Whether asking again is likely to help.
    pub retryable: bool,
    /// Seconds to wait.
    #[schema(required)]
    pub retry_after_seconds: Option<u64>,
}
