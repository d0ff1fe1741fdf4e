//! An issuer for tests: its keys, made anew in each test process, and tokens signed with them. (That signatures of
//! another library verify is the self-test.)

use std::sync::OnceLock;
use std::time::Duration;

use aws_lc_rs::encoding::{AsDer, Pkcs8V1Der, PublicKeyX509Der};
use aws_lc_rs::rsa::KeySize;
use aws_lc_rs::signature::{
    ECDSA_P256_SHA256_FIXED_SIGNING, ECDSA_P384_SHA384_FIXED_SIGNING, EcdsaKeyPair, EcdsaSigningAlgorithm,
    Ed25519KeyPair, KeyPair, RsaKeyPair, RsaPublicKeyComponents,
};
use base64::Engine;
use base64::engine::general_purpose::{STANDARD, URL_SAFE_NO_PAD};
use http::HeaderMap;
use http::header::AUTHORIZATION;
use jsonwebtoken::{EncodingKey, crypto};
use serde_json::{Value, json};
use session_provider::{Clock, Timestamp};

use crate::config::{AuthConfig, IssuerConfig};
use crate::jwks::KeyFetcher;
use crate::key_algorithm::KeyAlgorithm;
use crate::key_config::{KeyConfig, KeySource};
use crate::shared_secret::SharedSecret;
use crate::{Authenticator, Caller, Unauthenticated};

/// Every algorithm with a public key.
const PUBLIC: [KeyAlgorithm; 7] = [
    KeyAlgorithm::RS256,
    KeyAlgorithm::PS256,
    KeyAlgorithm::ES256,
    KeyAlgorithm::EdDSA,
    KeyAlgorithm::RS384,
    KeyAlgorithm::RS512,
    KeyAlgorithm::ES384,
];

/// The tests' present, in seconds since the epoch: 2026-11-20T10:00:00Z.
pub(crate) const NOW: i64 = 1_795_168_800;

/// The shared secret of the tests.
pub(crate) const SECRET: &str = "test-only secret of 32 bytes or more";

pub(crate) fn now() -> Timestamp {
    Timestamp::from_unix_ms(NOW * 1000).unwrap()
}

pub(crate) fn hs256_source() -> KeySource {
    KeySource::Hs256(SharedSecret::new(SECRET.into()).unwrap())
}

pub(crate) fn auth_config(keys: KeySource) -> AuthConfig {
    AuthConfig { leeway: Duration::from_secs(5), issuers: vec![issuer_config(keys)] }
}

pub(crate) fn issuer_config(keys: KeySource) -> IssuerConfig {
    IssuerConfig::new("https://id.example.internal".into(), vec!["rollcall".into()], keys)
}

/// Claims that are good at [`NOW`] and for ten minutes.
pub(crate) fn claims() -> Value {
    json!({
        "iss": "https://id.example.internal", "aud": "rollcall", "sub": "svc-board",
        "iat": NOW - 60, "exp": NOW + 600, "scope": "sessions:read"
    })
}

/// Signs tokens with one key.
pub(crate) struct Signer {
    pub(crate) kid: Option<&'static str>,
    pub(crate) algorithm: jsonwebtoken::Algorithm,
    key: EncodingKey,
    /// The public key as a SubjectPublicKeyInfo; the secret itself for HS256.
    pub(crate) public_der: Vec<u8>,
    /// The bare point or the 32 bytes, for a JWK; PKCS#1 for RSA.
    pub(crate) public_raw: Vec<u8>,
}

impl Signer {
    pub(crate) fn hs256() -> Self {
        Self {
            kid: None,
            algorithm: jsonwebtoken::Algorithm::HS256,
            key: EncodingKey::from_secret(SECRET.as_bytes()),
            public_der: SECRET.into(),
            public_raw: SECRET.into(),
        }
    }

    pub(crate) fn new(kid: &'static str, algorithm: KeyAlgorithm) -> Self {
        match algorithm {
            KeyAlgorithm::RS256 | KeyAlgorithm::RS384 | KeyAlgorithm::RS512 | KeyAlgorithm::PS256 => {
                Self::rsa(kid, crate::algorithm::of(algorithm))
            }
            KeyAlgorithm::ES256 => Self::ec(kid, algorithm, &ECDSA_P256_SHA256_FIXED_SIGNING),
            KeyAlgorithm::ES384 => Self::ec(kid, algorithm, &ECDSA_P384_SHA384_FIXED_SIGNING),
            KeyAlgorithm::EdDSA => {
                let pair = Ed25519KeyPair::generate().unwrap();
                Self {
                    kid: Some(kid),
                    algorithm: jsonwebtoken::Algorithm::EdDSA,
                    key: EncodingKey::from_ed_der(pair.to_pkcs8().unwrap().as_ref()),
                    public_der: AsDer::<PublicKeyX509Der<'_>>::as_der(pair.public_key()).unwrap().as_ref().into(),
                    public_raw: pair.public_key().as_ref().into(),
                }
            }
        }
    }

    fn ec(kid: &'static str, algorithm: KeyAlgorithm, signing: &'static EcdsaSigningAlgorithm) -> Self {
        let pair = EcdsaKeyPair::generate(signing).unwrap();
        let private = pair.to_pkcs8v1().unwrap();
        Self {
            kid: Some(kid),
            algorithm: crate::algorithm::of(algorithm),
            key: EncodingKey::from_ec_der(private.as_ref()),
            public_der: AsDer::<PublicKeyX509Der<'_>>::as_der(pair.public_key()).unwrap().as_ref().into(),
            public_raw: pair.public_key().as_ref().into(),
        }
    }

