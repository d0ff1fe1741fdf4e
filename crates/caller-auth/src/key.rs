//! One key that verifies.

use std::fmt;

use aws_lc_rs::rsa::PublicKey as RsaPublicKey;
use aws_lc_rs::signature::{ParsedPublicKey, RsaParameters, RsaPublicKeyComponents};
use jsonwebtoken::{Algorithm, DecodingKey, DecodingKeyKind, crypto};

use crate::algorithm;
use crate::compact::CompactToken;
use crate::key_algorithm::KeyAlgorithm;
use crate::refusal::Refusal;
use crate::shared_secret::SharedSecret;

/// A key, its one algorithm and its name. jsonwebtoken verifies with it; that it is a sound key of the right type is
/// checked here, once, since jsonwebtoken takes any bytes for a key.
pub(crate) struct Key {
    pub(crate) kid: Option<String>,
    algorithm: Algorithm,
    key: DecodingKey,
}

fn not_a_key_for(algorithm: KeyAlgorithm) -> String {
    let wanted = match algorithm {
        KeyAlgorithm::ES256 => "a key on the curve P-256",
        KeyAlgorithm::ES384 => "a key on the curve P-384",
        KeyAlgorithm::EdDSA => "an Ed25519 key",
        _ => "an RSA key",
    };
    format!("holds no public key for {}, which takes {wanted}", algorithm.as_str())
}

impl Key {
    pub(crate) fn from_secret(secret: &SharedSecret) -> Self {
        Self { kid: None, algorithm: Algorithm::HS256, key: DecodingKey::from_secret(secret.bytes()) }
    }

    /// A public key in DER: a SubjectPublicKeyInfo, for RSA also a PKCS#1 RSAPublicKey, for P-256 and P-384 also a bare
    /// point, for Ed25519 also the bare 32 bytes. A key of another type than the algorithm's, or on another curve, is refused.
    pub(crate) fn from_public_der(kid: Option<String>, algorithm: KeyAlgorithm, der: &[u8]) -> Result<Self, String> {
        let mismatch = || not_a_key_for(algorithm);
        if let Some(parameters) = algorithm::rsa_parameters(algorithm) {
            let key = RsaPublicKey::from_der(der).map_err(|_| mismatch())?;
            return Self::from_rsa(kid, algorithm, parameters, &RsaPublicKeyComponents::<Vec<u8>>::from(&key));
        }
        ParsedPublicKey::new(algorithm::key_check(algorithm), der).map_err(|_| mismatch())?;
        let key = match algorithm {
            KeyAlgorithm::EdDSA => DecodingKey::from_ed_der(der),
            _ => DecodingKey::from_ec_der(der),
        };
        Ok(Self { kid, algorithm: algorithm::of(algorithm), key })
    }

    /// An RSA key from its modulus and exponent, both big-endian.
    pub(crate) fn from_rsa_components(
        kid: Option<String>,
        algorithm: KeyAlgorithm,
        components: &RsaPublicKeyComponents<Vec<u8>>,
    ) -> Result<Self, String> {
        let parameters =
            algorithm::rsa_parameters(algorithm).ok_or_else(|| format!("{} has no RSA keys", algorithm.as_str()))?;
        Self::from_rsa(kid, algorithm, parameters, components)
    }

    /// The numbers are checked here, since the parser takes any: a wrong size would fail at each verification, and
    /// with an exponent of 1 anybody can sign. Zeros in front, which some libraries write (RFC 7518 §6.3.1.1), are left
    /// off.
    fn from_rsa(
        kid: Option<String>,
        algorithm: KeyAlgorithm,
        parameters: &'static RsaParameters,
        components: &RsaPublicKeyComponents<Vec<u8>>,
    ) -> Result<Self, String> {
        let components =
            RsaPublicKeyComponents { n: digits(&components.n).to_vec(), e: digits(&components.e).to_vec() };
        let bits = bit_length(&components.n);
        let (least, most) = (parameters.min_modulus_len() as usize, parameters.max_modulus_len() as usize);
        if !(least..=most).contains(&bits) {
            return Err(format!("the RSA key has {bits} bits; use one of {least} to {most}"));
        }
        if !is_sound_exponent(&components.e) {
            return Err("the RSA key's exponent is not odd and from 65537 to 2^33; use 65537".to_owned());
        }
        components.to_parsed_public_key(parameters).map_err(|_| not_a_key_for(algorithm))?;
        let key = DecodingKey::from_rsa_raw_components(&components.n, &components.e);
        Ok(Self { kid, algorithm: algorithm::of(algorithm), key })
    }

    /// Whether it is a secret, which has no name.
    pub(crate) fn is_secret(&self) -> bool {
        self.algorithm == Algorithm::HS256
    }

    /// Whether tokens that name this `alg` (RFC 7518 §3.1) are this key's business.
    pub(crate) fn fits(&self, algorithm: &str) -> bool {
        algorithm.parse::<Algorithm>().is_ok_and(|named| named == self.algorithm)
    }

    /// Whether the token was signed with the private side of this key. The token's `alg` chooses nothing: it must be
    /// this key's.
    pub(crate) fn verify(&self, token: &CompactToken<'_>) -> Result<(), Refusal> {
        if !self.fits(&token.header.algorithm) {
            return Err(Refusal::Algorithm);
        }
        self.verify_text(token.signed.as_bytes(), token.signature)
    }

    /// `signature` is base64url without padding, as it stands in a token.
    pub(crate) fn verify_text(&self, message: &[u8], signature: &str) -> Result<(), Refusal> {
        match crypto::verify(signature, message, &self.key, self.algorithm) {
            Ok(true) => Ok(()),
            Ok(false) | Err(_) => Err(Refusal::Signature),
        }
    }

    /// Whether it is the same public key for the same use under the same name. Secrets are never the same.
    pub(crate) fn is_same(&self, other: &Self) -> bool {
        let same_key = match (self.key.kind(), other.key.kind()) {
            (DecodingKeyKind::SecretOrDer(ours), DecodingKeyKind::SecretOrDer(theirs)) => {
                self.algorithm != Algorithm::HS256 && ours == theirs
            }
            (
                DecodingKeyKind::RsaModulusExponent { n: ours, e: our_e },
                DecodingKeyKind::RsaModulusExponent { n: theirs, e: their_e },
            ) => ours == theirs && our_e == their_e,
            _ => false,
        };
        same_key && self.kid == other.kid && self.algorithm == other.algorithm
    }
}

impl fmt::Debug for Key {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Key").field("kid", &self.kid).field("algorithm", &self.algorithm).finish_non_exhaustive()
    }
}

/// FIPS 186-5 §5.4 asks for an odd one over 2^16; the upper end is AWS-LC's and keeps a verification cheap.
fn is_sound_exponent(big_endian: &[u8]) -> bool {
    let odd = big_endian.last().is_some_and(|byte| byte % 2 == 1);
    odd && (17..=33).contains(&bit_length(big_endian))
}

/// Without the zeros in front.
pub(crate) fn digits(big_endian: &[u8]) -> &[u8] {
    &big_endian[big_endian.iter().take_while(|byte| **byte == 0).count()..]
}

fn bit_length(big_endian: &[u8]) -> usize {
    let digits = digits(big_endian);
    digits.first().map_or(0, |first| digits.len() * 8 - first.leading_zeros() as usize)
}
