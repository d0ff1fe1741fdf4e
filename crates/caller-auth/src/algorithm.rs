//! The algorithms that sign tokens.

use aws_lc_rs::signature::{
    ECDSA_P256_SHA256_FIXED, ECDSA_P384_SHA384_FIXED, ED25519, RSA_PKCS1_2048_8192_SHA256, RSA_PKCS1_2048_8192_SHA384,
    RSA_PKCS1_2048_8192_SHA512, RSA_PSS_2048_8192_SHA256, RsaParameters, VerificationAlgorithm,
};
use jsonwebtoken::Algorithm;

use crate::key_algorithm::KeyAlgorithm;

/// As jsonwebtoken has it. A key does one thing only, whatever a token says (RFC 8725 §3.1).
pub(crate) fn of(algorithm: KeyAlgorithm) -> Algorithm {
    match algorithm {
        KeyAlgorithm::RS256 => Algorithm::RS256,
        KeyAlgorithm::RS384 => Algorithm::RS384,
        KeyAlgorithm::RS512 => Algorithm::RS512,
        KeyAlgorithm::PS256 => Algorithm::PS256,
        KeyAlgorithm::ES256 => Algorithm::ES256,
        KeyAlgorithm::ES384 => Algorithm::ES384,
        KeyAlgorithm::EdDSA => Algorithm::EdDSA,
    }
}

/// The parameters, for those that use RSA keys.
pub(crate) fn rsa_parameters(algorithm: KeyAlgorithm) -> Option<&'static RsaParameters> {
    match algorithm {
        KeyAlgorithm::RS256 => Some(&RSA_PKCS1_2048_8192_SHA256),
        KeyAlgorithm::RS384 => Some(&RSA_PKCS1_2048_8192_SHA384),
        KeyAlgorithm::RS512 => Some(&RSA_PKCS1_2048_8192_SHA512),
        KeyAlgorithm::PS256 => Some(&RSA_PSS_2048_8192_SHA256),
        KeyAlgorithm::ES256 | KeyAlgorithm::ES384 | KeyAlgorithm::EdDSA => None,
    }
}

/// What a key is parsed for when it is checked. jsonwebtoken takes any bytes for a key and fails at each use.
pub(crate) fn key_check(algorithm: KeyAlgorithm) -> &'static dyn VerificationAlgorithm {
    match algorithm {
        KeyAlgorithm::RS256 => &RSA_PKCS1_2048_8192_SHA256,
        KeyAlgorithm::RS384 => &RSA_PKCS1_2048_8192_SHA384,
        KeyAlgorithm::RS512 => &RSA_PKCS1_2048_8192_SHA512,
        KeyAlgorithm::PS256 => &RSA_PSS_2048_8192_SHA256,
        KeyAlgorithm::ES256 => &ECDSA_P256_SHA256_FIXED,
        KeyAlgorithm::ES384 => &ECDSA_P384_SHA384_FIXED,
        KeyAlgorithm::EdDSA => &ED25519,
    }
}
