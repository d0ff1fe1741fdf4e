//! How long to wait before connecting again.

use std::time::Duration;

use rand::Rng;

/// The wait after the first failure, and the longest.
const FIRST: Duration = Duration::from_secs(1);
const LONGEST: Duration = Duration::from_secs(30);

/// The longest that a gateway is obeyed when it says how long to wait.
const LONGEST_TOLD: Duration = Duration::from_secs(300);

/// Doubles with each failure in a row, between half and the whole of it by chance: those who lost a gateway together do not
/// come back together.
#[derive(Debug, Default)]
pub(super) struct Backoff {
    failures: u32,
}

impl Backoff {
    /// It worked.
    pub(super) fn reset(&mut self) {
        self.failures = 0;
    }

    /// The wait after one more failure, with which the gateway may have said how long.
    pub(super) fn failed(&mut self, told: Option<Duration>) -> Duration {
        let whole = FIRST.saturating_mul(1 << self.failures.min(10)).min(LONGEST);
        self.failures = self.failures.saturating_add(1);
        let own = whole.mul_f64(rand::rng().random_range(0.5..=1.0));
        told.map_or(own, |told| told.min(LONGEST_TOLD).max(own))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn waits_double_up_to_the_longest() {
        let mut backoff = Backoff::default();
        for whole in [1, 2, 4, 8, 16, 30, 30].map(Duration::from_secs) {
            let wait = backoff.failed(None);
            assert!(whole / 2 <= wait && wait <= whole, "{wait:?} of {whole:?}");
        }
        backoff.reset();
        assert!(backoff.failed(None) <= FIRST);
    }

    #[test]
    fn what_the_gateway_says_is_kept_to_within_reason() {
        assert_eq!(Backoff::default().failed(Some(Duration::from_secs(7))), Duration::from_secs(7));
        assert_eq!(Backoff::default().failed(Some(Duration::MAX)), LONGEST_TOLD);
        assert!(Backoff::default().failed(Some(Duration::ZERO)) >= FIRST / 2);
    }
}
