//! Keys as they are configured, and the rules for them.

use std::collections::BTreeSet;
use std::fmt;
use std::str::FromStr;

use secrecy::{ExposeSecret, SecretString};
use url::Url;

use crate::pem;

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

/// A secret that is long enough for HS256.
#[derive(Clone)]
pub struct SharedSecret(SecretString);

impl SharedSecret {
    /// The shortest, in bytes: as long as the digest (RFC 7518 §3.2).
    pub const MIN_BYTES: usize = 32;

    /// Takes the secret if it is long enough.
    ///
    /// # Errors
    /// What is wrong with it and what to do.
    pub fn new(secret: SecretString) -> Result<Self, String> {
        if secret.expose_secret().len() < Self::MIN_BYTES {
            return Err(format!(
                "must have at least {} bytes; `openssl rand -base64 48` makes a good one",
                Self::MIN_BYTES
            ));
        }
        Ok(Self(secret))
    }

    pub(crate) fn bytes(&self) -> &[u8] {
        self.0.expose_secret().as_bytes()
    }
}

impl fmt::Debug for SharedSecret {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("SharedSecret")
    }
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
        pem::key(self).map(drop)
    }
}

/// The first of the keys, by its place, that no token could mean: an earlier one has the same `kid` and algorithm.
#[must_use]
pub fn duplicate_key(keys: &[KeyConfig]) -> Option<usize> {
    let mut known = BTreeSet::new();
    keys.iter().position(|key| !known.insert((key.kid.as_str(), key.algorithm.as_str())))
}

/// The algorithms that a public key may have.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum KeyAlgorithm {
    /// RSASSA-PKCS1-v1_5 with SHA-256.
    RS256,
    /// RSASSA-PKCS1-v1_5 with SHA-384.
    RS384,
    /// RSASSA-PKCS1-v1_5 with SHA-512.
    RS512,
    /// RSASSA-PSS with SHA-256.
    PS256,
    /// ECDSA on P-256 with SHA-256.
    ES256,
    /// ECDSA on P-384 with SHA-384.
    ES384,
    /// Ed25519.
    EdDSA,
}

impl KeyAlgorithm {
    /// All of them, in the order in which messages list them.
    pub const ALL: [Self; 7] =
        [Self::RS256, Self::RS384, Self::RS512, Self::PS256, Self::ES256, Self::ES384, Self::EdDSA];

    /// The name in a token's `alg` (RFC 7518 §3.1, RFC 8037 §3.1) and in configurations.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::RS256 => "RS256",
            Self::RS384 => "RS384",
            Self::RS512 => "RS512",
            Self::PS256 => "PS256",
            Self::ES256 => "ES256",
            Self::ES384 => "ES384",
            Self::EdDSA => "EdDSA",
        }
    }

    /// All names, quoted, for messages.
    #[must_use]
    pub fn names() -> String {
        Self::ALL.map(|algorithm| format!("\"{}\"", algorithm.as_str())).join(", ")
    }
}

/// No algorithm has this name.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("write one of {}", KeyAlgorithm::names())]
pub struct UnknownAlgorithm;

impl FromStr for KeyAlgorithm {
    type Err = UnknownAlgorithm;

    fn from_str(name: &str) -> Result<Self, UnknownAlgorithm> {
        Self::ALL.into_iter().find(|known| known.as_str() == name).ok_or(UnknownAlgorithm)
    }
}
