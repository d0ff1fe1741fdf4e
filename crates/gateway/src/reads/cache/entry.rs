//! An answer in the cache.

use std::any::Any;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use session_provider::{Error, ErrorKind, Payer, Timestamp};
use tokio::time::Instant;

use crate::changes::{Subject, Tick};
use crate::reads::cache::lifetime::{Lifetime, Phase};
use crate::reads::cache::{Answer, Target};

/// Something that was answered, with its times.
#[derive(Debug)]
pub(crate) struct Entry<A> {
    pub(crate) times: Times,
    pub(crate) answer: A,
}

/// What is held under a key: an answer, or the provider's word that nothing is live there. The latter is the one error
/// that is kept.
#[derive(Debug)]
pub(crate) enum Held<A> {
    Answer(Arc<Entry<A>>),
    NotLive(Arc<Entry<Error>>),
}

/// When an answer came and how long it serves. Never changed, but for the note that its refresh failed.
#[derive(Debug)]
pub(crate) struct Times {
    /// When its load began: its identity, and its place among changes.
    pub(crate) began: Tick,
    /// When the provider answered.
    pub(crate) answered: Instant,
    /// The same as wall time.
    pub(crate) fetched_at: Timestamp,
    pub(crate) lifetime: Lifetime,
    /// When its freshness ends early: the provider's API may not have caught up with a hint when it answered.
    fresh_until: Option<Instant>,
    /// It came of a refresh in the background or of a poll, not of a load that a caller waited for.
    paced: bool,
    origin: Origin,
    failure: Mutex<Option<RefreshFailure>>,
}

/// Where an answer came from.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Origin {
    /// From the provider; other replicas know its load by this number, if they know of it.
    Asked,
    /// The same, in a load that has this number among all replicas.
    Claimed(u64),
    /// From another replica, which had it already. The number of its load.
    Found(u64),
    /// From another replica, whose load was waited for. The number of that load.
    LoadedElsewhere(u64),
}

impl Origin {
    /// The number of the load among all replicas.
    pub(crate) fn number(self) -> Option<u64> {
        match self {
            Self::Asked => None,
            Self::Claimed(number) | Self::Found(number) | Self::LoadedElsewhere(number) => Some(number),
        }
    }
}

/// The latest refresh of an answer, failed.
#[derive(Debug, Clone)]
pub(crate) struct RefreshFailure {
    pub(crate) at: Instant,
    pub(crate) error: Error,
    /// Whose share of the budget was to pay; nobody's for work of our own.
    pub(crate) payer: Option<Payer>,
}

/// Bytes that an entry takes besides its answer: key, times, bookkeeping of the store.
const OVERHEAD: usize = 512;

impl Times {
    /// Of an answer that came just now.
    pub(crate) fn new(began: Tick, answered: Instant, fetched_at: Timestamp, lifetime: Lifetime) -> Self {
        Self {
            began,
            answered,
            fetched_at,
            lifetime,
            fresh_until: None,
            paced: false,
            origin: Origin::Asked,
            failure: Mutex::new(None),
        }
    }

    /// Fresh until then at most.
    pub(crate) fn fresh_until(self, end: Option<Instant>) -> Self {
        Self { fresh_until: end, ..self }
    }

    /// Whether it came of a refresh in the background or of a poll: then hints have it refreshed again only at the pace
    /// that the budget sets.
    pub(crate) fn paced(self, paced: bool) -> Self {
        Self { paced, ..self }
    }

    /// For how long after it was answered it is fresh at most, where that is known to be shorter than its lifetime says.
    pub(crate) fn fresh_for(&self) -> Option<Duration> {
        self.fresh_until.map(|end| end.saturating_duration_since(self.answered))
    }

    /// Where it came from.
    pub(crate) fn of_origin(self, origin: Origin) -> Self {
        Self { origin, ..self }
    }

    /// Where it came from.
    pub(crate) fn origin(&self) -> Origin {
        self.origin
    }

    /// The phase it is in, and whether hints alone have ended its freshness. `hinted` is when the latest hint came since
    /// its load began.
    pub(crate) fn phase(&self, hinted: Option<Instant>, now: Instant) -> (Phase, bool) {
        let phase = self.lifetime.phase(self.age(now));
        let is_doubted = phase == Phase::Fresh && self.early_end(hinted).is_some_and(|end| now >= end);
        (if is_doubted { Phase::Revalidate } else { phase }, is_doubted)
    }

