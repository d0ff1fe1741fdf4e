//! The configuration as operators meet it.

mod cluster;
mod contradictions;
mod events;
mod issuers;
mod messages;
mod overrides;
mod reading;
mod secrets;
mod webhooks;

use std::ffi::OsString;
use std::path::Path;

use crate::config::{Config, ConfigError};

/// A configuration with everything that has no default.
const WHOLE: &str = r#"
[server]
listen = "127.0.0.1:8080"

[auth]
issuer = "https://id.example.internal"
audience = "rollcall"
hs256_secret = "0123456789abcdef0123456789abcdef"

[providers.huddle01]
kind = "huddle01"
api_key = "canary-huddle01-key"

[providers.rtk-eu]
kind = "realtimekit"
account_id = "acc"
app_id = "app"
api_token = "canary-realtimekit-token"
"#;

fn parse(text: &str) -> Result<Config, ConfigError> {
    Config::parse(text, Path::new("."), [])
}

fn with_environment(text: &str, variables: &[(&str, &str)]) -> Result<Config, ConfigError> {
    let variables = variables.iter().map(|(name, value)| (OsString::from(name), OsString::from(value)));
    Config::parse(text, Path::new("."), variables)
}

/// `WHOLE` with one text in it replaced; the text must be there.
fn whole_with(old: &str, new: &str) -> String {
    assert!(WHOLE.contains(old), "{old}");
    WHOLE.replacen(old, new, 1)
}

fn keys_of(error: &ConfigError) -> Vec<&str> {
    error.problems.iter().map(|problem| problem.key.as_str()).collect()
}
