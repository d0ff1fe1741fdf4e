//! Whose tokens are accepted.

use std::time::Duration;

use caller_auth::{AuthConfig, KeyAlgorithm, KeyConfig, KeySource, SharedSecret, duplicate_kid, is_safe_key_server};
use url::Url;

use crate::config::section::Section;

const KEYS_EXAMPLE: &str = "keys = [{ kid = \"2026-11\", algorithm = \"EdDSA\", pem_file = \"keys/2026-11.pem\" }]";

/// `[auth]`
pub(super) fn read(mut section: Section<'_>) -> Option<AuthConfig> {
    let issuer = section.required_text("issuer", "https://id.example.internal");
    let audience = section.required_text("audience", "rollcall");
    let leeway = section.duration_or_zero("leeway", Duration::from_secs(5));
    let max_token_age = section.duration("max_token_age", Duration::from_secs(3600));
    let require_providers_claim = section.boolean("require_providers_claim", false);
    let keys = read_key_source(&mut section);
    section.finish();
    Some(AuthConfig {
        issuer: issuer?,
        audience: audience?,
        leeway,
        max_token_age,
        require_providers_claim,
        keys: keys?,
    })
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
        return SharedSecret::new(secret)
            .map_err(|reason| section.report(given.first().copied().unwrap_or("hs256_secret"), reason))
            .ok()
            .map(KeySource::Hs256);
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
    let count = keys.len();
    for mut key in keys {
        let kid = key.required_text("kid", "2026-11");
        if !key.has("algorithm") {
            key.report("algorithm", format!("is missing; write one of {}", KeyAlgorithm::names()));
        }
        let algorithm =
            key.parsed("algorithm", &format!("one of {}", KeyAlgorithm::names()), |value| value.text()?.parse().ok());
        if !key.has("pem_file") {
            key.report("pem_file", "is missing; write the path of the public key, for example \"keys/2026-11.pem\"");
        }
        let pem = key.file("pem_file");
        if let (Some(kid), Some(algorithm), Some(pem)) = (kid, algorithm, pem) {
            let config = KeyConfig { kid, algorithm, pem };
            match config.check() {
                Ok(()) => read.push(config),
                Err(reason) => key.report("pem_file", reason),
            }
        }
        key.finish();
    }
    if let Some(index) = duplicate_kid(&read).filter(|_| read.len() == count) {
        section.report(&format!("keys[{index}].kid"), "is used by another key too; give each key its own");
    }
    Some(read)
}