    /// Whole seconds of freshness left, rounded down: below zero as soon as it is over.
    pub(crate) fn ttl_seconds(&self, hinted: Option<Instant>, now: Instant) -> i64 {
        let ttl = self.lifetime.ttl_seconds(self.age(now));
        let seconds = |time: Duration| i64::try_from(time.as_secs()).unwrap_or(i64::MAX);
        self.early_end(hinted).map_or(ttl, |end| {
            let left = end.checked_duration_since(now).filter(|left| !left.is_zero());
            ttl.min(left.map_or_else(|| -1 - seconds(now.saturating_duration_since(end)), seconds))
        })
    }

    fn early_end(&self, hinted: Option<Instant>) -> Option<Instant> {
        self.fresh_until.into_iter().chain(hinted).min()
    }

    /// Whether it is too early for a hint to have it refreshed.
    pub(crate) fn is_too_soon_for_hints(&self, now: Instant) -> bool {
        self.paced && self.lifetime.too_soon_after_refresh(self.age(now))
    }

    /// The time since the provider answered.
    pub(crate) fn age(&self, now: Instant) -> Duration {
        now.saturating_duration_since(self.answered)
    }

    /// Notes that its refresh failed.
    pub(crate) fn refresh_failed(&self, failure: RefreshFailure) {
        *self.failure.lock().unwrap_or_else(PoisonError::into_inner) = Some(failure);
    }

    /// The failure of the latest refresh, as far as it says anything to this payer: that another's share of the
    /// budget was spent does not.
    pub(crate) fn failure_for(&self, payer: Option<Payer>) -> Option<RefreshFailure> {
        let failure = self.failure.lock().unwrap_or_else(PoisonError::into_inner).clone()?;
        let concerns = failure.error.kind() != ErrorKind::ProviderRateLimited || failure.payer == payer;
        concerns.then_some(failure)
    }
}

impl<A> Clone for Held<A> {
    fn clone(&self) -> Self {
        match self {
            Self::Answer(entry) => Self::Answer(Arc::clone(entry)),
            Self::NotLive(entry) => Self::NotLive(Arc::clone(entry)),
        }
    }
}

impl<A: Answer> Held<A> {
    pub(crate) fn times(&self) -> &Times {
        match self {
            Self::Answer(entry) => &entry.times,
            Self::NotLive(entry) => &entry.times,
        }
    }

    /// The answer, unless it is that nothing is live.
    pub(crate) fn answer(&self) -> Option<&A> {
        if let Self::Answer(entry) = self { Some(&entry.answer) } else { None }
    }

    /// The same with its times.
    pub(crate) fn entry(self) -> Option<Arc<Entry<A>>> {
        if let Self::Answer(entry) = self { Some(entry) } else { None }
    }

    /// Bytes it takes, rounded up rather than down.
    pub(crate) fn weight(&self) -> u32 {
        let answer = match self {
            Self::Answer(entry) => entry.answer.weight(),
            Self::NotLive(_) => OVERHEAD,
        };
        u32::try_from(answer.saturating_add(OVERHEAD)).unwrap_or(u32::MAX)
    }

    /// Whether it is there to say that something is not: it carries no mark of being old, so it may not be old.
    pub(crate) fn is_absence(&self) -> bool {
        match self {
            Self::Answer(entry) => entry.answer.permanence() == crate::reads::cache::Permanence::Absent,
            Self::NotLive(_) => true,
        }
    }

    /// What it is about, asked of this target.
    pub(crate) fn subject<'a>(&'a self, target: &'a Target) -> Subject<'a> {
        match self {
            Self::Answer(entry) => entry.answer.subject(target),
            Self::NotLive(_) => target.subject(),
        }
    }

    /// Without its type, to be kept beside answers of other types.
    pub(crate) fn erase(self) -> Arc<dyn Any + Send + Sync> {
        match self {
            Self::Answer(entry) => entry,
            Self::NotLive(entry) => entry,
        }
    }

    /// The type again; `None` for an answer of another type.
    pub(crate) fn restore(erased: Arc<dyn Any + Send + Sync>) -> Option<Self> {
        match erased.downcast() {
            Ok(entry) => Some(Self::Answer(entry)),
            Err(other) => other.downcast().ok().map(Self::NotLive),
        }
    }
}

/// Whether the error is the provider's word that what was asked for is not there: an answer, not a failure.
pub(crate) fn is_absence(kind: ErrorKind) -> bool {
    matches!(kind, ErrorKind::SessionNotLive | ErrorKind::SessionNotFound)
}
