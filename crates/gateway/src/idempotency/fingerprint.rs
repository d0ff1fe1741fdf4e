//! What two requests with one key are compared by.

use aws_lc_rs::digest;
use serde::Serialize;

/// Tells two request bodies apart by what they say, not by how they are written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Fingerprint([u8; 32]);

impl Fingerprint {
    /// Of a request as it was understood.
    #[must_use]
    pub fn of(request: &impl Serialize) -> Self {
        let mut fingerprint = [0; 32];
        let text = serde_json::to_vec(request).unwrap_or_default();
        fingerprint.copy_from_slice(digest::digest(&digest::SHA256, &text).as_ref());
        Self(fingerprint)
    }

    /// Its 32 bytes.
    #[must_use]
    pub fn as_bytes(&self) -> &[u8; 32] {
        &self.0
    }
}
