use std::time::Duration;

use http::HeaderMap;
use serde_json::json;
use session_provider::ProviderId;

use super::*;
use crate::Scope;
use crate::key_algorithm::KeyAlgorithm;
use crate::key_config::{KeyConfig, KeySource};
use crate::shared_secret::SharedSecret;
use crate::testing::{Signer, ask, auth_config, authenticator, claims, headers, hs256_source, pem, public_signers};

#[tokio::test(start_paused = true)]
async fn a_good_token_of_each_algorithm_is_accepted() {
    let hs256 = authenticator(hs256_source());
    assert!(hs256.is_ready());
    let caller = ask(&hs256, &Signer::hs256().token(&claims())).await.unwrap();
    assert_eq!(caller.subject(), "svc-board");
    assert!(caller.may(Scope::Read) && caller.sees(&ProviderId::new("huddle01").unwrap()));

    let (signers, keys) = public_signers();
    let public = authenticator(keys);
    for signer in &signers {
        assert!(ask(&public, &signer.token(&claims())).await.is_ok(), "{:?}", signer.algorithm);
    }
}

#[tokio::test(start_paused = true)]
async fn no_header_no_caller() {
    let authenticator = authenticator(hs256_source());
    assert_eq!(authenticator.authenticate(&HeaderMap::new()).await, Err(Unauthenticated));
    let mut twice = headers(&Signer::hs256().token(&claims()));
    twice.append("authorization", twice["authorization"].clone());
    assert_eq!(authenticator.authenticate(&twice).await, Err(Unauthenticated));
}

