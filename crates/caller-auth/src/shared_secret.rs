//! The secret of HS256.

use std::fmt;

use secrecy::{ExposeSecret, SecretString};

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
