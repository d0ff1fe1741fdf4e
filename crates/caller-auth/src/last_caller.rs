//! The caller of a connection's latest request, whose next request most likely has the same token.
//!
//! It is as safe as looking the token up by its digest. A caller is known again only when every byte of the header is one of
//! a header whose token was verified; whether its keys are still in force and its time is not over is asked each time, by
//! the code that asks it of what was looked up. What differs is that the token itself is kept, as the connection's read
//! buffer has it too: beside its connection alone, for no longer, and in no debug text. Several callers may share a
//! connection, so the comparison takes the same time wherever a header differs.

use std::fmt;
use std::hint::black_box;
use std::sync::{Mutex, PoisonError, TryLockError};

use http::HeaderValue;

use crate::verified::Verified;

/// A longer header is looked up each time: what a connection keeps is bounded.
const MAX_KEPT_BYTES: usize = 2 * 1024;

/// Remembers one verified token, of at most 2 KiB with its scheme. One for each connection; its requests share it.
#[derive(Default)]
pub struct LastCaller(Mutex<Option<Known>>);

struct Known {
    /// The value of `Authorization`, as it came.
    authorization: Box<[u8]>,
    verified: Verified,
}

impl LastCaller {
    /// What is known of the token in this value of `Authorization`, if it is the one that was noted last. `None` also while
    /// another request of the connection looks.
    pub(crate) fn known(&self, authorization: &HeaderValue) -> Option<Verified> {
        let known = match self.0.try_lock() {
            Ok(known) => known,
            Err(TryLockError::Poisoned(poisoned)) => poisoned.into_inner(),
            Err(TryLockError::WouldBlock) => return None,
        };
        let known = known.as_ref().filter(|known| is_same(&known.authorization, authorization.as_bytes()));
        known.map(|known| known.verified.clone())
    }

    /// Notes what a verified token is worth, in the place of the one before.
    pub(crate) fn note(&self, authorization: &HeaderValue, verified: Verified) {
        if authorization.len() <= MAX_KEPT_BYTES {
            let known = Known { authorization: authorization.as_bytes().into(), verified };
            *self.0.lock().unwrap_or_else(PoisonError::into_inner) = Some(known);
        }
    }
}

/// Looks at every byte, whatever the first ones are. How long a token is, is no secret.
fn is_same(one: &[u8], other: &[u8]) -> bool {
    let differing = one.iter().zip(other).fold(0, |differing, (one, other)| differing | (one ^ other));
    one.len() == other.len() && black_box(differing) == 0
}

impl fmt::Debug for LastCaller {
    /// Without the token.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("LastCaller")
    }
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use http::HeaderMap;

    use super::*;
    use crate::Authenticator;
    use crate::testing::{Signer, ask, authenticator, claims, headers, hs256_source};

    fn token_of(subject: &str) -> String {
        let mut claims = claims();
        claims["sub"] = subject.into();
        Signer::hs256().token(&claims)
    }

    /// Whom it recognizes, and whether that took no look-up.
    fn recognized(authenticator: &Authenticator, last: &LastCaller, headers: &HeaderMap) -> Option<(String, bool)> {
        let at_once = last.known(&headers["authorization"]).is_some();
        authenticator.recognize_now(headers, last).map(|caller| (caller.subject().to_owned(), at_once))
    }

    #[tokio::test(start_paused = true)]
    async fn callers_who_share_a_connection_are_each_themselves() {
        let (authenticator, last) = (authenticator(hs256_source()), LastCaller::default());
        let (one, other) = (token_of("one"), token_of("other"));
        assert_eq!(recognized(&authenticator, &last, &headers(&one)), None, "nobody was verified yet");
        assert!(ask(&authenticator, &one).await.is_ok() && ask(&authenticator, &other).await.is_ok());
        for (token, subject, at_once) in [
            (&one, "one", false),
            (&one, "one", true),
            (&other, "other", false),
            (&other, "other", true),
            (&one, "one", false),
        ] {
            let who = recognized(&authenticator, &last, &headers(token));
            assert_eq!(who, Some((subject.to_owned(), at_once)));
        }
        let mut twice = headers(&one);
        twice.append("authorization", twice["authorization"].clone());
        assert_eq!(authenticator.recognize_now(&twice, &last), None, "one of two headers");
        assert_eq!(authenticator.recognize_now(&HeaderMap::new(), &last), None, "no header after a good one");
    }

    #[tokio::test(start_paused = true)]
    async fn a_header_with_any_bit_flipped_is_another_one() {
        let (authenticator, last) = (authenticator(hs256_source()), LastCaller::default());
        let token = token_of("one");
        assert!(ask(&authenticator, &token).await.is_ok());
        let good = headers(&token);
        assert!(authenticator.recognize_now(&good, &last).is_some() && last.known(&good["authorization"]).is_some());
        let value = good["authorization"].as_bytes();
        for at in 0..value.len() {
            let mut bytes = value.to_vec();
            bytes[at] ^= 1 << (at % 7);
            let Ok(value) = HeaderValue::from_bytes(&bytes) else { continue };
            assert!(last.known(&value).is_none(), "byte {at}");
        }
        for cut in [&value[1..], &value[..value.len() - 1], &[value, b"A"].concat()[..], b""] {
            assert!(last.known(&HeaderValue::from_bytes(cut).unwrap()).is_none(), "{} bytes", cut.len());
        }
    }

    #[tokio::test(start_paused = true)]
    async fn it_dies_at_its_expiry() {
        let (authenticator, last) = (authenticator(hs256_source()), LastCaller::default());
        let good = headers(&token_of("one"));
        assert!(authenticator.authenticate(&good).await.is_ok());
        assert!(authenticator.recognize_now(&good, &last).is_some());
        tokio::time::advance(Duration::from_millis(604_999)).await; // exp is in 600 s, the leeway is 5 s
        assert_eq!(recognized(&authenticator, &last, &good), Some(("one".to_owned(), true)));
        tokio::time::advance(Duration::from_millis(1)).await;
        assert_eq!(recognized(&authenticator, &last, &good), None);
    }

    #[tokio::test(start_paused = true)]
    async fn what_a_connection_keeps_is_bounded() {
        let (authenticator, last) = (authenticator(hs256_source()), LastCaller::default());
        let mut claims = claims();
        claims["padding"] = "x".repeat(MAX_KEPT_BYTES).into();
        let long = headers(&Signer::hs256().token(&claims));
        assert!(authenticator.authenticate(&long).await.is_ok());
        for _ in 0..2 {
            assert_eq!(recognized(&authenticator, &last, &long), Some(("svc-board".to_owned(), false)));
        }
    }

    #[tokio::test(start_paused = true)]
    async fn it_does_not_show_in_debug() {
        let (authenticator, last) = (authenticator(hs256_source()), LastCaller::default());
        let good = headers(&token_of("one"));
        assert!(authenticator.authenticate(&good).await.is_ok() && authenticator.recognize_now(&good, &last).is_some());
        assert_eq!(format!("{last:?}"), "LastCaller");
    }
}
