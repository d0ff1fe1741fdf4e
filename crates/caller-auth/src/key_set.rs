//! The keys in force.

use crate::AuthSetupError;
use crate::compact::CompactToken;
use crate::config::IssuerConfig;
use crate::key::Key;
use crate::key_config::{KeySource, duplicate_key};
use crate::refusal::Refusal;

/// The keys of one issuer, and a number that changes whenever they do.
#[derive(Debug, Default)]
pub(crate) struct KeySet {
    generation: u64,
    keys: Vec<Key>,
}

impl KeySet {
    pub(crate) fn new(generation: u64, keys: Vec<Key>) -> Self {
        Self { generation, keys }
    }

    /// The keys that stand in the configuration; `None` if they come from a URL.
    pub(crate) fn configured(config: &IssuerConfig) -> Result<Option<Self>, AuthSetupError> {
        let fault = |key: &str, reason: String| AuthSetupError { key: config.key(key), reason };
        let keys = match &config.keys {
            KeySource::Hs256(secret) => vec![Key::from_secret(secret)],
            KeySource::Pem(keys) if keys.is_empty() => {
                return Err(fault("keys", "must hold at least one key".to_owned()));
            }
            KeySource::Pem(configured) => {
                if let Some(index) = duplicate_key(configured) {
                    let reason = "is given twice for one algorithm".to_owned();
                    return Err(fault(&format!("keys[{index}].kid"), reason));
                }
                let mut keys = Vec::with_capacity(configured.len());
                for (index, config) in configured.iter().enumerate() {
                    let key = config.key().map_err(|why| fault(&format!("keys[{index}].pem_file"), why))?;
                    keys.push(key);
                }
                keys
            }
            KeySource::Jwks(_) => return Ok(None),
        };
        Ok(Some(Self::new(0, keys)))
    }

    /// Changes whenever the keys do: what was verified under another number must be verified again.
    pub(crate) fn generation(&self) -> u64 {
        self.generation
    }

    pub(crate) fn is_empty(&self) -> bool {
        self.keys.is_empty()
    }

    /// Whether these are the same keys as `others`, in any order.
    pub(crate) fn holds_exactly(&self, others: &[Key]) -> bool {
        self.keys.len() == others.len() && self.keys.iter().all(|ours| others.iter().any(|theirs| ours.is_same(theirs)))
    }

    /// Verifies with a key of the token's `kid` and algorithm. Without a `kid`, only where one key fits the algorithm. A
    /// secret has no name, so with one the `kid` says nothing.
    pub(crate) fn verify(&self, token: &CompactToken<'_>) -> Result<(), Refusal> {
        let kid = token.header.kid.as_deref();
        let fits = |key: &&Key| key.fits(&token.header.algorithm);
        match self.keys.as_slice() {
            [] => return Err(Refusal::NoKeys),
            [secret] if secret.is_secret() => return secret.verify(token),
            keys if kid.is_some() && !keys.iter().any(|key| key.kid.as_deref() == kid) => {
                return Err(Refusal::UnknownKey);
            }
            _ => {}
        }
        let meant = |key: &&Key| kid.is_none() || key.kid.as_deref() == kid;
        let mut meant = self.keys.iter().filter(meant).filter(fits).peekable();
        if meant.peek().is_none() {
            return Err(Refusal::Algorithm);
        }
        if kid.is_none() && meant.clone().count() > 1 {
            return Err(Refusal::KeyNotNamed);
        }
        // A key server may list two keys under one name while it changes them: the token is of either.
        if meant.any(|key| key.verify(token).is_ok()) { Ok(()) } else { Err(Refusal::Signature) }
    }
}
