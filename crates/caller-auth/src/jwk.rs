//! Public keys out of a JWKS document (RFC 7517).

use aws_lc_rs::signature::RsaPublicKeyComponents;
use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use serde::Deserialize;
use serde::de::IgnoredAny;
use serde_json::value::RawValue;

use crate::key::{Key, digits};
use crate::key_algorithm::KeyAlgorithm;

/// The most keys that are held of a document, each counting once for every algorithm that it stands for.
const MAX_KEYS: usize = 512;

/// The keys as they stand there: one that cannot be read must not cost the others.
#[derive(Deserialize)]
struct Document<'a> {
    #[serde(borrow)]
    keys: Vec<&'a RawValue>,
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
    d: Option<IgnoredAny>,
}

/// The keys of the document that can verify tokens. Those that cannot are left out, never the whole set: symmetric
/// ones, those for encryption, those of an unknown type, curve or algorithm, too short ones, private ones, and what
/// comes after [`MAX_KEYS`]. One `kid` may stand for several keys; the same key twice counts once.
///
/// # Errors
/// What makes the document as a whole unusable. A document without one usable key is: a key server that is being
/// set up anew must not lock everybody out.
pub(crate) fn keys(document: &[u8]) -> Result<Vec<Key>, &'static str> {
    let Document { keys } = serde_json::from_slice(document).map_err(|_| "not a JWKS document")?;
    let mut usable: Vec<Key> = Vec::with_capacity(keys.len().min(MAX_KEYS));
    for key in keys.into_iter().flat_map(read) {
        if usable.len() >= MAX_KEYS {
            tracing::warn!(most = MAX_KEYS, "the key server lists more keys than are held; the rest is left out");
            break;
        }
        if !usable.iter().any(|other| other.is_same(&key)) {
            usable.push(key);
        }
    }
    if usable.is_empty() { Err("no usable key") } else { Ok(usable) }
}

/// A key for each algorithm that it stands for.
fn read(json: &RawValue) -> Vec<Key> {
    let Ok(jwk) = serde_json::from_str::<Jwk>(json.get()) else { return Vec::new() };
    let for_signatures = jwk.purpose.as_deref().is_none_or(|purpose| purpose == "sig");
    let for_verifying = jwk.key_ops.as_ref().is_none_or(|operations| operations.iter().any(|op| op == "verify"));
    if !for_signatures || !for_verifying || jwk.d.is_some() {
        return Vec::new();
    }
    algorithms_of(&jwk).into_iter().filter_map(|algorithm| key(&jwk, algorithm)).collect()
}

fn key(jwk: &Jwk, algorithm: KeyAlgorithm) -> Option<Key> {
    let kid = jwk.kid.clone();
    let point = |bytes: usize| {
        let (x, y) = (coordinate(&jwk.x, bytes)?, coordinate(&jwk.y, bytes)?);
        Some([&[4], x.as_slice(), y.as_slice()].concat()) // SEC 1 §2.3.3, uncompressed
    };
    let der = match algorithm {
        KeyAlgorithm::RS256 | KeyAlgorithm::RS384 | KeyAlgorithm::RS512 | KeyAlgorithm::PS256 => {
            let components = RsaPublicKeyComponents { n: decode(&jwk.n)?, e: decode(&jwk.e)? };
            return Key::from_rsa_components(kid, algorithm, &components).ok();
        }
        KeyAlgorithm::ES256 => point(32)?,
        KeyAlgorithm::ES384 => point(48)?,
        KeyAlgorithm::EdDSA => decode(&jwk.x).filter(|decoded| decoded.len() == 32)?,
    };
    Key::from_public_der(kid, algorithm, &der).ok()
}

/// What the key is for: its own `alg`, or, where it has none, whatever its type can do.
fn algorithms_of(jwk: &Jwk) -> Vec<KeyAlgorithm> {
    let by_type: &[KeyAlgorithm] = match (jwk.kty.as_str(), jwk.crv.as_deref()) {
        ("RSA", _) => &[KeyAlgorithm::RS256, KeyAlgorithm::RS384, KeyAlgorithm::RS512, KeyAlgorithm::PS256],
        ("EC", Some("P-256")) => &[KeyAlgorithm::ES256],
        ("EC", Some("P-384")) => &[KeyAlgorithm::ES384],
        ("OKP", Some("Ed25519")) => &[KeyAlgorithm::EdDSA],
        _ => &[],
    };
    by_type.iter().copied().filter(|algorithm| jwk.alg.as_deref().is_none_or(|alg| alg == algorithm.as_str())).collect()
}

/// A coordinate of a curve's point, of so many bytes. Some libraries leave off zeros in front or write one too many,
/// against RFC 7518 §6.2.1.2, in one of some hundred keys: the number is the same.
fn coordinate(text: &Option<String>, bytes: usize) -> Option<Vec<u8>> {
    let decoded = decode(text)?;
    let digits = digits(&decoded);
    let zeros = bytes.checked_sub(digits.len())?;
    Some([vec![0; zeros].as_slice(), digits].concat())
}

