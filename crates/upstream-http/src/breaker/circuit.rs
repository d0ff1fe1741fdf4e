//! The circuit breaker's states and the moves between them.

use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use tokio::time::Instant;

use crate::breaker::window::FailureWindow;

/// So many failures in a row open it.
const IN_A_ROW: u32 = 5;
/// Half of the last ten seconds' exchanges open it, once there are so many.
const ENOUGH: u32 = 20;
/// How long it stays open at first; doubled by each failed probe.
const FIRST_WAIT: Duration = Duration::from_secs(5);
const LONGEST_WAIT: Duration = Duration::from_secs(60);
/// What callers are told while a probe is under way: it ends within seconds.
const WHILE_PROBING: Duration = Duration::from_secs(1);

/// Shared by all calls to one upstream.
#[derive(Debug)]
pub(crate) struct Breaker(Mutex<Inner>);

#[derive(Debug)]
struct Inner {
    state: State,
    /// Grows with every move. A permit of an earlier era has no say any more.
    era: u64,
}

#[derive(Debug)]
enum State {
    Closed { failures_in_a_row: u32, window: FailureWindow },
    Open { until: Instant, wait: Duration },
    Probing { wait: Duration },
}

/// Leave to make one exchange. Dropped without a word (the call was cancelled, or we refused it further down), it says
/// nothing about the provider, and a probe's place is free again.
#[derive(Debug)]
pub(crate) struct Permit {
    breaker: Arc<Breaker>,
    era: u64,
    probe: bool,
    spoken: bool,
}

/// What a permit's word changed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Change {
    None,
    /// Calls are refused from now on, for that long.
    Opened(Duration),
    /// Calls are let through again.
    Closed,
}

impl Breaker {
    pub(crate) fn new() -> Arc<Self> {
        Arc::new(Self(Mutex::new(Inner { state: State::closed(Instant::now()), era: 0 })))
    }

    /// Leave to call, or how long to wait before asking again.
    pub(crate) fn permit(self: &Arc<Self>) -> Result<Permit, Duration> {
        let mut inner = self.lock();
        let now = Instant::now();
        let probe = match &inner.state {
            State::Closed { .. } => false,
            State::Open { until, .. } if *until > now => return Err(*until - now),
            State::Probing { .. } => return Err(WHILE_PROBING),
            State::Open { wait, .. } => {
                let wait = *wait;
                inner.enter(State::Probing { wait });
                true
            }
        };
        Ok(Permit { breaker: Arc::clone(self), era: inner.era, probe, spoken: false })
    }

    /// Whether calls are refused: it is open, or waits for a probe's answer.
    pub(crate) fn is_open(&self) -> bool {
        !matches!(self.lock().state, State::Closed { .. })
    }

    fn lock(&self) -> MutexGuard<'_, Inner> {
        // Every move is a single assignment, so a panic elsewhere cannot have left half of one.
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Permit {
    /// The exchange came to an end that shows a working provider.
    pub(crate) fn succeeded(mut self) -> Change {
        self.spoken = true;
        self.breaker.lock().judge(self.era, false)
    }

    /// The exchange failed by the provider's fault.
    pub(crate) fn failed(mut self) -> Change {
        self.spoken = true;
        self.breaker.lock().judge(self.era, true)
    }
}

impl Drop for Permit {
    fn drop(&mut self) {
        if self.probe && !self.spoken {
            let mut inner = self.breaker.lock();
            if let (true, State::Probing { wait }) = (inner.era == self.era, &inner.state) {
                let wait = *wait;
                // The wait is over already: the next call is the next probe.
                inner.enter(State::Open { until: Instant::now(), wait });
            }
        }
    }
}

impl State {
    fn closed(now: Instant) -> Self {
        Self::Closed { failures_in_a_row: 0, window: FailureWindow::starting(now) }
    }
}

impl Inner {
    fn enter(&mut self, state: State) {
        self.state = state;
        self.era += 1;
    }

    fn judge(&mut self, era: u64, failed: bool) -> Change {
        if era != self.era {
            return Change::None;
        }
        let now = Instant::now();
        let wait = match &mut self.state {
            State::Closed { failures_in_a_row, window } => {
                *failures_in_a_row = if failed { failures_in_a_row.saturating_add(1) } else { 0 };
                window.count(now, failed);
                let (all, bad) = window.totals(now);
                let too_many = *failures_in_a_row >= IN_A_ROW || (all >= ENOUGH && bad.saturating_mul(2) >= all);
                if !(failed && too_many) {
                    return Change::None;
                }
                FIRST_WAIT
            }
            State::Probing { .. } if !failed => {
                self.enter(State::closed(now));
                return Change::Closed;
            }
            State::Probing { wait } => wait.saturating_mul(2).min(LONGEST_WAIT),
            State::Open { .. } => return Change::None,
        };
        self.enter(State::Open { until: now + wait, wait });
        Change::Opened(wait)
    }
}

#[cfg(test)]
mod tests;
