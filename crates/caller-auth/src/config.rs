//! Whose tokens are accepted, and what each issuer calls things.

use std::collections::{BTreeMap, BTreeSet};
use std::time::Duration;

use serde_json::Value;
use session_provider::ProviderId;

use crate::caller::Scope;
use crate::key_config::{KeyConfig, KeySource};
use crate::pem;

/// What makes a token a good one.
#[derive(Debug, Clone)]
pub struct AuthConfig {
    /// How far clocks may differ.
    pub leeway: Duration,
    /// Who may issue tokens; at least one.
    pub issuers: Vec<IssuerConfig>,
}

/// One issuer of tokens.
#[derive(Debug, Clone)]
pub struct IssuerConfig {
    /// The name of its table; `None` for the keys that stand in `[auth]` itself.
    pub name: Option<String>,
    /// The `iss` that picks this issuer: compared exactly.
    pub issuer: String,
    /// The audiences of which a token must name one.
    pub audiences: Vec<String>,
    /// Where its keys come from. They vouch for nobody else.
    pub keys: KeySource,
    /// The longest `exp - iat`.
    pub max_token_age: Duration,
    /// Whether a token without a claim of providers is refused.
    pub require_providers_claim: bool,
    /// The most that any of its tokens may see; `None` is every provider.
    pub providers: Option<BTreeSet<ProviderId>>,
    /// What it calls its claims.
    pub names: ClaimNames,
    /// Which values of the scope claims grant which scope. `None`: the scopes' own names do.
    pub scopes: Option<BTreeMap<Scope, Vec<String>>>,
    /// Claims that a token must carry with exactly these values.
    pub claims: BTreeMap<String, Value>,
}

/// What an issuer calls the claims that are read.
#[derive(Debug, Clone)]
pub struct ClaimNames {
    /// Each a text with spaces or an array of texts; what they hold counts together.
    pub scope: Vec<String>,
    /// An array of provider ids.
    pub providers: String,
    /// Stands in the place of `aud`.
    pub audience: String,
}

impl Default for ClaimNames {
    fn default() -> Self {
        Self { scope: vec!["scope".to_owned()], providers: "providers".to_owned(), audience: "aud".to_owned() }
    }
}

impl IssuerConfig {
    /// An issuer that stands in `[auth]` itself, with the usual names and bounds.
    #[must_use]
    pub fn new(issuer: String, audiences: Vec<String>, keys: KeySource) -> Self {
        Self {
            name: None,
            issuer,
            audiences,
            keys,
            max_token_age: Duration::from_secs(3600),
            require_providers_claim: false,
            providers: None,
            names: ClaimNames::default(),
            scopes: None,
            claims: BTreeMap::new(),
        }
    }

    /// The path of one of its keys in the configuration.
    #[must_use]
    pub fn key(&self, key: &str) -> String {
        match &self.name {
            None => format!("auth.{key}"),
            Some(name) => format!("auth.issuers.{name}.{key}"),
        }
    }
}

impl AuthConfig {
    /// What two issuers must not share, each under the path of the key at fault: the `iss` that tells them apart, and
    /// the secret or public key by which one could pass for the other.
    #[must_use]
    pub fn conflicts(&self) -> Vec<(String, String)> {
        let mut conflicts = Vec::new();
        for (index, issuer) in self.issuers.iter().enumerate() {
            for other in &self.issuers[..index] {
                if issuer.issuer == other.issuer {
                    let reason = format!("is the same as {}; a token's iss must pick one", other.key("issuer"));
                    conflicts.push((issuer.key("issuer"), reason));
                }
                conflicts.extend(shared_keys(issuer, other));
            }
        }
        conflicts
    }
}

fn shared_keys(issuer: &IssuerConfig, other: &IssuerConfig) -> Vec<(String, String)> {
    let reason = |key: &str| format!("is the same as {}: either issuer could sign for the other", other.key(key));
    match (&issuer.keys, &other.keys) {
        (KeySource::Hs256(ours), KeySource::Hs256(theirs)) if ours.bytes() == theirs.bytes() => {
            vec![(issuer.key("hs256_secret"), reason("hs256_secret"))]
        }
        (KeySource::Pem(ours), KeySource::Pem(theirs)) => {
            let is_shared = |key: &KeyConfig| theirs.iter().any(|their| is_one_key(key, their));
            let shared = ours.iter().enumerate().filter(|(_, key)| is_shared(key));
            shared.map(|(index, _)| (issuer.key(&format!("keys[{index}].pem_file")), reason("keys"))).collect()
        }
        _ => Vec::new(),
    }
}

/// Whether both texts hold the same public key, whatever stands around it and whatever it is used for.
fn is_one_key(one: &KeyConfig, other: &KeyConfig) -> bool {
    pem::public_der(&one.pem).is_ok_and(|one| pem::public_der(&other.pem).is_ok_and(|other| one == other))
}

#[cfg(test)]
mod tests;
