//! Proof, at the start, that the crypto in this build verifies what is right and refuses what is not.

use base64::Engine;
use base64::engine::general_purpose::{STANDARD, URL_SAFE_NO_PAD};
use jsonwebtoken::crypto::aws_lc;

use crate::config::{KeyAlgorithm, SharedSecret};
use crate::key::Key;

/// What was signed, by OpenSSL, with keys made for this and thrown away.
const MESSAGE: &[u8] = b"rollcall self-test";
const SECRET: &str = "rollcall self-test, a key of 32+ bytes";

const HMAC: &str = "qLENpuB1mPaOIcybBWtR7QGcbAcRfaIRT0MSWTPwD+M=";
pub(crate) const RSA_KEY: &str = "MIIBIjANBgkqhkiG9w0BAQEFAAOCAQ8AMIIBCgKCAQEA4fRaeSetzei/uBLQCf6Ry3SaF/nBSTms4ROyIpL+syuzSCq+i9LfiVcN\
     qH2RA4dkxg3YYHutyPFtjRxknKt7USSyXi6V37vPfXCvjR6m6LZQWX6mnibn+ClnC8taX+ICmW0A0GlYquo7up/Fsg6NwT7Pbjih\
     j+7R9U2HUD7Zojh907WK1mibRf/T/8hDCpNs1yH9fmlRX6zqGI7kQREA07HJ+hrvyEDvMcisvP4aqx5lLOygC8eOmk/GjGbyKfXf\
     hPYDuR6hZ2eDW3P8GtsYTiypTaLtdHMvqsqoyXB9FgJh6jtV7K8kqjaqbGlQq1elLSwu2oiyV6xK25ghBUBAMwIDAQAB";
const RS256: &str = "w9dnePRLjwFuLt6Y2wP2hk/mBnBdLoF+PG7BK4IBb1VWFH7lzt6jDbLezl5PtpL2NGes4z3N0aT0zsQKDA+dOm0KIzwd0rFjWurv\
     bcbryA0ttDBSlQ/lYoTOb0JMH/85/GqSt5jY0U+a6XOWef0xbQO78HjT04AjK81eXYHk9malkDztVgYNCaoDSuKOQDuA6X78wEFu\
     J1K7loa8fFNKPKlxFp9rP0b1fHCsacbK+RZbov/GLisGJtbpIBk5hriADJ0ptOhXif9HWH0Ryj2R9qY8E2UHJZYDx21vcP2DMJYG\
     mKDA5XNGE61qyIMLnFC8YHOMxm68sDrHCp5Scp8JYw==";
const PS256: &str = "AYq01BfhlLlb2ihoUnLP3Fi+3psjelIW+mw23fRCtBsAwnsm9yWjrm7iB8XeO4RW9qfLU/ccUlcnJzEodPvXQpIAr5Ana/Kn1du9\
     a3HcEbS8gPF0b6xyZvwlxR3pUKqCSLpNRyTGDuHKFF3v+7Asb0DxHlQ+VzZQzsonUrGIBo+w9tetId9TsfLiRlnMOpgBL3DRwn7s\
     ipyc/9Lu/DbItyVXsWpdQV4OLfXR5hBsMTcMjenMBps3QvQxwhICzdJ9mgmSdUGlzsMO1uNO47yS0jrtYNbsD3CfC7qTYSwSXG+a\
     IKXUH4H8aHA/tpQu30kk5Tm++4cTVjd4d7JsC+H6zg==";
pub(crate) const P256_KEY: &str = "MFkwEwYHKoZIzj0CAQYIKoZIzj0DAQcDQgAEzNSY12eArRCopIHdjC5OEMXbe9ZmIdu2iWMNbII4mgeFkI3sLE4s89mGruigTnxa\
     0Kp7BlXQHqSLSAait7Q4UA==";
const ES256: &str = "QtfY7h87Th+FMzqWLtpX0ov/poPafwHIb7UaUsTtNR4PZUvIstHS9biRyl5ts23/oVCkFeH3s6jdT3YXb9p+Ug==";
pub(crate) const ED25519_KEY: &str = "MCowBQYDK2VwAyEAVnsuZWs3iFM1VAJNchc+kSqXi3k6FlsKTdrxxomMy+o=";
const EDDSA: &str = "Fgq/ZZUqe4gqK7QEF/ll3S2eFN5qamu4dxXahEmgN9+AY7UShP4XQWV2MSYVD49TeoQroybd2WW8UKX7ILl3CQ==";

/// Chooses jsonwebtoken's crypto for the process, then verifies one known signature of each algorithm, and the same with one bit changed.
///
/// # Errors
/// Which algorithm does not work.
pub(crate) fn run() -> Result<(), String> {
    // Left to itself it chooses by its features, and panics at first use if some dependency turns another one on, too.
    // An error says only that it was chosen before.
    let _ = aws_lc::DEFAULT_PROVIDER.install_default();
    let secret = Key::from_secret(&SharedSecret::new(SECRET.into())?);
    check("HS256", &secret, HMAC)?;
    for (name, algorithm, key, signature) in [
        ("RS256", KeyAlgorithm::RS256, RSA_KEY, RS256),
        ("PS256", KeyAlgorithm::PS256, RSA_KEY, PS256),
        ("ES256", KeyAlgorithm::ES256, P256_KEY, ES256),
        ("EdDSA", KeyAlgorithm::EdDSA, ED25519_KEY, EDDSA),
    ] {
        check(name, &Key::from_public_der(None, algorithm, &decode(key)?)?, signature)?;
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
