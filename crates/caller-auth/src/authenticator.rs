//! From a request's headers to its caller.

use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use http::HeaderMap;
use session_provider::Clock;
use tokio_util::sync::CancellationToken;
use tokio_util::task::TaskTracker;

use crate::Caller;
use crate::bearer;
use crate::claims::ClaimRules;
use crate::compact::CompactToken;
use crate::config::{AuthConfig, KeySource};
use crate::jwks::Jwks;
use crate::key_server;
use crate::key_set::KeySet;
use crate::refusal::Refusal;
use crate::self_test;
use crate::verified::{TokenDigest, Verified, VerifiedTokens};

/// Why the authenticator cannot be set up: the path of the key at fault and what is wrong with it.
#[derive(Debug, thiserror::Error)]
#[error("{key}: {reason}")]
pub struct AuthSetupError {
    /// The configuration key.
    pub key: String,
    /// What is wrong with it.
    pub reason: String,
}

/// The request carries no valid token. Callers are told no more; the reason is in the log and the metric.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Unauthenticated;

/// Verifies tokens. Cheap to clone.
///
/// jsonwebtoken's `decode` reads leniently in ways that its options do not close (members given twice, any `typ`,
/// unknown `crit`, padding), so a token is taken apart here, strictly, and only the signature is left to it.
#[derive(Debug, Clone)]
pub struct Authenticator {
    inner: Arc<Inner>,
}

#[derive(Debug)]
struct Inner {
    keys: Keys,
    rules: ClaimRules,
    verified: VerifiedTokens,
    clock: Clock,
    signature_checks: AtomicU64,
}

impl Authenticator {
    /// Reads the keys and proves, by a self-test, that the crypto works.
    ///
    /// # Errors
    /// [`AuthSetupError`].
    pub fn new(config: &AuthConfig, clock: Clock) -> Result<Self, AuthSetupError> {
        self_test::run().map_err(|reason| AuthSetupError { key: "auth".into(), reason })?;
        let keys = match (KeySet::configured(&config.keys)?, &config.keys) {
            (None, KeySource::Jwks(url)) => Keys::Served(Arc::new(Jwks::new(key_server::fetcher(url)?))),
            (configured, _) => Keys::Fixed(Arc::new(configured.unwrap_or_default())),
        };
        Ok(Self::with_keys(config, clock, keys))
    }

    fn with_keys(config: &AuthConfig, clock: Clock, keys: Keys) -> Self {
        let inner = Inner {
            keys,
            rules: ClaimRules::new(config),
            verified: VerifiedTokens::new(config.max_token_age.saturating_add(config.leeway)),
            clock,
            signature_checks: AtomicU64::new(0),
        };
        Self { inner: Arc::new(inner) }
    }

    /// Starts what has to run in the background (the refresh of a JWKS), until `stop`.
    pub fn start(&self, tasks: &TaskTracker, stop: CancellationToken) {
        if let Keys::Served(jwks) = &self.inner.keys {
            tasks.spawn(Arc::clone(jwks).run(stop));
        }
    }

    /// Whether there is any key to verify with.
    #[must_use]
    pub fn is_ready(&self) -> bool {
        !self.inner.keys.current().is_empty()
    }

    /// The caller who sent these headers.
    ///
    /// # Errors
    /// [`Unauthenticated`] for whatever reason.
    pub async fn authenticate(&self, headers: &HeaderMap) -> Result<Caller, Unauthenticated> {
        self.inner.identify(headers).await.map_err(|refusal| {
            refusal.report();
            Unauthenticated
        })
    }

    /// With keys from wherever the fetcher gets them.
    #[cfg(test)]
    pub(crate) fn with_fetcher(config: &AuthConfig, clock: Clock, fetcher: Box<dyn crate::jwks::KeyFetcher>) -> Self {
        Self::with_keys(config, clock, Keys::Served(Arc::new(Jwks::new(fetcher))))
    }

    #[cfg(test)]
    pub(crate) fn verified_tokens(&self) -> &VerifiedTokens {
        &self.inner.verified
    }

    /// How often a signature was checked so far.
    #[cfg(test)]
    pub(crate) fn signature_checks(&self) -> u64 {
        self.inner.signature_checks.load(Ordering::Relaxed)
    }
}

impl Inner {
    async fn identify(&self, headers: &HeaderMap) -> Result<Caller, Refusal> {
        let token = bearer::token(headers)?;
        let digest = TokenDigest::of(token);
        let mut keys = self.keys.current();
        if let Some(known) = self.verified.get(&digest, keys.generation()).await {
            self.rules.check_lifetime(&known.lifetime, self.clock.now())?;
            return Ok(known.caller);
        }
        let parsed = CompactToken::parse(token)?;
        let mut outcome = self.verify(&keys, &parsed);
        if let (Err(Refusal::UnknownKey), Keys::Served(jwks)) = (outcome, &self.keys)
            && jwks.refetch().await
        {
            keys = jwks.current();
            outcome = self.verify(&keys, &parsed);
        }
        outcome?;
        let (caller, lifetime) = self.rules.read(&parsed.payload, self.clock.now())?;
        let verified = Verified { caller: caller.clone(), lifetime, generation: keys.generation() };
        self.verified.remember(digest, verified).await;
        Ok(caller)
    }

    fn verify(&self, keys: &KeySet, token: &CompactToken<'_>) -> Result<(), Refusal> {
        self.signature_checks.fetch_add(1, Ordering::Relaxed);
        keys.verify(token)
    }
}

/// Where the keys are.
#[derive(Debug)]
enum Keys {
    Fixed(Arc<KeySet>),
    Served(Arc<Jwks>),
}

impl Keys {
    fn current(&self) -> Arc<KeySet> {
        match self {
            Self::Fixed(keys) => Arc::clone(keys),
            Self::Served(jwks) => jwks.current(),
        }
    }
}

#[cfg(test)]
mod tests;
