//! How many exchanges of the last ten seconds failed.

use std::time::Duration;

use tokio::time::Instant;

const SLOTS: u64 = 10;
const SLOT: Duration = Duration::from_secs(1);

/// Ten slots of a second each; a slot is emptied when its second comes round again.
#[derive(Debug)]
pub(crate) struct FailureWindow {
    since: Instant,
    slots: [Slot; SLOTS as usize],
}

#[derive(Debug, Clone, Copy, Default)]
struct Slot {
    second: u64,
    all: u32,
    failed: u32,
}

impl FailureWindow {
    pub(crate) fn starting(now: Instant) -> Self {
        Self { since: now, slots: [Slot::default(); SLOTS as usize] }
    }

    pub(crate) fn count(&mut self, now: Instant, failed: bool) {
        let second = self.second(now);
        let Some(slot) = self.slots.get_mut((second % SLOTS) as usize) else { return };
        if slot.second != second {
            *slot = Slot { second, ..Slot::default() };
        }
        slot.all = slot.all.saturating_add(1);
        slot.failed = slot.failed.saturating_add(u32::from(failed));
    }

    /// All exchanges of the last ten seconds, and the failed ones.
    pub(crate) fn totals(&self, now: Instant) -> (u32, u32) {
        let second = self.second(now);
        self.slots
            .iter()
            .filter(|slot| slot.second + SLOTS > second)
            .fold((0, 0), |(all, failed), slot| (slot.all.saturating_add(all), slot.failed.saturating_add(failed)))
    }

    fn second(&self, now: Instant) -> u64 {
        now.saturating_duration_since(self.since).as_secs() / SLOT.as_secs()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test(start_paused = true)]
    async fn exchanges_are_forgotten_after_ten_seconds() {
        let start = Instant::now();
        let at = |seconds| start + Duration::from_secs(seconds);
        let mut window = FailureWindow::starting(start);
        window.count(at(0), true);
        window.count(at(3), false);
        assert_eq!(window.totals(at(9)), (2, 1));
        assert_eq!(window.totals(at(10)), (1, 0));
        window.count(at(10), true);
        assert_eq!(window.totals(at(12)), (2, 1));
        assert_eq!(window.totals(at(13)), (1, 1));
        window.count(at(1000), false);
        assert_eq!(window.totals(at(1000)), (1, 0));
    }
}
