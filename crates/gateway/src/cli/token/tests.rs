use std::path::PathBuf;
use std::time::Duration;

use aws_lc_rs::encoding::{AsDer, Pkcs8V1Der, PublicKeyX509Der};
use aws_lc_rs::rsa::{KeyPair as RsaKeyPair, KeySize};
use aws_lc_rs::signature::{
    ECDSA_P256_SHA256_FIXED_SIGNING, ECDSA_P384_SHA384_FIXED_SIGNING, EcdsaKeyPair, Ed25519KeyPair, KeyPair,
};
use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use caller_auth::KeyAlgorithm;
use jsonwebtoken::{Algorithm, DecodingKey, Validation};
use rstest::rstest;
use serde::Deserialize;
use session_provider::Timestamp;

use super::*;

const SECRET: &str = "0123456789abcdef0123456789abcdef";

fn config(keys: &str) -> Config {
    let text = format!(
        "[auth]\nissuer = 'i'\naudience = 'a'\n{keys}\n[providers.huddle01]\nkind = 'huddle01'\napi_key = 'k'\n\
         [providers.rtk-eu]\nkind = 'realtimekit'\naccount_id = 'a'\napp_id = 'a'\napi_token = 't'\n"
    );
    Config::parse(&text, Path::new(""), []).unwrap()
}

fn hs256() -> Config {
    config(&format!("hs256_secret = '{SECRET}'"))
}

fn order() -> TokenOrder {
    TokenOrder {
        config: PathBuf::new(),
        sub: "dashboard".to_owned(),
        scope: "sessions:read".to_owned(),
        issuer: None,
        providers: None,
        ttl: Duration::from_secs(600),
        key: None,
        kid: None,
        algorithm: None,
    }
}

fn clock() -> Clock {
    Clock::anchored(Timestamp::parse_rfc3339("2026-11-20T10:00:00Z").unwrap())
}

/// What a token of the tests says.
#[derive(Debug, PartialEq, Eq, Deserialize)]
struct Claims {
    iss: String,
    aud: String,
    sub: String,
    scope: String,
    iat: i64,
    exp: i64,
    providers: Option<Vec<String>>,
}

fn read(token: &str, key: &DecodingKey, algorithm: Algorithm) -> Claims {
    let mut validation = Validation::new(algorithm);
    validation.validate_exp = false;
    validation.set_audience(&["a"]);
    validation.set_issuer(&["i"]);
    jsonwebtoken::decode::<Claims>(token, key, &validation).unwrap().claims
}

/// What the token says, if it verifies with the public key.
fn read_public(token: &str, public: &KeyConfig) -> Claims {
    let pem = public.pem.as_bytes();
    let key = match public.algorithm {
        KeyAlgorithm::RS256 | KeyAlgorithm::RS384 | KeyAlgorithm::RS512 | KeyAlgorithm::PS256 => {
            DecodingKey::from_rsa_pem(pem)
        }
        KeyAlgorithm::ES256 | KeyAlgorithm::ES384 => DecodingKey::from_ec_pem(pem),
        KeyAlgorithm::EdDSA => DecodingKey::from_ed_pem(pem),
    };
    read(token, &key.unwrap(), public.algorithm.as_str().parse().unwrap())
}

#[test]
fn a_token_signed_with_the_secret_says_what_was_ordered() {
    let order = TokenOrder { providers: Some("rtk-eu, huddle01".to_owned()), ..order() };
    let token = sign(&order, &hs256(), clock()).unwrap();
    let claims = read(&token, &DecodingKey::from_secret(SECRET.as_bytes()), Algorithm::HS256);
    let iat = Timestamp::parse_rfc3339("2026-11-20T10:00:00Z").unwrap().unix_seconds();
    let expected = Claims {
        iss: "i".to_owned(),
        aud: "a".to_owned(),
        sub: "dashboard".to_owned(),
        scope: "sessions:read".to_owned(),
        iat,
        exp: iat + 600,
        providers: Some(vec!["rtk-eu".to_owned(), "huddle01".to_owned()]),
    };
    assert_eq!(claims, expected);
    assert_eq!(jsonwebtoken::decode_header(&token).unwrap().typ.as_deref(), Some("JWT"));
}

