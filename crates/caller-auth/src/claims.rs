//! What a token claims, and whether that is enough. Only ever read after the signature was verified.

use std::collections::{BTreeMap, BTreeSet};
use std::time::Duration;

use serde_json::Value;
use session_provider::Timestamp;

use crate::caller::{Caller, Scope, VisibleProviders};
use crate::config::{ClaimNames, IssuerConfig};
use crate::refusal::Refusal;
use crate::strict_json::Members;

/// The longest `sub`, in bytes: it is a key of the limits and stands in every audit line.
const MAX_SUBJECT_BYTES: usize = 256;

/// The last second that a time may name: the end of the year 9999.
const MAX_SECONDS: f64 = 253_402_300_799.0;

/// What the operator demands of the claims of one issuer's tokens.
#[derive(Debug)]
pub(crate) struct ClaimRules {
    issuer: String,
    audiences: Vec<String>,
    leeway_ms: i64,
    max_age_ms: i64,
    require_providers: bool,
    most_providers: Option<BTreeSet<String>>,
    names: ClaimNames,
    /// Which value of the scope claims grants which scope.
    grants: Vec<(String, Scope)>,
    required: BTreeMap<String, Value>,
}

/// The moments that bound a token, in milliseconds since the Unix epoch.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Lifetime {
    expires_ms: i64,
    issued_ms: i64,
    not_before_ms: Option<i64>,
}

/// The issuer that the claims name: it decides by which keys and rules they are judged.
pub(crate) fn issuer(claims: &Members) -> Result<&str, Refusal> {
    text(claims, "iss")?.ok_or(Refusal::Claim)
}

impl ClaimRules {
    pub(crate) fn new(config: &IssuerConfig, leeway: Duration) -> Self {
        let grants = match &config.scopes {
            None => Scope::ALL.map(|scope| (scope.as_str().to_owned(), scope)).to_vec(),
            Some(listed) => {
                let of = |(scope, values): (&Scope, &Vec<String>)| {
                    let scope = *scope;
                    values.iter().cloned().map(move |value| (value, scope)).collect::<Vec<_>>()
                };
                listed.iter().flat_map(of).collect()
            }
        };
        Self {
            issuer: config.issuer.clone(),
            audiences: config.audiences.clone(),
            leeway_ms: whole_ms(leeway),
            max_age_ms: whole_ms(config.max_token_age),
            require_providers: config.require_providers_claim,
            most_providers: config.providers.as_ref().map(|ids| ids.iter().map(ToString::to_string).collect()),
            names: config.names.clone(),
            grants,
            required: config.claims.clone(),
        }
    }

    /// The caller that the claims describe. Claims that are not known are ignored, those that are have their type.
    pub(crate) fn read(&self, claims: &Members, now: Timestamp) -> Result<(Caller, Lifetime), Refusal> {
        let lifetime = Lifetime::read(claims)?;
        self.check_lifetime(&lifetime, now)?;
        if issuer(claims)? != self.issuer {
            return Err(Refusal::Issuer);
        }
        self.check_audience(claims)?;
        if self.required.iter().any(|(name, value)| claims.get(name) != Some(value)) {
            return Err(Refusal::RequiredClaim);
        }
        let subject = text(claims, "sub")?.ok_or(Refusal::Claim)?;
        if subject.is_empty() || subject.len() > MAX_SUBJECT_BYTES {
            return Err(Refusal::Claim);
        }
        let (scopes, providers) = (self.scopes(claims)?, self.providers(claims)?);
        Ok((Caller::new(self.issuer.clone(), subject.to_owned(), scopes, providers), lifetime))
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

    /// For how long the token is still good; the leeway is part of it.
    pub(crate) fn left(&self, lifetime: &Lifetime, now: Timestamp) -> Duration {
        let ms = lifetime.expires_ms.saturating_add(self.leeway_ms).saturating_sub(now.unix_ms());
        Duration::from_millis(u64::try_from(ms).unwrap_or(0))
    }

    fn check_audience(&self, claims: &Members) -> Result<(), Refusal> {
        let is_ours = |audience: &str| self.audiences.iter().any(|ours| ours == audience);
        let held = match claims.get(&self.names.audience).ok_or(Refusal::Claim)? {
            Value::String(audience) => is_ours(audience),
            Value::Array(entries) => texts(entries)?.any(is_ours),
            _ => return Err(Refusal::Claim),
        };
        if held { Ok(()) } else { Err(Refusal::Audience) }
    }

    /// Only what Rollcall knows is kept: a token may name thousands.
    fn scopes(&self, claims: &Members) -> Result<BTreeSet<Scope>, Refusal> {
        let mut scopes = BTreeSet::new();
        for name in &self.names.scope {
            let mut grant = |value: &str| {
                scopes.extend(self.grants.iter().filter(|(granting, _)| granting == value).map(|(_, scope)| *scope));
            };
            match claims.get(name) {
                None => {}
                Some(Value::String(text)) => text.split(' ').for_each(&mut grant),
                Some(Value::Array(entries)) => texts(entries)?.for_each(&mut grant),
                Some(_) => return Err(Refusal::Claim),
            }
        }
        Ok(scopes)
    }

    fn providers(&self, claims: &Members) -> Result<VisibleProviders, Refusal> {
        let claimed: Option<BTreeSet<String>> = match claims.get(&self.names.providers) {
            None if self.require_providers => return Err(Refusal::ProvidersMissing),
            None => None,
            Some(Value::Array(entries)) => Some(texts(entries)?.map(str::to_owned).collect()),
            Some(_) => return Err(Refusal::Claim),
        };
        Ok(match (claimed, &self.most_providers) {
            (None, None) => VisibleProviders::All,
            (Some(ids), None) => VisibleProviders::Only(ids),
            (None, Some(most)) => VisibleProviders::Only(most.clone()),
            (Some(ids), Some(most)) => VisibleProviders::Only(ids.intersection(most).cloned().collect()),
        })
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
