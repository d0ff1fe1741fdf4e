//! How every caller stands.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use caller_auth::Caller;
use tokio::time::Instant;

use crate::limits::bucket::Bucket;
use crate::limits::caller_limit::CallerRates;
use crate::limits::headers::{LimitState, RateStanding};
use crate::limits::purse::Purses;

/// The most callers that are remembered. Those who stand as if they had never called are forgotten first; beyond that,
/// callers who are not remembered are refused: every one of them holds a valid token, so something is very wrong.
pub(super) const MAX_CALLERS: usize = 100_000;

/// Fewer than these are never looked through for callers to forget.
pub(super) const FEW_CALLERS: usize = 1024;

/// When to try again where no clock says it.
pub(super) const SOON: Duration = Duration::from_secs(1);

/// The accounts of all callers. Cheap to clone, bounded in memory.
#[derive(Debug, Clone)]
pub(super) struct Accounts(Arc<Mutex<Callers>>);

#[derive(Debug)]
pub(super) struct Callers {
    pub(super) standings: HashMap<CallerKey, CallerAccount>,
    /// From how many on idle ones are looked for.
    prune_at: usize,
    pruned: Option<Instant>,
    most: usize,
}

#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub(super) struct CallerKey {
    pub(super) issuer: Box<str>,
    pub(super) subject: Box<str>,
}

/// How one caller stands.
#[derive(Debug)]
pub(super) struct CallerAccount {
    requests: Bucket,
    moderation: Bucket,
    pub(super) under_way: u32,
    /// Where replicas have the limits together, in the place of the buckets.
    purses: Option<Box<Purses>>,
}

impl Accounts {
    /// With room for so many callers.
    pub(super) fn new(most: usize) -> Self {
        let standings = HashMap::new();
        Self(Arc::new(Mutex::new(Callers { standings, prune_at: FEW_CALLERS.min(most), pruned: None, most })))
    }

    pub(super) fn lock(&self) -> MutexGuard<'_, Callers> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl CallerKey {
    pub(super) fn of(caller: &Caller) -> Self {
        Self { issuer: caller.issuer().into(), subject: caller.subject().into() }
    }
}

impl CallerAccount {
    /// All limits, or none of them is charged.
    pub(super) fn admit(&mut self, rates: &CallerRates, now: Instant) -> Result<(), (&'static str, Duration)> {
        self.has_place(rates)?;
        let charge = |bucket: &Bucket, rate| Option::map_or(rate, Ok(*bucket), |rate| bucket.after_one(rate, now));
        let requests_after = charge(&self.requests, rates.requests.as_ref()).map_err(|wait| ("requests", wait));
        let moderation_after = charge(&self.moderation, rates.moderation.as_ref()).map_err(|wait| ("moderation", wait));
        match (requests_after, moderation_after) {
            (Ok(requests), Ok(moderation)) => {
                self.requests = requests;
                self.moderation = moderation;
                self.take_place(rates);
                Ok(())
            }
            (Err(one), Err(other)) => Err(if one.1 > other.1 { one } else { other }),
            (Err(refused), Ok(_)) | (Ok(_), Err(refused)) => Err(refused),
        }
    }

    /// Whether one more may be under way.
    pub(super) fn has_place(&self, rates: &CallerRates) -> Result<(), (&'static str, Duration)> {
        let is_full = rates.concurrent.is_some_and(|most| self.under_way >= most);
        if is_full { Err(("concurrent", SOON)) } else { Ok(()) }
    }

    pub(super) fn take_place(&mut self, rates: &CallerRates) {
        self.under_way += u32::from(rates.concurrent.is_some());
    }

    pub(super) fn purses(&mut self, now: Instant) -> &mut Purses {
        self.purses.get_or_insert_with(|| Box::new(Purses::new(now)))
    }

    pub(super) fn state(&self, rates: &CallerRates, now: Instant) -> LimitState {
        let mut standings: Vec<RateStanding<'_>> = Vec::with_capacity(2);
        standings.extend(rates.requests.as_ref().map(|rate| ("default", rate, self.requests.level(rate, now))));
        standings.extend(rates.moderation.as_ref().map(|rate| ("moderation", rate, self.moderation.level(rate, now))));
        LimitState::of(&standings)
    }

    fn is_idle(&self, now: Instant) -> bool {
        self.under_way == 0
            && self.requests.is_full(now)
            && self.moderation.is_full(now)
            && self.purses.as_ref().is_none_or(|purses| purses.are_idle(now))
    }
}

impl Callers {
    /// The caller's account, a new one if need be; `None` if there is no room for one.
    pub(super) fn account(&mut self, key: &CallerKey, now: Instant) -> Option<&mut CallerAccount> {
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
        let bucket = Bucket::full(now);
        let new = || CallerAccount { requests: bucket, moderation: bucket, under_way: 0, purses: None };
        Some(self.standings.entry(key.clone()).or_insert_with(new))
    }
}
