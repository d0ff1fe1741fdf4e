//! How often the rooms of a provider may be asked, all of them together.

use std::sync::atomic::{AtomicU32, Ordering};
use std::time::Duration;

/// Every room that is followed is asked at least so often.
pub(super) const AT_LEAST_EVERY: Duration = Duration::from_secs(30);

/// The calls that it takes to learn who is in a room, as long as it is not known better.
pub(super) const USUAL_CALLS: u32 = 2;

/// The rooms of one provider that are followed: together they may take half of its budget.
#[derive(Debug)]
pub(super) struct RoomShares {
    followed: AtomicU32,
    /// The time that one poll takes of a quarter of the budget.
    usual_spacing: Duration,
}

impl RoomShares {
    pub(super) fn new(usual_spacing: Duration) -> Self {
        Self { followed: AtomicU32::new(0), usual_spacing }
    }

    /// Takes one more room in; `false` if then not all of them could be asked often enough.
    pub(super) fn add(&self) -> bool {
        let add = |followed: u32| {
            let time = self.usual_spacing.saturating_mul(followed + 1) / 2;
            (time <= AT_LEAST_EVERY).then_some(followed + 1)
        };
        self.followed.fetch_update(Ordering::AcqRel, Ordering::Acquire, add).is_ok()
    }

    pub(super) fn remove(&self) {
        self.followed.fetch_sub(1, Ordering::AcqRel);
    }

    /// The least time between two polls of one room. `spacing` is what its latest answer says.
    pub(super) fn interval(&self, spacing: Option<Duration>) -> Duration {
        let spacing = spacing.unwrap_or(self.usual_spacing);
        let shared = spacing.saturating_mul(self.followed.load(Ordering::Acquire)) / 2;
        // Once more rooms turn out to cost more than was thought, half of the budget gives way to the promise.
        spacing.max(shared.min(AT_LEAST_EVERY))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn rooms_share_half_of_the_budget_and_no_more_come_in_than_can_be_asked() {
        // 600 calls in 300 s, two calls a room: 60 calls in 30 s, of which half are for 15 rooms.
        let shares = RoomShares::new(Duration::from_secs(4));
        assert_eq!((0..20).filter(|_| shares.add()).count(), 15);
        assert_eq!(shares.interval(None), Duration::from_secs(30));
        shares.remove();
        assert!(shares.add() && !shares.add());
        let free = RoomShares::new(Duration::ZERO);
        assert!((0..1000).all(|_| free.add()));
        assert_eq!(free.interval(None), Duration::ZERO);
    }
}
