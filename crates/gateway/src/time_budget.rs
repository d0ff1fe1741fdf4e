//! How the time of one request is shared out between those who need some of it.

use std::time::Duration;

use session_provider::Intent;
use tokio::time::Instant;

/// The shares of `server.request_timeout`, all counted from the request's arrival. The order in which they end is what
/// makes an answer possible at all: the body is in, then the provider is given up, then the whole request.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct TimeBudget {
    request: Duration,
}

/// The rest, 15 %, is for the answer: to render it, or to say which provider was too slow.
const SHARE_OF_A_PROVIDER: f64 = 0.85;

/// What a mutation may take beyond the limit: it has sent by then, and writes its outcome down before it is answered,
/// which the audit log bounds to a second for each of its two lines.
const TO_WRITE_A_MUTATION_DOWN: Duration = Duration::from_secs(2);

impl TimeBudget {
    #[must_use]
    pub const fn new(request_timeout: Duration) -> Self {
        Self { request: request_timeout }
    }

    /// What one provider may take for one operation: 85 % of the request's time.
    #[must_use]
    pub fn of_provider(&self) -> Duration {
        self.request.mul_f64(SHARE_OF_A_PROVIDER)
    }

    /// When a provider is given up that is asked for a request which arrived at `arrival`.
    #[must_use]
    pub fn provider_deadline(&self, arrival: Instant) -> Instant {
        arrival + self.of_provider()
    }

    /// When the body of a request must be in: after half of its time, the other half is for the provider.
    #[must_use]
    pub fn body_deadline(&self, arrival: Instant) -> Instant {
        arrival + self.request / 2
    }

    /// What a request may take in all before it is answered for whoever still works on it.
    #[must_use]
    pub fn last_resort(&self, intent: Intent) -> Duration {
        match intent {
            Intent::Read => self.request,
            Intent::Mutation => self.request + TO_WRITE_A_MUTATION_DOWN,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test(start_paused = true)]
    async fn the_shares_end_in_the_order_in_which_they_are_needed() {
        let (arrival, seconds) = (Instant::now(), Duration::from_secs);
        for timeout in [Duration::from_millis(1), seconds(6), seconds(24 * 3600)] {
            let time = TimeBudget::new(timeout);
            assert_eq!(time.provider_deadline(arrival), arrival + time.of_provider());
            assert!(time.body_deadline(arrival) < time.provider_deadline(arrival));
            assert!(time.of_provider() < time.last_resort(Intent::Read));
            assert_eq!(time.last_resort(Intent::Mutation), time.last_resort(Intent::Read) + seconds(2));
        }
        assert_eq!(TimeBudget::new(seconds(6)).of_provider(), Duration::from_millis(5100));
    }
}
