//! Asks who is in a room for as long as somebody follows it and the provider's list shows it live.

use std::sync::Arc;
use std::time::Duration;

use tokio::sync::broadcast::Receiver;
use tokio::time::{Instant, sleep_until};

use crate::changes::{Hint, RoomChange};
use crate::events::change_log::ChangeLog;
use crate::events::pace::AFTER_MUTATION;
use crate::events::poller::concerns;
use crate::events::room_log::RoomLog;
use crate::events::room_shares::{AT_LEAST_EVERY, RoomShare};
use crate::providers::Provider;
use crate::reads::{NewerThan, Reads};

/// What the poller of a room works with.
#[derive(Debug)]
pub(super) struct RoomPoller {
    pub(super) log: Arc<RoomLog>,
    pub(super) account: Arc<ChangeLog>,
    pub(super) provider: Provider,
    pub(super) reads: Reads,
    pub(super) share: Arc<RoomShare>,
    pub(super) poll_for: Duration,
    /// From the beginning: what is said while nobody follows the room is there for the next who does.
    pub(super) hints: Receiver<Arc<Hint>>,
    pub(super) mutations: Receiver<Arc<RoomChange>>,
    pub(super) pace: RoomPace,
}

/// When to poll a room.
#[derive(Debug, Default)]
pub(super) struct RoomPace {
    /// Not sooner than this, whatever happens: the room was polled before it was forgotten.
    not_before: Option<Instant>,
    polled: Option<Instant>,
    /// How often in a row it could not be learned who is there.
    fails: u32,
    /// Something has happened that no poll has looked at yet.
    is_wanted: bool,
    is_mutated: bool,
}

impl RoomPace {
    pub(super) fn not_before(moment: Option<Instant>) -> Self {
        Self { not_before: moment, ..Self::default() }
    }

    /// `rests` says that the list tells when people come and go, and that it is known who is there; `answered` when that
    /// was answered, whoever asked.
    fn due(&self, rests: bool, interval: Duration, answered: Option<Instant>) -> Instant {
        let Some(polled) = self.polled else { return self.not_before.unwrap_or_else(Instant::now) };
        if self.is_mutated {
            return polled + AFTER_MUTATION.min(interval);
        }
        let latest = answered.map_or(polled, |answered| answered.max(polled));
        let seldom = AT_LEAST_EVERY.max(interval);
        latest
            + match () {
                () if self.is_wanted => interval,
                () if rests => seldom,
                // One that goes on failing is asked as seldom in the end.
                () => interval.saturating_mul(2_u32.saturating_pow(self.fails.saturating_sub(1))).min(seldom),
            }
    }

    /// Whether the poll that begins now must not share a call that began earlier.
    fn begin(&mut self) -> bool {
        self.polled = Some(Instant::now());
        std::mem::take(&mut self.is_wanted) | std::mem::take(&mut self.is_mutated)
    }
}

impl RoomPoller {
    /// Polls until nobody follows the room.
    pub(super) async fn run_while_followed(&mut self) {
        let Self { log, account, provider, reads, share, poll_for, hints, mutations, pace } = self;
        let _listening = account.audience().listen();
        let mut watched = account.watch();
        let interval = || share.interval(log.spacing()).max(*poll_for);
        // Until it is polled again, what is known from before may be as new as ever.
        let mut may_resume = pace.polled.is_some();
        while log.audience.is_there() {
            watched.mark_unchanged();
            let view = account.view();
            let is_listed = view.outcome.is_some();
            pace.is_wanted |= log.listed(view);
            if !log.is_in_trouble() {
                // However that came about.
                pace.fails = 0;
            }
            let due = |pace: &RoomPace| log.rests().map(|rests| pace.due(rests, interval(), log.answered_at()));
            let is_due = |pace: &RoomPace| due(pace).is_some_and(|due| due <= Instant::now());
            let due = due(pace);
            if may_resume && is_listed && due.is_some_and(|due| due > Instant::now()) {
                may_resume = false;
                log.resume();
            }
            tokio::select! {
                biased;
                () = log.audience.is(false) => {}
                // The log outlives the one who waits: it never ends.
                _ = watched.changed() => {}
                () = concerns(hints, |hint: &Hint| {
                    hint.provider == log.provider && log.may_be_about(&hint.rooms, hint.session.as_ref())
                }) => pace.is_wanted = true,
                () = concerns(mutations, |change: &RoomChange| {
                    let room = std::slice::from_ref(&change.room);
                    change.provider == log.provider && log.may_be_about(room, change.session.as_ref())
                }) => {
                    pace.is_mutated = true;
                    may_resume = false;
                    // Who comes now is not told who was there before.
                    log.leave();
                }
                () = sleep_until(due.unwrap_or_else(Instant::now)), if due.is_some() => {
                    if !is_due(pace) {
                        // Somebody's read has brought an answer meanwhile.
                        continue;
                    }
                    may_resume = false;
                    // What was said to have happened has outdated the answers of other replicas, too.
                    let newer = log.newer_people();
                    let newer_than = if pace.begin() { newer.map(NewerThan::of_others) } else { newer };
                    log.asks();
                    let polled = reads.poll_live_participants(provider, &log.room, newer_than).await;
                    log.polled(polled, interval());
                    pace.fails = pace.fails.saturating_add(1);
                }
            }
        }
        log.leave();
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test(start_paused = true)]
    async fn a_room_that_the_list_counts_is_asked_when_its_row_changed_or_after_30_seconds() {
        let (start, interval) = (Instant::now(), Duration::from_secs(4));
        let mut pace = RoomPace::default();
        assert_eq!(pace.due(true, interval, None), start);
        assert!(!pace.begin());
        assert_eq!(pace.due(true, interval, None), start + AT_LEAST_EVERY);
        assert_eq!(pace.due(false, interval, None), start + interval);
        let answered = start + Duration::from_secs(1);
        assert_eq!(pace.due(true, interval, Some(answered)), answered + AT_LEAST_EVERY, "a reader's answer counts");
        pace.is_wanted = true;
        assert_eq!(pace.due(true, interval, Some(answered)), answered + interval);
        pace.is_mutated = true;
        assert_eq!(pace.due(true, interval, Some(answered)), start + AFTER_MUTATION);
        assert!(pace.begin() && !pace.is_wanted && !pace.is_mutated);
    }

    #[tokio::test(start_paused = true)]
    async fn a_room_that_goes_on_failing_is_asked_less_and_less_often() {
        let (start, interval) = (Instant::now(), Duration::from_secs(4));
        let mut pace = RoomPace::default();
        assert!(!pace.begin());
        for seconds in [4, 8, 16, 30, 30] {
            pace.fails += 1;
            assert_eq!(pace.due(false, interval, None), start + Duration::from_secs(seconds));
        }
        pace.is_wanted = true;
        assert_eq!(pace.due(false, interval, None), start + interval, "something has changed");
        pace.is_wanted = false;
        pace.fails = u32::MAX;
        assert_eq!(pace.due(false, Duration::from_secs(60), None), start + Duration::from_secs(60));
    }
}