#[test]
fn no_providers_is_not_the_same_as_none_said() {
    let key = DecodingKey::from_secret(SECRET.as_bytes());
    let signed = |providers: Option<&str>| {
        let order = TokenOrder { providers: providers.map(str::to_owned), ..order() };
        read(&sign(&order, &hs256(), clock()).unwrap(), &key, Algorithm::HS256).providers
    };
    assert_eq!(signed(Some("")), Some(vec![]));
    assert_eq!(signed(None), None);
}

fn refusal(order: &TokenOrder, config: &Config) -> String {
    let failure = sign(order, config, clock()).unwrap_err();
    assert_eq!(format!("{:?}", failure.exit_code()), format!("{:?}", std::process::ExitCode::from(2)));
    failure.to_string()
}

#[test]
fn what_the_gateway_would_refuse_is_not_signed() {
    let too_long = TokenOrder { ttl: Duration::from_secs(3601), ..order() };
    assert!(refusal(&too_long, &hs256()).starts_with("--ttl is over auth.max_token_age, which is 1h"));
    let unknown = TokenOrder { providers: Some("rtk-us".to_owned()), ..order() };
    assert!(refusal(&unknown, &hs256()).contains("rtk-eu"));
    assert!(refusal(&TokenOrder { sub: " ".to_owned(), ..order() }, &hs256()).starts_with("--sub"));
    let needless = TokenOrder { key: Some("k.pem".into()), ..order() };
    assert!(refusal(&needless, &hs256()).starts_with("--key"));
}

/// A folder of key files that goes away with it.
struct Keys(PathBuf);

impl Keys {
    fn new() -> Self {
        let folder = std::env::temp_dir().join(format!("rollcall-token-{}", uuid::Uuid::now_v7()));
        std::fs::create_dir_all(&folder).unwrap();
        Self(folder)
    }

