//! What a replica has taken of a limit that all replicas have together.
//!
//! A request takes from the purse. A purse is filled by lots from the store, before it is empty where it may hold more than
//! one request. What all purses of a caller can hold is a tenth of the quota, so at any time the caller has at most so much
//! more than the store would grant, and at most so much less.

use std::time::Duration;

use tokio::sync::watch;
use tokio::time::Instant;

use crate::limits::bucket::{Bucket, Level, Rate};
use crate::limits::caller_limit::CallerLimit;

/// This part of a quota may lie in purses.
const LYING_PART: u32 = 10;

/// Where the store had less than was wanted it is asked again only when about a purse full has come again, or after this.
const LONGEST_PACE: Duration = Duration::from_millis(100);

/// A lot can be used for at least as long, however short the window: those who wait for it have to get it.
const SHORTEST_LIFE: Duration = Duration::from_millis(100);

/// The purses of a caller.
#[derive(Debug)]
pub(super) struct Purses {
    requests: Purse,
    moderation: Purse,
}

/// What is there of one limit of one caller.
#[derive(Debug)]
pub(super) struct Purse {
    requests: u32,
    expires: Instant,
    /// How the limit stands in the store, as far as this replica knows; what is in the purse is taken from it. While the
    /// store is away, this replica's own.
    known: Bucket,
    /// What is known is not, or no longer, the store's.
    is_alone: bool,
    /// Requests that wait for a lot.
    waiting: u32,
    /// The lot under way, if its sender is still there: `true` when it has come.
    lot: Option<watch::Receiver<bool>>,
}

/// On what terms a purse is used now.
#[derive(Debug, Clone, Copy)]
pub(super) struct PurseTerms {
    pub(super) rate: Rate,
    /// The most requests that may lie in it.
    pub(super) capacity: u32,
    /// This replica's part of the rate, while the store is away.
    pub(super) alone: Option<Rate>,
}

/// What a purse is good for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum PurseContent {
    /// A request can be made.
    Enough,
    /// None can be made for so long.
    Over(Duration),
    /// The store has to be asked.
    Empty,
}

impl PurseTerms {
    pub(super) fn new(rate: Rate, replicas: u32, is_away: bool) -> Self {
        let capacity = rate.quota() / LYING_PART.saturating_mul(replicas.max(1));
        Self { rate, capacity, alone: is_away.then(|| rate.part(replicas)) }
    }
}

impl Purses {
    pub(super) fn new(now: Instant) -> Self {
        Self { requests: Purse::new(now), moderation: Purse::new(now) }
    }

    pub(super) fn of(&mut self, limit: CallerLimit) -> &mut Purse {
        match limit {
            CallerLimit::Requests => &mut self.requests,
            CallerLimit::Moderation => &mut self.moderation,
        }
    }

    pub(super) fn are_idle(&self, now: Instant) -> bool {
        [&self.requests, &self.moderation].into_iter().all(|purse| purse.is_idle(now))
    }
}

impl Purse {
    fn new(now: Instant) -> Self {
        Self { requests: 0, expires: now, known: Bucket::full(now), is_alone: false, waiting: 0, lot: None }
    }

    /// How many requests lie in it.
    fn held(&self, now: Instant) -> u32 {
        if now < self.expires { self.requests } else { 0 }
    }

    pub(super) fn content(&self, terms: &PurseTerms, now: Instant) -> PurseContent {
        if self.held(now) > 0 {
            return PurseContent::Enough;
        }
        match (self.known.after_one(terms.alone.as_ref().unwrap_or(&terms.rate), now), terms.alone) {
            (Ok(_), Some(_)) => PurseContent::Enough,
            (Err(wait), Some(_)) => PurseContent::Over(wait),
            // What this replica has charged alone is no reason not to ask the store that is back.
            (Err(wait), None) if !self.is_alone => PurseContent::Over(wait),
            (_, None) => PurseContent::Empty,
        }
    }

