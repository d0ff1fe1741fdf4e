//! How long an answer serves: its age since the provider answered decides what a read does.

use std::time::Duration;

use session_provider::BudgetState;

use crate::config::CacheConfig;

/// How long an answer serves. Ages count from the moment the provider answered; `fresh` ≤ `revalidate` ≤ `stale`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Lifetime {
    /// Up to this age: served from memory.
    fresh: Duration,
    /// Up to this age: served from memory while one refresh runs in the background.
    revalidate: Duration,
    /// Under this age: served, marked stale, when the refresh failed.
    stale: Duration,
    /// The least time between two tries while refreshes keep failing.
    retry: Duration,
    /// The least age at which a hint may have it refreshed, if it came of a refresh in the background itself: so no
    /// flood of hints takes more than a quarter of the budget for one answer.
    spacing: Duration,
}

/// Where in its life an answer is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Phase {
    Fresh,
    /// Served from memory and refreshed in the background.
    Revalidate,
    /// Served only when a refresh has failed.
    Expired,
    Gone,
}

impl Lifetime {
    /// Of an answer that cost `exchanges` HTTP exchanges: fresh for at least as long as a quarter of the budget takes
    /// to pay for it. Where that is longer than `fresh_for`, the later windows move by the difference, so that each
    /// keeps its width and their order holds.
    pub(crate) fn of_answer(config: &CacheConfig, exchanges: u32, budget: Option<BudgetState>) -> Self {
        let paid = budget.map_or(Duration::ZERO, |budget| budget.time_at_a_quarter_for(exchanges));
        let later = paid.saturating_sub(config.fresh_for);
        let fresh = config.fresh_for.saturating_add(later);
        let revalidate = config.revalidate_for.saturating_add(later).max(fresh);
        let stale = config.stale_for.saturating_add(later).max(revalidate);
        Self { fresh, revalidate, stale, retry: fresh, spacing: paid }
    }

    /// Of "nothing is live here": `not_live_for`, and never a moment longer.
    pub(crate) fn of_absence(config: &CacheConfig) -> Self {
        let all = config.not_live_for;
        Self { fresh: all, revalidate: all, stale: all, retry: all, spacing: all }
    }

    /// Fresh for at least so long, as ended sessions are.
    pub(crate) fn fresh_at_least(self, least: Duration) -> Self {
        let fresh = self.fresh.max(least);
        let revalidate = self.revalidate.max(fresh);
        Self { fresh, revalidate, stale: self.stale.max(revalidate), ..self }
    }

    /// The least time between two refreshes that nobody waits for.
    pub(crate) fn spacing(&self) -> Duration {
        self.spacing
    }

    /// The age at which it is of no use any more.
    pub(crate) fn end(&self) -> Duration {
        self.stale
    }

    /// The phase at an age.
    pub(crate) fn phase(&self, age: Duration) -> Phase {
        if age <= self.fresh {
            Phase::Fresh
        } else if age <= self.revalidate {
            Phase::Revalidate
        } else if age < self.stale {
            Phase::Expired
        } else {
            Phase::Gone
        }
    }

    /// Whole seconds of freshness left, rounded down: below zero as soon as it is over.
    pub(crate) fn ttl_seconds(&self, age: Duration) -> i64 {
        let left = |duration: Duration| i128::try_from(duration.as_millis()).unwrap_or(i128::MAX);
        let over_by_less_than_a_millisecond = age > self.fresh && left(age) == left(self.fresh);
        let seconds = (left(self.fresh) - left(age)).div_euclid(1000);
        i64::try_from(seconds).unwrap_or(i64::MAX) - i64::from(over_by_less_than_a_millisecond)
    }

    /// Whether at this age it is too early for a hint to have it refreshed again.
    pub(crate) fn too_soon_after_refresh(&self, age: Duration) -> bool {
        age < self.spacing
    }

    /// Whether a refresh that failed `ago` forbids the next try.
    pub(crate) fn too_soon_after_failure(&self, ago: Duration) -> bool {
        ago < self.retry
    }

    /// Whether a refresh that failed `ago` means that refreshes keep failing, so that nobody should wait for the next.
    pub(crate) fn keeps_failing(&self, ago: Duration) -> bool {
        ago < self.revalidate
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const fn ms(ms: u64) -> Duration {
        Duration::from_millis(ms)
    }

    #[test]
    fn phases_change_at_the_ends_of_the_windows() {
        let lifetime = Lifetime::of_answer(&CacheConfig::default(), 1, None);
        for (age, phase) in [
            (0, Phase::Fresh),
            (2000, Phase::Fresh),
            (2001, Phase::Revalidate),
            (10_000, Phase::Revalidate),
            (10_001, Phase::Expired),
            (59_999, Phase::Expired),
            (60_000, Phase::Gone),
        ] {
            assert_eq!(lifetime.phase(ms(age)), phase, "{age}");
        }
    }

    #[test]
    fn ttl_is_negative_as_soon_as_freshness_is_over() {
        let lifetime = Lifetime::of_answer(&CacheConfig::default(), 1, None);
        for (age, ttl) in [(0, 2), (1, 1), (1500, 0), (2000, 0), (2001, -1), (3001, -2)] {
            assert_eq!(lifetime.ttl_seconds(ms(age)), ttl, "{age}");
        }
        assert_eq!(lifetime.ttl_seconds(ms(2000) + Duration::from_nanos(1)), -1);
    }

    #[test]
    fn a_dear_answer_is_fresh_longer_and_the_later_windows_move_with_it() {
        let budget = BudgetState { remaining: 0, requests: 600, per: ms(300_000) };
        let lifetime = Lifetime::of_answer(&CacheConfig::default(), 3, Some(budget));
        assert_eq!((lifetime.fresh, lifetime.revalidate, lifetime.stale), (ms(6000), ms(14_000), ms(64_000)));
        let cheap = Lifetime::of_answer(&CacheConfig::default(), 1, Some(budget));
        assert_eq!(cheap.fresh, ms(2000));
        let ended = lifetime.fresh_at_least(ms(3_600_000));
        assert_eq!((ended.fresh, ended.stale, ended.retry), (ms(3_600_000), ms(3_600_000), ms(6000)));
    }

    #[test]
    fn absence_is_fresh_and_then_gone() {
        let lifetime = Lifetime::of_absence(&CacheConfig::default());
        assert_eq!(lifetime.phase(ms(1000)), Phase::Fresh);
        assert_eq!(lifetime.phase(ms(1001)), Phase::Gone);
    }
}
