//! Tokens as an identity provider would sign them.

use jsonwebtoken::{Algorithm, EncodingKey, Header, encode};
use serde_json::{Map, Value, json};
use session_provider::Clock;

/// The issuer that the gateway under test expects.
pub const ISSUER: &str = "https://id.example.internal";
/// The audience that it expects.
pub const AUDIENCE: &str = "rollcall";
/// The secret that it verifies with.
pub const SECRET: &str = "canary-hs256-secret-of-at-least-32-bytes";

/// A token to be signed. Without changes it is valid for ten minutes and may do everything.
#[derive(Debug, Clone)]
pub struct Token {
    claims: Map<String, Value>,
    secret: String,
}

impl Default for Token {
    fn default() -> Self {
        let now = Clock::system().now().unix_seconds();
        let claims = json!({
            "iss": ISSUER, "aud": AUDIENCE, "sub": "black-box", "iat": now, "exp": now + 600,
            "scope": "sessions:read sessions:moderate",
        });
        let Value::Object(claims) = claims else { unreachable!("an object was written above") };
        Self { claims, secret: SECRET.to_owned() }
    }
}

impl Token {
    /// With this claim, or without it when the value is null.
    #[must_use]
    pub fn claim(mut self, name: &str, value: Value) -> Self {
        if value.is_null() {
            self.claims.remove(name);
        } else {
            self.claims.insert(name.to_owned(), value);
        }
        self
    }

    /// For these providers only.
    #[must_use]
    pub fn providers(self, ids: &[&str]) -> Self {
        self.claim("providers", json!(ids))
    }

    /// With this scope text.
    #[must_use]
    pub fn scope(self, scope: &str) -> Self {
        self.claim("scope", json!(scope))
    }

    /// Issued and expiring so many seconds from now.
    #[must_use]
    pub fn times(self, issued_in: i64, expires_in: i64) -> Self {
        let now = Clock::system().now().unix_seconds();
        self.claim("iat", json!(now + issued_in)).claim("exp", json!(now + expires_in))
    }

    /// Signed with another secret.
    #[must_use]
    pub fn secret(mut self, secret: &str) -> Self {
        secret.clone_into(&mut self.secret);
        self
    }

    /// The claims, to be signed otherwise.
    #[must_use]
    pub fn claims(&self) -> &Map<String, Value> {
        &self.claims
    }

    /// The compact form.
    ///
    /// # Panics
    /// Never: HMAC signs anything.
    #[must_use]
    pub fn sign(&self) -> String {
        encode(&Header::new(Algorithm::HS256), &self.claims, &EncodingKey::from_secret(self.secret.as_bytes()))
            .unwrap_or_else(|error| panic!("HMAC signs anything: {error}"))
    }
}
