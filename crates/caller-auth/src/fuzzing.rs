//! What `fuzz/` does to tokens.

use std::sync::LazyLock;
use std::time::Duration;

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use http::header::AUTHORIZATION;
use http::{HeaderMap, HeaderValue};
use jsonwebtoken::{Algorithm, EncodingKey, crypto};
use serde_json::{Map, Value};
use session_provider::{Clock, ProviderId, Timestamp};
use tokio::runtime::{Builder, Runtime};

use crate::config::{AuthConfig, ClaimNames, IssuerConfig};
use crate::key_algorithm::KeyAlgorithm;
use crate::key_config::{KeyConfig, KeySource};
use crate::shared_secret::SharedSecret;
use crate::{Authenticator, Caller, Scope, self_test};

/// The present, in seconds since the epoch: 2026-11-20T10:00:00Z.
const NOW: i64 = 1_795_168_800;
const LEEWAY: f64 = 5.0;
const MAX_AGE: f64 = 3600.0;

/// An issuer of the verifier that knows secrets, and what its tokens must be.
struct Table {
    issuer: &'static str,
    secret: &'static str,
    audiences: &'static [&'static str],
    audience_claim: &'static str,
    scope_claims: &'static [&'static str],
    grants: &'static [(Scope, &'static [&'static str])],
    providers_claim: &'static str,
    most_providers: Option<&'static [&'static str]>,
    needs_providers: bool,
    required: Option<(&'static str, &'static str)>,
}

/// One with the usual names, and one with another name for everything.
const TABLES: [Table; 2] = [
    Table {
        issuer: "https://id.example.internal",
        secret: "fuzzing-only secret of 32 bytes or more",
        audiences: &["rollcall"],
        audience_claim: "aud",
        scope_claims: &["scope"],
        grants: &[(Scope::Read, &["sessions:read"]), (Scope::Moderate, &["sessions:moderate"])],
        providers_claim: "providers",
        most_providers: None,
        needs_providers: false,
        required: None,
    },
    Table {
        issuer: "https://mapped.example/",
        secret: "another secret, of as many bytes or more",
        audiences: &["one", "two"],
        audience_claim: "client_id",
        scope_claims: &["scp", "roles"],
        grants: &[(Scope::Read, &["r", "read"]), (Scope::Moderate, &["m"])],
        providers_claim: "custom:providers",
        most_providers: Some(&["huddle01", "rtk-eu"]),
        needs_providers: true,
        required: Some(("token_use", "access")),
    },
];

impl Table {
    #[expect(clippy::expect_used, reason = "for tests and fuzzing only")]
    fn config(&self) -> IssuerConfig {
        let owned = |texts: &[&str]| texts.iter().map(|text| (*text).to_owned()).collect::<Vec<_>>();
        let keys = KeySource::Hs256(SharedSecret::new(self.secret.into()).expect("long enough"));
        let ids = |ids: &[&str]| ids.iter().map(|id| ProviderId::new(id).expect("an id")).collect();
        IssuerConfig {
            name: Some(self.audience_claim.to_owned()),
            max_token_age: Duration::from_secs_f64(MAX_AGE),
            names: ClaimNames {
                scope: owned(self.scope_claims),
                providers: self.providers_claim.to_owned(),
                audience: self.audience_claim.to_owned(),
            },
            scopes: Some(self.grants.iter().map(|(scope, values)| (*scope, owned(values))).collect()),
            providers: self.most_providers.map(ids),
            require_providers_claim: self.needs_providers,
            claims: self.required.iter().map(|(name, value)| ((*name).to_owned(), Value::from(*value))).collect(),
            ..IssuerConfig::new(self.issuer.to_owned(), owned(self.audiences), keys)
        }
    }
}

