//! What the operator says of a Huddle01 account.

use secrecy::SecretString;
use upstream_http::{BudgetSettings, UpstreamSettings};

/// One Huddle01 project: a key is limited to the rooms of its project (`docs/upstream/huddle01.md` §1).
#[derive(Debug, Clone)]
pub struct Huddle01Config {
    /// The project's API key, sent as `x-api-key`.
    pub api_key: SecretString,
    /// The most pages that one operation may walk; only a room's history has pages (`docs/upstream/huddle01.md` §4).
    pub max_pages: u32,
    /// Where and within which bounds it is called.
    pub upstream: UpstreamSettings,
    /// How many calls may be made with the key.
    pub budget: BudgetSettings,
}

impl Huddle01Config {
    /// The documented base URL.
    pub const DEFAULT_BASE_URL: &'static str = "https://api.huddle01.com/api/v2/sdk";
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use upstream_http::BaseUrl;

    use super::*;

    #[test]
    fn debug_does_not_show_the_key() {
        let config = Huddle01Config {
            api_key: SecretString::from("canary-key-0123456789"),
            max_pages: 200,
            upstream: UpstreamSettings {
                base_url: BaseUrl::parse(Huddle01Config::DEFAULT_BASE_URL, false).unwrap(),
                timeout: Duration::from_secs(2),
                max_concurrency: 32,
                max_body_bytes: 1 << 24,
            },
            budget: BudgetSettings { requests: 5, per: Duration::from_secs(1) },
        };
        let shown = format!("{config:?}");
        assert!(!shown.contains("canary"), "{shown}");
        assert!(shown.contains("api.huddle01.com"), "{shown}");
    }
}
