//! How a test wants its gateway.

use std::path::Path;

use gateway::server::ConnectionTimeouts;
use provider_simulator::{RateLimit, RunningSimulator, UnsetTime};

use crate::{AUDIENCE, ISSUER, SECRET};

/// What a test wants otherwise than the defaults: lines of TOML for a section.
#[derive(Debug, Clone, Default)]
pub struct Setup {
    /// Lines of `[server]`.
    pub server: String,
    /// Lines of `[cache]`.
    pub cache: String,
    /// Lines of `[events]`.
    pub events: String,
    /// Lines of `[limits]`.
    pub limits: String,
    /// The `budget` of both providers; generous unless given.
    pub budget: Option<String>,
    /// The `timeout` of both providers; the default unless given.
    pub provider_timeout: Option<String>,
    /// The key source, a line of `[auth]`; the secret of the tests' tokens unless given.
    pub keys: Option<String>,
    /// Lines of `[cluster]`.
    pub cluster: String,
    /// The base URLs of another stack's Huddle01 and RealtimeKit, to stand beside it.
    pub upstreams: Option<[String; 2]>,
    /// Lines of `[webhooks]`.
    pub webhooks: String,
    /// How both services write a time that is not set.
    pub unset_time: UnsetTime,
    /// What the simulated RealtimeKit says it allows; a quota like the real one's unless given.
    pub allowed: Option<RateLimit>,
    /// Tables in the place of `[auth]`, whole; then `keys` says nothing.
    pub auth: Option<String>,
    /// How long a connection may keep the gateway waiting.
    pub connections: ConnectionTimeouts,
}

impl Setup {
    /// The whole configuration, as a file has it.
    pub(crate) fn configuration(
        &self,
        huddle01: &RunningSimulator,
        realtimekit: &RunningSimulator,
        audit: &Path,
    ) -> String {
        let timeout = self.provider_timeout.as_deref().unwrap_or("2s");
        let own_secret = format!("hs256_secret = \"{SECRET}\"");
        let keys = self.keys.as_deref().unwrap_or(&own_secret);
        let own_auth = format!("[auth]\nissuer = \"{ISSUER}\"\naudience = \"{AUDIENCE}\"\n{keys}");
        let auth = self.auth.as_deref().unwrap_or(&own_auth);
        let budget = self.budget.as_deref().unwrap_or("{ requests = 100000, per = \"1s\" }");
        let own = [huddle01.base_url().to_string(), realtimekit.base_url().to_string()];
        let [huddle01, realtimekit_url] = self.upstreams.clone().unwrap_or(own);
        format!(
            r#"
[server]
listen = "127.0.0.1:0"
admin_listen = "127.0.0.1:0"
{server}

{auth}

[providers.huddle01]
kind = "huddle01"
api_key = "canary-huddle01-api-key"
base_url = "{huddle01}"
webhooks = {{}}
budget = {budget}
timeout = "{timeout}"

[providers.realtimekit]
kind = "realtimekit"
account_id = "account"
app_id = "app"
api_token = "canary-realtimekit-token"
base_url = "{realtimekit_url}"
webhooks = {{ public_key_url = "{origin}/.well-known/webhooks.json" }}
budget = {budget}
timeout = "{timeout}"

[webhooks]
{webhooks}

[cluster]
{cluster}

[cache]
{cache}

[events]
{events}

[limits]
{limits}

[audit]
file = {audit:?}
"#,
            server = self.server,
            origin = realtimekit.origin(),
            webhooks = self.webhooks,
            cluster = self.cluster,
            cache = self.cache,
            events = self.events,
            limits = self.limits,
        )
    }
}
