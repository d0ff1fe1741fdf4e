//! `rollcall token`

use std::path::Path;

use caller_auth::{AuthConfig, IssuerConfig, KeyAlgorithm, KeyConfig, KeySource, Scope, Signer, SignerError};
use serde_json::{Map, Value};
use session_provider::{Clock, ProviderId};

use crate::cli::arguments::TokenOrder;
use crate::cli::{Environment, Failure, load};
use crate::config::{Config, unreadable};

/// The token and a line end.
pub(super) fn run(order: &TokenOrder, environment: Environment) -> Result<String, Failure> {
    let config = load(&order.config, environment)?;
    sign(order, &config, Clock::system()).map(|token| token + "\n")
}

/// Signs what was ordered, if a gateway with this configuration would accept it.
pub(super) fn sign(order: &TokenOrder, config: &Config, clock: Clock) -> Result<String, Failure> {
    let issuer = issuer(order, &config.auth)?;
    let claims = claims(order, issuer, config, clock)?;
    signer(order, issuer)?.sign(&claims).map_err(|error| Failure::usage(format!("--key: {error}")))
}

fn issuer<'a>(order: &TokenOrder, auth: &'a AuthConfig) -> Result<&'a IssuerConfig, Failure> {
    let names = || auth.issuers.iter().filter_map(|issuer| issuer.name.as_deref()).collect::<Vec<_>>().join(", ");
    match (&order.issuer, auth.issuers.as_slice()) {
        (None, [only]) => Ok(only),
        (None, _) => Err(Failure::usage(format!("--issuer: there are several issuers; name one of {}", names()))),
        (Some(name), issuers) => issuers
            .iter()
            .find(|issuer| issuer.name.as_ref() == Some(name))
            .ok_or_else(|| Failure::usage(format!("--issuer: no such table; [auth.issuers] has {}", names()))),
    }
}

/// The claims as this issuer would name them.
fn claims(
    order: &TokenOrder,
    issuer: &IssuerConfig,
    config: &Config,
    clock: Clock,
) -> Result<Map<String, Value>, Failure> {
    if order.sub.trim().is_empty() {
        return Err(Failure::usage("--sub is empty; name who the token is for"));
    }
    if order.ttl > issuer.max_token_age {
        let (most, key) = (humantime::format_duration(issuer.max_token_age), issuer.key("max_token_age"));
        return Err(Failure::usage(format!("--ttl is over {key}, which is {most}; such a token is refused")));
    }
    let iat = clock.now().unix_seconds();
    let exp = iat + i64::try_from(order.ttl.as_secs()).unwrap_or(0);
    let mut claims: Map<String, Value> = issuer.claims.clone().into_iter().collect();
    let mut say = |name: &str, value: Value| drop(claims.insert(name.to_owned(), value));
    say("iss", issuer.issuer.as_str().into());
    say("sub", order.sub.as_str().into());
    say("iat", iat.into());
    say("exp", exp.into());
    say(&issuer.names.audience, issuer.audiences.first().map(String::as_str).into());
    if let Some(name) = issuer.names.scope.first() {
        say(name, granting(&order.scope, issuer).into());
    }
    if let Some(ids) = &order.providers {
        say(&issuer.names.providers, known(ids, config)?.into());
    }
    Ok(claims)
}

/// The words by which this issuer grants the scopes that were ordered.
fn granting(scopes: &str, issuer: &IssuerConfig) -> String {
    let word = |scope: &str| {
        let listed = issuer.scopes.as_ref()?;
        let scope = Scope::ALL.into_iter().find(|known| known.as_str() == scope)?;
        listed.get(&scope)?.first().cloned()
    };
    scopes.split(' ').map(|scope| word(scope).unwrap_or_else(|| scope.to_owned())).collect::<Vec<_>>().join(" ")
}

fn known(ids: &str, config: &Config) -> Result<Vec<String>, Failure> {
    let ids: Vec<String> = ids.split(',').map(str::trim).filter(|id| !id.is_empty()).map(str::to_owned).collect();
    let configured: Vec<&str> = config.providers.iter().map(|provider| ProviderId::as_str(&provider.id)).collect();
    match ids.iter().find(|id| !configured.contains(&id.as_str())) {
        Some(id) => {
            let configured = configured.join(", ");
            Err(Failure::usage(format!("--providers: {id:?} is not configured; these are: {configured}")))
        }
        None => Ok(ids),
    }
}

/// What to sign with. The configuration decides; the order only picks among its keys.
fn signer(order: &TokenOrder, issuer: &IssuerConfig) -> Result<Signer, Failure> {
    match (&issuer.keys, &order.key) {
        (KeySource::Hs256(secret), None) => Ok(Signer::with_secret(secret)),
        (KeySource::Hs256(_), Some(_)) => Err(Failure::usage("--key: auth.hs256_secret signs here; leave --key out")),
        (_, None) => {
            let reason =
                "this configuration holds public keys only, which cannot sign; give the private one with --key";
            Err(Failure::usage(reason))
        }
        (KeySource::Pem(keys), Some(file)) => {
            if order.algorithm.is_some() {
                return Err(Failure::usage("--algorithm: auth.keys says the algorithm; leave it out"));
            }
            let public = choose(keys, order.kid.as_deref())?;
            let signer = private_key(file, &public.kid, public.algorithm)?;
            signer.check(public).map_err(|error| {
                Failure::usage(match error {
                    SignerError::NotTheOtherHalf => format!("--key: {error} {:?}", public.kid),
                    _ => format!("--key: {error}"),
                })
            })?;
            Ok(signer)
        }
        (KeySource::Jwks(_), Some(file)) => match (order.algorithm, &order.kid) {
            (Some(algorithm), Some(kid)) => private_key(file, kid, algorithm),
            _ => {
                let reason = "with auth.jwks_url, say what the key server calls the key: --kid and --algorithm";
                Err(Failure::usage(reason))
            }
        },
    }
}

fn choose<'a>(keys: &'a [KeyConfig], kid: Option<&str>) -> Result<&'a KeyConfig, Failure> {
    let all = || keys.iter().map(|key| key.kid.as_str()).collect::<Vec<_>>().join(", ");
    match (kid, keys) {
        (None, [only]) => Ok(only),
        (None, _) => Err(Failure::usage(format!("--kid: there are several keys; name one of {}", all()))),
        (Some(kid), _) => keys
            .iter()
            .find(|key| key.kid == kid)
            .ok_or_else(|| Failure::usage(format!("--kid: no such key; auth.keys has {}", all()))),
    }
}

fn private_key(file: &Path, kid: &str, algorithm: KeyAlgorithm) -> Result<Signer, Failure> {
    let pem = std::fs::read(file)
        .map_err(|error| Failure::usage(format!("--key: cannot read {}: {}", file.display(), unreadable(&error))))?;
    Signer::with_pem(kid, algorithm, &pem).map_err(|error| Failure::usage(format!("--key: {} {error}", file.display())))
}

#[cfg(test)]
mod tests;
