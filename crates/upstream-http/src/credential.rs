//! How we show an upstream who we are.

use http::header::AUTHORIZATION;
use http::{HeaderName, HeaderValue};
use secrecy::{ExposeSecret, SecretString};

/// A secret and the header it travels in. Never in a URL, a log or an error.
#[derive(Debug, Clone)]
pub enum Credential {
    /// The secret alone in a header of its own.
    Header(HeaderName, SecretString),
    /// The secret in `Authorization`, after `Bearer`.
    Bearer(SecretString),
}

/// A fixed-size stand-in for a credential, by which equal ones are recognised.
pub(crate) type Fingerprint = [u8; 32];

impl Credential {
    /// The header and its value, marked sensitive; `None` if the secret is empty or holds what no header may.
    pub(crate) fn header(&self) -> Option<(HeaderName, HeaderValue)> {
        let (name, text) = match self {
            Self::Header(_, secret) | Self::Bearer(secret) if secret.expose_secret().is_empty() => return None,
            Self::Header(name, secret) => (name.clone(), secret.expose_secret().to_owned()),
            Self::Bearer(secret) => (AUTHORIZATION, format!("Bearer {}", secret.expose_secret())),
        };
        let mut value = HeaderValue::try_from(text).ok()?;
        value.set_sensitive(true);
        Some((name, value))
    }

    /// The SHA-256 of the header and the secret.
    pub(crate) fn fingerprint(&self) -> Fingerprint {
        let (name, secret) = match self {
            Self::Header(name, secret) => (name.as_str(), secret),
            Self::Bearer(secret) => ("authorization: bearer", secret),
        };
        let mut context = aws_lc_rs::digest::Context::new(&aws_lc_rs::digest::SHA256);
        context.update(name.as_bytes());
        context.update(b"\0");
        context.update(secret.expose_secret().as_bytes());
        let mut fingerprint = [0; 32];
        fingerprint.copy_from_slice(context.finish().as_ref());
        fingerprint
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn key(name: &'static str, secret: &str) -> Credential {
        Credential::Header(HeaderName::from_static(name), secret.into())
    }

    #[test]
    fn the_secret_travels_in_its_header_marked_sensitive() {
        let (name, value) = key("x-api-key", "hunter2").header().unwrap();
        assert_eq!((name.as_str(), value.to_str().unwrap(), value.is_sensitive()), ("x-api-key", "hunter2", true));
        let (name, value) = Credential::Bearer("hunter2".into()).header().unwrap();
        assert_eq!((name.as_str(), value.to_str().unwrap()), ("authorization", "Bearer hunter2"));
        assert!(!format!("{value:?} {:?}", key("x-api-key", "hunter2")).contains("hunter2"));
    }

    #[test]
    fn what_cannot_be_a_header_is_refused() {
        for bad in ["", "a\nb", "a\0"] {
            assert!(key("x-api-key", bad).header().is_none(), "{bad:?}");
            assert!(Credential::Bearer(bad.into()).header().is_none(), "{bad:?}");
        }
    }

    #[test]
    fn equal_credentials_and_only_they_have_equal_fingerprints() {
        assert_eq!(key("x-api-key", "a").fingerprint(), key("x-api-key", "a").fingerprint());
        let all = [key("x-api-key", "a"), key("x-api-key", "b"), key("x-key", "a"), Credential::Bearer("a".into())];
        for (index, one) in all.iter().enumerate() {
            for other in &all[index + 1..] {
                assert_ne!(one.fingerprint(), other.fingerprint());
            }
        }
    }
}
