//! Repeats a failed read, once.

use std::sync::Arc;
use std::time::Duration;

use futures_util::future::BoxFuture;
use session_provider::{Error, ErrorKind, Intent, Result};
use tower::retry::Policy;
use tower::retry::budget::{Budget as _, TpsBudget};

use crate::Response;
use crate::exchange::Exchange;

/// Full jitter: a wait between nothing and this, so that many failed reads do not come back together.
const MAX_JITTER: Duration = Duration::from_millis(100);

/// The policy of tower's retry layer. The layer clones it for each call, so `first` belongs to one call and the budget to all.
#[derive(Debug, Clone)]
pub(crate) struct RetryOnce {
    budget: Arc<TpsBudget>,
    first: Option<Error>,
}

impl RetryOnce {
    /// Retries may be a tenth of the calls of the last 10 s, and 10 more.
    pub(crate) fn new() -> Self {
        let (window, free_per_second, share) = (Duration::from_secs(10), 1, 0.1);
        Self { budget: Arc::new(TpsBudget::new(window, free_per_second, share)), first: None }
    }
}

impl Policy<Exchange, Response, Error> for RetryOnce {
    type Future = BoxFuture<'static, ()>;

    fn clone_request(&mut self, exchange: &Exchange) -> Option<Exchange> {
        if exchange.attempt == 1 {
            self.budget.deposit();
        }
        // A mutation is sent at most once: without a copy the layer cannot repeat it.
        (exchange.call.intent() == Intent::Read).then(|| exchange.again())
    }

    fn retry(&mut self, next: &mut Exchange, result: &mut Result<Response>) -> Option<Self::Future> {
        if let Some(first) = self.first.take() {
            // A refusal of our own to make the second attempt says less than the failure of the first.
            if result.as_ref().is_err_and(is_own_refusal) {
                *result = Err(first);
            }
            return None;
        }
        let error = result.as_ref().err()?;
        if !matches!(error.kind(), ErrorKind::ProviderError | ErrorKind::ProviderTimeout) {
            return None;
        }
        let wait = error.retry_after().unwrap_or_else(|| rand::random_range(Duration::ZERO..=MAX_JITTER));
        if wait >= next.call.remaining() || !self.budget.withdraw() {
            return None;
        }
        self.first = Some(error.clone());
        Some(Box::pin(tokio::time::sleep(wait)))
    }
}

fn is_own_refusal(error: &Error) -> bool {
    let ours = matches!(error.kind(), ErrorKind::ProviderUnavailable | ErrorKind::Overloaded);
    // Our own budget speaks without a status, the provider's 429 with one.
    ours || (error.kind() == ErrorKind::ProviderRateLimited && error.upstream_status().is_none())
}

#[cfg(test)]
mod tests {
    use session_provider::ErrorKind as Kind;
    use tokio::time::Instant;
    use tower::ServiceExt;
    use tower::retry::Retry;

    use super::*;
    use crate::testing::{Inner, mutation, read, read_within};

    #[tokio::test(start_paused = true)]
    async fn a_failed_read_is_repeated_once_after_a_short_wait() {
        for kind in [Kind::ProviderError, Kind::ProviderTimeout] {
            let inner = Inner::answering([Err(kind.into()), Ok(200)]);
            let start = Instant::now();
            assert!(Retry::new(RetryOnce::new(), inner.clone()).oneshot(read()).await.is_ok(), "{kind:?}");
            assert_eq!(inner.calls(), 2);
            assert!(start.elapsed() <= MAX_JITTER + Duration::from_millis(1), "{:?}", start.elapsed());
        }
    }

    #[tokio::test(start_paused = true)]
    async fn a_read_that_keeps_failing_is_given_up_after_the_second_attempt() {
        let inner = Inner::answering([Err(Kind::ProviderError.into())]);
        let error = Retry::new(RetryOnce::new(), inner.clone()).oneshot(read()).await.unwrap_err();
        assert_eq!((error.kind(), inner.calls()), (Kind::ProviderError, 2));
    }

    #[tokio::test(start_paused = true)]
    async fn nothing_else_is_repeated() {
        for kind in Kind::ALL {
            if matches!(kind, Kind::ProviderError | Kind::ProviderTimeout) {
                continue;
            }
            let inner = Inner::answering([Err(kind.into()), Ok(200)]);
            assert_eq!(Retry::new(RetryOnce::new(), inner.clone()).oneshot(read()).await.unwrap_err().kind(), kind);
            assert_eq!(inner.calls(), 1, "{kind:?}");
        }
        let inner = Inner::answering([Ok(404), Ok(200)]);
        assert_eq!(Retry::new(RetryOnce::new(), inner.clone()).oneshot(read()).await.unwrap().status(), 404);
        assert_eq!(inner.calls(), 1);
    }

    #[tokio::test(start_paused = true)]
    async fn a_mutation_is_never_repeated() {
        for kind in Kind::ALL {
            let inner = Inner::answering([Err(kind.into()), Ok(200)]);
            assert!(Retry::new(RetryOnce::new(), inner.clone()).oneshot(mutation()).await.is_err());
            assert_eq!(inner.calls(), 1, "{kind:?}");
        }
    }

    #[tokio::test(start_paused = true)]
    async fn retry_after_is_obeyed_if_it_fits_the_deadline() {
        let busy = || Error::new(Kind::ProviderError).with_retry_after(Duration::from_secs(3));
        let inner = Inner::answering([Err(busy()), Ok(200)]);
        let start = Instant::now();
        let call = read_within(Duration::from_secs(4));
        assert!(Retry::new(RetryOnce::new(), inner).oneshot(call).await.is_ok());
        assert_eq!(start.elapsed(), Duration::from_secs(3));

        let inner = Inner::answering([Err(busy()), Ok(200)]);
        let start = Instant::now();
        let call = read_within(Duration::from_secs(3));
        assert!(Retry::new(RetryOnce::new(), inner.clone()).oneshot(call).await.is_err());
        assert_eq!((inner.calls(), start.elapsed()), (1, Duration::ZERO));
    }

    #[tokio::test(start_paused = true)]
    async fn a_refused_second_attempt_answers_the_first_failure() {
        for refusal in [Kind::ProviderUnavailable, Kind::Overloaded, Kind::ProviderRateLimited] {
            let inner = Inner::answering([Err(Kind::ProviderTimeout.into()), Err(refusal.into())]);
            let error = Retry::new(RetryOnce::new(), inner).oneshot(read()).await.unwrap_err();
            assert_eq!(error.kind(), Kind::ProviderTimeout, "{refusal:?}");
        }
        let throttled = Error::new(Kind::ProviderRateLimited).with_upstream_status(429);
        let inner = Inner::answering([Err(Error::new(Kind::ProviderTimeout)), Err(throttled)]);
        let error = Retry::new(RetryOnce::new(), inner).oneshot(read()).await.unwrap_err();
        assert_eq!(error.kind(), Kind::ProviderRateLimited);
    }

    #[tokio::test(start_paused = true)]
    async fn retries_are_at_most_a_tenth_of_the_calls_and_ten() {
        let inner = Inner::answering([Err(Error::new(Kind::ProviderError).with_retry_after(Duration::ZERO))]);
        let service = Retry::new(RetryOnce::new(), inner.clone());
        for _ in 0..200 {
            assert!(service.clone().oneshot(read()).await.is_err());
        }
        assert_eq!(inner.calls(), 200 + 20 + 10);
    }
}
