//! `rollcall token`

use std::path::Path;

use caller_auth::{AuthConfig, KeyAlgorithm, KeyConfig, KeySource, Signer, SignerError};
use serde::{Deserialize, Serialize};
use session_provider::{Clock, ProviderId};

use super::arguments::TokenOrder;
use super::{Environment, Failure, load};
use crate::config::Config;

/// What a token says.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct Claims {
    pub(super) iss: String,
    pub(super) aud: String,
    pub(super) sub: String,
    pub(super) scope: String,
    pub(super) iat: i64,
    pub(super) exp: i64,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) providers: Option<Vec<String>>,
}

/// The token and a line end.
pub(super) fn run(order: &TokenOrder, environment: Environment) -> Result<String, Failure> {
    let config = load(&order.config, environment)?;
    sign(order, &config, Clock::system()).map(|token| token + "\n")
}

/// Signs what was ordered, if a gateway with this configuration would accept it.
pub(super) fn sign(order: &TokenOrder, config: &Config, clock: Clock) -> Result<String, Failure> {
    let claims = claims(order, config, clock)?;
    signer(order, &config.auth)?.sign(&claims).map_err(|error| Failure::usage(format!("--key: {error}")))
}

fn claims(order: &TokenOrder, config: &Config, clock: Clock) -> Result<Claims, Failure> {
    if order.sub.trim().is_empty() {
        return Err(Failure::usage("--sub is empty; name who the token is for"));
    }
    let most = config.auth.max_token_age;
    if order.ttl > most {
        let most = humantime::format_duration(most);
        return Err(Failure::usage(format!(
            "--ttl is over auth.max_token_age, which is {most}; such a token is refused"
        )));
    }
    let providers = order.providers.as_deref().map(|ids| known(ids, config)).transpose()?;
    let iat = clock.now().unix_seconds();
    Ok(Claims {
        iss: config.auth.issuer.clone(),
        aud: config.auth.audience.clone(),
        sub: order.sub.clone(),
        scope: order.scope.clone(),
        iat,
        exp: iat + i64::try_from(order.ttl.as_secs()).unwrap_or(0),
        providers,
    })
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
fn signer(order: &TokenOrder, auth: &AuthConfig) -> Result<Signer, Failure> {
    match (&auth.keys, &order.key) {
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
        .map_err(|error| Failure::usage(format!("--key: cannot read {}: {}", file.display(), error.kind())))?;
    Signer::with_pem(kid, algorithm, &pem).map_err(|error| Failure::usage(format!("--key: {} {error}", file.display())))
}

#[cfg(test)]
mod tests;
