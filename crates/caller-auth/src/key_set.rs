//! The keys in force.

use crate::AuthSetupError;
use crate::compact::CompactToken;
use crate::config::{KeySource, duplicate_kid};
use crate::key::Key;
use crate::pem;
use crate::refusal::Refusal;

/// Keys with distinct names, and a number that changes whenever they do.
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
    pub(crate) fn configured(source: &KeySource) -> Result<Option<Self>, AuthSetupError> {
        let fault = |key: &str, reason: String| AuthSetupError { key: format!("auth.{key}"), reason };
        let keys = match source {
            KeySource::Hs256(secret) => {
                vec![Key::from_secret(secret)]
            }
            KeySource::Pem(configs) if configs.is_empty() => {
                return Err(fault("keys", "must hold at least one key".to_owned()));
            }
            KeySource::Pem(configs) => {
                if let Some(index) = duplicate_kid(configs) {
                    return Err(fault(&format!("keys[{index}].kid"), "is given twice".to_owned()));
                }
                let mut keys = Vec::with_capacity(configs.len());
                for (index, config) in configs.iter().enumerate() {
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

    /// Verifies with the key that the token's `kid` names. A `kid` that names none is refused, also where there is
    /// only one key or a secret, which has no name; no `kid` will do where there is one key .
    pub(crate) fn verify(&self, token: &CompactToken<'_>) -> Result<(), Refusal> {
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
