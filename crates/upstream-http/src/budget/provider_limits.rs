//! What the provider itself allows, as far as it says so.

use std::time::Duration;

use tokio::time::Instant;

use crate::budget::bucket::Rate;
use crate::rate_limit_headers::{Item, RateLimits};

/// More named limits than this are not kept.
const MAX_WINDOWS: usize = 8;
/// A policy that was not repeated for so long is forgotten.
const POLICY_LASTS: Duration = Duration::from_secs(300);
/// The wait after a 429 without a `Retry-After`, doubled by each further one.
const FIRST_BACK_OFF: Duration = Duration::from_secs(1);
const LONGEST_BACK_OFF: Duration = Duration::from_secs(60);

/// The provider's limits, each until it runs out.
#[derive(Debug, Clone, Default)]
pub(super) struct ProviderLimits {
    pub(super) throttled_until: Option<Instant>,
    pub(super) throttles: u32,
    pub(super) windows: Vec<LimitWindow>,
    pub(super) policy: Option<(Rate, Instant)>,
}

/// The calls left until a moment, from `Ratelimit`.
#[derive(Debug, Clone)]
pub(super) struct LimitWindow {
    pub(super) name: String,
    pub(super) left: u32,
    pub(super) for_mutations: u32,
    pub(super) until: Instant,
}

impl ProviderLimits {
    /// Takes in what an answer said.
    pub(super) fn heed(&mut self, limits: &RateLimits, now: Instant) {
        self.windows.retain(|window| window.until > now);
        for item in &limits.remaining {
            let is_room = self.windows.len() < MAX_WINDOWS;
            match self.windows.iter_mut().find(|window| window.name == item.name) {
                // Answers overtake each other, so within a window the number only falls. The window's end stays where it
                // was: a provider that moves it on with each answer must not hold us down for ever.
                Some(window) => window.left = window.left.min(item.calls),
                None if is_room => self.windows.push(LimitWindow {
                    name: item.name.clone(),
                    left: item.calls,
                    for_mutations: item.calls / 10,
                    until: now + item.window,
                }),
                None => {}
            }
        }
        if let Some(policy) = limits.policies.iter().map(rate).reduce(Rate::narrower) {
            self.policy = Some((policy, now + POLICY_LASTS));
        }
    }

    /// One part of so many, each of which knows nothing of the others.
    pub(super) fn part_of(mut self, parts: u32) -> Self {
        for window in &mut self.windows {
            window.left /= parts;
            window.for_mutations /= parts;
        }
        if let Some((rate, _)) = &mut self.policy {
            rate.capacity = (rate.capacity / f64::from(parts)).max(1.0);
            rate.per_second /= f64::from(parts);
        }
        self
    }

    /// The narrower of our own rate and the provider's policy.
    pub(super) fn narrow(&self, own: Rate, now: Instant) -> Rate {
        match self.policy {
            Some((policy, until)) if until > now => own.narrower(policy),
            _ => own,
        }
    }

    /// How long until a call is allowed; zero if it is. `keep` is whether the part for mutations must remain.
    pub(super) fn time_until_one(&self, keep: bool, now: Instant) -> Duration {
        let spent = self.windows.iter().filter(|window| window.left <= if keep { window.for_mutations } else { 0 });
        let ends = spent.map(|window| window.until).chain(self.throttled_until);
        ends.map(|end| end.saturating_duration_since(now)).max().unwrap_or(Duration::ZERO)
    }

    /// Counts a call against every window.
    pub(super) fn take(&mut self) {
        for window in &mut self.windows {
            window.left = window.left.saturating_sub(1);
        }
    }

    /// The fewest calls that any limit leaves; `None` if there is none.
    pub(super) fn left(&self, now: Instant) -> Option<u32> {
        if self.throttled_until.is_some_and(|until| until > now) {
            return Some(0);
        }
        self.windows.iter().filter(|window| window.until > now).map(|window| window.left).min()
    }

    /// No calls for `wait`, or for a growing while. Answers how long from now.
    pub(super) fn throttled(&mut self, wait: Option<Duration>, now: Instant) -> Duration {
        let standing = self.throttled_until.map_or(Duration::ZERO, |until| until.saturating_duration_since(now));
        let wait = match wait {
            Some(wait) => wait.max(standing),
            // One of several calls that were under way together: they are one 429, not several.
            None if !standing.is_zero() => standing,
            None => {
                let back_off = FIRST_BACK_OFF.saturating_mul(1 << self.throttles.min(6));
                self.throttles = self.throttles.saturating_add(1);
                back_off.min(LONGEST_BACK_OFF)
            }
        };
        self.throttled_until = Some(now + wait);
        wait
    }

    /// An answer that is no 429; it ends the growing, not a wait that stands.
    pub(super) fn not_throttled(&mut self, now: Instant) {
        if self.throttled_until.is_none_or(|until| until <= now) {
            self.throttles = 0;
        }
    }
}

fn rate(item: &Item) -> Rate {
    let calls = f64::from(item.calls);
    Rate { capacity: calls, per_second: calls / item.window.as_secs_f64() }
}
