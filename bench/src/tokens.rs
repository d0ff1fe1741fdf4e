//! Tokens that the contestants accept.

use std::time::{SystemTime, UNIX_EPOCH};

use anyhow::Result;
use jsonwebtoken::{Algorithm, DecodingKey, EncodingKey, Header, Validation};
use serde::{Deserialize, Serialize};

pub(crate) const ISSUER: &str = "bench";
pub(crate) const AUDIENCE: &str = "rollcall";
pub(crate) const SECRET: &str = "0123456789abcdef0123456789abcdef0123456789abcdef";
/// `max_token_age`.
const LONG: u64 = 12 * 3600;
/// The life of a token of the soak.
const SHORT: u64 = 60;

#[derive(Debug, Serialize, Deserialize)]
pub(crate) struct Claims {
    iss: String,
    aud: String,
    sub: String,
    scope: String,
    iat: u64,
    exp: u64,
}

impl Claims {
    pub(crate) fn of(subject: &str) -> Result<Self> {
        Self::lasting(LONG, subject)
    }

    fn lasting(seconds: u64, subject: &str) -> Result<Self> {
        let iat = SystemTime::now().duration_since(UNIX_EPOCH)?.as_secs();
        let (iss, aud, scope) = (ISSUER.to_owned(), AUDIENCE.to_owned(), "sessions:read".to_owned());
        Ok(Self { iss, aud, sub: subject.to_owned(), scope, iat, exp: iat + seconds })
    }
}

/// An HS256 token for a caller of that name.
pub(crate) fn hs256(subject: &str) -> Result<String> {
    signed(&Claims::of(subject)?)
}

/// The same for a minute.
pub(crate) fn short(subject: &str) -> Result<String> {
    signed(&Claims::lasting(SHORT, subject)?)
}

fn signed(claims: &Claims) -> Result<String> {
    Ok(jsonwebtoken::encode(&Header::default(), claims, &EncodingKey::from_secret(SECRET.as_bytes()))?)
}

/// What a server does for each request that verifies tokens as `jsonwebtoken`'s documentation shows.
pub(crate) struct Verifier {
    key: DecodingKey,
    validation: Validation,
}

impl Verifier {
    pub(crate) fn new(secret: &str) -> Self {
        let mut validation = Validation::new(Algorithm::HS256);
        validation.set_audience(&[AUDIENCE]);
        validation.set_issuer(&[ISSUER]);
        validation.set_required_spec_claims(&["exp", "aud", "iss", "sub"]);
        Self { key: DecodingKey::from_secret(secret.as_bytes()), validation }
    }

    pub(crate) fn accepts(&self, token: &str) -> bool {
        jsonwebtoken::decode::<Claims>(token, &self.key, &self.validation)
            .is_ok_and(|token| token.claims.scope.split(' ').any(|scope| scope == "sessions:read"))
    }
}
