//! How each provider of a merged list fared, and what that means for the whole.

use std::time::Duration;

use session_provider::{Error, ErrorKind, ProviderId};
use tokio::time::Instant;

use crate::problem::{Code, Problem, ProviderOutcome, ProviderOutcomeStatus};
use crate::reads::CacheStatus;
use crate::reads::answers::{HistoryRows, SessionRows};
use crate::reads::cache::Served;

/// One provider of a merged list.
#[derive(Debug)]
pub(crate) struct Part<'a, A = SessionRows> {
    pub(crate) provider: &'a ProviderId,
    pub(crate) result: Result<Served<A>, Error>,
}

/// What a provider gives to a merged list.
pub(crate) trait ListedRows {
    /// How many sessions the provider has, over all pages, where that is known.
    fn session_count(&self) -> Option<u64>;
}

impl ListedRows for SessionRows {
    fn session_count(&self) -> Option<u64> {
        Some(self.sessions().len() as u64)
    }
}

impl ListedRows for HistoryRows {
    fn session_count(&self) -> Option<u64> {
        None
    }
}

/// What a list must have of its providers to be an answer.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Needs {
    /// One that is usable.
    One,
    /// Each, at least with an older answer.
    Each,
    /// Each, and none with an older answer.
    EachOk,
}

impl<A: ListedRows> Part<'_, A> {
    /// Its sessions, if there are any to be had, and whether they are stale.
    pub(crate) fn rows(&self) -> Option<(&A, bool)> {
        let served = self.result.as_ref().ok()?;
        Some((served.answer(), served.is_stale()))
    }

    /// As callers read it.
    pub(crate) fn outcome(&self) -> ProviderOutcome {
        let rows = self.rows().map(|(rows, _)| rows);
        let (status, error) = match self.result.as_ref().map(Served::failure) {
            Ok(None) => (ProviderOutcomeStatus::Ok, None),
            Ok(stale) => (ProviderOutcomeStatus::Stale, stale),
            Err(error) if self.is_unsupported() => (ProviderOutcomeStatus::Unsupported, Some(error)),
            Err(error) => (ProviderOutcomeStatus::Failed, Some(error)),
        };
        ProviderOutcome {
            provider: self.provider.to_string(),
            status,
            session_count: rows.and_then(ListedRows::session_count),
            fetched_at: self.result.as_ref().ok().map(|served| served.times().fetched_at),
            problem: error.map(Into::into),
        }
    }

    fn is_ok(&self) -> bool {
        self.result.as_ref().is_ok_and(|served| !served.is_stale())
    }

    /// Whether it cannot do what is asked: no failure, and nothing that could be otherwise the next time.
    fn is_unsupported(&self) -> bool {
        self.result.as_ref().is_err_and(|error| error.kind() == ErrorKind::CapabilityUnsupported)
    }
}

/// Whether every provider answered, and none with an older answer.
pub(crate) fn complete<A: ListedRows>(parts: &[Part<'_, A>]) -> bool {
    parts.iter().all(Part::is_ok)
}

/// Whether a provider failed, or answered with an older answer: the next time may be better.
pub(crate) fn may_recover<A: ListedRows>(parts: &[Part<'_, A>]) -> bool {
    parts.iter().any(|part| !part.is_ok() && !part.is_unsupported())
}

/// The problem of a list that has not what it needs, or no provider that is usable. Providers that cannot do what is asked
/// do not matter, unless none can.
pub(crate) fn problem<A: ListedRows>(parts: &[Part<'_, A>], needs: Needs) -> Option<Problem> {
    let none_can = parts.iter().all(Part::is_unsupported);
    let matters = |part: &Part<'_, A>| none_can || !part.is_unsupported();
    let all_failed = !parts.is_empty() && parts.iter().all(|part| part.result.is_err());
    let lacks = match needs {
        Needs::One => false,
        Needs::Each => parts.iter().any(|part| matters(part) && part.result.is_err()),
        Needs::EachOk => may_recover(parts),
    };
    if !all_failed && !lacks {
        return None;
    }
    let matter: Vec<bool> = parts.iter().map(matters).collect();
    let outcomes: Vec<ProviderOutcome> = parts.iter().map(Part::outcome).collect();
    let problems = || {
        let that_matter = outcomes.iter().zip(&matter).filter(|(_, matters)| **matters);
        that_matter.filter_map(|(outcome, _)| outcome.problem.as_ref())
    };
    let first = problems().next().map_or(Code::ProviderUnavailable, |problem| problem.code);
    let code = if problems().all(|problem| problem.code == first) { first } else { Code::ProviderUnavailable };
    let detail = if none_can {
        "No provider that was asked can do this; `providers` says why."
    } else if all_failed {
        "No provider could be asked; `providers` says why."
    } else if needs == Needs::Each {
        "A provider could not be asked, and a walk must not go on without it; `providers` says why. The cursor stays good."
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
pub(crate) fn cache_status<A: ListedRows>(parts: &[Part<'_, A>], now: Instant) -> CacheStatus {
    let rank = |status: &CacheStatus| match status {
        CacheStatus::Hit { ttl } => (0, ttl.saturating_neg(), false),
        CacheStatus::Miss { collapsed, stored } => (if *stored { 1 } else { 2 }, 0, !collapsed),
        CacheStatus::Stale => (3, 0, false),
    };
    let of = |part: &Part<'_, A>| match &part.result {
        Ok(served) => served.cache_status(now),
        Err(_) => CacheStatus::Miss { collapsed: false, stored: false },
    };
    parts.iter().filter(|part| !part.is_unsupported()).map(of).max_by_key(rank).unwrap_or(CacheStatus::Hit { ttl: 0 })
}

/// The longest time since a part was answered.
pub(crate) fn age<A>(parts: &[Part<'_, A>], now: Instant) -> Duration {
    let ages = parts.iter().filter_map(|part| part.result.as_ref().ok()).map(|served| served.times().age(now));
    ages.max().unwrap_or_default()
}
