//! Cuts an exchange off when its time, or that of the whole operation, is up.

use std::task::{Context, Poll};
use std::time::Duration;

use futures_util::future::BoxFuture;
use session_provider::{Error, ErrorKind, Result};
use tokio::time::Instant;
use tower::{Layer, Service};

use crate::Response;
use crate::exchange::Exchange;

/// tower's own timeout knows one duration for all calls; this one also knows the deadline of the call.
#[derive(Debug, Clone, Copy)]
pub(crate) struct TimeoutLayer {
    timeout: Duration,
}

impl TimeoutLayer {
    /// No exchange takes longer than `timeout`, nor past the deadline of its call.
    pub(crate) fn new(timeout: Duration) -> Self {
        Self { timeout }
    }
}

impl<S> Layer<S> for TimeoutLayer {
    type Service = Timeout<S>;

    fn layer(&self, inner: S) -> Timeout<S> {
        Timeout { inner, timeout: self.timeout }
    }
}

#[derive(Debug, Clone)]
pub(crate) struct Timeout<S> {
    inner: S,
    timeout: Duration,
}

impl<S> Service<Exchange> for Timeout<S>
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

    fn call(&mut self, mut exchange: Exchange) -> Self::Future {
        let allowed = self.timeout.min(exchange.call.remaining());
        if allowed.is_zero() {
            let late = exchange.failed(ErrorKind::ProviderTimeout);
            return Box::pin(async move { Err(late.with_source("the deadline had passed before anything was sent")) });
        }
        exchange.cut_at = Some(Instant::now() + allowed);
        let outside = exchange.clone();
        let answer = self.inner.call(exchange);
        Box::pin(async move {
            match tokio::time::timeout(allowed, answer).await {
                Ok(answer) => answer,
                Err(_) => {
                    Err(outside.failed(ErrorKind::ProviderTimeout).with_source(format!("cut off after {allowed:?}")))
                }
            }
        })
    }
}

#[cfg(test)]
mod tests {
    use session_provider::Effect;
    use tower::ServiceExt;

    use super::*;
    use crate::testing::{Inner, mutation, read, read_within};

    const SECOND: Duration = Duration::from_secs(1);

    #[tokio::test(start_paused = true)]
    async fn a_slow_exchange_is_cut_off_at_its_timeout() {
        let start = Instant::now();
        let inner = Inner::answering_after(Duration::from_secs(60), [Ok(200)]);
        let error = TimeoutLayer::new(SECOND).layer(inner).oneshot(read()).await.unwrap_err();
        assert_eq!((error.kind(), start.elapsed()), (ErrorKind::ProviderTimeout, SECOND));
    }

    #[tokio::test(start_paused = true)]
    async fn the_deadline_of_the_call_cuts_earlier() {
        let start = Instant::now();
        let inner = Inner::answering_after(Duration::from_secs(60), [Ok(200)]);
        let call = read_within(Duration::from_millis(300));
        let error = TimeoutLayer::new(SECOND).layer(inner).oneshot(call).await.unwrap_err();
        assert_eq!((error.kind(), start.elapsed()), (ErrorKind::ProviderTimeout, Duration::from_millis(300)));
    }

    #[tokio::test(start_paused = true)]
    async fn after_the_deadline_nothing_is_sent() {
        let inner = Inner::answering([Ok(200)]);
        let layer = TimeoutLayer::new(SECOND).layer(inner.clone());
        let mut late = mutation();
        late.call = session_provider::CallContext::mutation(session_provider::RequestId::generate(), Instant::now());
        let error = layer.oneshot(late).await.unwrap_err();
        assert_eq!((error.kind(), error.effect(), inner.calls()), (ErrorKind::ProviderTimeout, Effect::None, 0));
    }

    #[tokio::test(start_paused = true)]
    async fn a_mutation_that_was_cut_off_has_an_unknown_outcome() {
        let inner = Inner::answering_after(Duration::from_secs(60), [Ok(200)]);
        let error = TimeoutLayer::new(SECOND).layer(inner).oneshot(mutation()).await.unwrap_err();
        assert_eq!((error.effect(), error.is_retryable()), (Effect::Unknown, false));
    }

    #[tokio::test(start_paused = true)]
    async fn an_answer_in_time_passes() {
        let inner = Inner::answering_after(Duration::from_millis(999), [Ok(204)]);
        let answer = TimeoutLayer::new(SECOND).layer(inner).oneshot(read()).await.unwrap();
        assert_eq!(answer.status(), 204);
    }
}
