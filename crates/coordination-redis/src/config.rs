//! What must be said to reach a store.

use std::time::Duration;

use secrecy::SecretString;

/// Where the store is, and how it is used.
#[derive(Debug, Clone)]
pub struct RedisConfig {
    /// `redis://` or `rediss://`, with user, password, port and number of the database where they are not the usual. It may
    /// hold a password, so it is a secret as a whole.
    pub url: SecretString,
    /// In place of the one in the URL.
    pub password: Option<SecretString>,
    /// What the names of all keys begin with: letters, digits, `.`, `-`, `_` and `:`, at most 64.
    pub namespace: String,
    /// The most that a step may take, with connecting. More than zero.
    pub timeout: Duration,
    /// Certificates in PEM, of which one must vouch for a `rediss://` store; `None`: whom the system trusts.
    pub authorities: Option<Vec<u8>>,
}

/// What is wrong with it. No secret is in the text.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{at} {what}")]
pub struct ConfigError {
    /// Which part: `url`, `namespace`, `timeout` or `authorities`.
    pub at: &'static str,
    /// What is wrong with it.
    pub what: String,
}

impl ConfigError {
    pub(crate) fn new(at: &'static str, what: impl Into<String>) -> Self {
        Self { at, what: what.into() }
    }
}
