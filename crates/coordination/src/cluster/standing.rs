//! Whether the store may be asked: its breaker.

use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use metrics::Gauge;
use tokio::sync::watch;
use tokio::time::Instant;

use crate::cluster::metric;

/// From so many failures in a row on the store is left alone.
const MOST_FAILURES: u32 = 3;

/// How long between two probes of a store that is left alone.
const PROBE_EVERY: Duration = Duration::from_secs(1);

/// How the store fares.
#[derive(Debug)]
pub(super) struct Standing {
    state: Mutex<State>,
    up: watch::Sender<bool>,
    gauge: Gauge,
    /// After a failure nobody waits for the store for so long: who has waited once does not wait again.
    pause: Duration,
}

#[derive(Debug)]
struct State {
    failures: u32,
    paused_until: Option<Instant>,
    /// When this replica was last seen to have stood still, since a step last succeeded.
    stood_still: Option<Instant>,
    /// Left alone: until the next probe.
    probe_at: Option<Instant>,
}

impl Standing {
    /// Left alone until a first probe has succeeded.
    pub(super) fn new(pause: Duration) -> Self {
        let probe_at = Some(Instant::now());
        let state = State { failures: MOST_FAILURES, paused_until: None, stood_still: None, probe_at };
        let this = Self {
            state: Mutex::new(state),
            up: watch::Sender::new(false),
            gauge: metrics::gauge!(metric::CLUSTER_UP),
            pause,
        };
        this.gauge.set(0.0);
        this
    }

    /// Whether a request may ask the store.
    pub(super) fn may_ask(&self) -> bool {
        let now = Instant::now();
        let state = self.lock();
        state.probe_at.is_none() && state.paused_until.is_none_or(|until| until <= now)
    }

    /// When the store may be probed; `None` while it is not left alone.
    pub(super) fn probe_at(&self) -> Option<Instant> {
        self.lock().probe_at
    }

    /// A step succeeded. One that was begun before the store was left alone does not end that: a probe does.
    pub(super) fn succeeded(&self) {
        let mut state = self.lock();
        state.stood_still = None;
        if state.probe_at.is_none() {
            state.failures = 0;
        }
    }

    /// A step begun at that moment took too long, and so much that this replica has stood still: the store may have answered
    /// long ago, and whoever comes now asks it. The first standstill is forgiven; if no step succeeds before the next one, that
    /// one is a failure: beside a replica that stands still again and again the store may hang, too.
    pub(super) fn failed_late(&self, begun: Instant) {
        let now = Instant::now();
        let mut state = self.lock();
        match state.stood_still.replace(now) {
            None => {}
            Some(seen) if begun < seen => {}
            Some(_) => self.count_failure(&mut state, now),
        }
    }

    /// A step begun at that moment failed, or took too long. Those that were under way together and fail together are one
    /// failure. Of one that is seen late whoever comes now need not suffer: this replica stood still meanwhile.
    pub(super) fn failed(&self, begun: Instant) {
        let now = Instant::now();
        let mut state = self.lock();
        let is_another = state.probe_at.is_some() || state.paused_until.is_none_or(|until| until <= now);
        if now.saturating_duration_since(begun) < self.pause * 2 {
            // Whoever has waited in vain now does not wait again, also if others have before.
            state.paused_until = Some(now + self.pause);
        }
        if is_another {
            self.count_failure(&mut state, now);
        }
    }

    fn count_failure(&self, state: &mut State, now: Instant) {
        state.failures = state.failures.saturating_add(1);
        if state.failures >= MOST_FAILURES {
            state.probe_at = Some(now + PROBE_EVERY);
            self.say(false);
        }
    }

    /// The store takes and gives again, and what is to be done then was done.
    pub(super) fn is_back(&self) {
        *self.lock() = State { failures: 0, paused_until: None, stood_still: None, probe_at: None };
        self.say(true);
    }

    /// It has lost its data: as if it had gone and come.
    pub(super) fn lost_data(&self) {
        self.lock().probe_at = Some(Instant::now());
        self.say(false);
    }

    /// Whether it takes and gives, as it changes.
    pub(super) fn watch(&self) -> watch::Receiver<bool> {
        self.up.subscribe()
    }

    fn say(&self, up: bool) {
        self.gauge.set(if up { 1.0 } else { 0.0 });
        let changed = self.up.send_if_modified(|known| std::mem::replace(known, up) != up);
        if changed && up {
            tracing::info!("the shared store is reached: this replica acts with the others");
        } else if changed {
            tracing::warn!("the shared store is away: this replica acts alone until it answers again");
        }
    }

    fn lock(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test(start_paused = true)]
    async fn after_three_failures_only_a_probe_brings_it_back() {
        let standing = Standing::new(Duration::from_millis(50));
        assert!(!standing.may_ask() && standing.probe_at().is_some(), "nothing is known at first");
        standing.is_back();
        for _ in 0..2 {
            assert!(standing.may_ask());
            standing.failed(Instant::now());
            assert!(!standing.may_ask(), "who has waited once does not wait again");
            tokio::time::advance(Duration::from_millis(50)).await;
        }
        assert!(standing.may_ask() && *standing.watch().borrow());
        standing.failed(Instant::now());
        tokio::time::advance(Duration::from_secs(60)).await;
        standing.succeeded();
        assert!(!standing.may_ask() && !*standing.watch().borrow());
        standing.is_back();
        assert!(standing.may_ask() && *standing.watch().borrow());
        for _ in 0..5 {
            for _ in 0..2 {
                standing.failed(Instant::now());
                tokio::time::advance(Duration::from_millis(50)).await;
                assert!(standing.may_ask(), "only failures in a row count");
            }
            standing.succeeded();
        }
        for _ in 0..2 {
            (0..5).for_each(|_| standing.failed(Instant::now()));
            tokio::time::advance(Duration::from_millis(50)).await;
            assert!(standing.may_ask(), "what fails together counts once");
        }
        standing.is_back();
        standing.failed(Instant::now());
        tokio::time::advance(Duration::from_millis(49)).await;
        standing.failed(Instant::now());
        tokio::time::advance(Duration::from_millis(49)).await;
        assert!(!standing.may_ask(), "who has failed last has waited, too");
        tokio::time::advance(Duration::from_millis(1)).await;
        assert!(standing.may_ask());
    }
}