    /// Makes one request, of a purse that has [`Enough`](PurseContent::Enough).
    pub(super) fn take(&mut self, terms: &PurseTerms, now: Instant) {
        match (self.held(now), terms.alone) {
            (0, Some(alone)) => {
                self.is_alone = true;
                self.known = self.known.after_one(&alone, now).unwrap_or(self.known);
            }
            (held, _) => self.requests = held.saturating_sub(1),
        }
    }

    /// What is left, here and as far as is known in the store.
    pub(super) fn level(&self, terms: &PurseTerms, now: Instant) -> Level {
        match (self.held(now), &terms.alone) {
            (0, Some(alone)) => self.known.level(alone, now),
            (held, _) => self.known.without(&terms.rate, held, now).level(&terms.rate, now),
        }
    }

    /// Whether a lot had better be fetched before it is empty.
    pub(super) fn is_low(&self, terms: &PurseTerms, now: Instant) -> bool {
        terms.capacity > 0
            && terms.alone.is_none()
            && !self.is_alone
            && self.held(now) <= terms.capacity / 3
            && self.known.after_one(&terms.rate, now).is_ok()
    }

    /// How many to fetch now, and whom to tell when they have come; `None` while a lot is under way.
    pub(super) fn begin_lot(&mut self, terms: &PurseTerms, now: Instant) -> Option<(u32, watch::Sender<bool>)> {
        // Whoever fetches has the sender until it has ended, however it ends.
        if self.lot.as_ref().is_some_and(|lot| lot.has_changed().is_ok()) {
            return None;
        }
        let (sender, lot) = watch::channel(false);
        self.lot = Some(lot);
        let want = terms.capacity.saturating_add(self.waiting).saturating_sub(self.held(now));
        Some((want.clamp(1, terms.rate.quota()), sender))
    }

    /// One more request waits for the lot under way.
    pub(super) fn wait(&mut self) -> Option<watch::Receiver<bool>> {
        self.waiting += 1;
        self.lot.clone()
    }

    /// One request waits no more.
    pub(super) fn end_waiting(&mut self) {
        self.waiting = self.waiting.saturating_sub(1);
    }

    /// One request has hung up: what has come for it does not stay.
    pub(super) fn hang_up(&mut self, terms: &PurseTerms) {
        self.requests = self.requests.min(self.most(terms));
    }

    /// What may lie in it now: beside those who wait there may be one that is about to, or that could not be used for the
    /// sake of another limit.
    fn most(&self, terms: &PurseTerms) -> u32 {
        terms.capacity.saturating_add(self.waiting).saturating_add(1)
    }

    /// A lot of so many, of which so many were wanted, has come. It was asked for at `asked`, and is all back in the store
    /// `full_in` after that.
    pub(super) fn add_lot(&mut self, terms: &PurseTerms, asked: Instant, want: u32, granted: u32, full_in: Duration) {
        let PurseTerms { rate, capacity, .. } = terms;
        let now = Instant::now();
        // Whoever can write to the store can write anything.
        let full_in = full_in.min(rate.window());
        self.is_alone = false;
        self.requests = self.held(now).saturating_add(granted.min(want)).min(self.most(terms));
        // Nobody has more than a small quota: what has come again in the store is not here any more.
        let life = if *capacity == 0 { full_in } else { rate.window() };
        self.expires = (asked + life).max(now + SHORTEST_LIFE);
        self.known = Bucket::full(asked + full_in);
        if granted < want {
            let pace = rate.interval().saturating_mul(*capacity).min(LONGEST_PACE);
            self.known = self.known.without_room_before(rate, asked + pace);
        }
    }

    /// The store is away: what is known from now on is known here alone.
    pub(super) fn go_alone(&mut self) {
        self.is_alone = true;
    }

    fn is_idle(&self, now: Instant) -> bool {
        let is_fetching = self.lot.as_ref().is_some_and(|lot| lot.has_changed().is_ok());
        self.held(now) == 0 && self.known.is_full(now) && self.waiting == 0 && !is_fetching
    }
}
