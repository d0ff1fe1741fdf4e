//! How each provider of a merged list fared, and what that means for the whole.

use std::time::Duration;

use session_provider::{Error, ProviderId};
use tokio::time::Instant;

use crate::problem::{Code, Problem, ProviderOutcome, ProviderOutcomeStatus};
use crate::reads::CacheStatus;
use crate::reads::answers::SessionRows;
use crate::reads::cache::Served;

/// One provider of a merged list.
#[derive(Debug)]
pub(crate) struct Part<'a> {
    pub(crate) provider: &'a ProviderId,
    pub(crate) result: Result<Served<SessionRows>, Error>,
}

impl Part<'_> {
    /// Its sessions, if there are any to be had, and whether they are stale.
    pub(crate) fn rows(&self) -> Option<(&SessionRows, bool)> {
        let served = self.result.as_ref().ok()?;
        Some((served.answer(), served.is_stale()))
    }

    /// As callers read it.
    pub(crate) fn outcome(&self) -> ProviderOutcome {
        let rows = self.rows().map(|(rows, _)| rows);
        let (status, error) = match self.result.as_ref().map(Served::failure) {
            Ok(None) => (ProviderOutcomeStatus::Ok, None),
            Ok(stale) => (ProviderOutcomeStatus::Stale, stale),
            Err(error) => (ProviderOutcomeStatus::Failed, Some(error)),
        };
        ProviderOutcome {
            provider: self.provider.to_string(),
            status,
            session_count: rows.map(|rows| rows.sessions().len() as u64),
            fetched_at: self.result.as_ref().ok().map(|served| served.times().fetched_at),
            problem: error.map(Into::into),
        }
    }

    fn is_ok(&self) -> bool {
        self.result.as_ref().is_ok_and(|served| !served.is_stale())
    }
}

/// Whether every provider answered, and none with an older answer.
pub(crate) fn complete(parts: &[Part<'_>]) -> bool {
    parts.iter().all(Part::is_ok)
}

/// The problem of a list that cannot be answered: no provider is usable, or one is not `ok` where that is forbidden.
pub(crate) fn problem(parts: &[Part<'_>], forbid_partial: bool) -> Option<Problem> {
    let all_failed = !parts.is_empty() && parts.iter().all(|part| part.result.is_err());
    if !all_failed && (!forbid_partial || complete(parts)) {
        return None;
    }
    let outcomes: Vec<ProviderOutcome> = parts.iter().map(Part::outcome).collect();
    let problems = || outcomes.iter().filter_map(|outcome| outcome.problem.as_ref());
    let first = problems().next().map_or(Code::ProviderUnavailable, |problem| problem.code);
    let code = if problems().all(|problem| problem.code == first) { first } else { Code::ProviderUnavailable };
    let detail = if all_failed {
        "No provider could be asked; `providers` says why."
    } else {
        "The list is not complete, and the request forbids that; `providers` says why."
    };
    let mut problem = Problem::new(code, detail);
    // To have any answer the soonest is enough; to have a complete one, all must have recovered.
    let waits = || problems().filter_map(|problem| problem.retry_after_seconds);
    let wait = if all_failed { waits().min() } else { waits().max() };
    if code.status() == http::StatusCode::SERVICE_UNAVAILABLE {
        problem = problem.with_retry_after(Duration::from_secs(wait.unwrap_or(1)));
    }
    if let [only] = parts {
        problem = problem.about_provider(only.provider);
    }
    problem.providers = Some(outcomes);
    Some(problem)
}

/// The worst of the parts: a failed one counts as asked for in vain. A list of no provider needed none.
pub(crate) fn cache_status(parts: &[Part<'_>], now: Instant) -> CacheStatus {
    let rank = |status: &CacheStatus| match status {
        CacheStatus::Hit { ttl } => (0, ttl.saturating_neg(), false),
        CacheStatus::Miss { collapsed, stored } => (if *stored { 1 } else { 2 }, 0, !collapsed),
        CacheStatus::Stale => (3, 0, false),
    };
    let of = |part: &Part<'_>| match &part.result {
        Ok(served) => served.cache_status(now),
        Err(_) => CacheStatus::Miss { collapsed: false, stored: false },
    };
    parts.iter().map(of).max_by_key(rank).unwrap_or(CacheStatus::Hit { ttl: 0 })
}

/// The longest time since a part was answered.
pub(crate) fn age(parts: &[Part<'_>], now: Instant) -> Duration {
    let ages = parts.iter().filter_map(|part| part.result.as_ref().ok()).map(|served| served.times().age(now));
    ages.max().unwrap_or_default()
}
