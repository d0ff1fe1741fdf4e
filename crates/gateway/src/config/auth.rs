//! Whose tokens are accepted.

use std::time::Duration;

use secrecy::{ExposeSecret, SecretString};
use url::{Host, Url};

use super::section::Section;

/// `[auth]`
#[derive(Debug, Clone)]
pub struct AuthConfig {
    /// The `iss` that tokens must carry.
    pub issuer: String,
    /// The `aud` that tokens must carry.
    pub audience: String,
    /// How far clocks may differ.
    pub leeway: Duration,
    /// The longest `exp - iat`.
    pub max_token_age: Duration,
    /// Whether a token without a `providers` claim is refused.
    pub require_providers_claim: bool,
    /// Where keys come from.
    pub keys: KeySource,
}

/// Where the keys that verify tokens come from: exactly one source.
#[derive(Debug, Clone)]
pub enum KeySource {
    /// A shared secret of at least 32 bytes, HS256.
    Hs256(SecretString),
    /// Public keys in PEM, already read from their files.
    Pem(Vec<KeyConfig>),
    /// A JWKS document: https, or http on loopback.
    Jwks(Url),
}

/// One public key.
#[derive(Debug, Clone)]
pub struct KeyConfig {
    /// The `kid` that tokens name it by.
    pub kid: String,
    /// The one algorithm it verifies.
    pub algorithm: KeyAlgorithm,
    /// The PEM text.
    pub pem: String,
}

/// The algorithms that a configured public key may have.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, serde::Deserialize, clap::ValueEnum)]
#[value(rename_all = "verbatim")]
pub enum KeyAlgorithm {
    /// RSASSA-PKCS1-v1_5 with SHA-256.
    RS256,
    /// RSASSA-PSS with SHA-256.
    PS256,
    /// ECDSA on P-256 with SHA-256.
    ES256,
    /// Ed25519.
    EdDSA,
}

impl KeyAlgorithm {
    /// The name in a token's `alg` and in the configuration.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::RS256 => "RS256",
            Self::PS256 => "PS256",
            Self::ES256 => "ES256",
            Self::EdDSA => "EdDSA",
        }
    }
}

/// The shortest HS256 secret: as long as the digest (RFC 7518 §3.2).
const MIN_SECRET_BYTES: usize = 32;

const KEYS_EXAMPLE: &str = "keys = [{ kid = \"2026-11\", algorithm = \"EdDSA\", pem_file = \"keys/2026-11.pem\" }]";

impl AuthConfig {
    pub(super) fn read(mut section: Section<'_>) -> Option<Self> {
        let issuer = section.required_text("issuer", "https://id.example.internal");
        let audience = section.required_text("audience", "rollcall");
        let leeway = section.duration_or_zero("leeway", Duration::from_secs(5));
        let max_token_age = section.duration("max_token_age", Duration::from_secs(3600));
        let require_providers_claim = section.boolean("require_providers_claim", false);
        let keys = read_key_source(&mut section);
        section.finish();
        Some(Self { issuer: issuer?, audience: audience?, leeway, max_token_age, require_providers_claim, keys: keys? })
    }
}

fn read_key_source(section: &mut Section<'_>) -> Option<KeySource> {
    let given: Vec<&str> =
        ["hs256_secret", "hs256_secret_file", "keys", "jwks_url"].into_iter().filter(|key| section.has(key)).collect();
    let secret = section.secret("hs256_secret", "hs256_secret_file");
    let pem = section.sections("keys", KEYS_EXAMPLE);
    let jwks = section.parsed("jwks_url", "an https URL, or an http one on loopback, without credentials", |value| {
        Url::parse(value.text()?.trim()).ok().filter(is_safe_key_server)
    });
    match given.as_slice() {
        [] => {
            let reason = "no key source is given; write exactly one of hs256_secret, hs256_secret_file, keys, jwks_url";
            section.report("hs256_secret", reason);
            return None;
        }
        [_] | ["hs256_secret", "hs256_secret_file"] => {}
        [_, second, ..] => {
            section.report(second, format!("there are several key sources ({}); keep one", given.join(", ")));
        }
    }
    if let Some(secret) = secret {
        if secret.expose_secret().len() < MIN_SECRET_BYTES {
            let reason = "must have at least 32 bytes; `openssl rand -base64 48` makes a good one";
            section.report(given.first().copied().unwrap_or("hs256_secret"), reason);
        }
        return Some(KeySource::Hs256(secret));
    }
    match pem {
        Some(keys) => read_keys(section, keys).map(KeySource::Pem),
        None => jwks.map(KeySource::Jwks),
    }
}

fn read_keys(section: &Section<'_>, keys: Vec<Section<'_>>) -> Option<Vec<KeyConfig>> {
    if keys.is_empty() {
        section.report("keys", format!("is empty, so no token could be verified; write for example {KEYS_EXAMPLE}"));
        return None;
    }
    let mut read: Vec<KeyConfig> = Vec::new();
    for mut key in keys {
        let kid = key.required_text("kid", "2026-11");
        if !key.has("algorithm") {
            key.report("algorithm", "is missing; write one of \"RS256\", \"PS256\", \"ES256\", \"EdDSA\"");
        }
        let algorithm = key.parsed("algorithm", "one of \"RS256\", \"PS256\", \"ES256\", \"EdDSA\"", |value| {
            let name = value.text()?;
            <KeyAlgorithm as clap::ValueEnum>::value_variants().iter().copied().find(|known| known.as_str() == name)
        });
        if !key.has("pem_file") {
            key.report("pem_file", "is missing; write the path of the public key, for example \"keys/2026-11.pem\"");
        }
        let pem = key.file("pem_file");
        if pem.as_ref().is_some_and(|pem| pem.contains("PRIVATE KEY")) {
            key.report("pem_file", "holds a private key; Rollcall only verifies, so give it the public key alone");
        }
        if let Some(kid) = &kid
            && read.iter().any(|other| other.kid == *kid)
        {
            key.report("kid", "is used by another key too; give each key its own");
        }
        key.finish();
        if let (Some(kid), Some(algorithm), Some(pem)) = (kid, algorithm, pem) {
            read.push(KeyConfig { kid, algorithm, pem });
        }
    }
    Some(read)
}

fn is_safe_key_server(url: &Url) -> bool {
    let on_loopback = match url.host() {
        Some(Host::Domain(name)) => name == "localhost",
        Some(Host::Ipv4(ip)) => ip.is_loopback(),
        Some(Host::Ipv6(ip)) => ip.is_loopback(),
        None => return false,
    };
    let plain = url.username().is_empty() && url.password().is_none() && url.fragment().is_none();
    plain && (url.scheme() == "https" || (url.scheme() == "http" && on_loopback))
}