#[tokio::test(start_paused = true)]
async fn a_key_is_chosen_by_kid_and_algorithm() {
    let (signers, several) = public_signers();
    let KeySource::Pem(configs) = &several else { unreachable!() };
    let one = authenticator(KeySource::Pem(vec![configs[2].clone()]));
    let twins = Signer::new("twin", KeyAlgorithm::ES256);
    let twin_configs = vec![configs[2].clone(), twins.key_config(KeyAlgorithm::ES256)];
    let (twins, several) = (authenticator(KeySource::Pem(twin_configs)), authenticator(several));
    let es = &signers[2];
    let with = |kid: serde_json::Value| {
        let mut header = es.header();
        header["kid"] = kid;
        es.sign(&header.to_string(), &claims().to_string())
    };
    let without = es.sign(r#"{"alg":"ES256","typ":"JWT"}"#, &claims().to_string());

    assert!(ask(&one, &without).await.is_ok());
    assert!(ask(&several, &without).await.is_ok(), "one key fits its algorithm");
    assert!(ask(&twins, &without).await.is_err(), "two keys fit its algorithm");
    assert!(ask(&several, &with(json!("es"))).await.is_ok());
    for kid in ["", "ES", "es ", "es\0", "rs", "../es", "../../../../dev/null", "es' OR '1'='1", "file:///dev/null"] {
        assert!(ask(&one, &with(json!(kid))).await.is_err(), "{kid:?}");
        assert!(ask(&several, &with(json!(kid))).await.is_err(), "{kid:?}");
    }
    let hs256 = Signer::hs256().sign(r#"{"alg":"HS256","typ":"JWT","kid":"any"}"#, &claims().to_string());
    assert!(ask(&authenticator(hs256_source()), &hs256).await.is_ok(), "a secret has no name");
}

#[tokio::test(start_paused = true)]
async fn one_kid_may_stand_for_several_algorithms() {
    let (rs, ps) = (Signer::new("shared", KeyAlgorithm::RS256), Signer::new("shared", KeyAlgorithm::PS256));
    let keys = vec![rs.key_config(KeyAlgorithm::RS256), ps.key_config(KeyAlgorithm::PS256)];
    let authenticator = authenticator(KeySource::Pem(keys));
    for signer in [rs, ps] {
        assert!(ask(&authenticator, &signer.token(&claims())).await.is_ok(), "{:?}", signer.algorithm);
    }
}

#[tokio::test(start_paused = true)]
async fn the_second_use_of_a_token_costs_no_signature_check() {
    let (signers, keys) = public_signers();
    let authenticator = authenticator(keys);
    let token = signers[0].token(&claims());
    let first = ask(&authenticator, &token).await.unwrap();
    for _ in 0..10 {
        assert_eq!(ask(&authenticator, &token).await.unwrap(), first);
    }
    assert_eq!(authenticator.signature_checks(), 1);
}

#[tokio::test(start_paused = true)]
async fn a_remembered_token_dies_at_its_expiry() {
    let authenticator = authenticator(hs256_source());
    let token = Signer::hs256().token(&claims());
    assert!(ask(&authenticator, &token).await.is_ok());
    tokio::time::advance(Duration::from_millis(604_999)).await; // exp is in 600 s, the leeway is 5 s
    assert!(ask(&authenticator, &token).await.is_ok());
    tokio::time::advance(Duration::from_millis(1)).await;
    assert!(ask(&authenticator, &token).await.is_err());
    assert_eq!(authenticator.signature_checks(), 1, "both answers came from memory");
}

#[tokio::test(start_paused = true)]
async fn a_remembered_token_with_any_bit_flipped_is_another_token() {
    let (signers, keys) = public_signers();
    let authenticator = authenticator(keys);
    for signer in &signers {
        let token = signer.token(&claims());
        assert!(ask(&authenticator, &token).await.is_ok());
        for at in 0..token.len() {
            let mut bytes = token.clone().into_bytes();
            bytes[at] ^= 1 << (at % 7);
            let Ok(text) = String::from_utf8(bytes) else { continue };
            let Ok(value) = format!("Bearer {text}").parse() else { continue };
            let mut headers = HeaderMap::new();
            headers.insert("authorization", value);
            assert!(authenticator.authenticate(&headers).await.is_err(), "{:?} byte {at}", signer.algorithm);
        }
    }
}

fn setup_error(keys: KeySource) -> AuthSetupError {
    Authenticator::new(&auth_config(keys), session_provider::Clock::system()).unwrap_err()
}

#[test]
fn a_short_secret_is_refused_and_not_repeated() {
    let reason = SharedSecret::new("short-canary".into()).unwrap_err();
    assert!(reason.contains("32") && !reason.contains("canary"), "{reason}");
    assert!(SharedSecret::new("".into()).is_err());
    let exact = SharedSecret::new("x".repeat(32).into()).unwrap();
    assert_eq!(format!("{exact:?}"), "SharedSecret");
    let exact = KeySource::Hs256(exact);
    assert!(Authenticator::new(&auth_config(exact), session_provider::Clock::system()).is_ok());
}

#[test]
fn whatever_is_not_one_public_key_of_the_algorithm_is_refused_at_the_start() {
    let (signers, _) = public_signers();
    let [rs, _, es, ed, ..] = signers.as_slice() else { unreachable!() };
    let with_private = format!("{}{}", es.pem(), pem("PRIVATE KEY", b"any"));
    let p384 = aws_lc_rs::signature::EcdsaKeyPair::generate(&aws_lc_rs::signature::ECDSA_P384_SHA384_FIXED_SIGNING);
    let p384 = p384_spki(&p384.unwrap());
    for (text, algorithm, part) in [
        (String::new(), KeyAlgorithm::ES256, "exactly one"),
        ("no pem at all".into(), KeyAlgorithm::ES256, "exactly one"),
        ("-----BEGIN PUBLIC KEY-----\n".into(), KeyAlgorithm::ES256, "PEM"),
        (pem("PUBLIC KEY", b""), KeyAlgorithm::ES256, "ES256"),
        (pem("PUBLIC KEY", b"rubbish"), KeyAlgorithm::RS256, "RS256"),
        (pem("RSA PUBLIC KEY", &rs.public_raw), KeyAlgorithm::RS256, "exactly one"),
        (pem("CERTIFICATE", &es.public_der), KeyAlgorithm::ES256, "exactly one"),
        (pem("PRIVATE KEY", &es.public_der), KeyAlgorithm::ES256, "private key"),
        (pem("RSA PRIVATE KEY", &rs.public_der), KeyAlgorithm::RS256, "private key"),
        (pem("EC PRIVATE KEY", &es.public_der), KeyAlgorithm::ES256, "private key"),
        (with_private, KeyAlgorithm::ES256, "private key"),
        (format!("{}{}", es.pem(), ed.pem()), KeyAlgorithm::ES256, "exactly one"),
        (es.pem(), KeyAlgorithm::RS256, "RS256"),
        (es.pem(), KeyAlgorithm::EdDSA, "EdDSA"),
        (rs.pem(), KeyAlgorithm::ES256, "ES256"),
        (rs.pem(), KeyAlgorithm::EdDSA, "EdDSA"),
        (ed.pem(), KeyAlgorithm::PS256, "PS256"),
        (ed.pem(), KeyAlgorithm::ES256, "ES256"),
        (pem("PUBLIC KEY", &p384), KeyAlgorithm::ES256, "ES256"),
        (RSA_1024.into(), KeyAlgorithm::RS256, "1024 bits"),
        (RSA_1024.into(), KeyAlgorithm::PS256, "1024 bits"),
    ] {
        let good = es.key_config(KeyAlgorithm::ES256);
        let bad = KeyConfig { kid: "bad".into(), algorithm, pem: text.clone() };
        let error = setup_error(KeySource::Pem(vec![good, bad]));
        assert_eq!(error.key, "auth.keys[1].pem_file", "{text}");
        assert!(error.reason.contains(part), "{error}\n{text}");
    }
}

fn p384_spki(pair: &aws_lc_rs::signature::EcdsaKeyPair) -> Vec<u8> {
    use aws_lc_rs::encoding::{AsDer, PublicKeyX509Der};
    use aws_lc_rs::signature::KeyPair;
    AsDer::<PublicKeyX509Der<'_>>::as_der(pair.public_key()).unwrap().as_ref().to_vec()
}

#[test]
fn text_may_stand_around_a_key() {
    let (signers, _) = public_signers();
    let text = format!("Issued 2026-11\n{}\nrest", signers[0].pem());
    let config = KeyConfig { kid: "rs".into(), algorithm: KeyAlgorithm::RS256, pem: text };
    let keys = KeySource::Pem(vec![config]);
    assert!(Authenticator::new(&auth_config(keys), session_provider::Clock::system()).unwrap().is_ready());
}

#[test]
fn no_keys_and_equal_kids_are_refused_at_the_start() {
    assert_eq!(setup_error(KeySource::Pem(Vec::new())).key, "auth.keys");
    let (signers, _) = public_signers();
    let config = signers[3].key_config(KeyAlgorithm::EdDSA);
    assert_eq!(setup_error(KeySource::Pem(vec![config.clone(), config])).key, "auth.keys[1].kid");
}

#[tokio::test(start_paused = true)]
async fn neither_the_secret_nor_a_token_shows_in_debug() {
    let authenticator = authenticator(hs256_source());
    let token = Signer::hs256().token(&claims());
    assert!(ask(&authenticator, &token).await.is_ok());
    let text = format!("{authenticator:?}");
    assert!(!text.contains(crate::testing::SECRET) && !text.contains(&token), "{text}");
}

/// Test-only: too short on purpose.
const RSA_1024: &str = "-----BEGIN PUBLIC KEY-----
MIGfMA0GCSqGSIb3DQEBAQUAA4GNADCBiQKBgQDVFjOBngtlHpHzXEVrz08fUbm0
tnoxxUH7dj6tWDD/d0b37ELG2LNYbeyDpisGPlFwQw4N0LDDl0468UG0oOwXDS1t
yVh0F/RrhlMVslDd1m8FJ2PEKVUB5ZhU/Onz3qWERRY5KK0W38I7zI60bK1hKOJs
HLQQQ9urOpprdmLVBwIDAQAB
-----END PUBLIC KEY-----
";
