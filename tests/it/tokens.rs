//! Tokens as real issuers write them: what their headers say, which algorithms they use, how claims are put.

use aws_lc_rs::encoding::{AsDer, Pkcs8V1Der};
use aws_lc_rs::rsa::KeySize;
use aws_lc_rs::signature::{
    ECDSA_P384_SHA384_FIXED_SIGNING, EcdsaKeyPair, KeyPair, RsaKeyPair, RsaPublicKeyComponents,
};
use axum::Router;
use axum::routing::get;
use base64::Engine;
use base64::engine::general_purpose::{STANDARD, URL_SAFE_NO_PAD};
use http::{Method, StatusCode};
use jsonwebtoken::{Algorithm, EncodingKey, crypto};
use rollcall_tests::{SECRET, Setup, Stack, Token};
use serde_json::{Value, json};
use tokio::net::TcpListener;
use tokio::task::JoinSet;

/// Signs the claims of a good token under this header.
fn sign(header: &Value, claims: &Value, key: &EncodingKey, algorithm: Algorithm) -> String {
    let encode = |part: &Value| URL_SAFE_NO_PAD.encode(part.to_string());
    let signed = format!("{}.{}", encode(header), encode(claims));
    let signature = crypto::sign(signed.as_bytes(), key, algorithm).expect("a signature");
    format!("{signed}.{signature}")
}

fn claims() -> Value {
    Value::Object(Token::default().claims().clone())
}

fn with_secret(header: &Value) -> String {
    sign(header, &claims(), &EncodingKey::from_secret(SECRET.as_bytes()), Algorithm::HS256)
}

async fn status(stack: &Stack, token: &str) -> u16 {
    stack.get_as("/v1/providers", Some(token)).await.status.as_u16()
}

/// A gateway whose keys are these, from a key server that lives as long as the set.
async fn gateway(keys: Value) -> (Stack, JoinSet<()>) {
    let listener = TcpListener::bind("127.0.0.1:0").await.expect("a free port");
    let url = format!("http://{}/keys", listener.local_addr().expect("bound"));
    let document = json!({ "keys": keys }).to_string();
    let router = Router::new().route("/keys", get(|| async move { document }));
    let mut tasks = JoinSet::new();
    tasks.spawn(async move { axum::serve(listener, router).await.expect("it serves") });
    let stack = Stack::start_with(Setup { keys: Some(format!("jwks_url = \"{url}\"")), ..Setup::default() }).await;
    while stack.get_as("/readyz", None).await.status != StatusCode::OK {
        tokio::task::yield_now().await;
    }
    (stack, tasks)
}

/// An RSA key of an identity provider, and what a JWK says of it besides name and algorithm.
fn rsa() -> (EncodingKey, Value) {
    let pair = RsaKeyPair::generate(KeySize::Rsa2048).expect("a key");
    let private = AsDer::<Pkcs8V1Der<'_>>::as_der(&pair).expect("PKCS #8");
    let pem =
        format!("-----BEGIN PRIVATE KEY-----\n{}\n-----END PRIVATE KEY-----\n", STANDARD.encode(private.as_ref()));
    let public = RsaPublicKeyComponents::<Vec<u8>>::from(pair.public_key());
    let (n, e) = (URL_SAFE_NO_PAD.encode(public.n), URL_SAFE_NO_PAD.encode(public.e));
    (EncodingKey::from_rsa_pem(pem.as_bytes()).expect("an RSA key"), json!({ "kty": "RSA", "n": n, "e": e }))
}

/// The JWK with more members.
fn named(jwk: &Value, members: Value) -> Value {
    let mut all = jwk.clone();
    if let (Some(all), Value::Object(members)) = (all.as_object_mut(), members) {
        all.extend(members);
    }
    all
}

#[tokio::test]
async fn headers_may_say_what_need_not_be_understood_and_leave_out_the_type() {
    let stack = Stack::start().await;
    for good in [
        json!({ "alg": "HS256" }),
        json!({ "alg": "HS256", "typ": "jwt" }),
        json!({ "alg": "HS256", "typ": "at+jwt" }),
        json!({ "alg": "HS256", "typ": "application/at+jwt" }),
        json!({ "alg": "HS256", "typ": "Application/JWT" }),
        json!({ "alg": "HS256", "typ": "JWT", "kid": "a secret has no name" }),
        json!({ "alg": "HS256", "typ": "JWT", "x5t": "q", "x5t#S256": "q", "x5c": ["AAAA"] }),
        json!({ "alg": "HS256", "typ": "JWT", "nonce": "n", "cty": "JWT", "iss": "https://id.example.internal" }),
        json!({ "alg": "HS256", "typ": "JWT", "b64": true, "unheard_of": { "a": [null] } }),
    ] {
        assert_eq!(status(&stack, &with_secret(&good)).await, 200, "{good}");
    }
    for bad in [
        json!({ "alg": "HS256", "typ": "dpop+jwt" }),
        json!({ "alg": "HS256", "typ": "" }),
        json!({ "alg": "HS256", "typ": null }),
        json!({ "alg": "HS256", "crit": [] }),
        json!({ "alg": "HS256", "crit": ["exp"], "exp": 1 }),
        // microprofile/microprofile-jwt-auth#301: RFC 7797 §7 forbids it in tokens, with `crit` and without.
        json!({ "alg": "HS256", "b64": false }),
        json!({ "alg": "HS256", "jku": "https://evil.example/keys" }),
        json!({ "alg": "HS256", "jwk": { "kty": "oct", "k": "AAAA" } }),
        json!({ "alg": "HS256", "x5u": "https://evil.example/cert" }),
        json!({ "alg": "HS256", "zip": "DEF" }),
        json!({ "alg": "HS256", "enc": "A128GCM" }),
        json!({ "alg": "HS384" }),
        json!({ "alg": "none" }),
        json!({ "typ": "JWT" }),
    ] {
        assert_eq!(status(&stack, &with_secret(&bad)).await, 401, "{bad}");
    }
}

