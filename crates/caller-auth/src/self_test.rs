//! Proof, at the start, that the crypto in this build verifies what is right and refuses what is not, for every algorithm
//! that the configured keys may use.

use base64::Engine;
use base64::engine::general_purpose::{STANDARD, URL_SAFE_NO_PAD};
use jsonwebtoken::crypto::aws_lc;

use crate::config::IssuerConfig;
use crate::key::Key;
use crate::key_algorithm::KeyAlgorithm;
use crate::key_config::KeySource;
use crate::shared_secret::SharedSecret;

/// What was signed, by OpenSSL, with keys made for this and thrown away.
const MESSAGE: &[u8] = b"rollcall self-test";
const SECRET: &str = "rollcall self-test, a key of 32+ bytes";

const HMAC: &str = "qLENpuB1mPaOIcybBWtR7QGcbAcRfaIRT0MSWTPwD+M=";
pub(crate) const RSA_KEY: &str = "MIIBIjANBgkqhkiG9w0BAQEFAAOCAQ8AMIIBCgKCAQEAzr5TvJKun7fgCTs2QDQUO4bv2wQVDxamE3L7zNugg5Jw1clomYdT6fAg\
     M+dzT77m+Dos7NP4HsLtVnz1MKDjjsFclWKJnhp0w5NIXklcy2dd2Yz9oTtn9T3vyJC4YqQM0b2m5bV+eYTV793LJjOzADoY1Okl\
     6a6puYfQCExCAszlquK/iNK6jSRg7wYFIiGWtq+Yj+bJRuSd2E+aU4aoTr2EFtZdb5c1PS0bqDDjSC7V0n8H23tf/toS1uLm9+OQ\
     rrj3iQ3INFy7kENIzVT4gly1gMjzTrvsam7pgQxKQqxjyGYua/6o4w4XcoG/PF0UMax6Ss9w3TTbQIJ9/K2+fQIDAQAB";
const RS256: &str = "xDQjYUo6qh5oxURrzXENA65l7ujfTI/oL3fJOJcnmFwqLsSAuR10sH6Krd6+Tx7iYNIiUV+lcEgAhnG/xGYRzA/W8krgwNiBZaWC\
     OPTEjkcRJY2mcHSHiFbkQcHkH2uUe4+Bcue9N9APUukJO72cUo8NA8xQqhmKSn6DarTZ/wFrqpYe80Qd+KqykTYdQbL59ipQUqpJ\
     0kzwrQKIDQmpQddFeXXCsClsnmDw51B1eC1L0yPDRPUYRoa9jQRTiQePQHNtYPdiSApxTPfXZlp4tg5VGB7+k1RoCpttJAhcBf0l\
     //cuh8/hLArquyhDXwuX187/yTbSByI0fbTttBPyQA==";
const RS384: &str = "umhY93wqnGpfnlGxPLHW+0I4Wqn5DP01fNLMtmfMHbD9ujsVL4VcNEuT/OlL5qAqHoVe8ybJyJgPG7gU8bFIspu7DliW7rk4E0gq\
     I0PzVwjneoMlUsBbypb+42JGTAaYyL37wMeP+z8H2GyGUMwdl6mFYSeY2NkW4V1hyBRe5qQDiutHbgT7TzT3dYpkrcnJT4SRZm5r\
     lHGVMi8/Jbbbj+zbQWuOJ4+eDNEBo/mQR0OYZxWxRG2zCRxhTTCGScnJg8Uv+oacF7IrSy7bnI4Ks+KZvQyBuX8DtIKOIwyYoFhD\
     LVzt6kwMrV1DdG6XZKGzZMykUYBYHKSAkpXAoW1uZQ==";
const RS512: &str = "hWRf3a0n0pi/t24B1hVEBlpeZiN+9AqqsE2uNzXK/SV3RzWYvYrIqCzzuDMg2dMm3ESKEvSJB89pHuLP9rxF0XH6WKxLOnnW5bsP\
     Pm/B/vCTn1yOPFvQ7Y2ILxt9VO2dzTZpyyhG3Rk7KALN5DCDBT5vLcHuQUZ3PDHoqSNtmue5lOjFgwYrtVzGxYPlHOmElCsYBVaJ\
     ATHIfR5hZuXJaY9DPDjsf7Fo2ltABrpX2Y4fuLmEiAXV5Zua0tPoMWKW5i/GeVW9lr9a1+8cmGLyUj8EPq+rw1AZbYW53S7wQlek\
     L7FIic+GmD1l0n0coR14DZDYZ1MIRNW39Gj1GFiLTg==";
const PS256: &str = "tuOoWMMxXOhXXdEKYFDL5mMvpKwDhlVMLxFQV3tCX7YV+c3GSKJGQXK2oZ5zZEygeBYP6H9/skFN3O70GMzRzTGHxPyVYzwJZBm3\
     g7puCuoUJ4g52CVcvBEzGzCl8gN6Cf7XGw6jPZqdKJjbf0qD4dzFbQlMK8xqyEjo1k4dB4KDXpAzbwQdfC6VMsiQD3wpKUqFsxOg\
     BSN427y/4n5aVJEPd+PI8K+SykqiA+LUsBbBVFqiI6/2+iFyIJgsTZUP1FDeKDbm+0FX0Bro5UHGI/YGTc1YUngtm2Yf720flZDM\
     fCTbaDx6SvKqyv3R2Myf+RU+kOYtd38S9pqYkZZa3Q==";
