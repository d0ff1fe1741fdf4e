//! Public keys out of a JWKS document (RFC 7517).

use std::collections::HashMap;

use aws_lc_rs::signature::RsaPublicKeyComponents;
use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use serde::Deserialize;
use serde_json::Value;

use crate::config::KeyAlgorithm;
use crate::key::Key;

/// The most keys that a document may hold.
const MAX_KEYS: usize = 64;

#[derive(Deserialize)]
struct Document {
    keys: Vec<Value>,
}

/// The members that matter. Others (`x5c`, `x5t`, …) say nothing about the key itself.
#[derive(Deserialize)]
struct Jwk {
    kty: String,
    kid: Option<String>,
    alg: Option<String>,
    #[serde(rename = "use")]
    purpose: Option<String>,
    key_ops: Option<Vec<String>>,
    crv: Option<String>,
    n: Option<String>,
    e: Option<String>,
    x: Option<String>,
    y: Option<String>,
    /// The private part, which nobody should publish.
    d: Option<Value>,
}

/// The keys of the document that can verify tokens. Keys that cannot are left out: symmetric ones, those for
/// encryption, those of an unknown type, curve or algorithm, too short ones, private ones. Two different keys of one
/// `kid` are both left out, since a token could mean either; the same key twice counts once.
///
/// # Errors
/// What makes the document as a whole unusable. A document without one usable key is: a key server that is being
/// set up anew must not lock everybody out.
pub(crate) fn keys(document: &[u8]) -> Result<Vec<Key>, &'static str> {
    let Document { keys } = serde_json::from_slice(document).map_err(|_| "not a JWKS document")?;
    if keys.len() > MAX_KEYS {
        return Err("more than 64 keys");
    }
    let mut usable: Vec<Key> = Vec::with_capacity(keys.len());
    for key in keys.into_iter().filter_map(read) {
        if !usable.iter().any(|other| other.is_same(&key)) {
            usable.push(key);
        }
    }
    let mut uses: HashMap<String, usize> = HashMap::new();
    for kid in usable.iter().filter_map(|key| key.kid.clone()) {
        *uses.entry(kid).or_default() += 1;
    }
    usable.retain(|key| key.kid.as_ref().is_none_or(|kid| uses.get(kid) == Some(&1)));
    if usable.is_empty() { Err("no usable key") } else { Ok(usable) }
}

fn read(value: Value) -> Option<Key> {
    let jwk: Jwk = serde_json::from_value(value).ok()?;
    let for_signatures = jwk.purpose.as_deref().is_none_or(|purpose| purpose == "sig");
    let for_verifying = jwk.key_ops.as_ref().is_none_or(|operations| operations.iter().any(|op| op == "verify"));
    if !for_signatures || !for_verifying || jwk.d.is_some() {
        return None;
    }
    let algorithm = algorithm_of(&jwk)?;
    match algorithm {
        KeyAlgorithm::RS256 | KeyAlgorithm::PS256 => {
            let components = RsaPublicKeyComponents { n: decode(jwk.n)?, e: decode(jwk.e)? };
            Key::from_rsa_components(jwk.kid, algorithm, &components).ok()
        }
        KeyAlgorithm::ES256 => {
            let (x, y) = (decode(jwk.x)?, decode(jwk.y)?);
            if x.len() != 32 || y.len() != 32 {
                return None;
            }
            let point = [&[4], x.as_slice(), y.as_slice()].concat(); // SEC 1 §2.3.3, uncompressed
            Key::from_public_der(jwk.kid, algorithm, &point).ok()
        }
        KeyAlgorithm::EdDSA => {
            let x = decode(jwk.x)?;
            if x.len() != 32 {
                return None;
            }
            Key::from_public_der(jwk.kid, algorithm, &x).ok()
        }
    }
}

/// The one algorithm of the key: its `alg` where it has one, else by its type. An RSA key without `alg` is for
/// RS256 alone: it must not be for two (RFC 8725 §3.1).
fn algorithm_of(jwk: &Jwk) -> Option<KeyAlgorithm> {
    let by_type = match (jwk.kty.as_str(), jwk.crv.as_deref()) {
        ("RSA", _) => KeyAlgorithm::RS256,
        ("EC", Some("P-256")) => KeyAlgorithm::ES256,
        ("OKP", Some("Ed25519")) => KeyAlgorithm::EdDSA,
        _ => return None,
    };
    match jwk.alg.as_deref() {
        None => Some(by_type),
        Some("PS256") if by_type == KeyAlgorithm::RS256 => Some(KeyAlgorithm::PS256),
        Some(name) => (name == by_type.as_str()).then_some(by_type),
    }
}