#[tokio::test]
async fn one_or_more_spaces_stand_behind_bearer_and_scopes_may_be_a_list() {
    let stack = Stack::start().await;
    let token = Token::default().sign();
    for header in [format!("Bearer  {token}"), format!("bearer     {token}")] {
        let reply = stack.send(Method::GET, "/v1/providers", None, None, &[("authorization", &header)]).await;
        assert_eq!(reply.status, 200, "{header}");
    }
    let listed = Token::default().claim("scope", json!(["openid", "sessions:read"]));
    assert_eq!(status(&stack, &listed.sign()).await, 200);
    assert_eq!(status(&stack, &Token::default().claim("scope", json!([])).sign()).await, 403);
    assert_eq!(status(&stack, &Token::default().claim("aud", json!(["x", "rollcall"])).sign()).await, 200);
}

#[tokio::test]
async fn one_kid_may_be_listed_for_several_algorithms_and_is_good_for_no_other() {
    let (key, jwk) = rsa();
    let listed = |algorithm: &str| named(&jwk, json!({ "kid": "a", "use": "sig", "alg": algorithm }));
    let (stack, _keys) = gateway(json!([listed("RS256"), listed("PS256")])).await;
    for (name, algorithm, expected) in [
        ("RS256", Algorithm::RS256, 200),
        ("PS256", Algorithm::PS256, 200),
        ("RS384", Algorithm::RS384, 401),
        ("RS512", Algorithm::RS512, 401),
    ] {
        let token = sign(&json!({ "alg": name, "kid": "a" }), &claims(), &key, algorithm);
        assert_eq!(status(&stack, &token).await, expected, "{name}");
    }
    let spliced = sign(&json!({ "alg": "PS256", "kid": "a" }), &claims(), &key, Algorithm::RS256);
    assert_eq!(status(&stack, &spliced).await, 401, "a signature of the other algorithm");
}

#[tokio::test]
async fn a_key_without_an_algorithm_is_for_all_of_its_type_and_what_cannot_be_used_costs_no_other() {
    let (key, jwk) = rsa();
    let pair = EcdsaKeyPair::generate(&ECDSA_P384_SHA384_FIXED_SIGNING).expect("a key");
    let (x, y) = pair.public_key().as_ref()[1..].split_at(48);
    let p384 = json!({ "kty": "EC", "crv": "P-384", "kid": "e", "x": URL_SAFE_NO_PAD.encode(x), "y": URL_SAFE_NO_PAD.encode(y) });
    let rubbish = json!([
        null, 7, "text", [], {}, { "kty": "oct", "kid": "a", "k": "AAAA" }, { "kty": "RSA", "kid": "a", "n": "AQ", "e": "AQAB" },
        named(&jwk, json!({ "kid": "a", "use": "enc", "alg": "RSA-OAEP" })), named(&jwk, json!({ "kid": 7 })),
        named(&jwk, json!({ "kid": "a", "d": "AQ" })), { "kty": "OKP", "crv": "X25519", "kid": "a", "x": "AAAA" },
    ]);
    let mut keys = rubbish.as_array().expect("an array").clone();
    keys.extend((0..100).map(|n| named(&jwk, json!({ "kid": format!("old-{n}"), "alg": "RS256" }))));
    keys.extend([named(&jwk, json!({ "kid": "a" })), p384]);
    let (stack, _keys) = gateway(json!(keys)).await;
    for (name, algorithm) in [
        ("RS256", Algorithm::RS256),
        ("RS384", Algorithm::RS384),
        ("RS512", Algorithm::RS512),
        ("PS256", Algorithm::PS256),
    ] {
        let token = sign(&json!({ "alg": name, "kid": "a" }), &claims(), &key, algorithm);
        assert_eq!(status(&stack, &token).await, 200, "{name}");
    }
    let old = sign(&json!({ "alg": "RS256", "kid": "old-99" }), &claims(), &key, Algorithm::RS256);
    assert_eq!(status(&stack, &old).await, 200, "a hundred keys are held");
    let ec = EncodingKey::from_ec_der(pair.to_pkcs8v1().expect("PKCS #8").as_ref());
    let nameless = |alg: &str, key, algorithm| sign(&json!({ "alg": alg }), &claims(), key, algorithm);
    assert_eq!(status(&stack, &nameless("ES384", &ec, Algorithm::ES384)).await, 200, "one key fits ES384");
    assert_eq!(status(&stack, &nameless("RS256", &key, Algorithm::RS256)).await, 401, "many fit RS256");
    assert_eq!(status(&stack, &nameless("RS512", &key, Algorithm::RS512)).await, 200, "one key fits RS512");
}
