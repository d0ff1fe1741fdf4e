//! Asks a provider what is live for as long as somebody listens.

use std::sync::Arc;
use std::time::Duration;

use tokio::sync::broadcast::Receiver;
use tokio::sync::broadcast::error::RecvError;
use tokio::time::{Instant, sleep_until};

use crate::changes::{Changes, Hint, RoomChange};
use crate::events::change_log::ChangeLog;
use crate::providers::Provider;
use crate::reads::Reads;

/// How far a provider's API may lag behind its own notices: then it is asked once more.
const LAG: Duration = Duration::from_secs(2);

/// The least time between two polls that follow mutations of our own, each of which is a call itself.
const AFTER_MUTATION: Duration = Duration::from_millis(250);

/// When to poll.
#[derive(Debug)]
struct Pace {
    poll_for: Duration,
    /// The least time between two polls that the budget allows.
    spacing: Duration,
    polled: Option<Instant>,
    /// When something was said to have happened that no poll has looked at yet.
    hinted: Option<Instant>,
    /// When to look again, since the provider's API may lag.
    again: Option<Instant>,
    mutated: Option<Instant>,
}

impl Pace {
    fn due(&self, answered: Option<Instant>) -> Instant {
        let now = Instant::now();
        let Some(polled) = self.polled else { return now };
        // A refresh that a hint has brought about elsewhere counts as well: all of them share one pace.
        let latest = polled.max(answered.unwrap_or(polled));
        let regular = latest + self.poll_for.max(self.spacing);
        let after = |wanted: Option<Instant>, least| wanted.map(|wanted: Instant| wanted.max(latest + least));
        let hinted = after(self.hinted.into_iter().chain(self.again).min(), self.spacing);
        let mutated = after(self.mutated, AFTER_MUTATION.min(self.spacing));
        [hinted, mutated].into_iter().flatten().fold(regular, Instant::min)
    }

    /// Whether the poll that begins now must not share a call that began earlier.
    fn begin(&mut self) -> bool {
        let now = Instant::now();
        self.polled = Some(now);
        let is_asked_for = self.hinted.take().is_some() | self.mutated.take().is_some();
        is_asked_for | self.again.take_if(|again| *again <= now).is_some()
    }

    fn hint(&mut self) {
        let now = Instant::now();
        self.hinted.get_or_insert(now);
        self.again = Some(now + LAG);
    }
}

/// Polls the log's provider; ends when it is dropped.
pub(super) async fn run(log: Arc<ChangeLog>, provider: Provider, reads: Reads, changes: Changes, poll_for: Duration) {
    let spacing = provider.health().budget.map_or(Duration::ZERO, |budget| budget.time_at_a_quarter_for(1));
    let mut pace = Pace { poll_for, spacing, polled: None, hinted: None, again: None, mutated: None };
    loop {
        log.audience().is(true).await;
        let (mut hints, mut mutations) = (changes.subscribe_to_hints(), changes.subscribe());
        let answered = || log.latest().map(|latest| latest.answered);
        if pace.due(answered()) > Instant::now() {
            // Polled so lately that what is known is as new as ever.
            log.set_current(true);
        }
        while log.audience().is_there() {
            tokio::select! {
                biased;
                () = log.audience().is(false) => {}
                () = concerns(&mut hints, |hint: &Hint| hint.provider == *log.provider()) => pace.hint(),
                () = concerns(&mut mutations, |change: &RoomChange| change.provider == *log.provider()) => {
                    pace.mutated.get_or_insert_with(Instant::now);
                }
                () = sleep_until(pace.due(answered())) => {
                    if pace.due(answered()) > Instant::now() {
                        // Somebody else's read has brought an answer meanwhile.
                        continue;
                    }
                    let known = log.latest().map(|latest| latest.began);
                    let newer_than = if pace.begin() { None } else { known };
                    let polled = reads.poll_live_sessions(&provider, newer_than).await;
                    log.polled(polled, known);
                    if let Some(latest) = log.latest() {
                        pace.spacing = latest.spacing;
                    }
                }
            }
        }
        log.set_current(false);
    }
}

/// Resolves when something is told that `is_ours`, or may have been: one that fell behind has to look.
pub(super) async fn concerns<T>(told: &mut Receiver<Arc<T>>, is_ours: impl Fn(&T) -> bool) {
    loop {
        match told.recv().await {
            Ok(told) if is_ours(&told) => return,
            Ok(_) => {}
            Err(RecvError::Lagged(_)) => return,
            Err(RecvError::Closed) => return std::future::pending().await,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn seconds(seconds: u64) -> Duration {
        Duration::from_secs(seconds)
    }

    #[tokio::test(start_paused = true)]
    async fn hints_bring_the_next_poll_forward_as_far_as_the_budget_allows() {
        let start = Instant::now();
        let mut pace =
            Pace { poll_for: seconds(10), spacing: seconds(4), polled: None, hinted: None, again: None, mutated: None };
        assert_eq!(pace.due(None), start, "at once");
        assert!(!pace.begin());
        assert_eq!(pace.due(None), start + seconds(10));
        assert_eq!(pace.due(Some(start + seconds(3))), start + seconds(13), "somebody's read puts it off");
        tokio::time::advance(seconds(1)).await;
        pace.hint();
        assert_eq!(pace.due(None), start + seconds(4));
        assert_eq!(pace.due(Some(start + seconds(1))), start + seconds(5), "one pace for all");
        tokio::time::advance(seconds(3)).await;
        assert!(pace.begin(), "what began before the hint does not do");
        assert_eq!(pace.due(None), start + seconds(14), "and the poll came later than the lag");
        tokio::time::advance(seconds(6)).await;
        pace.hint();
        assert_eq!(pace.due(None), start + seconds(10));
        assert!(pace.begin());
        assert_eq!(pace.due(None), start + seconds(14), "once more, since the API may lag");
        pace.mutated = Some(Instant::now());
        assert_eq!(pace.due(None), start + seconds(10) + AFTER_MUTATION);
    }
}
