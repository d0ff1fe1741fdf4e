//! Tokens of our own, for operators who want one at hand. Rollcall itself signs nothing.

use aws_lc_rs::signature::{
    ECDSA_P256_SHA256_FIXED_SIGNING, ECDSA_P384_SHA384_FIXED_SIGNING, EcdsaKeyPair, EcdsaSigningAlgorithm,
};
use jsonwebtoken::{EncodingKey, Header};
use serde::Serialize;

use crate::algorithm;
use crate::compact::CompactToken;
use crate::key_algorithm::KeyAlgorithm;
use crate::key_config::KeyConfig;
use crate::pem;
use crate::shared_secret::SharedSecret;

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

/// An EC key in PKCS#8 or, as `openssl ecparam -genkey` writes it, SEC1.
fn ec_key(algorithm: &'static EcdsaSigningAlgorithm, pem: &str) -> Option<EncodingKey> {
    let der = pem::private_der(pem)?;
    let pair = EcdsaKeyPair::from_private_key_der(algorithm, &der).ok()?;
    Some(EncodingKey::from_ec_der(pair.to_pkcs8v1().ok()?.as_ref()))
}

impl Signer {
    /// With a shared secret. The token names no key: a secret has no name.
    #[must_use]
    pub fn with_secret(secret: &SharedSecret) -> Self {
        Self { header: Header::new(jsonwebtoken::Algorithm::HS256), key: EncodingKey::from_secret(secret.bytes()) }
    }

    /// With a private key in PEM (PKCS#8, for RSA also PKCS#1, for ECDSA also SEC1), under the name by which the
    /// verifier knows its public half.
    ///
    /// # Errors
    /// [`SignerError::NotAPrivateKey`].
    pub fn with_pem(kid: &str, algorithm: KeyAlgorithm, pem: &[u8]) -> Result<Self, SignerError> {
        let pem = std::str::from_utf8(pem).map(pem::text).map_err(|_| SignerError::NotAPrivateKey(algorithm))?;
        let key = match algorithm {
            KeyAlgorithm::RS256 | KeyAlgorithm::RS384 | KeyAlgorithm::RS512 | KeyAlgorithm::PS256 => {
                EncodingKey::from_rsa_pem(pem.as_bytes()).ok()
            }
            KeyAlgorithm::ES256 => ec_key(&ECDSA_P256_SHA256_FIXED_SIGNING, pem),
            KeyAlgorithm::ES384 => ec_key(&ECDSA_P384_SHA384_FIXED_SIGNING, pem),
            KeyAlgorithm::EdDSA => EncodingKey::from_ed_pem(pem.as_bytes()).ok(),
        };
        // A library's reason could quote the key.
        let key = key.ok_or(SignerError::NotAPrivateKey(algorithm))?;
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
        let key = public.key().map_err(|_| SignerError::NotTheOtherHalf)?;
        let token = CompactToken::parse(&token).map_err(|_| SignerError::CannotSign)?;
        key.verify(&token).map_err(|_| SignerError::NotTheOtherHalf)
    }
}

#[cfg(test)]
mod tests {
    use aws_lc_rs::encoding::{AsDer, EcPrivateKeyRfc5915Der, PublicKeyX509Der};
    use aws_lc_rs::signature::KeyPair;

    use super::*;
    use crate::testing;

    #[test]
    fn a_sec1_key_signs_what_its_public_half_verifies() {
        let pair = EcdsaKeyPair::generate(&ECDSA_P256_SHA256_FIXED_SIGNING).unwrap();
        let private = AsDer::<EcPrivateKeyRfc5915Der<'_>>::as_der(&pair.private_key()).unwrap();
        let public = AsDer::<PublicKeyX509Der<'_>>::as_der(pair.public_key()).unwrap();
        // As `openssl ecparam -genkey` writes it: the curve first.
        let sec1 = format!(
            "-----BEGIN EC PARAMETERS-----\nBggqhkjOPQMBBw==\n-----END EC PARAMETERS-----\n{}",
            testing::pem("EC PRIVATE KEY", private.as_ref())
        );
        let public = testing::pem("PUBLIC KEY", public.as_ref());
        let signer = Signer::with_pem("k", KeyAlgorithm::ES256, sec1.as_bytes()).unwrap();
        let config = KeyConfig { kid: "k".into(), algorithm: KeyAlgorithm::ES256, pem: public.clone() };
        assert_eq!(signer.check(&config), Ok(()));
        let marked = format!("\u{feff}{sec1}");
        assert_eq!(Signer::with_pem("k", KeyAlgorithm::ES256, marked.as_bytes()).unwrap().check(&config), Ok(()));
        for algorithm in [KeyAlgorithm::ES384, KeyAlgorithm::RS256, KeyAlgorithm::EdDSA] {
            let refused = Signer::with_pem("k", algorithm, sec1.as_bytes()).unwrap_err();
            assert_eq!(refused, SignerError::NotAPrivateKey(algorithm));
        }
        assert!(Signer::with_pem("k", KeyAlgorithm::ES256, public.as_bytes()).is_err());
    }
}
