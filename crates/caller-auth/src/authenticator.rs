//! From a request's headers to its caller.

use std::collections::HashMap;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;

use http::HeaderMap;
use session_provider::{Clock, Timestamp};
use tokio_util::sync::CancellationToken;
use tokio_util::task::TaskTracker;

use crate::Caller;
use crate::bearer;
use crate::claims::{self, ClaimRules, Lifetime};
use crate::compact::CompactToken;
use crate::config::{AuthConfig, IssuerConfig};
use crate::jwks::Jwks;
use crate::key_config::KeySource;
use crate::key_server;
use crate::key_set::KeySet;
use crate::last_caller::LastCaller;
use crate::refusal::Refusal;
use crate::self_test;
use crate::strict_json;
use crate::verified::{TokenDigest, Verified, VerifiedTokens};

/// Why the authenticator cannot be set up: the path of the key at fault and what is wrong with it.
#[derive(Debug, thiserror::Error)]
#[error("{key}: {reason}")]
pub struct AuthSetupError {
    /// The path of the configuration key: `auth.issuers.entra.jwks_url`.
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
    issuers: Vec<Issuer>,
    /// The issuers by their `iss`.
    by_name: HashMap<String, usize>,
    verified: VerifiedTokens,
    clock: Clock,
    signature_checks: AtomicU64,
}

/// One issuer: its keys, and what its tokens must claim.
#[derive(Debug)]
struct Issuer {
    keys: Keys,
    rules: ClaimRules,
}

impl Authenticator {
    /// Reads the keys and proves, by a self-test, that the crypto works.
    ///
    /// # Errors
    /// [`AuthSetupError`].
    pub fn new(config: &AuthConfig, clock: Clock) -> Result<Self, AuthSetupError> {
        self_test::run_for(&config.issuers).map_err(|reason| AuthSetupError { key: "auth".into(), reason })?;
        if let Some((key, reason)) = config.conflicts().into_iter().next() {
            return Err(AuthSetupError { key, reason });
        }
        let keys = |issuer: &IssuerConfig| match (KeySet::configured(issuer)?, &issuer.keys) {
            (None, KeySource::Jwks(url)) => {
                let key = issuer.key("jwks_url");
                Ok(Keys::Served(Arc::new(Jwks::new(key_server::fetcher(&key, url)?, key))))
            }
            (configured, _) => Ok(Keys::Fixed(Arc::new(configured.unwrap_or_default()))),
        };
        let keys = config.issuers.iter().map(keys).collect::<Result<_, AuthSetupError>>()?;
        Ok(Self::with_keys(config, clock, keys))
    }

    fn with_keys(config: &AuthConfig, clock: Clock, keys: Vec<Keys>) -> Self {
        let longest = config.issuers.iter().map(|issuer| issuer.max_token_age).max().unwrap_or_default();
        let issuer =
            |(issuer, keys): (&IssuerConfig, Keys)| Issuer { keys, rules: ClaimRules::new(issuer, config.leeway) };
        let names = config.issuers.iter().map(|issuer| issuer.issuer.clone());
        let inner = Inner {
            issuers: config.issuers.iter().zip(keys).map(issuer).collect(),
            by_name: names.zip(0..).collect(),
            verified: VerifiedTokens::new(longest.saturating_add(config.leeway)),
            clock,
            signature_checks: AtomicU64::new(0),
        };
        Self { inner: Arc::new(inner) }
    }

    /// Starts what has to run in the background (the refresh of key servers' keys), until `stop`.
    pub fn start(&self, tasks: &TaskTracker, stop: &CancellationToken) {
        for issuer in &self.inner.issuers {
            if let Keys::Served(jwks) = &issuer.keys {
                tasks.spawn(Arc::clone(jwks).run(stop.clone()));
            }
        }
    }

