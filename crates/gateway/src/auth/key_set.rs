//! The keys in force.

use super::compact::CompactToken;
use super::key::Key;
use super::pem;
use super::refusal::Refusal;
use crate::auth::AuthSetupError;
use crate::config::{KeyConfig, KeySource};

/// Keys with distinct names, and a number that changes whenever they do.
#[derive(Debug, Default)]
pub(super) struct KeySet {
    generation: u64,
    keys: Vec<Key>,
}

impl KeySet {
    pub(super) fn new(generation: u64, keys: Vec<Key>) -> Self {
        Self { generation, keys }
    }

    /// The keys that stand in the configuration; `None` if they come from a URL.
    pub(super) fn configured(source: &KeySource) -> Result<Option<Self>, AuthSetupError> {
        let fault = |key: &str, reason: String| AuthSetupError { key: format!("auth.{key}"), reason };
        let keys = match source {
            KeySource::Hs256(secret) => {
                vec![Key::from_secret(secret).map_err(|reason| fault("hs256_secret", reason))?]
            }
            KeySource::Pem(configs) if configs.is_empty() => {
                return Err(fault("keys", "must hold at least one key".to_owned()));
            }
            KeySource::Pem(configs) => {
                let mut keys = Vec::with_capacity(configs.len());
                for (index, config) in configs.iter().enumerate() {
                    if is_taken(&configs[..index], config) {
                        return Err(fault(&format!("keys[{index}].kid"), "is given twice".to_owned()));
                    }
                    let key = pem::key(config).map_err(|why| fault(&format!("keys[{index}].pem_file"), why))?;
                    keys.push(key);
                }
                keys
            }
            KeySource::Jwks(_) => return Ok(None),
        };
        Ok(Some(Self::new(0, keys)))
    }

    /// Changes whenever the keys do: what was verified under another number must be verified again.
    pub(super) fn generation(&self) -> u64 {
        self.generation
    }

    pub(super) fn is_empty(&self) -> bool {
        self.keys.is_empty()
    }

    /// Whether these are the same keys as `others`, in any order.
    pub(super) fn holds_exactly(&self, others: &[Key]) -> bool {
        self.keys.len() == others.len() && self.keys.iter().all(|ours| others.iter().any(|theirs| ours.is_same(theirs)))
    }

    /// Verifies with the key that the token's `kid` names. A `kid` that names none is refused, also where there is
    /// only one key or a secret, which has no name; no `kid` will do where there is one key (contract §6).
    pub(super) fn verify(&self, token: &CompactToken<'_>) -> Result<(), Refusal> {
        self.find(token.header.kid.as_deref())?.verify(token)
    }

    fn find(&self, kid: Option<&str>) -> Result<&Key, Refusal> {
        match (kid, self.keys.as_slice()) {
            (_, []) => Err(Refusal::NoKeys),
            (None, [only]) => Ok(only),
            (None, _) => Err(Refusal::KeyNotNamed),
            (Some(_), keys) => keys.iter().find(|key| key.kid.as_deref() == kid).ok_or(Refusal::UnknownKey),
        }
    }
}

fn is_taken(earlier: &[KeyConfig], config: &KeyConfig) -> bool {
    earlier.iter().any(|other| other.kid == config.kid)
}