/// Real verifiers, of the public keys whose private halves were thrown away and of secrets.
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
        key("rs", KeyAlgorithm::RS384, self_test::RSA_KEY),
        key("rs", KeyAlgorithm::RS512, self_test::RSA_KEY),
        key("ps", KeyAlgorithm::PS256, self_test::RSA_KEY),
        key("es", KeyAlgorithm::ES256, self_test::P256_KEY),
        key("es", KeyAlgorithm::ES384, self_test::P384_KEY),
        key("ed", KeyAlgorithm::EdDSA, self_test::ED25519_KEY),
    ]);
    let public = IssuerConfig::new(TABLES[0].issuer.to_owned(), vec!["rollcall".to_owned()], public);
    let verifier = |issuers| {
        let config = AuthConfig { leeway: Duration::from_secs_f64(LEEWAY), issuers };
        let now = Timestamp::from_unix_ms(NOW * 1000).expect("a moment");
        Authenticator::new(&config, Clock::anchored(now)).expect("sound keys")
    };
    let (public, secret) = (verifier(vec![public]), verifier(TABLES.iter().map(Table::config).collect()));
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

/// Signs the first line of the input as header and the rest as payload, as each of the issuers would if it were careless,
/// and shows the tokens to the verifier: what is behind the signature is reached, too.
///
/// # Panics
/// When one is accepted although another reader finds a rule broken, or makes the verifier panic.
pub fn signed_token(input: &[u8]) {
    for table in &TABLES {
        let _ = signed_caller(table, input);
    }
}

fn signed_caller(table: &Table, input: &[u8]) -> Option<Caller> {
    let end = input.iter().position(|byte| *byte == b'\n')?;
    let (header, payload) = (&input[..end], &input[end + 1..]);
    let signed = format!("{}.{}", URL_SAFE_NO_PAD.encode(header), URL_SAFE_NO_PAD.encode(payload));
    LazyLock::force(&VERIFIERS); // chooses jsonwebtoken's crypto
    let key = EncodingKey::from_secret(table.secret.as_bytes());
    let signature = crypto::sign(signed.as_bytes(), &key, Algorithm::HS256).ok()?;
    let caller = ask(&VERIFIERS.secret, format!("{signed}.{signature}").as_bytes())?;
    let broken = broken_rule(table, header, payload, &caller);
    assert_eq!(broken, None, "accepted: {}", String::from_utf8_lossy(input));
    Some(caller)
}

/// The first rule that the token breaks, by a simpler reading than the verifier's.
fn broken_rule(table: &Table, header: &[u8], payload: &[u8], caller: &Caller) -> Option<&'static str> {
    let object = |json| serde_json::from_slice::<Map<String, Value>>(json).unwrap_or_default();
    let (header, claims) = (object(header), object(payload));
    let text = |name| claims.get(name).and_then(Value::as_str);
    let number = |name| claims.get(name).and_then(Value::as_f64).unwrap_or(f64::NAN);
    let typ = header.get("typ").and_then(Value::as_str).unwrap_or_default().to_ascii_lowercase();
    let typ = typ.strip_prefix("application/").unwrap_or(&typ);
    let (exp, iat, now) = (number("exp"), number("iat"), NOW as f64);
    let are_sound = |name: &&str| claims.get(*name).is_none_or(|value| value.is_string() || is_list(value));
    let held: Vec<&str> = table.scope_claims.iter().flat_map(|name| words(claims.get(*name))).collect();
    let grants = |(scope, values): &(Scope, &[&str])| {
        let is_granted = values.iter().any(|value| held.contains(value));
        caller.may(*scope) == is_granted
    };
    let claimed = claims.get(table.providers_claim);
    let rules = [
        ("alg", header.get("alg").is_some_and(|alg| alg == "HS256")),
        ("typ", !header.contains_key("typ") || typ == "jwt" || typ == "at+jwt"),
        ("header", !["crit", "jku", "jwk", "x5u", "zip", "enc"].iter().any(|name| header.contains_key(*name))),
        ("iss", text("iss") == Some(table.issuer) && caller.issuer() == table.issuer),
        ("sub", text("sub") == Some(caller.subject()) && !caller.subject().is_empty()),
        ("aud", list(claims.get(table.audience_claim)).iter().any(|audience| table.audiences.contains(audience))),
        ("exp", exp > now - LEEWAY - 0.001),
        ("iat", iat < now + LEEWAY + 0.001),
        ("age", exp > iat && exp - iat < MAX_AGE + 0.001),
        ("nbf", !claims.contains_key("nbf") || number("nbf") < now + LEEWAY + 0.001),
        ("required", table.required.is_none_or(|(name, value)| text(name) == Some(value))),
        ("scope", table.scope_claims.iter().all(are_sound) && table.grants.iter().all(grants)),
        ("providers", claimed.map_or(!table.needs_providers, is_list) && sees_what_it_may(table, claimed, caller)),
    ];
    rules.into_iter().find(|(_, is_kept)| !is_kept).map(|(rule, _)| rule)
}

