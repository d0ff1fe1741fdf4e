//! Counting requests against a limit.

use std::sync::{Mutex, PoisonError};
use std::time::Duration;

use tokio::time::Instant;

use crate::options::RateLimit;

/// What is left of the window.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Quota {
    /// The limit, `None` when requests are not counted.
    pub(crate) limit: Option<RateLimit>,
    /// Requests left in the window.
    pub(crate) remaining: u64,
    /// Whole seconds until the window ends, rounded up.
    pub(crate) reset_seconds: u64,
    /// Whether this request was one too many.
    pub(crate) exceeded: bool,
}

/// Fixed windows, begun by the first request after the end of the last one.
#[derive(Debug)]
pub(crate) struct Limiter {
    limit: Option<RateLimit>,
    window: Mutex<Option<(Instant, u64)>>,
}

impl Limiter {
    pub(crate) fn new(limit: Option<RateLimit>) -> Self {
        Self { limit, window: Mutex::new(None) }
    }

    pub(crate) fn count(&self) -> Quota {
        let Some(limit) = self.limit else {
            return Quota { limit: None, remaining: 0, reset_seconds: 0, exceeded: false };
        };
        let now = Instant::now();
        let mut window = self.window.lock().unwrap_or_else(PoisonError::into_inner);
        let (start, used) = window.filter(|(start, _)| now - *start < limit.window).unwrap_or((now, 0));
        let exceeded = used >= limit.requests;
        let used = if exceeded { used } else { used + 1 };
        *window = Some((start, used));
        let left: Duration = limit.window.saturating_sub(now - start);
        let reset_seconds = left.as_secs() + u64::from(left.subsec_nanos() > 0);
        Quota { limit: Some(limit), remaining: limit.requests - used, reset_seconds, exceeded }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test(start_paused = true)]
    async fn a_window_ends() {
        let limiter = Limiter::new(Some(RateLimit { requests: 2, window: Duration::from_secs(10) }));
        let seen = |q: Quota| (q.remaining, q.reset_seconds, q.exceeded);
        assert_eq!(seen(limiter.count()), (1, 10, false));
        tokio::time::advance(Duration::from_millis(500)).await;
        assert_eq!(seen(limiter.count()), (0, 10, false));
        assert_eq!(seen(limiter.count()), (0, 10, true));
        tokio::time::advance(Duration::from_millis(9_500)).await;
        assert_eq!(seen(limiter.count()), (1, 10, false));
    }
}
