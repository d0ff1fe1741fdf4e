//! Tokens of our own, for operators who want one at hand. Rollcall itself signs nothing.

use jsonwebtoken::{EncodingKey, Header};
use serde::Serialize;

use crate::algorithm;
use crate::compact::CompactToken;
use crate::config::{KeyAlgorithm, KeyConfig, SharedSecret};
use crate::pem;

/// Signs tokens with one key.
pub struct Signer {
    header: Header,
    key: EncodingKey,
}

impl std::fmt::Debug for Signer {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Signer").field("header", &self.header).finish_non_exhaustive()
    }
}

/// Why a token cannot be signed. Never quotes a key.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum SignerError {
    /// The text holds no private key for the algorithm.
    #[error("is no private key in PEM for {}", .0.as_str())]
    NotAPrivateKey(KeyAlgorithm),
    /// It signs nothing: it may be a public key.
    #[error("this is no private key, so it cannot sign; give the private one in PEM")]
    CannotSign,
    /// What it signs does not verify with the public key.
    #[error("is not the private half of the configured key")]
    NotTheOtherHalf,
}

impl Signer {
    /// With a shared secret. The token names no key: a secret has no name.
    #[must_use]
    pub fn with_secret(secret: &SharedSecret) -> Self {
        Self { header: Header::new(jsonwebtoken::Algorithm::HS256), key: EncodingKey::from_secret(secret.bytes()) }
    }

    /// With a private key in PEM, under the name by which the verifier knows its public half.
    ///
    /// # Errors
    /// [`SignerError::NotAPrivateKey`].
    pub fn with_pem(kid: &str, algorithm: KeyAlgorithm, pem: &[u8]) -> Result<Self, SignerError> {
        let key = match algorithm {
            KeyAlgorithm::RS256 | KeyAlgorithm::PS256 => EncodingKey::from_rsa_pem(pem),
            KeyAlgorithm::ES256 => EncodingKey::from_ec_pem(pem),
            KeyAlgorithm::EdDSA => EncodingKey::from_ed_pem(pem),
        };
        // The library's reason could quote the key.
        let key = key.map_err(|_| SignerError::NotAPrivateKey(algorithm))?;
        Ok(Self { header: Header { kid: Some(kid.to_owned()), ..Header::new(algorithm::of(algorithm)) }, key })
    }

    /// A token with these claims.
    ///
    /// # Errors
    /// [`SignerError::CannotSign`].
    pub fn sign(&self, claims: &impl Serialize) -> Result<String, SignerError> {
        jsonwebtoken::encode(&self.header, claims, &self.key).map_err(|_| SignerError::CannotSign)
    }

    /// Whether what this signs verifies with the public key.
    ///
    /// # Errors
    /// [`SignerError::NotTheOtherHalf`], [`SignerError::CannotSign`].
    pub fn check(&self, public: &KeyConfig) -> Result<(), SignerError> {
        let token = self.sign(&())?;
        let key = pem::key(public).map_err(|_| SignerError::NotTheOtherHalf)?;
        let token = CompactToken::parse(&token).map_err(|_| SignerError::CannotSign)?;
        key.verify(&token).map_err(|_| SignerError::NotTheOtherHalf)
    }
}
