//! Whose tokens are accepted.

use std::collections::BTreeMap;
use std::time::Duration;

use caller_auth::{
    AuthConfig, ClaimNames, IssuerConfig, KeyAlgorithm, KeyConfig, KeySource, Scope, SharedSecret, duplicate_key,
    is_safe_key_server,
};
use session_provider::ProviderId;
use url::Url;

use crate::config::section::Section;

const KEYS_EXAMPLE: &str = "keys = [{ kid = \"2026-11\", algorithm = \"EdDSA\", pem_file = \"keys/2026-11.pem\" }]";
const ISSUERS_EXAMPLE: &str = "[auth.issuers.entra]";

/// What stands in `[auth]` for the only issuer, or in the table of each.
const FLAT_KEYS: [&str; 6] = ["issuer", "audience", "hs256_secret", "hs256_secret_file", "keys", "jwks_url"];

pub(super) fn read(mut section: Section<'_>) -> Option<AuthConfig> {
    let leeway = section.duration_or_zero("leeway", Duration::from_secs(5));
    let issuers = if section.has("issuers") {
        for key in FLAT_KEYS {
            section.refuse(key, "stands beside [auth.issuers]; say it in the issuer's own table");
        }
        let bounds = Bounds::read(&mut section, Bounds::default());
        section.section("issuers", ISSUERS_EXAMPLE).map(|issuers| read_issuers(issuers, bounds))
    } else {
        let bounds = Bounds::read(&mut section, Bounds::default());
        read_issuer(&mut section, bounds).map(|issuer| vec![issuer])
    };
    let is_sound = section.is_sound();
    let config = AuthConfig { leeway, issuers: issuers? };
    if is_sound {
        for (key, reason) in config.conflicts() {
            section.report_at(key, reason);
        }
    }
    section.finish();
    Some(config)
}

/// Bounds that `[auth]` may set for all issuers, and each for itself.
#[derive(Clone, Copy)]
struct Bounds {
    max_token_age: Duration,
    require_providers_claim: bool,
}

impl Default for Bounds {
    fn default() -> Self {
        Self { max_token_age: Duration::from_secs(3600), require_providers_claim: false }
    }
}

impl Bounds {
    fn read(section: &mut Section<'_>, default: Self) -> Self {
        Self {
            max_token_age: section.duration("max_token_age", default.max_token_age),
            require_providers_claim: section.boolean("require_providers_claim", default.require_providers_claim),
        }
    }
}

fn read_issuers(mut issuers: Section<'_>, default: Bounds) -> Vec<IssuerConfig> {
    let mut read = Vec::new();
    let tables = issuers.all_sections(ISSUERS_EXAMPLE);
    if tables.is_empty() && issuers.is_sound() {
        issuers.report_whole(format!("is empty, so no token could be verified; write for example {ISSUERS_EXAMPLE}"));
    }
    for (name, mut section) in tables {
        let bounds = Bounds::read(&mut section, default);
        let issuer = read_issuer(&mut section, bounds);
        let names = ClaimNames::default();
        let names = ClaimNames {
            scope: section.one_or_several("scope_claim").unwrap_or(names.scope),
            providers: section.text("providers_claim").unwrap_or(names.providers),
            audience: section.text("audience_claim").unwrap_or(names.audience),
        };
        let (scopes, claims, providers) =
            (read_scopes(&mut section), read_claims(&mut section), read_providers(&mut section));
        section.finish();
        read.extend(issuer.map(|issuer| IssuerConfig { name: Some(name), names, scopes, claims, providers, ..issuer }));
    }
    read
}

fn read_issuer(section: &mut Section<'_>, bounds: Bounds) -> Option<IssuerConfig> {
    let issuer = section.required_text("issuer", "https://id.example.internal");
    if !section.has("audience") {
        section.report("audience", "is missing; write for example audience = \"rollcall\"");
    }
    let audiences = section.one_or_several("audience");
    let keys = read_key_source(section);
    Some(IssuerConfig {
        max_token_age: bounds.max_token_age,
        require_providers_claim: bounds.require_providers_claim,
        ..IssuerConfig::new(issuer?, audiences?, keys?)
    })
}

fn read_scopes(section: &mut Section<'_>) -> Option<BTreeMap<Scope, Vec<String>>> {
    let mut listed = section.section("scopes", "scopes = { \"sessions:read\" = [\"api://rollcall/read\"] }")?;
    let mut scopes = BTreeMap::new();
    for scope in Scope::ALL {
        if let Some(values) = listed.one_or_several(scope.as_str()) {
            scopes.insert(scope, values);
        }
    }
    listed.finish();
    Some(scopes)
}

fn read_claims(section: &mut Section<'_>) -> BTreeMap<String, serde_json::Value> {
    let required = section.section("claims", "claims = { token_use = \"access\" }");
    required.map(Section::all_json_scalars).unwrap_or_default().into_iter().collect()
}

fn read_providers(section: &mut Section<'_>) -> Option<std::collections::BTreeSet<ProviderId>> {
    if !section.has("providers") {
        return None;
    }
    let ids = section.texts("providers");
    let parse = |id: &String| {
        ProviderId::new(id).map_err(|error| section.report("providers", format!("holds {id:?}: {error}"))).ok()
    };
    Some(ids.iter().filter_map(parse).collect())
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
    if let Some(index) = duplicate_key(&read).filter(|_| read.len() == count) {
        let reason = "is used by another key of this algorithm too; give each key its own";
        section.report(&format!("keys[{index}].kid"), reason);
    }
    Some(read)
}