    /// Whether there are keys to verify every issuer's tokens with.
    #[must_use]
    pub fn is_ready(&self) -> bool {
        self.inner.issuers.iter().all(|issuer| !issuer.keys.current().is_empty())
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

    /// The caller who sent these headers, if their token was verified before and is good `now`. `last` is who sent the
    /// request before over the same connection, and then this one. `None` says nothing of the token:
    /// [`authenticate`](Self::authenticate) does.
    #[must_use]
    pub fn recognize(&self, headers: &HeaderMap, last: &LastCaller, now: Timestamp) -> Option<Caller> {
        let authorization = bearer::value(headers).ok()?;
        if let Some(found) = last.known(authorization).and_then(|known| self.inner.worth(&known, now)) {
            return found.ok();
        }
        let known = self.inner.verified.get(&TokenDigest::of(bearer::token_in(authorization).ok()?))?;
        let caller = self.inner.worth(&known, now)?.ok()?;
        last.note(authorization, known);
        Some(caller)
    }

    /// Holds on to the token in these headers, if it is good at this moment and was verified before.
    #[must_use]
    pub fn hold(&self, headers: &HeaderMap) -> Option<HeldToken> {
        let token = bearer::token(headers).ok()?;
        let digest = TokenDigest::of(token);
        self.inner.remembered(&digest)?.ok()?;
        let Verified { lifetime, issuer, generation, .. } = self.inner.verified.get(&digest)?;
        Some(HeldToken { inner: Arc::clone(&self.inner), token: token.into(), lifetime, issuer, generation })
    }

    /// With keys from wherever the fetcher gets them.
    #[cfg(test)]
    pub(crate) fn with_fetcher(config: &AuthConfig, clock: Clock, fetcher: Box<dyn crate::jwks::KeyFetcher>) -> Self {
        let keys = Keys::Served(Arc::new(Jwks::new(fetcher, "auth.jwks_url".to_owned())));
        Self::with_keys(config, clock, vec![keys])
    }

    /// [`recognize`](Self::recognize) now.
    #[cfg(test)]
    pub(crate) fn recognize_now(&self, headers: &HeaderMap, last: &LastCaller) -> Option<Caller> {
        self.recognize(headers, last, self.inner.clock.now())
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
        match self.remembered(&digest) {
            Some(known) => known,
            None => self.verify(token, digest).await,
        }
    }

    /// What a token that was verified before, with the keys that are in force now, is worth at this moment.
    fn remembered(&self, digest: &TokenDigest) -> Option<Result<Caller, Refusal>> {
        self.worth(&self.verified.get(digest)?, self.clock.now())
    }

    /// The same at any moment, of what was found out then.
    fn worth(&self, known: &Verified, now: Timestamp) -> Option<Result<Caller, Refusal>> {
        let issuer = self.issuers.get(known.issuer)?;
        if issuer.keys.current().generation() != known.generation {
            return None;
        }
        Some(issuer.rules.check_lifetime(&known.lifetime, now).map(|()| known.caller.clone()))
    }

    async fn verify(&self, token: &str, digest: TokenDigest) -> Result<Caller, Refusal> {
        let parsed = CompactToken::parse(token)?;
        let claims = strict_json::object(&parsed.payload)?;
        // Which issuer it is, is all that is believed of a token before its signature is verified.
        let place = *self.by_name.get(claims::issuer(&claims)?).ok_or(Refusal::Issuer)?;
        let issuer = self.issuers.get(place).ok_or(Refusal::Issuer)?;
        let mut keys = issuer.keys.current();
        let mut outcome = self.check_signature(&keys, &parsed);
        if let (Err(Refusal::UnknownKey), Keys::Served(jwks)) = (outcome, &issuer.keys)
            && jwks.refetch().await
        {
            keys = jwks.current();
            outcome = self.check_signature(&keys, &parsed);
        }
        outcome?;
        let (caller, lifetime) = issuer.rules.read(&claims, self.clock.now())?;
        let verified = Verified { caller: caller.clone(), lifetime, issuer: place, generation: keys.generation() };
        self.verified.remember(digest, verified);
        Ok(caller)
    }

    fn check_signature(&self, keys: &KeySet, token: &CompactToken<'_>) -> Result<(), Refusal> {
        self.signature_checks.fetch_add(1, Ordering::Relaxed);
        keys.verify(token)
    }
}

/// The token of a caller who goes on being answered after the request: whether it is still good can be asked at any time.
pub struct HeldToken {
    inner: Arc<Inner>,
    token: Box<str>,
    lifetime: Lifetime,
    issuer: usize,
    /// Of the keys that it was last verified with.
    generation: u64,
}

/// Why a held token is no longer good.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Lapse {
    /// Its time is over.
    Expired,
    /// Its issuer no longer has its key.
    KeyWithdrawn,
}

impl HeldToken {
    /// Whether it is still good, judged by the keys that are known now. Cheap as long as they are the same.
    ///
    /// # Errors
    /// [`Lapse`].
    pub fn check(&mut self) -> Result<(), Lapse> {
        let issuer = self.inner.issuers.get(self.issuer).ok_or(Lapse::KeyWithdrawn)?;
        let keys = issuer.keys.current();
        if keys.generation() != self.generation {
            let parsed = CompactToken::parse(&self.token).map_err(|_| Lapse::KeyWithdrawn)?;
            self.inner.check_signature(&keys, &parsed).map_err(|_| Lapse::KeyWithdrawn)?;
            self.generation = keys.generation();
        }
        issuer.rules.check_lifetime(&self.lifetime, self.inner.clock.now()).map_err(|_| Lapse::Expired)
    }

    /// For how long it is still good, if nothing else ends it.
    #[must_use]
    pub fn left(&self) -> Duration {
        let rules = self.inner.issuers.get(self.issuer).map(|issuer| &issuer.rules);
        rules.map_or(Duration::ZERO, |rules| rules.left(&self.lifetime, self.inner.clock.now()))
    }
}

impl std::fmt::Debug for HeldToken {
    /// Without the token.
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("HeldToken").field("issuer", &self.issuer).finish_non_exhaustive()
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
