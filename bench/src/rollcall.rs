//! How the gateway is set up to be measured.

use crate::tokens::{AUDIENCE, ISSUER, SECRET};
use crate::upstream::Shown;

/// The configuration of one gateway.
#[derive(Debug, Clone)]
pub(crate) struct Setup {
    /// Live sessions of each provider, by provider id.
    pub(crate) huddle01: Vec<(String, usize)>,
    pub(crate) realtimekit: Vec<(String, usize)>,
    /// How many rows of each hundred are others each time a list is asked for.
    pub(crate) churn: usize,
    /// The keys of `[auth]`.
    pub(crate) keys: String,
    /// The keys of `[cache]`.
    pub(crate) cache: String,
    /// `log.level`.
    pub(crate) log_level: &'static str,
    /// Other tables, and keys of other tables.
    pub(crate) tables: String,
}

impl Setup {
    /// One provider of each service with so many live sessions, HS256, answers that stay fresh, and the log as it is by
    /// default.
    pub(crate) fn with_sessions(huddle01: usize, realtimekit: usize) -> Self {
        Self {
            huddle01: vec![("huddle01".to_owned(), huddle01)],
            realtimekit: vec![("realtimekit".to_owned(), realtimekit)],
            churn: 0,
            keys: format!("hs256_secret = \"{SECRET}\""),
            cache: "fresh_for = \"1h\"".to_owned(),
            log_level: "info",
            tables: String::new(),
        }
    }

    pub(crate) fn toml(&self, listen: u16, admin: u16, upstream: &str) -> String {
        let mut text = format!(
            "[server]\nlisten = \"127.0.0.1:{listen}\"\nadmin_listen = \"127.0.0.1:{admin}\"\n\
             [auth]\nissuer = \"{ISSUER}\"\naudience = \"{AUDIENCE}\"\nmax_token_age = \"12h\"\n{}\n\
             [cache]\n{}\n[log]\nlevel = \"{}\"\n{}\n",
            self.keys, self.cache, self.log_level, self.tables
        );
        // The budgets are no matter here, and a round is over before a provider is asked twice.
        let bounds = "max_concurrency = 1000\nbudget = { requests = 1000000, per = \"1s\" }\n";
        for (id, sessions) in &self.huddle01 {
            text += &format!(
                "[providers.{id}]\nkind = \"huddle01\"\napi_key = \"{id}\"\nbase_url = \"{}\"\n{bounds}",
                huddle01_base(upstream, &Shown::path(*sessions, self.churn))
            );
        }
        for (id, sessions) in &self.realtimekit {
            text += &format!(
                "[providers.{id}]\nkind = \"realtimekit\"\naccount_id = \"demo\"\napp_id = \"demo\"\n\
                 api_token = \"{id}\"\nbase_url = \"{}\"\n{bounds}",
                realtimekit_base(upstream, &Shown::path(*sessions, self.churn))
            );
        }
        text
    }
}

/// How many sessions the upstream shows is part of the path: one upstream serves every setup.
fn huddle01_base(upstream: &str, shown: &str) -> String {
    format!("{upstream}/{shown}/api/v2/sdk")
}

fn realtimekit_base(upstream: &str, shown: &str) -> String {
    format!("{upstream}/{shown}/client/v4")
}

pub(crate) fn huddle01_room(upstream: &str, room: &str) -> String {
    format!("{}/live-sessions/{room}", huddle01_base(upstream, "0"))
}

pub(crate) fn realtimekit_room(upstream: &str, room: &str) -> String {
    let base = realtimekit_base(upstream, "0");
    format!("{base}/accounts/demo/realtime/kit/demo/meetings/{room}/active-session")
}
