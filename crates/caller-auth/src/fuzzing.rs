//! What `fuzz/` does to tokens.

use std::sync::LazyLock;
use std::time::Duration;

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use http::header::AUTHORIZATION;
use http::{HeaderMap, HeaderValue};
use jsonwebtoken::{Algorithm, EncodingKey, crypto};
use serde_json::{Map, Value};
use session_provider::{Clock, Timestamp};
use tokio::runtime::{Builder, Runtime};

use crate::config::{AuthConfig, IssuerConfig};
use crate::key_algorithm::KeyAlgorithm;
use crate::key_config::{KeyConfig, KeySource};
use crate::shared_secret::SharedSecret;
use crate::{Authenticator, Caller, self_test};

const ISSUER: &str = "https://id.example.internal";
const AUDIENCE: &str = "rollcall";
const SECRET: &str = "fuzzing-only secret of 32 bytes or more";
/// The present, in seconds since the epoch: 2026-11-20T10:00:00Z.
const NOW: i64 = 1_795_168_800;
const LEEWAY: f64 = 5.0;
const MAX_AGE: f64 = 3600.0;

/// Real verifiers, of the public keys whose private halves were thrown away and of a secret.
struct Verifiers {
    runtime: Runtime,
    public: Authenticator,
    secret: Authenticator,
}

#[expect(clippy::expect_used, reason = "for tests and fuzzing only")]
static VERIFIERS: LazyLock<Verifiers> = LazyLock::new(|| {
    let runtime = Builder::new_current_thread().enable_time().start_paused(true).build().expect("a runtime");
    let entered = runtime.enter();
    let key = |kid: &str, algorithm, der: &str| KeyConfig {
        kid: kid.to_owned(),
        algorithm,
        pem: format!("-----BEGIN PUBLIC KEY-----\n{der}\n-----END PUBLIC KEY-----\n"),
    };
    let public = KeySource::Pem(vec![
        key("rs", KeyAlgorithm::RS256, self_test::RSA_KEY),
        key("ps", KeyAlgorithm::PS256, self_test::RSA_KEY),
        key("es", KeyAlgorithm::ES256, self_test::P256_KEY),
        key("ed", KeyAlgorithm::EdDSA, self_test::ED25519_KEY),
    ]);
    let verifier = |keys| {
        let mut issuer = IssuerConfig::new(ISSUER.to_owned(), vec![AUDIENCE.to_owned()], keys);
        issuer.max_token_age = Duration::from_secs_f64(MAX_AGE);
        let config = AuthConfig { leeway: Duration::from_secs_f64(LEEWAY), issuers: vec![issuer] };
        let now = Timestamp::from_unix_ms(NOW * 1000).expect("a moment");
        Authenticator::new(&config, Clock::anchored(now)).expect("sound keys")
    };
    let (public, secret) =
        (verifier(public), verifier(KeySource::Hs256(SharedSecret::new(SECRET.into()).expect("long enough"))));
    drop(entered);
    Verifiers { runtime, public, secret }
});

fn ask(authenticator: &Authenticator, token: &[u8]) -> Option<Caller> {
    let mut headers = HeaderMap::new();
    headers.insert(AUTHORIZATION, HeaderValue::from_bytes(&[b"Bearer ", token].concat()).ok()?);
    VERIFIERS.runtime.block_on(authenticator.authenticate(&headers)).ok()
}

/// Shows the input as a bearer token to verifiers whose private keys nobody has.
///
/// # Panics
/// When it is accepted, or makes a verifier panic.
pub fn token(input: &[u8]) {
    for authenticator in [&VERIFIERS.public, &VERIFIERS.secret] {
        assert!(ask(authenticator, input).is_none(), "accepted: {}", String::from_utf8_lossy(input));
    }
}

/// Signs the first line of the input as header and the rest as payload, as a careless issuer would, and shows the
/// token to the verifier: what is behind the signature is reached, too.
///
/// # Panics
/// When it is accepted although another reader finds a rule broken, or makes the verifier panic.
pub fn signed_token(input: &[u8]) {
    let _ = signed_caller(input);
}