fn sees_what_it_may(table: &Table, claimed: Option<&Value>, caller: &Caller) -> bool {
    ["huddle01", "rtk-eu", "rtk-us"].into_iter().all(|id| {
        let claims = claimed.is_none() || list(claimed).contains(&id);
        let may = claims && table.most_providers.is_none_or(|most| most.contains(&id));
        ProviderId::new(id).is_ok_and(|id| caller.sees(&id) == may)
    })
}

/// Whether it is an array of texts.
fn is_list(value: &Value) -> bool {
    value.as_array().is_some_and(|entries| entries.iter().all(Value::is_string))
}

/// A text, or the texts of an array.
fn list(value: Option<&Value>) -> Vec<&str> {
    match value {
        Some(Value::String(text)) => vec![text],
        Some(Value::Array(entries)) => entries.iter().filter_map(Value::as_str).collect(),
        _ => Vec::new(),
    }
}

/// The same, the text being words.
fn words(value: Option<&Value>) -> Vec<&str> {
    match value {
        Some(Value::String(text)) => text.split(' ').collect(),
        other => list(other),
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    /// Runs every file of a target's committed corpus through it.
    fn replay(target: &str, mut run: impl FnMut(&[u8])) {
        let folder = format!("{}/../../fuzz/corpus/{target}", env!("CARGO_MANIFEST_DIR"));
        let files = std::fs::read_dir(folder).unwrap().map(|entry| run(&std::fs::read(entry.unwrap().path()).unwrap()));
        assert!(files.count() >= 20, "{target} has too few files");
    }

    #[test]
    fn the_corpora_are_clean_and_each_issuer_accepts_some_of_them() {
        replay("token", token);
        let mut accepted = [0, 0];
        replay("signed_token", |input| {
            for (table, accepted) in TABLES.iter().zip(&mut accepted) {
                *accepted += usize::from(signed_caller(table, input).is_some());
            }
        });
        assert!(accepted.iter().all(|accepted| *accepted >= 5), "{accepted:?}");
    }

    #[test]
    fn a_good_token_is_accepted_and_a_broken_rule_seen() {
        let common = json!({"sub": "a", "iat": NOW, "exp": NOW + 60});
        let usual = json!({"iss": TABLES[0].issuer, "aud": "rollcall", "scope": "sessions:read"});
        let mapped = json!({
            "iss": TABLES[1].issuer, "client_id": "two", "roles": ["m"], "custom:providers": ["rtk-eu"],
            "token_use": "access"
        });
        for (table, own, others) in [(&TABLES[0], usual, &TABLES[1]), (&TABLES[1], mapped, &TABLES[0])] {
            let mut claims = common.clone();
            claims.as_object_mut().unwrap().extend(own.as_object().unwrap().clone());
            let header = r#"{"alg":"HS256","typ":"JWT"}"#;
            let input = format!("{header}\n{claims}");
            let caller = signed_caller(table, input.as_bytes()).unwrap();
            assert!(signed_caller(others, input.as_bytes()).is_none(), "the secret of one signs for no other");
            let broken = |header: &str, claims: &Value| {
                broken_rule(table, header.as_bytes(), claims.to_string().as_bytes(), &caller)
            };
            assert_eq!(broken(header, &claims), None);
            for (name, value, rule) in [
                ("sub", json!("b"), "sub"),
                (table.audience_claim, json!("x"), "aud"),
                ("exp", json!("soon"), "exp"),
                ("iss", json!(others.issuer), "iss"),
                (table.scope_claims[0], json!(["x", 1]), "scope"),
                (table.scope_claims[0], json!("r sessions:read sessions:moderate"), "scope"),
                (table.providers_claim, json!(["huddle01"]), "providers"),
            ] {
                let mut changed = claims.clone();
                changed[name] = value;
                assert_eq!(broken(header, &changed), Some(rule), "{changed}");
            }
            assert_eq!(broken(&header.replace("JWT", "JOSE"), &claims), Some("typ"));
        }
    }
}
