//! How often the rooms of a provider may be asked, all of them together.

use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

/// Every room that is followed is asked at least so often.
pub(super) const AT_LEAST_EVERY: Duration = Duration::from_secs(30);

/// The calls that it takes to learn who is in a room, as long as it is not known better.
pub(super) const USUAL_CALLS: u32 = 2;

/// The rooms of one provider that are followed: together they may take half of its budget.
#[derive(Debug)]
pub(super) struct RoomShares {
    /// The time that one poll of each takes of a quarter of the budget.
    taken: Mutex<Duration>,
    /// The same of a room that was never asked.
    usual: Duration,
}

/// What one room takes.
#[derive(Debug)]
pub(super) struct RoomShare {
    of: Arc<RoomShares>,
    /// `None` once it was given back.
    taken: Mutex<Option<Duration>>,
}

impl RoomShares {
    pub(super) fn new(usual_spacing: Duration) -> Self {
        Self { taken: Mutex::default(), usual: usual_spacing }
    }

    /// Takes one more room in; `None` if then not all of them could be asked often enough, or this one alone could not.
    pub(super) fn take(self: &Arc<Self>) -> Option<RoomShare> {
        let mut taken = lock(&self.taken);
        let with_it = taken.saturating_add(self.usual);
        (self.usual <= AT_LEAST_EVERY && with_it / 2 <= AT_LEAST_EVERY).then(|| {
            *taken = with_it;
            RoomShare { of: Arc::clone(self), taken: Mutex::new(Some(self.usual)) }
        })
    }
}

impl RoomShare {
    /// The least time between two polls of the room. `spacing` is what its latest answer says, which is what the room takes
    /// from now on.
    pub(super) fn interval(&self, spacing: Option<Duration>) -> Duration {
        let spacing = spacing.unwrap_or(self.of.usual);
        let mut all = lock(&self.of.taken);
        if let Some(taken) = &mut *lock(&self.taken) {
            *all = all.saturating_sub(*taken).saturating_add(part(spacing));
            *taken = part(spacing);
        }
        // Once rooms turn out to cost more than was thought, half of the budget gives way to the promise.
        spacing.max((*all / 2).min(AT_LEAST_EVERY))
    }

    /// The room is not asked any more.
    pub(super) fn give_back(&self) {
        let mut all = lock(&self.of.taken);
        *all = all.saturating_sub(lock(&self.taken).take().unwrap_or_default());
    }
}

/// A room that takes more can only be asked less often, with a quarter of the budget.
fn part(spacing: Duration) -> Duration {
    spacing.min(AT_LEAST_EVERY)
}

fn lock<T>(value: &Mutex<T>) -> MutexGuard<'_, T> {
    value.lock().unwrap_or_else(PoisonError::into_inner)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn shares(usual: u64) -> Arc<RoomShares> {
        Arc::new(RoomShares::new(Duration::from_secs(usual)))
    }

    fn all_that_come_in(shares: &Arc<RoomShares>) -> Vec<RoomShare> {
        std::iter::from_fn(|| shares.take()).take(1000).collect()
    }

    #[test]
    fn rooms_share_half_of_the_budget_and_no_more_come_in_than_can_be_asked() {
        // 600 calls in 300 s, two calls a room: 60 calls in 30 s, of which half are for 15 rooms.
        let shares = shares(4);
        let rooms = all_that_come_in(&shares);
        assert_eq!(rooms.len(), 15);
        assert_eq!(rooms[0].interval(None), Duration::from_secs(30));
        rooms[7].give_back();
        rooms[7].give_back();
        assert_eq!(
            rooms[7].interval(None),
            Duration::from_secs(28),
            "it is not asked, whatever is still to be said of it"
        );
        assert!(shares.take().is_some() && shares.take().is_none());
    }

    #[test]
    fn a_room_that_takes_more_calls_than_usual_leaves_less_for_those_that_come_after_it() {
        let shares = shares(4);
        let rooms: Vec<RoomShare> = (0..6).filter_map(|_| shares.take()).collect();
        let spacing = Some(Duration::from_secs(8));
        assert!(rooms.iter().all(|room| room.interval(spacing) >= Duration::from_secs(8)));
        assert_eq!(rooms[0].interval(spacing), Duration::from_secs(24), "48 calls in 48 s would be all of a quarter");
        assert_eq!(all_that_come_in(&shares).len(), 3, "of whom the usual is thought");
    }

    #[test]
    fn one_that_takes_very_many_calls_takes_half_of_what_rooms_may_take() {
        let shares = shares(4);
        let large = shares.take().unwrap();
        let spacing = Some(Duration::from_secs(400));
        assert_eq!(large.interval(spacing), Duration::from_secs(400));
        let others = all_that_come_in(&shares);
        assert_eq!(others.len(), 7);
        assert_eq!(others[0].interval(None), Duration::from_secs(29));
    }

    #[test]
    fn where_no_room_could_be_asked_every_30_seconds_none_comes_in() {
        for (usual, expected) in [(30, 2), (31, 0), (61, 0), (400, 0)] {
            assert_eq!(all_that_come_in(&shares(usual)).len(), expected, "{usual} s");
        }
    }

    #[test]
    fn without_a_budget_everybody_comes_in() {
        let shares = shares(0);
        let rooms = all_that_come_in(&shares);
        assert_eq!(rooms.len(), 1000);
        assert_eq!(rooms[0].interval(None), Duration::ZERO);
    }
}
