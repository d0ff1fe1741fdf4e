//! What the operator says of a Whiteboard account.

use secrecy::SecretString;
use upstream_http::{BudgetSettings, UpstreamSettings};

/// One Whiteboard account.
#[derive(Debug, Clone)]
pub struct WhiteboardConfig {
    /// The account's API key, sent as a bearer token.
    pub api_key: SecretString,
    /// The most pages of one list.
    pub max_pages: u32,
    /// Where and within which bounds it is called.
    pub upstream: UpstreamSettings,
    /// How many calls may be made with the key.
    pub budget: BudgetSettings,
}

impl WhiteboardConfig {
    /// The documented base URL.
    pub const DEFAULT_BASE_URL: &'static str = "https://api.whiteboard.example/v1";
}
