//! When a provider is asked next on behalf of those who listen.

use std::time::Duration;

use tokio::time::Instant;

use crate::events::batch::Latest;

/// How far a provider's API may lag behind its own notices: then it is asked once more.
const LAG: Duration = Duration::from_secs(2);

/// The least time between two polls that follow mutations of our own, each of which is a call itself.
pub(super) const AFTER_MUTATION: Duration = Duration::from_millis(250);

/// When to poll. An answer that somebody's read has brought counts as a poll: all of them share one pace.
#[derive(Debug)]
pub(super) struct Pace {
    poll_for: Duration,
    /// The least time between two polls that the budget allows.
    spacing: Duration,
    polled: Option<Instant>,
    /// When the latest answer came, whoever asked for it.
    answered: Option<Instant>,
    /// Something was said to have happened that no answer has looked at yet.
    hinted: Option<Instant>,
    /// When to look again, since the provider's API may lag.
    again: Option<Instant>,
    mutated: Option<Instant>,
}

impl Pace {
    /// Nobody was asked yet. A poll may come every `poll_for`, or every `spacing` if that is longer.
    pub(super) fn new(poll_for: Duration, spacing: Duration) -> Self {
        Self { poll_for, spacing, polled: None, answered: None, hinted: None, again: None, mutated: None }
    }

    /// Takes note of the latest answer. `is_last_word` says that nothing was said to have happened since it was asked for.
    pub(super) fn note(&mut self, latest: Latest, is_last_word: bool) {
        self.answered = Some(latest.answered);
        self.spacing = latest.spacing;
        if is_last_word {
            (self.hinted, self.mutated) = (None, None);
        }
    }

    pub(super) fn due(&self) -> Instant {
        let Some(latest) = self.polled.max(self.answered) else { return Instant::now() };
        let regular = latest + self.poll_for.max(self.spacing);
        let after = |wanted: Option<Instant>, least| wanted.map(|wanted: Instant| wanted.max(latest + least));
        let hinted = after(self.hinted.into_iter().chain(self.again).min(), self.spacing);
        let mutated = after(self.mutated, AFTER_MUTATION.min(self.spacing));
        [hinted, mutated].into_iter().flatten().fold(regular, Instant::min)
    }

    /// Whether the poll that begins now must not share a call that began earlier.
    pub(super) fn begin(&mut self) -> bool {
        let now = Instant::now();
        self.polled = Some(now);
        let is_asked_for = self.hinted.take().is_some() | self.mutated.take().is_some();
        is_asked_for | self.again.take_if(|again| *again <= now).is_some()
    }

    /// Somebody outside says that something may have happened.
    pub(super) fn hint(&mut self) {
        let now = Instant::now();
        self.hinted.get_or_insert(now);
        self.again = Some(now + LAG);
    }

    /// We have changed something ourselves.
    pub(super) fn mutate(&mut self) {
        self.mutated.get_or_insert_with(Instant::now);
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::changes::Tick;

    fn seconds(seconds: u64) -> Duration {
        Duration::from_secs(seconds)
    }

    #[tokio::test(start_paused = true)]
    async fn hints_bring_the_next_poll_forward_as_far_as_the_budget_allows() {
        let start = Instant::now();
        let mut pace = Pace::new(seconds(10), seconds(4));
        let answered = |after| Latest {
            began: Tick::test(1),
            number: None,
            answered: start + seconds(after),
            spacing: seconds(4),
        };
        assert_eq!(pace.due(), start, "at once");
        assert!(!pace.begin());
        assert_eq!(pace.due(), start + seconds(10));
        tokio::time::advance(seconds(1)).await;
        pace.hint();
        assert_eq!(pace.due(), start + seconds(4));
        pace.note(answered(1), false);
        assert_eq!(pace.due(), start + seconds(5), "one pace for all");
        tokio::time::advance(seconds(3)).await;
        assert!(pace.begin(), "what began before the hint does not do");
        assert_eq!(pace.due(), start + seconds(14), "and the poll came later than the lag");
        tokio::time::advance(seconds(6)).await;
        pace.hint();
        assert_eq!(pace.due(), start + seconds(10));
        assert!(pace.begin());
        assert_eq!(pace.due(), start + seconds(14), "once more, since the API may lag");
        pace.mutate();
        assert_eq!(pace.due(), start + seconds(10) + AFTER_MUTATION);
    }

    #[tokio::test(start_paused = true)]
    async fn a_readers_answer_counts_as_a_poll() {
        let start = Instant::now();
        let mut pace = Pace::new(seconds(10), seconds(4));
        let answered = |after| Latest {
            began: Tick::test(1),
            number: None,
            answered: start + seconds(after),
            spacing: seconds(4),
        };
        pace.note(answered(0), true);
        assert_eq!(pace.due(), start + seconds(10), "before the first poll, too");
        tokio::time::advance(seconds(6)).await;
        pace.hint();
        pace.mutate();
        assert_eq!(pace.due(), start + seconds(6));
        // It began after what was said, and has looked at it.
        pace.note(answered(6), true);
        assert_eq!(pace.due(), start + seconds(10), "once more for the lag, not before the budget allows");
        tokio::time::advance(seconds(4)).await;
        assert!(pace.begin());
        assert_eq!(pace.due(), start + seconds(20));
    }
}
