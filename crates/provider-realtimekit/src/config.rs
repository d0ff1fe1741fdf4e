//! What the operator says of a RealtimeKit app.

use secrecy::SecretString;
use upstream_http::{BudgetSettings, Segment, UpstreamSettings};

/// One RealtimeKit app of a Cloudflare account.
#[derive(Debug, Clone)]
pub struct RealtimeKitConfig {
    /// The Cloudflare account that the app belongs to.
    pub account_id: Segment,
    /// The app in it: 32 hex characters or a UUID, depending on its age (`docs/upstream/realtimekit.md` quirk 21).
    pub app_id: Segment,
    /// The API token, sent as a bearer.
    pub api_token: SecretString,
    /// The most pages that one operation may walk.
    pub max_pages: u32,
    /// Where and within which bounds it is called.
    pub upstream: UpstreamSettings,
    /// How many calls may be made with the token.
    pub budget: BudgetSettings,
}

impl RealtimeKitConfig {
    /// The documented base URL.
    pub const DEFAULT_BASE_URL: &'static str = "https://api.cloudflare.com/client/v4";
}