fn signed_caller(input: &[u8]) -> Option<Caller> {
    let end = input.iter().position(|byte| *byte == b'\n')?;
    let (header, payload) = (&input[..end], &input[end + 1..]);
    let signed = format!("{}.{}", URL_SAFE_NO_PAD.encode(header), URL_SAFE_NO_PAD.encode(payload));
    LazyLock::force(&VERIFIERS); // chooses jsonwebtoken's crypto
    let signature =
        crypto::sign(signed.as_bytes(), &EncodingKey::from_secret(SECRET.as_bytes()), Algorithm::HS256).ok()?;
    let caller = ask(&VERIFIERS.secret, format!("{signed}.{signature}").as_bytes())?;
    let broken = broken_rule(header, payload, &caller);
    assert_eq!(broken, None, "accepted: {}", String::from_utf8_lossy(input));
    Some(caller)
}

/// The first rule that the token breaks, by a simpler reading than the verifier's.
fn broken_rule(header: &[u8], payload: &[u8], caller: &Caller) -> Option<&'static str> {
    let object = |json| serde_json::from_slice::<Map<String, Value>>(json).unwrap_or_default();
    let (header, claims) = (object(header), object(payload));
    let text = |name| claims.get(name).and_then(Value::as_str);
    let number = |name| claims.get(name).and_then(Value::as_f64).unwrap_or(f64::NAN);
    let typ = header.get("typ").and_then(Value::as_str).unwrap_or_default().to_ascii_lowercase();
    let typ = typ.strip_prefix("application/").unwrap_or(&typ);
    let is_ours = |audience: &Value| audience == AUDIENCE;
    let audience =
        claims.get("aud").is_some_and(|aud| is_ours(aud) || aud.as_array().is_some_and(|all| all.iter().any(is_ours)));
    let (exp, iat, now) = (number("exp"), number("iat"), NOW as f64);
    let texts = |list: &Value| list.as_array().is_some_and(|list| list.iter().all(Value::is_string));
    let rules = [
        ("alg", header.get("alg").is_some_and(|alg| alg == "HS256")),
        ("typ", !header.contains_key("typ") || typ == "jwt" || typ == "at+jwt"),
        ("header", !["crit", "jku", "jwk", "x5u", "zip", "enc"].iter().any(|name| header.contains_key(*name))),
        ("iss", text("iss") == Some(ISSUER) && caller.issuer() == ISSUER),
        ("sub", text("sub") == Some(caller.subject()) && !caller.subject().is_empty()),
        ("aud", audience),
        ("exp", exp > now - LEEWAY - 0.001),
        ("iat", iat < now + LEEWAY + 0.001),
        ("age", exp > iat && exp - iat < MAX_AGE + 0.001),
        ("nbf", !claims.contains_key("nbf") || number("nbf") < now + LEEWAY + 0.001),
        ("scope", claims.get("scope").is_none_or(|scope| scope.is_string() || texts(scope))),
        ("providers", claims.get("providers").is_none_or(texts)),
    ];
    rules.into_iter().find(|(_, is_kept)| !is_kept).map(|(rule, _)| rule)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Runs every file of a target's committed corpus through it.
    fn replay(target: &str, run: fn(&[u8])) {
        let folder = format!("{}/../../fuzz/corpus/{target}", env!("CARGO_MANIFEST_DIR"));
        let files = std::fs::read_dir(folder).unwrap().map(|entry| run(&std::fs::read(entry.unwrap().path()).unwrap()));
        assert!(files.count() >= 20, "{target} has too few files");
    }

    #[test]
    fn the_corpora_are_clean() {
        replay("token", token);
        replay("signed_token", signed_token);
    }

    #[test]
    fn a_good_token_is_accepted_and_a_broken_rule_seen() {
        let input = format!(
            "{{\"alg\":\"HS256\",\"typ\":\"JWT\"}}\n{{\"iss\":\"{ISSUER}\",\"aud\":\"{AUDIENCE}\",\"sub\":\"a\",\"iat\":{NOW},\"exp\":{}}}",
            NOW + 60
        );
        let caller = signed_caller(input.as_bytes()).unwrap();
        let (header, payload) = input.split_once('\n').unwrap();
        assert_eq!(broken_rule(header.as_bytes(), payload.as_bytes(), &caller), None);
        for (from, to, rule) in [("\"a\"", "\"b\"", "sub"), (AUDIENCE, "x", "aud"), ("\"exp\"", "\"exq\"", "exp")] {
            assert_eq!(broken_rule(header.as_bytes(), payload.replace(from, to).as_bytes(), &caller), Some(rule));
        }
        assert_eq!(broken_rule(header.replace("JWT", "JOSE").as_bytes(), payload.as_bytes(), &caller), Some("typ"));
    }
}
