//! Keys as they are configured, and the rules for them.

use std::collections::BTreeSet;

use url::Url;

use crate::key::Key;
use crate::key_algorithm::KeyAlgorithm;
use crate::pem;
use crate::shared_secret::SharedSecret;

/// Where the keys that verify tokens come from: exactly one source.
#[derive(Debug, Clone)]
pub enum KeySource {
    /// A shared secret, HS256.
    Hs256(SharedSecret),
    /// Public keys in PEM.
    Pem(Vec<KeyConfig>),
    /// A JWKS document at a URL that [`is_safe_key_server`](crate::is_safe_key_server).
    Jwks(Url),
}

/// One public key that the operator configured: `[[auth.keys]]`.
#[derive(Debug, Clone)]
pub struct KeyConfig {
    /// The `kid` that tokens name it by.
    pub kid: String,
    /// The one algorithm it verifies.
    pub algorithm: KeyAlgorithm,
    /// The key as a SubjectPublicKeyInfo in PEM; comments may stand around it.
    pub pem: String,
}

impl KeyConfig {
    /// Checks that the text holds one public key for the algorithm and nothing else.
    ///
    /// # Errors
    /// What is wrong with it and what to do. Quotes nothing of it.
    pub fn check(&self) -> Result<(), String> {
        self.key().map(drop)
    }

    pub(crate) fn key(&self) -> Result<Key, String> {
        Key::from_public_der(Some(self.kid.clone()), self.algorithm, &pem::public_der(&self.pem)?)
    }
}

/// The first of the keys, by its place, that no token could mean: an earlier one has the same `kid` and algorithm.
#[must_use]
pub fn duplicate_key(keys: &[KeyConfig]) -> Option<usize> {
    let mut known = BTreeSet::new();
    keys.iter().position(|key| !known.insert((key.kid.as_str(), key.algorithm.as_str())))
}
