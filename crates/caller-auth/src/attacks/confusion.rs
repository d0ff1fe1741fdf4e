//! Algorithms that are not the key's.

use std::collections::BTreeSet;

use aws_lc_rs::hmac;
use base64::Engine;
use base64::engine::general_purpose::{STANDARD, URL_SAFE_NO_PAD};
use serde_json::{Value, json};

use crate::testing::{SECRET, Signer, ask, authenticator, claims, hs256_source, pem, public_signers};

fn unsigned(header: &str) -> String {
    format!("{}.{}", URL_SAFE_NO_PAD.encode(header), URL_SAFE_NO_PAD.encode(claims().to_string()))
}

fn with_hmac(header: &Value, secret: &[u8]) -> String {
    let signed = unsigned(&header.to_string());
    let tag = hmac::sign(&hmac::Key::new(hmac::HMAC_SHA256, secret), signed.as_bytes());
    format!("{signed}.{}", URL_SAFE_NO_PAD.encode(tag.as_ref()))
}

/// `none` in its 16 letter cases and eight other guises.
fn nones() -> Vec<String> {
    let mut headers: BTreeSet<String> = (0..16_u32)
        .map(|upper| {
            let letter = |(at, letter): (usize, char)| {
                if upper >> at & 1 == 1 { letter.to_ascii_uppercase() } else { letter }
            };
            "none".chars().enumerate().map(letter).collect::<String>()
        })
        .map(|name| json!({"alg": name, "typ": "JWT"}).to_string())
        .collect();
    for alg in [json!(""), json!(" none"), json!("none\0"), json!(null), json!(false), json!(["none"])] {
        headers.insert(json!({"alg": alg, "typ": "JWT"}).to_string());
    }
    headers.insert(r#"{"alg":"n\u006fne","typ":"JWT"}"#.into());
    headers.insert(r#"{"typ":"JWT"}"#.into());
    headers.into_iter().collect()
}

#[tokio::test(start_paused = true)]
async fn none_in_24_forms_is_refused_with_and_without_a_signature() {
    let forms = nones();
    assert_eq!(forms.len(), 24);
    let (signers, keys) = public_signers();
    let (public, secret) = (authenticator(keys), authenticator(hs256_source()));
    for header in forms {
        let signed = unsigned(&header);
        let good = Signer::hs256().sign(&header, &claims().to_string());
        let signature = good.rsplit_once('.').unwrap().1;
        for token in [format!("{signed}."), format!("{signed}.AA"), format!("{signed}.{signature}"), signed.clone()] {
            assert!(ask(&secret, &token).await.is_err(), "{header}");
            assert!(ask(&public, &token).await.is_err(), "{header}");
        }
        for signer in &signers {
            if let Ok(Value::Object(mut named)) = serde_json::from_str::<Value>(&header) {
                named.insert("kid".into(), signer.kid.into());
                let named = Value::Object(named).to_string();
                let signed = signer.sign(&named, &claims().to_string());
                assert!(ask(&public, &signed).await.is_err(), "{named}");
                assert!(ask(&public, &format!("{}.", unsigned(&named))).await.is_err(), "{named}");
            }
        }
    }
}

#[tokio::test(start_paused = true)]
async fn a_public_key_in_12_forms_is_no_hmac_secret() {
    let (signers, keys) = public_signers();
    let authenticator = authenticator(keys);
    for signer in &signers {
        let (text, der, raw) = (signer.pem(), &signer.public_der, &signer.public_raw);
        let body = STANDARD.encode(der);
        let wrapped =
            body.as_bytes().chunks(64).map(|line| String::from_utf8_lossy(line)).collect::<Vec<_>>().join("\n");
        let forms: [Vec<u8>; 12] = [
            text.clone().into(),
            text.trim_end().into(),
            text.replace('\n', "\r\n").into(),
            format!("-----BEGIN PUBLIC KEY-----\n{wrapped}\n-----END PUBLIC KEY-----\n").into(),
            pem("RSA PUBLIC KEY", raw).into(),
            body.clone().into(),
            wrapped.into(),
            der.clone(),
            raw.clone(),
            URL_SAFE_NO_PAD.encode(raw).into(),
            signer.jwk().to_string().into(),
            Vec::new(),
        ];
        for (form, secret) in forms.iter().enumerate() {
            for algorithm in ["HS256", "HS384", "HS512", "RS256", "ES256"] {
                let header = json!({"alg": algorithm, "typ": "JWT", "kid": signer.kid});
                let token = with_hmac(&header, secret);
                assert!(ask(&authenticator, &token).await.is_err(), "{:?} form {form}", signer.algorithm);
            }
        }
    }
}

#[tokio::test(start_paused = true)]
async fn a_key_verifies_its_own_algorithm_alone() {
    let (signers, keys) = public_signers();
    let authenticator = authenticator(keys);
    let names = ["HS256", "RS256", "RS384", "RS512", "PS256", "PS384", "ES256", "ES384", "EdDSA", "Ed25519", "rs256"];
    for signer in &signers {
        for name in names {
            let header = json!({"alg": name, "typ": "JWT", "kid": signer.kid});
            let token = signer.sign(&header.to_string(), &claims().to_string());
            let own = name == format!("{:?}", signer.algorithm);
            assert_eq!(ask(&authenticator, &token).await.is_ok(), own, "{:?} says {name}", signer.algorithm);
        }
        for other in signers.iter().filter(|other| other.kid != signer.kid) {
            let token = signer.sign(&other.header().to_string(), &claims().to_string());
            assert!(ask(&authenticator, &token).await.is_err(), "{:?} as {:?}", signer.algorithm, other.algorithm);
        }
    }
}

#[tokio::test(start_paused = true)]
async fn another_secret_is_refused_and_so_is_another_hash() {
    let secret = authenticator(hs256_source());
    let header = json!({"alg": "HS256", "typ": "JWT"});
    assert!(ask(&secret, &with_hmac(&header, SECRET.as_bytes())).await.is_ok());
    for wrong in [b"" as &[u8], b"secret", &SECRET.as_bytes()[1..], &[SECRET.as_bytes(), b"x"].concat()] {
        assert!(ask(&secret, &with_hmac(&header, wrong)).await.is_err());
    }
    for name in ["HS384", "HS512", "hs256", "HS256 ", "RS256"] {
        let token = with_hmac(&json!({"alg": name, "typ": "JWT"}), SECRET.as_bytes());
        assert!(ask(&secret, &token).await.is_err(), "{name}");
    }
}

#[tokio::test(start_paused = true)]
async fn a_signature_of_another_shape_is_refused() {
    let (signers, keys) = public_signers();
    let authenticator = authenticator(keys);
    for signer in &signers {
        let good = signer.token(&claims());
        let (signed, signature) = good.rsplit_once('.').unwrap();
        let bytes = URL_SAFE_NO_PAD.decode(signature).unwrap();
        let der = [&[0x30, 68, 2, 32], &bytes[..32], &[2, 32], &bytes[32..64]].concat();
        for (what, shape) in [
            ("empty", Vec::new()),
            ("zeroes (CVE-2022-21449)", vec![0; bytes.len()]),
            ("ones", vec![0xff; bytes.len()]),
            ("short", bytes[..bytes.len() - 1].to_vec()),
            ("long", [bytes.as_slice(), &[0]].concat()),
            ("led by a zero", [&[0], bytes.as_slice()].concat()),
            ("twice", [bytes.as_slice(), bytes.as_slice()].concat()),
            ("in DER", der),
        ] {
            let token = format!("{signed}.{}", URL_SAFE_NO_PAD.encode(shape));
            assert!(ask(&authenticator, &token).await.is_err(), "{:?} {what}", signer.algorithm);
        }
    }
}

#[tokio::test(start_paused = true)]
async fn a_key_that_the_token_brings_along_is_not_used() {
    let (signers, keys) = public_signers();
    let authenticator = authenticator(keys);
    for own in &signers {
        let attacker = Signer::new("es", crate::key_algorithm::KeyAlgorithm::ES256);
        for (name, value) in [
            ("jwk", attacker.jwk()),
            ("jku", json!("https://evil.example/keys")),
            ("x5u", json!("https://evil.example/cert")),
            ("x5c", json!([STANDARD.encode(&attacker.public_der)])),
        ] {
            let mut header = json!({"alg": "ES256", "typ": "JWT", "kid": own.kid});
            header[name] = value;
            assert!(ask(&authenticator, &attacker.sign(&header.to_string(), &claims().to_string())).await.is_err());
        }
        let plain = attacker.sign(&own.header().to_string(), &claims().to_string());
        assert!(ask(&authenticator, &plain).await.is_err(), "another key under a known kid");
    }
}