fn decode(text: Option<String>) -> Option<Vec<u8>> {
    URL_SAFE_NO_PAD.decode(text?).ok()
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;
    use crate::testing::{Signer, jwks};

    fn count(keys: Value) -> Result<usize, &'static str> {
        super::keys(json!({ "keys": keys }).to_string().as_bytes()).map(|keys| keys.len())
    }

    fn with(jwk: &Value, name: &str, value: Value) -> Value {
        let mut changed = jwk.clone();
        changed[name] = value;
        changed
    }

    #[test]
    fn the_algorithm_is_the_keys_own_or_goes_with_its_type() {
        let rs = Signer::new("rs", KeyAlgorithm::RS256).jwk();
        let es = Signer::new("es", KeyAlgorithm::ES256).jwk();
        let ed = Signer::new("ed", KeyAlgorithm::EdDSA).jwk();
        assert_eq!(count(json!([rs, es, ed])), Ok(3));
        for (jwk, alg, usable) in [
            (&rs, json!("PS256"), true),
            (&rs, Value::Null, true),
            (&rs, json!("RS384"), false),
            (&rs, json!("RSA-OAEP"), false),
            (&rs, json!("HS256"), false),
            (&rs, json!("none"), false),
            (&es, json!("ES384"), false),
            (&es, json!("EdDSA"), false),
            (&ed, json!("ES256"), false),
            (&ed, json!("Ed25519"), false),
        ] {
            assert_eq!(count(json!([with(jwk, "alg", alg.clone())])).is_ok(), usable, "{alg}");
        }
    }

    #[test]
    fn keys_that_cannot_verify_are_left_out() {
        let es = Signer::new("es", KeyAlgorithm::ES256).jwk();
        for (bad, what) in [
            (with(&es, "use", json!("enc")), "for encryption"),
            (with(&es, "key_ops", json!(["sign"])), "for signing"),
            (with(&es, "d", json!("AAAA")), "private"),
            (with(&es, "crv", json!("P-384")), "another curve"),
            (with(&es, "crv", json!("secp256k1")), "another curve"),
            (with(&es, "kty", json!("XYZ")), "unknown type"),
            (with(&es, "kty", json!("RSA")), "type without its members"),
            (with(&es, "kid", json!(7)), "a kid that is no text"),
            (with(&es, "y", es["x"].clone()), "not on the curve"),
            (with(&es, "x", json!("AAAA")), "too short"),
            (with(&es, "x", json!("!")), "not base64url"),
            (json!({"kty": "oct", "kid": "k", "k": "AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA"}), "symmetric"),
            (
                json!({"kty": "oct", "kid": "k", "alg": "HS256", "k": "AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA"}),
                "symmetric",
            ),
            (json!({"kty": "RSA", "kid": "k", "n": URL_SAFE_NO_PAD.encode([0xff; 128]), "e": "AQAB"}), "1024 bits"),
            (json!({"kty": "RSA", "kid": "k", "n": URL_SAFE_NO_PAD.encode([0xff; 256]), "e": "AQ"}), "exponent 1"),
            (json!({"kty": "RSA", "kid": "k", "n": URL_SAFE_NO_PAD.encode([0xff; 256]), "e": "Aw"}), "exponent 3"),
            (json!({"kty": "RSA", "kid": "k", "n": URL_SAFE_NO_PAD.encode([0xff; 256]), "e": "AQAA"}), "even exponent"),
            (
                json!({"kty": "RSA", "kid": "k", "n": URL_SAFE_NO_PAD.encode([0xff; 256]), "e": "BAAAAAE"}),
                "exponent 2^34",
            ),
            (json!("text"), "no object"),
        ] {
            assert_eq!(count(json!([bad])), Err("no usable key"), "{what}");
            let other = Signer::new("other", KeyAlgorithm::EdDSA).jwk();
            assert_eq!(count(json!([bad, other])), Ok(1), "{what}");
        }
        assert_eq!(count(json!([with(&es, "use", json!("sig"))])), Ok(1));
        assert_eq!(count(json!([with(&es, "key_ops", json!(["verify"]))])), Ok(1));
    }

    #[test]
    fn two_keys_of_one_name_are_both_left_out_and_one_key_twice_counts_once() {
        let (one, other) = (Signer::new("a", KeyAlgorithm::ES256).jwk(), Signer::new("a", KeyAlgorithm::ES256).jwk());
        let third = Signer::new("b", KeyAlgorithm::ES256).jwk();
        assert_eq!(count(json!([one, one])), Ok(1));
        assert_eq!(count(json!([one, other])), Err("no usable key"));
        let left = super::keys(json!({"keys": [one, third, other]}).to_string().as_bytes()).unwrap();
        assert_eq!(left.iter().map(|key| key.kid.as_deref()).collect::<Vec<_>>(), [Some("b")]);
    }

    #[test]
    fn an_unusable_document_says_why() {
        for bytes in ["", "[]", "{}", r#"{"keys":{}}"#, r#"{"keys":null}"#, "<html>", r#"{"keys":[]"#] {
            assert_eq!(super::keys(bytes.as_bytes()).map(|_| ()), Err("not a JWKS document"), "{bytes}");
        }
        assert_eq!(count(json!([])), Err("no usable key"));
        let key = Signer::new("a", KeyAlgorithm::EdDSA);
        assert!(super::keys(&jwks(&vec![&key; 64])).is_ok());
        assert_eq!(super::keys(&jwks(&vec![&key; 65])).map(|_| ()), Err("more than 64 keys"));
    }
}
