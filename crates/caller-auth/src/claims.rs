//! What a token claims, and whether that is enough. Only ever read after the signature was verified.

use std::collections::BTreeSet;
use std::time::Duration;

use serde_json::Value;
use session_provider::Timestamp;

use crate::caller::{Caller, Scope, VisibleProviders};
use crate::config::AuthConfig;
use crate::refusal::Refusal;
use crate::strict_json::{self, Members};

/// The longest `sub`, in bytes: it is a key of the limits and stands in every audit line.
const MAX_SUBJECT_BYTES: usize = 256;

/// The last second that a time may name: the end of the year 9999.
const MAX_SECONDS: f64 = 253_402_300_799.0;

/// What the operator demands of claims.
#[derive(Debug)]
pub(crate) struct ClaimRules {
    issuer: String,
    audience: String,
    leeway_ms: i64,
    max_age_ms: i64,
    require_providers: bool,
}

/// The moments that bound a token, in milliseconds since the Unix epoch.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Lifetime {
    expires_ms: i64,
    issued_ms: i64,
    not_before_ms: Option<i64>,
}

impl ClaimRules {
    pub(crate) fn new(config: &AuthConfig) -> Self {
        Self {
            issuer: config.issuer.clone(),
            audience: config.audience.clone(),
            leeway_ms: whole_ms(config.leeway),
            max_age_ms: whole_ms(config.max_token_age),
            require_providers: config.require_providers_claim,
        }
    }

    /// The caller that the claims describe. Claims that are not known are ignored, those that are have their type.
    pub(crate) fn read(&self, payload: &[u8], now: Timestamp) -> Result<(Caller, Lifetime), Refusal> {
        let claims = strict_json::object(payload)?;
        let lifetime = Lifetime::read(&claims)?;
        self.check_lifetime(&lifetime, now)?;
        let issuer = text(&claims, "iss")?.ok_or(Refusal::Claim)?;
        if issuer != self.issuer {
            return Err(Refusal::Issuer);
        }
        self.check_audience(&claims)?;
        let subject = text(&claims, "sub")?.ok_or(Refusal::Claim)?;
        if subject.is_empty() || subject.len() > MAX_SUBJECT_BYTES {
            return Err(Refusal::Claim);
        }
        let scopes = text(&claims, "scope")?.unwrap_or_default();
        // Only what Rollcall knows is kept: a token may name thousands.
        let known = |scope: &&str| [Scope::Read, Scope::Moderate].iter().any(|known| known.as_str() == *scope);
        let scopes: BTreeSet<_> = scopes.split(' ').filter(known).map(str::to_owned).collect();
        let caller = Caller::new(issuer.to_owned(), subject.to_owned(), scopes, self.providers(&claims)?);
        Ok((caller, lifetime))
    }

    /// Whether the token is good at this moment; asked at every use, also of a remembered token.
    pub(crate) fn check_lifetime(&self, lifetime: &Lifetime, now: Timestamp) -> Result<(), Refusal> {
        let now = now.unix_ms();
        let age = lifetime.expires_ms - lifetime.issued_ms;
        if age <= 0 || age > self.max_age_ms {
            Err(Refusal::Lifetime)
        } else if now.saturating_sub(self.leeway_ms) >= lifetime.expires_ms {
            Err(Refusal::Expired)
        } else if lifetime.issued_ms > now.saturating_add(self.leeway_ms) {
            Err(Refusal::IssuedInFuture)
        } else if lifetime.not_before_ms.is_some_and(|at| at > now.saturating_add(self.leeway_ms)) {
            Err(Refusal::NotYetValid)
        } else {
            Ok(())
        }
    }

    fn check_audience(&self, claims: &Members) -> Result<(), Refusal> {
        let held = match claims.get("aud").ok_or(Refusal::Claim)? {
            Value::String(audience) => *audience == self.audience,
            Value::Array(entries) => texts(entries)?.any(|audience| audience == self.audience),
            _ => return Err(Refusal::Claim),
        };
        if held { Ok(()) } else { Err(Refusal::Audience) }
    }

    fn providers(&self, claims: &Members) -> Result<VisibleProviders, Refusal> {
        match claims.get("providers") {
            None if self.require_providers => Err(Refusal::ProvidersMissing),
            None => Ok(VisibleProviders::All),
            Some(Value::Array(entries)) => Ok(VisibleProviders::Only(texts(entries)?.map(str::to_owned).collect())),
            Some(_) => Err(Refusal::Claim),
        }
    }
}

impl Lifetime {
    fn read(claims: &Members) -> Result<Self, Refusal> {
        Ok(Self {
            expires_ms: moment(claims, "exp")?.ok_or(Refusal::Claim)?,
            issued_ms: moment(claims, "iat")?.ok_or(Refusal::Claim)?,
            not_before_ms: moment(claims, "nbf")?,
        })
    }
}

fn text<'a>(claims: &'a Members, name: &str) -> Result<Option<&'a str>, Refusal> {
    claims.get(name).map(|value| value.as_str().ok_or(Refusal::Claim)).transpose()
}

/// The entries, if each of them is a text.
fn texts(entries: &[Value]) -> Result<impl Iterator<Item = &str>, Refusal> {
    if entries.iter().all(Value::is_string) {
        Ok(entries.iter().filter_map(Value::as_str))
    } else {
        Err(Refusal::Claim)
    }
}

/// A NumericDate (RFC 7519 §2): seconds since the epoch, decimals allowed, between the years 1970 and 9999.
fn moment(claims: &Members, name: &str) -> Result<Option<i64>, Refusal> {
    let Some(value) = claims.get(name) else { return Ok(None) };
    let seconds = value.as_f64().ok_or(Refusal::Claim)?;
    if !(0.0..=MAX_SECONDS).contains(&seconds) {
        return Err(Refusal::Claim);
    }
    Ok(Some((seconds * 1000.0) as i64)) // within the range checked above, far below 2^53
}

fn whole_ms(duration: Duration) -> i64 {
    i64::try_from(duration.as_millis()).unwrap_or(i64::MAX)
}

#[cfg(test)]
mod tests;
