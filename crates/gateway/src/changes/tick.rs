//! The order of what happens in this process.

use std::num::NonZeroU64;
use std::sync::atomic::{AtomicU64, Ordering};

/// A place in that order: two ticks of one process are never equal, and what begins after something has ended has the
/// greater one.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Tick(NonZeroU64);

#[derive(Debug, Default)]
pub(super) struct Ticks(AtomicU64);

impl Ticks {
    pub(super) fn next(&self) -> Tick {
        let before = self.0.fetch_add(1, Ordering::SeqCst);
        Tick(NonZeroU64::MIN.saturating_add(before))
    }
}

/// The greatest tick it was told, readable without a lock.
#[derive(Debug, Default)]
pub(super) struct LatestTick(AtomicU64);

impl LatestTick {
    pub(super) fn get(&self) -> Option<Tick> {
        NonZeroU64::new(self.0.load(Ordering::SeqCst)).map(Tick)
    }

    pub(super) fn raise(&self, tick: Tick) {
        self.0.fetch_max(tick.0.get(), Ordering::SeqCst);
    }
}

impl Tick {
    /// The place just before this one, at which only what is older stands; `None` before everything.
    pub(super) fn before(self) -> Option<Self> {
        NonZeroU64::new(self.0.get() - 1).map(Self)
    }
}

#[cfg(test)]
impl Tick {
    /// The tick of that number.
    pub(crate) fn test(number: u64) -> Self {
        Self(NonZeroU64::new(number).unwrap())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ticks_grow_and_the_latest_only_rises() {
        let ticks = Ticks::default();
        let (first, second) = (ticks.next(), ticks.next());
        assert!(first < second);
        let latest = LatestTick::default();
        assert_eq!(latest.get(), None);
        latest.raise(second);
        latest.raise(first);
        assert_eq!(latest.get(), Some(second));
    }
}
