//! Requests per second and at once, per caller.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use caller_auth::Caller;
use session_provider::Intent;
use tokio::time::Instant;

use crate::config::LimitsConfig;
use crate::limits::bucket::{Bucket, Rate};
use crate::limits::headers::{LimitState, RateStanding};
use crate::telemetry::metrics as names;

/// The most callers that are remembered. Those who stand as if they had never called are forgotten first; beyond that,
/// callers who are not remembered are refused: every one of them holds a valid token, so something is very wrong.
const MAX_CALLERS: usize = 100_000;

/// Fewer than these are never looked through for callers to forget.
const FEW_CALLERS: usize = 1024;

/// When to try again where no clock says it.
const SOON: Duration = Duration::from_secs(1);

/// A caller is over a limit.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LimitExceeded {
    /// When to try again.
    pub retry_after: Duration,
    /// What the `RateLimit` headers say.
    pub state: LimitState,
}

/// Leave to go on; counts as one request under way until dropped.
#[derive(Debug)]
pub struct Permit {
    /// What the headers of the answer say.
    pub state: LimitState,
    _slot: Option<ConcurrencySlot>,
}

/// The limits of all callers. Cheap to clone, bounded in memory.
#[derive(Debug, Clone)]
pub struct CallerLimits {
    inner: Arc<Inner>,
}

#[derive(Debug)]
struct Inner {
    requests: Option<Rate>,
    moderation: Option<Rate>,
    concurrent: Option<u32>,
    callers: Mutex<Callers>,
}

#[derive(Debug)]
struct Callers {
    standings: HashMap<CallerKey, CallerAccount>,
    /// From how many on idle ones are looked for.
    prune_at: usize,
    pruned: Option<Instant>,
    most: usize,
}

#[derive(Debug, Clone, PartialEq, Eq, Hash)]
struct CallerKey {
    issuer: Box<str>,
    subject: Box<str>,
}

/// How one caller stands.
#[derive(Debug)]
struct CallerAccount {
    requests: Bucket,
    moderation: Bucket,
    under_way: u32,
}

/// One request under way.
#[derive(Debug)]
struct ConcurrencySlot {
    inner: Arc<Inner>,
    key: CallerKey,
}

impl CallerLimits {
    /// The limits as configured.
    #[must_use]
    pub fn new(config: &LimitsConfig) -> Self {
        Self::with_room(config, MAX_CALLERS)
    }

    fn with_room(config: &LimitsConfig, most: usize) -> Self {
        let callers = Callers { standings: HashMap::new(), prune_at: FEW_CALLERS.min(most), pruned: None, most };
        let inner = Inner {
            requests: config.requests.map(Rate::new),
            moderation: config.moderation.map(Rate::new),
            concurrent: config.concurrent.map(std::num::NonZeroU32::get),
            callers: Mutex::new(callers),
        };
        Self { inner: Arc::new(inner) }
    }

    /// Lets a request of this caller in, or says when to come back. A request that is refused costs nothing, so that
    /// a caller who keeps knocking is let in as soon as one who waits.
    ///
    /// # Errors
    /// [`LimitExceeded`].
    pub fn admit(&self, caller: &Caller, intent: Intent) -> Result<Permit, LimitExceeded> {
        let inner = &self.inner;
        let moderation = inner.moderation.filter(|_| intent == Intent::Mutation);
        if inner.requests.is_none() && moderation.is_none() && inner.concurrent.is_none() {
            return Ok(Permit { state: LimitState::default(), _slot: None });
        }
        let key = CallerKey { issuer: caller.issuer().into(), subject: caller.subject().into() };
        let now = Instant::now();
        let mut callers = inner.lock();
        let account = callers.account(&key, now).ok_or_else(|| {
            metrics::counter!(names::LIMITED, "limit" => "callers").increment(1);
            LimitExceeded { retry_after: SOON, state: LimitState::default() }
        })?;
        let admitted = account.admit(inner.requests.as_ref(), moderation.as_ref(), inner.concurrent, now);
        let state = account.state(inner.requests.as_ref(), moderation.as_ref(), now);
        match admitted {
            Ok(()) => {
                let slot = inner.concurrent.map(|_| ConcurrencySlot { inner: Arc::clone(inner), key });
                Ok(Permit { state, _slot: slot })
            }
            Err((limit, retry_after)) => {
                metrics::counter!(names::LIMITED, "limit" => limit).increment(1);
                Err(LimitExceeded { retry_after, state })
            }
        }
    }
}

impl CallerAccount {
    /// All limits, or none of them is charged.
    fn admit(
        &mut self,
        requests: Option<&Rate>,
        moderation: Option<&Rate>,
        concurrent: Option<u32>,
        now: Instant,
    ) -> Result<(), (&'static str, Duration)> {
        if concurrent.is_some_and(|most| self.under_way >= most) {
            return Err(("concurrent", SOON));
        }
        let charge =
            |bucket: &Bucket, rate: Option<&Rate>| rate.map_or(Ok(*bucket), |rate| bucket.after_one(rate, now));
        let requests_after = charge(&self.requests, requests).map_err(|wait| ("requests", wait));
        let moderation_after = charge(&self.moderation, moderation).map_err(|wait| ("moderation", wait));
        match (requests_after, moderation_after) {
            (Ok(requests), Ok(moderation)) => {
                self.requests = requests;
                self.moderation = moderation;
                self.under_way += u32::from(concurrent.is_some());
                Ok(())
            }
            (Err(one), Err(other)) => Err(if one.1 > other.1 { one } else { other }),
            (Err(refused), Ok(_)) | (Ok(_), Err(refused)) => Err(refused),
        }
    }

    fn state(&self, requests: Option<&Rate>, moderation: Option<&Rate>, now: Instant) -> LimitState {
        let mut standings: Vec<RateStanding<'_>> = Vec::with_capacity(2);
        standings.extend(requests.map(|rate| ("default", rate, &self.requests)));
        standings.extend(moderation.map(|rate| ("moderation", rate, &self.moderation)));
        LimitState::of(&standings, now)
    }

    fn is_idle(&self, now: Instant) -> bool {
        self.under_way == 0 && self.requests.is_full(now) && self.moderation.is_full(now)
    }
}

impl Callers {
    /// The caller's account, a new one if need be; `None` if there is no room for one.
    fn account(&mut self, key: &CallerKey, now: Instant) -> Option<&mut CallerAccount> {
        if !self.standings.contains_key(key) && self.standings.len() >= self.prune_at {
            // At the cap nothing may have become idle since; looking again for each stranger would cost everybody.
            let just_pruned = self.pruned.is_some_and(|pruned| now.saturating_duration_since(pruned) < SOON);
            if self.standings.len() >= self.most && just_pruned {
                return None;
            }
            self.pruned = Some(now);
            self.standings.retain(|_, account| !account.is_idle(now));
            // Looked through again when it has doubled, so the cost per request stays constant.
            self.prune_at = (self.standings.len() * 2).clamp(FEW_CALLERS.min(self.most), self.most);
            if self.standings.len() >= self.most {
                return None;
            }
        }
        let new = || CallerAccount { requests: Bucket::full(now), moderation: Bucket::full(now), under_way: 0 };
        Some(self.standings.entry(key.clone()).or_insert_with(new))
    }
}

impl Inner {
    fn lock(&self) -> MutexGuard<'_, Callers> {
        self.callers.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Drop for ConcurrencySlot {
    fn drop(&mut self) {
        if let Some(account) = self.inner.lock().standings.get_mut(&self.key) {
            account.under_way = account.under_way.saturating_sub(1);
        }
    }
}

#[cfg(test)]
mod tests;
