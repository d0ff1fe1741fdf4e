//! Spares a failing provider, and us the waiting for it.

use std::sync::Arc;
use std::task::{Context, Poll};
use std::time::Duration;

use futures_util::future::BoxFuture;
use session_provider::{Error, ErrorKind, ProviderId, Result};
use tower::{Layer, Service};

use crate::Response;
use crate::breaker::{Breaker, Change};
use crate::exchange::{Exchange, is_provider_failure};
use crate::metric;

/// Asks the breaker before each exchange and tells it how the exchange ended.
#[derive(Debug, Clone)]
pub(crate) struct BreakerLayer {
    breaker: Arc<Breaker>,
    provider: ProviderId,
}

impl BreakerLayer {
    pub(crate) fn new(breaker: Arc<Breaker>, provider: ProviderId) -> Self {
        metric::breaker_open(&provider, false);
        Self { breaker, provider }
    }

    fn tell(&self, change: Change) {
        match change {
            Change::None => {}
            Change::Opened(wait) => {
                metric::breaker_open(&self.provider, true);
                tracing::warn!(provider = %self.provider, ?wait, "breaker opened: the provider keeps failing and is not called");
            }
            Change::Closed => {
                metric::breaker_open(&self.provider, false);
                tracing::info!(provider = %self.provider, "breaker closed: the provider answers again");
            }
        }
    }
}

impl<S> Layer<S> for BreakerLayer {
    type Service = Break<S>;

    fn layer(&self, inner: S) -> Break<S> {
        Break { inner, layer: self.clone() }
    }
}

#[derive(Debug, Clone)]
pub(crate) struct Break<S> {
    inner: S,
    layer: BreakerLayer,
}

impl<S> Service<Exchange> for Break<S>
where
    S: Service<Exchange, Response = Response, Error = Error>,
    S::Future: Send + 'static,
{
    type Response = Response;
    type Error = Error;
    type Future = BoxFuture<'static, Result<Response>>;

    fn poll_ready(&mut self, cx: &mut Context<'_>) -> Poll<Result<()>> {
        self.inner.poll_ready(cx)
    }

    fn call(&mut self, exchange: Exchange) -> Self::Future {
        let permit = match self.layer.breaker.permit() {
            Ok(permit) => permit,
            Err(wait) => return Box::pin(async move { Err(unavailable(wait)) }),
        };
        let (layer, seen) = (self.layer.clone(), Arc::clone(&exchange.seen));
        let answer = self.inner.call(exchange);
        Box::pin(async move {
            let answer = answer.await;
            match &answer {
                Err(error) if is_provider_failure(error, &seen) => layer.tell(permit.failed()),
                // Never sent: the permit is dropped without a word.
                Err(_) if !seen.was_sent() => drop(permit),
                // Any answer that is not a failure shows that the provider works, a refusal included.
                Ok(_) | Err(_) => layer.tell(permit.succeeded()),
            }
            answer
        })
    }
}

fn unavailable(wait: Duration) -> Error {
    Error::new(ErrorKind::ProviderUnavailable).with_retry_after(wait)
}

#[cfg(test)]
mod tests {
    use tower::ServiceExt;

    use super::*;
    use crate::testing::{Inner, read};

    fn breaking(inner: &Inner) -> Break<Inner> {
        let provider = ProviderId::new("p").unwrap();
        BreakerLayer::new(Breaker::new(), provider).layer(inner.clone())
    }

    async fn kind(service: &Break<Inner>) -> Option<ErrorKind> {
        service.clone().oneshot(read()).await.err().map(|error| error.kind())
    }

    #[tokio::test(start_paused = true)]
    async fn each_failure_of_the_provider_counts_and_an_open_breaker_refuses_at_once() {
        for failure in [ErrorKind::ProviderError, ErrorKind::ProviderTimeout, ErrorKind::ProviderBadResponse] {
            let inner = Inner::answering([Err(failure.into())]);
            let service = breaking(&inner);
            for _ in 0..5 {
                assert_eq!(kind(&service).await, Some(failure));
            }
            let error = service.oneshot(read()).await.unwrap_err();
            assert_eq!(error.kind(), ErrorKind::ProviderUnavailable);
            assert_eq!((error.retry_after(), inner.calls()), (Some(Duration::from_secs(5)), 5));
        }
    }

    #[tokio::test(start_paused = true)]
    async fn refusals_of_the_provider_and_of_ours_never_count() {
        let answers = [
            Ok(404),
            Err(ErrorKind::ProviderRateLimited.into()),
            Err(ErrorKind::ProviderAuthFailed.into()),
            Err(ErrorKind::Overloaded.into()),
        ];
        for answer in answers {
            let inner = Inner::answering([answer]);
            let service = breaking(&inner);
            for _ in 0..100 {
                let _ = kind(&service).await;
            }
            assert_eq!(inner.calls(), 100);
        }
    }

    #[tokio::test(start_paused = true)]
    async fn a_timeout_before_sending_is_ours() {
        let service = breaking(&Inner::answering([Ok(200)]));
        let layered =
            BreakerLayer { ..service.layer.clone() }.layer(tower::service_fn(|exchange: Exchange| async move {
                Err::<Response, _>(exchange.failed(ErrorKind::ProviderTimeout))
            }));
        for _ in 0..20 {
            let error = layered.clone().oneshot(read()).await.unwrap_err();
            assert_eq!(error.kind(), ErrorKind::ProviderTimeout);
        }
    }

    #[tokio::test(start_paused = true)]
    async fn a_refusal_between_failures_starts_the_count_again_but_our_own_does_not() {
        let fail = || Err(ErrorKind::ProviderError.into());
        let own = || Err(ErrorKind::Overloaded.into());
        let inner =
            Inner::answering([fail(), fail(), fail(), fail(), Ok(404), fail(), fail(), own(), fail(), fail(), fail()]);
        let service = breaking(&inner);
        for _ in 0..11 {
            assert_ne!(kind(&service).await, Some(ErrorKind::ProviderUnavailable));
        }
        assert_eq!(kind(&service).await, Some(ErrorKind::ProviderUnavailable));
    }

    #[tokio::test(start_paused = true)]
    async fn a_cancelled_probe_leaves_the_way_to_the_next() {
        let inner = Inner::answering_after(Duration::from_secs(1), [Err(ErrorKind::ProviderError.into())]);
        let service = breaking(&inner);
        for _ in 0..5 {
            kind(&service).await;
        }
        tokio::time::advance(Duration::from_secs(5)).await;
        let cancelled = tokio::time::timeout(Duration::from_millis(1), service.clone().oneshot(read())).await;
        assert!(cancelled.is_err());
        assert_eq!(kind(&service).await, Some(ErrorKind::ProviderError), "the next call is the next probe");
        assert_eq!(inner.calls(), 7);
    }
}
