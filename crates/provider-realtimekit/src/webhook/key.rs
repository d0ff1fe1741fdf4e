//! The public key that webhooks are checked with.

use aws_lc_rs::signature::{ParsedPublicKey, RSA_PKCS1_2048_8192_SHA256};
use lenient_json::{fields, object_fields, text};
use rustls::pki_types::SubjectPublicKeyInfoDer;
use rustls::pki_types::pem::PemObject;

/// An RSA key of 2048 to 8192 bits.
#[derive(Debug, Clone)]
pub(super) struct WebhookKey(ParsedPublicKey);

/// Why a text is no key. Holds nothing of the text.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("must hold an RSA public key of 2048 to 8192 bits as one PUBLIC KEY section in PEM")]
pub struct InvalidKey;

impl WebhookKey {
    /// The key in a PEM text (SPKI).
    pub(super) fn from_pem(pem: &str) -> Result<Self, InvalidKey> {
        let der = SubjectPublicKeyInfoDer::from_pem_slice(pem.as_bytes()).map_err(|_| InvalidKey)?;
        let key = ParsedPublicKey::new(&RSA_PKCS1_2048_8192_SHA256, der.as_ref()).map_err(|_| InvalidKey)?;
        Ok(Self(key))
    }

    /// The key in the document of `/.well-known/webhooks.json`: `{"data":{"publicKey":"<PEM>"}}`.
    pub(super) fn from_document(document: &[u8]) -> Result<Self, InvalidKey> {
        let document = std::str::from_utf8(document).map_err(|_| InvalidKey)?;
        let [data] = fields(document, ["data"]).map_err(|_| InvalidKey)?;
        let key = data.and_then(|data| object_fields(data, ["publicKey"]));
        Self::from_pem(&key.and_then(|[key]| text(key)).ok_or(InvalidKey)?)
    }

    pub(super) fn has_signed(&self, body: &[u8], signature: &[u8]) -> bool {
        self.0.verify_sig(body, signature).is_ok()
    }
}

impl PartialEq for WebhookKey {
    fn eq(&self, other: &Self) -> bool {
        self.0.as_ref() == other.0.as_ref()
    }
}