fn decode(text: &Option<String>) -> Option<Vec<u8>> {
    URL_SAFE_NO_PAD.decode(text.as_ref()?).ok()
}

#[cfg(test)]
mod tests {
    use serde_json::{Value, json};

    use super::*;
    use crate::compact::CompactToken;
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
            (&rs, json!("RS384"), true),
            (&rs, json!("RS512"), true),
            (&rs, json!("PS384"), false),
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
            (with(&es, "crv", json!("P-384")), "too short for its curve"),
            (with(&es, "crv", json!("P-521")), "another curve"),
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
    fn one_name_may_stand_for_several_keys_and_one_key_twice_counts_once() {
        let (one, other) = (Signer::new("a", KeyAlgorithm::ES256).jwk(), Signer::new("a", KeyAlgorithm::ES256).jwk());
        assert_eq!(count(json!([one, one])), Ok(1));
        assert_eq!(count(json!([one, other])), Ok(2));
        let rsa = Signer::new("a", KeyAlgorithm::RS256).jwk();
        assert_eq!(count(json!([rsa, with(&rsa, "alg", json!("PS256"))])), Ok(2), "RS256 and PS256 under one kid");
        assert_eq!(count(json!([with(&rsa, "alg", Value::Null)])), Ok(4), "whatever its type can do");
        assert_eq!(count(json!([Signer::new("b", KeyAlgorithm::ES384).jwk()])), Ok(1));
    }

    #[test]
    fn a_key_that_cannot_be_read_at_all_is_left_out_too() {
        let good = Signer::new("a", KeyAlgorithm::EdDSA).jwk();
        for bad in [r#"{"kty":"EC","kid":"\ud800"}"#, r#"{"kty":"EC","kty":"EC"}"#, r#"{"kty":1e999}"#, "null", "[[]]"]
        {
            let document = format!(r#"{{"keys":[{bad},{good}],"issuer":"x"}}"#);
            assert_eq!(super::keys(document.as_bytes()).map(|keys| keys.len()), Ok(1), "{bad}");
        }
    }

    #[test]
    fn a_modulus_with_a_zero_in_front_is_the_same_key() {
        let signer = Signer::new("rs", KeyAlgorithm::RS256);
        let mut jwk = signer.jwk();
        let n = URL_SAFE_NO_PAD.decode(jwk["n"].as_str().unwrap()).unwrap();
        jwk["n"] = URL_SAFE_NO_PAD.encode([[0].as_slice(), &n].concat()).into(); // as Java's BigInteger writes it
        let [key] = <[Key; 1]>::try_from(super::keys(json!({"keys": [jwk]}).to_string().as_bytes()).unwrap()).unwrap();
        let token = signer.token(&json!({}));
        assert_eq!(key.verify(&CompactToken::parse(&token).unwrap()), Ok(()));
    }

    #[test]
    fn a_coordinate_without_its_zeros_in_front_is_the_same_point() {
        let is_short = |jwk: &Value| URL_SAFE_NO_PAD.decode(jwk["x"].as_str().unwrap()).unwrap()[0] == 0;
        let signer =
            std::iter::repeat_with(|| Signer::new("es", KeyAlgorithm::ES256)).find(|s| is_short(&s.jwk())).unwrap();
        let mut jwk = signer.jwk();
        let x = URL_SAFE_NO_PAD.decode(jwk["x"].as_str().unwrap()).unwrap();
        for written in [digits(&x).to_vec(), [[0].as_slice(), &x].concat()] {
            jwk["x"] = URL_SAFE_NO_PAD.encode(written).into();
            let keys = super::keys(json!({"keys": [jwk]}).to_string().as_bytes()).unwrap();
            let token = signer.token(&json!({}));
            assert_eq!(keys[0].verify(&CompactToken::parse(&token).unwrap()), Ok(()));
        }
    }

    #[test]
    fn an_unusable_document_says_why() {
        for bytes in ["", "[]", "{}", r#"{"keys":{}}"#, r#"{"keys":null}"#, "<html>", r#"{"keys":[]"#] {
            assert_eq!(super::keys(bytes.as_bytes()).map(|_| ()), Err("not a JWKS document"), "{bytes}");
        }
        assert_eq!(count(json!([])), Err("no usable key"));
    }

    #[test]
    fn at_least_100_keys_are_held_and_what_is_too_much_is_left_out() {
        let signers: Vec<_> = (0..600).map(|_| Signer::new("a", KeyAlgorithm::EdDSA)).collect();
        let count =
            |number: usize| super::keys(&jwks(&signers[..number].iter().collect::<Vec<_>>())).map(|keys| keys.len());
        assert_eq!((count(100), count(600)), (Ok(100), Ok(512)));
    }
}