    /// RSA keys take long to make: one for the whole process.
    fn rsa(kid: &'static str, algorithm: jsonwebtoken::Algorithm) -> Self {
        static PAIR: OnceLock<RsaKeyPair> = OnceLock::new();
        let pair = PAIR.get_or_init(|| RsaKeyPair::generate(KeySize::Rsa2048).unwrap());
        let pkcs8 = AsDer::<Pkcs8V1Der<'_>>::as_der(pair).unwrap();
        let private = pem("PRIVATE KEY", pkcs8.as_ref());
        Self {
            kid: Some(kid),
            algorithm,
            key: EncodingKey::from_rsa_pem(private.as_bytes()).unwrap(),
            public_der: AsDer::<PublicKeyX509Der<'_>>::as_der(pair.public_key()).unwrap().as_ref().into(),
            public_raw: pair.public_key().as_ref().into(),
        }
    }

    pub(crate) fn header(&self) -> Value {
        let mut header = json!({"alg": format!("{:?}", self.algorithm), "typ": "JWT"});
        if let Some(kid) = self.kid {
            header["kid"] = kid.into();
        }
        header
    }

    /// A token with the usual header and these claims.
    pub(crate) fn token(&self, claims: &Value) -> String {
        self.sign(&self.header().to_string(), &claims.to_string())
    }

    /// A token whose first two parts are whatever is wanted.
    pub(crate) fn sign(&self, header: &str, payload: &str) -> String {
        let signed = format!("{}.{}", URL_SAFE_NO_PAD.encode(header), URL_SAFE_NO_PAD.encode(payload));
        let signature = crypto::sign(signed.as_bytes(), &self.key, self.algorithm).unwrap();
        format!("{signed}.{signature}")
    }

    pub(crate) fn pem(&self) -> String {
        pem("PUBLIC KEY", &self.public_der)
    }

    pub(crate) fn key_config(&self, algorithm: KeyAlgorithm) -> KeyConfig {
        KeyConfig { kid: self.kid.unwrap().to_owned(), algorithm, pem: self.pem() }
    }
}

pub(crate) fn pem(label: &str, der: &[u8]) -> String {
    format!("-----BEGIN {label}-----\n{}\n-----END {label}-----\n", STANDARD.encode(der))
}

/// One signer of each public algorithm, with `kid`s after their names, and the configuration of their keys.
pub(crate) fn public_signers() -> (Vec<Signer>, KeySource) {
    let kids = ["rs", "ps", "es", "ed", "rs384", "rs512", "es384"];
    let signers: Vec<_> = kids.into_iter().zip(PUBLIC).map(|(kid, alg)| Signer::new(kid, alg)).collect();
    let configs = signers.iter().zip(PUBLIC).map(|(signer, alg)| signer.key_config(alg)).collect();
    (signers, KeySource::Pem(configs))
}

/// Needs a tokio runtime.
pub(crate) fn authenticator(keys: KeySource) -> Authenticator {
    Authenticator::new(&auth_config(keys), Clock::anchored(now())).unwrap()
}

pub(crate) fn headers(token: &str) -> HeaderMap {
    let mut headers = HeaderMap::new();
    headers.insert(AUTHORIZATION, format!("Bearer {token}").parse().unwrap());
    headers
}

pub(crate) async fn ask(authenticator: &Authenticator, token: &str) -> Result<Caller, Unauthenticated> {
    authenticator.authenticate(&headers(token)).await
}

impl Signer {
    /// The public key as a JWK, without `use` and `key_ops`.
    pub(crate) fn jwk(&self) -> Value {
        let encode = |bytes: &[u8]| URL_SAFE_NO_PAD.encode(bytes);
        let mut jwk = match self.algorithm {
            jsonwebtoken::Algorithm::RS256
            | jsonwebtoken::Algorithm::RS384
            | jsonwebtoken::Algorithm::RS512
            | jsonwebtoken::Algorithm::PS256 => {
                let key = aws_lc_rs::rsa::PublicKey::from_der(&self.public_der).unwrap();
                let parts = RsaPublicKeyComponents::<Vec<u8>>::from(&key);
                json!({"kty": "RSA", "n": encode(&parts.n), "e": encode(&parts.e)})
            }
            jsonwebtoken::Algorithm::ES256 | jsonwebtoken::Algorithm::ES384 => {
                let half = self.public_raw.len() / 2;
                let (x, y) = self.public_raw[1..].split_at(half);
                let curve = if half == 32 { "P-256" } else { "P-384" };
                json!({"kty": "EC", "crv": curve, "x": encode(x), "y": encode(y)})
            }
            _ => json!({"kty": "OKP", "crv": "Ed25519", "x": encode(&self.public_raw)}),
        };
        jwk["alg"] = format!("{:?}", self.algorithm).into();
        if let Some(kid) = self.kid {
            jwk["kid"] = kid.into();
        }
        jwk
    }
}

/// A JWKS document with the keys of these.
pub(crate) fn jwks(signers: &[&Signer]) -> Vec<u8> {
    let keys: Vec<_> = signers.iter().map(|signer| signer.jwk()).collect();
    json!({ "keys": keys }).to_string().into_bytes()
}

/// Needs a tokio runtime; its loop is not started.
pub(crate) fn served_authenticator(fetcher: Box<dyn KeyFetcher>) -> Authenticator {
    let url = "https://id.example.internal/.well-known/jwks.json".parse().unwrap();
    Authenticator::with_fetcher(&auth_config(KeySource::Jwks(url)), Clock::anchored(now()), fetcher)
}