    /// Writes a new pair for the algorithm; answers the private and the public file.
    fn pair(&self, name: &str, algorithm: KeyAlgorithm) -> (PathBuf, PathBuf) {
        let (private, public) = match algorithm {
            KeyAlgorithm::EdDSA => {
                let pair = Ed25519KeyPair::generate().unwrap();
                let private = pair.to_pkcs8v1().unwrap().as_ref().to_vec();
                (private, AsDer::<PublicKeyX509Der>::as_der(pair.public_key()).unwrap().as_ref().to_vec())
            }
            KeyAlgorithm::ES256 | KeyAlgorithm::ES384 => {
                let is_256 = algorithm == KeyAlgorithm::ES256;
                let curve = if is_256 { &ECDSA_P256_SHA256_FIXED_SIGNING } else { &ECDSA_P384_SHA384_FIXED_SIGNING };
                let pair = EcdsaKeyPair::generate(curve).unwrap();
                let private = pair.to_pkcs8v1().unwrap().as_ref().to_vec();
                (private, AsDer::<PublicKeyX509Der>::as_der(pair.public_key()).unwrap().as_ref().to_vec())
            }
            KeyAlgorithm::RS256 | KeyAlgorithm::RS384 | KeyAlgorithm::RS512 | KeyAlgorithm::PS256 => {
                let pair = RsaKeyPair::generate(KeySize::Rsa2048).unwrap();
                let private = AsDer::<Pkcs8V1Der<'_>>::as_der(&pair).unwrap().as_ref().to_vec();
                (private, AsDer::<PublicKeyX509Der<'_>>::as_der(pair.public_key()).unwrap().as_ref().to_vec())
            }
        };
        let write = |label: &str, der: &[u8]| {
            let path = self.0.join(format!("{name}.{}.pem", label.replace(' ', "-")));
            let text = STANDARD.encode(der);
            std::fs::write(&path, format!("-----BEGIN {label}-----\n{text}\n-----END {label}-----\n")).unwrap();
            path
        };
        (write("PRIVATE KEY", &private), write("PUBLIC KEY", &public))
    }
}

impl Drop for Keys {
    fn drop(&mut self) {
        let _ = std::fs::remove_dir_all(&self.0);
    }
}

fn entry(kid: &str, algorithm: KeyAlgorithm, public: &Path) -> String {
    format!("{{ kid = '{kid}', algorithm = '{}', pem_file = '{}' }}", algorithm.as_str(), public.display())
}

#[rstest]
fn a_private_key_signs_what_its_configured_public_half_verifies(
    #[values(KeyAlgorithm::RS512, KeyAlgorithm::PS256, KeyAlgorithm::ES256, KeyAlgorithm::ES384, KeyAlgorithm::EdDSA)]
    algorithm: KeyAlgorithm,
) {
    let keys = Keys::new();
    let (private, public) = keys.pair("a", algorithm);
    let config = config(&format!("keys = [{}]", entry("2026-11", algorithm, &public)));
    let token = sign(&TokenOrder { key: Some(private), ..order() }, &config, clock()).unwrap();
    let header = jsonwebtoken::decode_header(&token).unwrap();
    assert_eq!((header.kid.as_deref(), header.alg), (Some("2026-11"), algorithm.as_str().parse().unwrap()));
    let KeySource::Pem(configured) = &config.auth.issuers[0].keys else { panic!() };
    let decoded = read_public(&token, &configured[0]);
    assert_eq!(decoded.sub, "dashboard");

    let (stranger, _) = keys.pair("b", algorithm);
    let error = refusal(&TokenOrder { key: Some(stranger), ..order() }, &config);
    assert!(error.contains("not the private half"), "{error}");
    let error = refusal(&TokenOrder { key: Some(public), ..order() }, &config);
    assert!(error.contains("no private key"), "{error}");
    assert!(refusal(&order(), &config).contains("--key"));
}

#[test]
fn of_several_issuers_one_must_be_named_and_the_token_says_things_its_way() {
    let text = "[auth.issuers.a]\nissuer = 'a'\naudience = 'x'\nhs256_secret = '0123456789abcdef0123456789abcdef'\n\
                [auth.issuers.b]\nissuer = 'b'\naudience = ['y', 'z']\naudience_claim = 'client_id'\n\
                scope_claim = 'scp'\nscopes = { 'sessions:read' = ['read', 'r'] }\nclaims = { token_use = 'access' }\n\
                hs256_secret = 'another-secret-of-at-least-32-bytes'\n\
                [providers.huddle01]\nkind = 'huddle01'\napi_key = 'k'\n";
    let config = Config::parse(text, Path::new(""), []).unwrap();
    for (issuer, named) in [(None, "a, b"), (Some("c"), "a, b")] {
        let order = TokenOrder { issuer: issuer.map(str::to_owned), ..order() };
        assert!(refusal(&order, &config).contains(named));
    }
    let token = sign(&TokenOrder { issuer: Some("b".to_owned()), ..order() }, &config, clock()).unwrap();
    let payload = token.split('.').nth(1).unwrap();
    let claims: serde_json::Value =
        serde_json::from_slice(&base64::engine::general_purpose::URL_SAFE_NO_PAD.decode(payload).unwrap()).unwrap();
    assert_eq!((&claims["iss"], &claims["client_id"], &claims["scp"]), (&"b".into(), &"y".into(), &"read".into()));
    assert_eq!((claims.get("aud"), &claims["token_use"]), (None, &"access".into()));
}

#[test]
fn of_several_keys_one_must_be_named() {
    let keys = Keys::new();
    let (private, public) = keys.pair("a", KeyAlgorithm::EdDSA);
    let (_, other) = keys.pair("b", KeyAlgorithm::ES256);
    let entries = [entry("one", KeyAlgorithm::EdDSA, &public), entry("two", KeyAlgorithm::ES256, &other)];
    let config = config(&format!("keys = [{}]", entries.join(", ")));
    let with = |kid: Option<&str>| TokenOrder { key: Some(private.clone()), kid: kid.map(str::to_owned), ..order() };
    assert!(refusal(&with(None), &config).contains("one, two"));
    assert!(refusal(&with(Some("three")), &config).contains("one, two"));
    let token = sign(&with(Some("one")), &config, clock()).unwrap();
    assert_eq!(jsonwebtoken::decode_header(&token).unwrap().kid.as_deref(), Some("one"));
}

#[test]
fn with_a_key_server_the_order_says_which_key_it_is() {
    let keys = Keys::new();
    let (private, _) = keys.pair("a", KeyAlgorithm::ES256);
    let config = config("jwks_url = 'https://id.example/jwks'");
    let bare = TokenOrder { key: Some(private), ..order() };
    assert!(refusal(&bare, &config).contains("--kid and --algorithm"));
    let named = TokenOrder { kid: Some("k".to_owned()), algorithm: Some(KeyAlgorithm::ES256), ..bare };
    let token = sign(&named, &config, clock()).unwrap();
    assert_eq!(jsonwebtoken::decode_header(&token).unwrap().alg, Algorithm::ES256);
}