pub(crate) const P256_KEY: &str = "MFkwEwYHKoZIzj0CAQYIKoZIzj0DAQcDQgAEzNSY12eArRCopIHdjC5OEMXbe9ZmIdu2iWMNbII4mgeFkI3sLE4s89mGruigTnxa\
     0Kp7BlXQHqSLSAait7Q4UA==";
const ES256: &str = "QtfY7h87Th+FMzqWLtpX0ov/poPafwHIb7UaUsTtNR4PZUvIstHS9biRyl5ts23/oVCkFeH3s6jdT3YXb9p+Ug==";
pub(crate) const P384_KEY: &str = "MHYwEAYHKoZIzj0CAQYFK4EEACIDYgAEtv+juDuSeDjzhvTYv4NdE+EHYzsegd5UYjbm1RtX5DMbYF9eZIDsfCn4tWsyq2SKWstx\
     WjrarZ+hou8s5QFnLwrA5B9FPRUwpoErVrP2KwWg+VXBvud0niGISVj3iA1h";
const ES384: &str = "bOq09HIUB07jsaPu/2tiiGUGXiFf1m+kT23nZhHokWeLuKz7tQo1zbQDz4Y3AcY0d7qT1/HIb83+/3iVEB94gMRlhB9yl8FnZ22Q\
     JgFbC5taTpnGc5D0fb1Mha3gtyv3";
pub(crate) const ED25519_KEY: &str = "MCowBQYDK2VwAyEAVnsuZWs3iFM1VAJNchc+kSqXi3k6FlsKTdrxxomMy+o=";
const EDDSA: &str = "Fgq/ZZUqe4gqK7QEF/ll3S2eFN5qamu4dxXahEmgN9+AY7UShP4XQWV2MSYVD49TeoQroybd2WW8UKX7ILl3CQ==";

/// Each algorithm with a public key, and what that one signed.
const SIGNED: [(KeyAlgorithm, &str, &str); 7] = [
    (KeyAlgorithm::RS256, RSA_KEY, RS256),
    (KeyAlgorithm::RS384, RSA_KEY, RS384),
    (KeyAlgorithm::RS512, RSA_KEY, RS512),
    (KeyAlgorithm::PS256, RSA_KEY, PS256),
    (KeyAlgorithm::ES256, P256_KEY, ES256),
    (KeyAlgorithm::ES384, P384_KEY, ES384),
    (KeyAlgorithm::EdDSA, ED25519_KEY, EDDSA),
];

/// Chooses jsonwebtoken's crypto for the process, then verifies, for each algorithm that these issuers' keys may use, one
/// known signature, and the same with one bit changed.
///
/// # Errors
/// Which algorithm does not work.
pub(crate) fn run_for(issuers: &[IssuerConfig]) -> Result<(), String> {
    // Left to itself it chooses by its features, and panics at first use if some dependency turns another one on, too.
    // An error says only that it was chosen before.
    let _ = aws_lc::DEFAULT_PROVIDER.install_default();
    let may_use = |algorithm: KeyAlgorithm| {
        issuers.iter().any(|issuer| match &issuer.keys {
            KeySource::Hs256(_) => false,
            KeySource::Pem(keys) => keys.iter().any(|key| key.algorithm == algorithm),
            KeySource::Jwks(_) => true,
        })
    };
    if issuers.iter().any(|issuer| matches!(issuer.keys, KeySource::Hs256(_))) {
        check("HS256", &Key::from_secret(&SharedSecret::new(SECRET.into())?), HMAC)?;
    }
    for (algorithm, key, signature) in SIGNED.into_iter().filter(|(algorithm, ..)| may_use(*algorithm)) {
        check(algorithm.as_str(), &Key::from_public_der(None, algorithm, &decode(key)?)?, signature)?;
    }
    Ok(())
}

fn check(name: &str, key: &Key, signature: &str) -> Result<(), String> {
    let good = decode(signature)?;
    let mut bad = good.clone();
    if let Some(byte) = bad.last_mut() {
        *byte ^= 1;
    }
    let verifies = |signature: &[u8]| key.verify_text(MESSAGE, &URL_SAFE_NO_PAD.encode(signature)).is_ok();
    if !verifies(&good) || verifies(&bad) {
        return Err(format!("the self-test of {name} failed: this build cannot verify tokens"));
    }
    Ok(())
}

fn decode(text: &str) -> Result<Vec<u8>, String> {
    STANDARD.decode(text).map_err(|error| format!("the self-test is damaged: {error}"))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn issuer(keys: KeySource) -> IssuerConfig {
        IssuerConfig::new("i".to_owned(), vec!["a".to_owned()], keys)
    }

    /// For keys of every kind.
    fn run() -> Result<(), String> {
        let secret = KeySource::Hs256(SharedSecret::new(SECRET.into()).unwrap());
        run_for(&[issuer(secret), issuer(KeySource::Jwks("https://id.example/jwks".parse().unwrap()))])
    }

    #[test]
    fn every_algorithm_that_a_public_key_may_have_is_tested() {
        assert_eq!(SIGNED.map(|(algorithm, ..)| algorithm), KeyAlgorithm::ALL);
    }

    #[test]
    fn every_algorithm_works_in_this_build() {
        assert_eq!(run(), Ok(()));
    }

    #[test]
    fn it_notices_a_key_that_verifies_nothing() {
        let other = Key::from_secret(&SharedSecret::new("another secret that is 32 bytes or more".into()).unwrap());
        assert!(check("HS256", &other, HMAC).unwrap_err().contains("HS256"));
    }
}
