//! `rollcall token`

use std::path::Path;

use jsonwebtoken::{Algorithm, DecodingKey, EncodingKey, Header, Validation};
use secrecy::ExposeSecret;
use serde::{Deserialize, Serialize};
use session_provider::{Clock, ProviderId};

use super::arguments::TokenOrder;
use super::{Environment, Failure, load};
use crate::config::{AuthConfig, Config, KeyAlgorithm, KeyConfig, KeySource};

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
    let (header, key) = signer(order, &config.auth)?;
    let token = encode(&header, &claims, &key)?;
    if let (KeySource::Pem(keys), Some(kid)) = (&config.auth.keys, &header.kid)
        && let Some(public) = keys.iter().find(|key| key.kid == *kid)
    {
        verify(&token, public)?;
    }
    Ok(token)
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
fn signer(order: &TokenOrder, auth: &AuthConfig) -> Result<(Header, EncodingKey), Failure> {
    let (algorithm, kid) = match (&auth.keys, &order.key) {
        (KeySource::Hs256(secret), None) => {
            let key = EncodingKey::from_secret(secret.expose_secret().as_bytes());
            return Ok((Header::new(Algorithm::HS256), key));
        }
        (KeySource::Hs256(_), Some(_)) => {
            return Err(Failure::usage("--key: auth.hs256_secret signs here; leave --key out"));
        }
        (_, None) => {
            let reason =
                "this configuration holds public keys only, which cannot sign; give the private one with --key";
            return Err(Failure::usage(reason));
        }
        (KeySource::Pem(keys), Some(_)) => {
            if order.algorithm.is_some() {
                return Err(Failure::usage("--algorithm: auth.keys says the algorithm; leave it out"));
            }
            let key = choose(keys, order.kid.as_deref())?;
            (key.algorithm, key.kid.clone())
        }
        (KeySource::Jwks(_), Some(_)) => match (order.algorithm, &order.kid) {
            (Some(algorithm), Some(kid)) => (algorithm, kid.clone()),
            _ => {
                let reason = "with auth.jwks_url, say what the key server calls the key: --kid and --algorithm";
                return Err(Failure::usage(reason));
            }
        },
    };
    let file = order.key.as_deref().unwrap_or(Path::new(""));
    Ok((Header { kid: Some(kid), ..Header::new(jws(algorithm)) }, private_key(file, algorithm)?))
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

fn private_key(file: &Path, algorithm: KeyAlgorithm) -> Result<EncodingKey, Failure> {
    let pem = std::fs::read(file)
        .map_err(|error| Failure::usage(format!("--key: cannot read {}: {}", file.display(), error.kind())))?;
    let key = match algorithm {
        KeyAlgorithm::RS256 | KeyAlgorithm::PS256 => EncodingKey::from_rsa_pem(&pem),
        KeyAlgorithm::ES256 => EncodingKey::from_ec_pem(&pem),
        KeyAlgorithm::EdDSA => EncodingKey::from_ed_pem(&pem),
    };
    // The library's reason could quote the key.
    key.map_err(|_| {
        Failure::usage(format!("--key: {} is no private key in PEM for {}", file.display(), algorithm.as_str()))
    })
}

fn encode(header: &Header, claims: &Claims, key: &EncodingKey) -> Result<String, Failure> {
    jsonwebtoken::encode(header, claims, key)
        .map_err(|_| Failure::usage("--key: this is no private key, so it cannot sign; give the private one in PEM"))
}

/// Whether the private key is the other half of the configured one.
fn verify(token: &str, public: &KeyConfig) -> Result<(), Failure> {
    let pem = public.pem.as_bytes();
    let key = match public.algorithm {
        KeyAlgorithm::RS256 | KeyAlgorithm::PS256 => DecodingKey::from_rsa_pem(pem),
        KeyAlgorithm::ES256 => DecodingKey::from_ec_pem(pem),
        KeyAlgorithm::EdDSA => DecodingKey::from_ed_pem(pem),
    };
    let key = key.map_err(|_| {
        Failure::usage(format!("auth.keys: the file of {:?} is no public key for its algorithm", public.kid))
    })?;
    let mut validation = Validation::new(jws(public.algorithm));
    validation.validate_exp = false;
    validation.validate_aud = false;
    jsonwebtoken::decode::<Claims>(token, &key, &validation)
        .map(drop)
        .map_err(|_| Failure::usage(format!("--key: is not the private half of the configured key {:?}", public.kid)))
}

fn jws(algorithm: KeyAlgorithm) -> Algorithm {
    match algorithm {
        KeyAlgorithm::RS256 => Algorithm::RS256,
        KeyAlgorithm::PS256 => Algorithm::PS256,
        KeyAlgorithm::ES256 => Algorithm::ES256,
        KeyAlgorithm::EdDSA => Algorithm::EdDSA,
    }
}

#[cfg(test)]
mod tests;
