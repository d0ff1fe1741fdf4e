//! Tokens that were verified already.

use std::hash::{Hash, Hasher};
use std::time::Duration;

use aws_lc_rs::digest::{SHA256, digest};
use moka::sync::Cache;

use crate::caller::Caller;
use crate::claims::Lifetime;

/// How much is remembered, about, in bytes: some 30,000 callers of a usual size.
const MAX_BYTES: u64 = 16 * 1024 * 1024;

/// What an entry weighs besides its caller.
const ENTRY_BYTES: usize = 256;

/// Nothing is kept for longer, whatever the operator lets a token live.
const LONGEST: Duration = Duration::from_secs(365 * 24 * 3600);

/// Names a token without keeping it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct TokenDigest([u8; 32]);

impl Hash for TokenDigest {
    /// Each part of a digest is as good as a hash of it; nobody can choose one.
    fn hash<H: Hasher>(&self, state: &mut H) {
        let [a, b, c, d, e, f, g, h, ..] = self.0;
        state.write_u64(u64::from_ne_bytes([a, b, c, d, e, f, g, h]));
    }
}

impl TokenDigest {
    pub(crate) fn of(token: &str) -> Self {
        let mut bytes = [0; 32];
        bytes.copy_from_slice(digest(&SHA256, token.as_bytes()).as_ref());
        Self(bytes)
    }
}

/// Who a token belongs to, and under which keys that was found.
#[derive(Debug, Clone)]
pub(crate) struct Verified {
    pub(crate) caller: Caller,
    pub(crate) lifetime: Lifetime,
    pub(crate) issuer: usize,
    pub(crate) generation: u64,
}

/// Remembers verified tokens, bounded. It knows nothing of time or keys: whoever asks compares the generation with that
/// of the issuer's keys in force, and checks the lifetime again.
#[derive(Debug, Clone)]
pub(crate) struct VerifiedTokens(Cache<TokenDigest, Verified>);

impl VerifiedTokens {
    /// `keep` is the longest that any token lives: after that the room is given back.
    pub(crate) fn new(keep: Duration) -> Self {
        let weigh = |_: &TokenDigest, verified: &Verified| {
            u32::try_from(verified.caller.footprint().saturating_add(ENTRY_BYTES)).unwrap_or(u32::MAX)
        };
        Self(Cache::builder().max_capacity(MAX_BYTES).weigher(weigh).time_to_live(keep.min(LONGEST)).build())
    }

    /// What is known of the token.
    pub(crate) fn get(&self, token: &TokenDigest) -> Option<Verified> {
        self.0.get(token)
    }

    pub(crate) fn remember(&self, token: TokenDigest, verified: Verified) {
        self.0.insert(token, verified);
    }
}

#[cfg(test)]
mod tests {
    use session_provider::Clock;

    use super::*;
    use crate::Authenticator;
    use crate::testing::{Signer, ask, auth_config, authenticator, claims, hs256_source};

    #[tokio::test(start_paused = true)]
    async fn memory_is_bounded_however_many_tokens_come() {
        let authenticator = authenticator(hs256_source());
        let providers: Vec<_> = (0..500).map(|n| format!("p{n}")).collect();
        for n in 0..1000 {
            let mut claims = claims();
            claims["sub"] = format!("caller-{n}").into();
            claims["providers"] = providers.clone().into();
            assert!(ask(&authenticator, &Signer::hs256().token(&claims)).await.is_ok());
        }
        let tokens = authenticator.verified_tokens();
        tokens.0.run_pending_tasks();
        assert!(tokens.0.weighted_size() <= MAX_BYTES);
        assert!((100..600).contains(&tokens.0.entry_count()), "{}", tokens.0.entry_count());
    }

    #[test]
    fn a_limitless_token_age_is_no_panic() {
        let mut config = auth_config(hs256_source());
        config.issuers[0].max_token_age = std::time::Duration::MAX;
        assert!(Authenticator::new(&config, Clock::system()).is_ok());
    }
}
