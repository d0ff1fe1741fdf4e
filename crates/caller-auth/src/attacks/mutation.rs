//! Good tokens with something changed.

use std::collections::HashSet;

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use http::HeaderMap;
use http::header::AUTHORIZATION;
use rand::rngs::StdRng;
use rand::seq::IndexedRandom;
use rand::{Rng, SeedableRng};
use serde_json::{Value, json};

use crate::Authenticator;
use crate::testing::{NOW, Signer, authenticator, claims, hs256_source, public_signers};

/// How many are tried: 5,000, or what the environment says (`ROLLCALL_TOKEN_MUTATIONS=100000`).
fn rounds() -> usize {
    std::env::var("ROLLCALL_TOKEN_MUTATIONS").ok().and_then(|text| text.parse().ok()).unwrap_or(5_000)
}

/// Good tokens of every algorithm and of three callers.
fn good_tokens(signers: &[Signer]) -> Vec<String> {
    let mut tokens = Vec::new();
    for (subject, scope, providers) in [
        ("svc-board", "sessions:read", json!(["huddle01"])),
        ("svc-admin", "sessions:read sessions:moderate", json!([])),
        ("svc-other", "", json!(["rtk-eu", "huddle01"])),
    ] {
        let mut claims = claims();
        claims["sub"] = subject.into();
        claims["scope"] = scope.into();
        claims["providers"] = providers;
        tokens.extend(signers.iter().map(|signer| signer.token(&claims)));
    }
    tokens
}

fn mutate(rng: &mut StdRng, good: &[String]) -> Vec<u8> {
    let token = good.choose(rng).unwrap();
    let mut bytes = token.clone().into_bytes();
    let at = rng.random_range(0..bytes.len());
    match rng.random_range(0..12) {
        0 => bytes[at] ^= 1 << rng.random_range(0..8),
        1 => bytes[at] = *b"ABCDEFxyz0189-_.=+/ ".choose(rng).unwrap(),
        2 => bytes.insert(at, *b"A.=-_ \n\0".choose(rng).unwrap()),
        3 => drop(bytes.remove(at)),
        4 => bytes.truncate(at),
        5 => bytes[at] = if bytes[at].is_ascii_lowercase() { bytes[at] - 32 } else { bytes[at] | 32 },
        6 => {
            let to = rng.random_range(at..bytes.len());
            let piece = bytes[at..=to].to_vec();
            bytes.splice(at..at, piece);
        }
        7 => {
            let other = good.choose(rng).unwrap().as_bytes();
            bytes.truncate(at);
            bytes.extend_from_slice(&other[at.min(other.len())..]);
        }
        8 => return splice_parts(rng, good).into(),
        9 => return edit_part(rng, token, 0, &header_edits()).into(),
        10 => return edit_part(rng, token, 1, &claim_edits()).into(),
        _ => {
            let (from, to) = (rng.random_range(0..bytes.len()), rng.random_range(0..bytes.len()));
            bytes.swap(from, to);
        }
    }
    bytes
}

/// Each part from another token.
fn splice_parts(rng: &mut StdRng, good: &[String]) -> String {
    let mut part = |at: usize| good.choose(rng).unwrap().split('.').nth(at).unwrap();
    [part(0), part(1), part(2)].join(".")
}

/// One of the two JSON parts with one member changed, the signature left as it was.
fn edit_part(rng: &mut StdRng, token: &str, part: usize, edits: &[(&str, Value)]) -> String {
    let mut parts: Vec<String> = token.split('.').map(str::to_owned).collect();
    let mut json: Value = serde_json::from_slice(&URL_SAFE_NO_PAD.decode(&parts[part]).unwrap()).unwrap();
    let (name, value) = edits.choose(rng).unwrap();
    json[*name] = value.clone();
    parts[part] = URL_SAFE_NO_PAD.encode(json.to_string());
    if rng.random_bool(0.1) {
        parts[2].clear();
    }
    parts.join(".")
}

fn header_edits() -> Vec<(&'static str, Value)> {
    let algorithms = ["none", "HS256", "RS256", "PS256", "ES256", "EdDSA", "HS512", ""].map(|alg| ("alg", json!(alg)));
    let kids = ["rs", "ps", "es", "ed", "", "../rs", "x"].map(|kid| ("kid", json!(kid)));
    let others = [("crit", json!(["exp"])), ("zip", json!("DEF")), ("b64", json!(false)), ("typ", json!("JOSE"))];
    algorithms.into_iter().chain(kids).chain(others).collect()
}

fn claim_edits() -> Vec<(&'static str, Value)> {
    vec![
        ("sub", json!("root")),
        ("sub", json!(["svc-board"])),
        ("exp", json!(NOW + 3000)),
        ("exp", json!("never")),
        ("exp", json!(1e18)),
        ("iat", Value::Null),
        ("aud", json!(["rollcall", "rollcall"])),
        ("aud", json!({"0": "rollcall"})),
        ("iss", json!(["https://id.example.internal"])),
        ("scope", json!(["sessions:read", "sessions:moderate"])),
        ("scope", json!("sessions:read sessions:moderate admin")),
        ("providers", Value::Null),
        ("providers", json!("*")),
        ("nbf", json!(0)),
    ]
}

fn without_leading_spaces(token: &[u8]) -> &[u8] {
    &token[token.iter().take_while(|byte| **byte == b' ').count()..]
}

async fn is_accepted(authenticator: &Authenticator, token: &[u8]) -> bool {
    let mut headers = HeaderMap::new();
    let Ok(value) = [b"Bearer ", token].concat().try_into() else { return false };
    headers.insert(AUTHORIZATION, value);
    authenticator.authenticate(&headers).await.is_ok()
}

#[tokio::test(start_paused = true)]
async fn no_changed_token_is_accepted() {
    let (signers, keys) = public_signers();
    let sides = [
        (authenticator(keys), good_tokens(&signers)),
        (authenticator(hs256_source()), good_tokens(&[Signer::hs256()])),
    ];
    let mut rng = StdRng::seed_from_u64(20_261_120);
    let mut tried = 0;
    for (authenticator, good) in &sides {
        for token in good {
            assert!(is_accepted(authenticator, token.as_bytes()).await);
        }
        let originals: HashSet<&[u8]> = good.iter().map(|token| token.as_bytes()).collect();
        for round in 0..rounds().div_ceil(sides.len()) {
            let token = loop {
                let token = mutate(&mut rng, good);
                // Spaces in front are those behind `Bearer`, of which there may be any number.
                if !originals.contains(without_leading_spaces(&token)) {
                    break token;
                }
            };
            tried += 1;
            let accepted = is_accepted(authenticator, &token).await;
            assert!(!accepted, "round {round}: {}", String::from_utf8_lossy(&token));
        }
    }
    assert!(tried >= rounds());
}
