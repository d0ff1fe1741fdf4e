//! Keeps us within what the provider allows, and callers within their share of it.

use std::sync::Arc;
use std::task::{Context, Poll};
use std::time::Duration;

use futures_util::future::BoxFuture;
use session_provider::{Error, ErrorKind, Payer, Result};
use tokio::time::{Instant, sleep};
use tower::{Layer, Service, ServiceExt};

use crate::exchange::{Exchange, Seen};
use crate::{Budget, Response};

/// How long an exchange waits for the budget to allow it. A person who looks at a room, then at who is in it, is a burst
/// that a small budget (Huddle01's 5 per second) pays for a moment later.
const PATIENCE: Duration = Duration::from_millis(500);

/// Takes each exchange out of the budget, and tells the budget what the answer said of the provider's limits.
#[derive(Debug, Clone)]
pub(crate) struct BudgetLayer {
    budget: Arc<Budget>,
}

impl BudgetLayer {
    pub(crate) fn new(budget: Arc<Budget>) -> Self {
        Self { budget }
    }
}

impl<S> Layer<S> for BudgetLayer {
    type Service = Spend<S>;

    fn layer(&self, inner: S) -> Spend<S> {
        Spend { inner, layer: self.clone() }
    }
}

#[derive(Debug, Clone)]
pub(crate) struct Spend<S> {
    inner: S,
    layer: BudgetLayer,
}

/// A call taken out of the budget. Put back when it goes out of scope without having been sent, and the place where the
/// answer's words on rate limits are heeded, however the exchange ended.
#[derive(Debug)]
struct Spent {
    layer: BudgetLayer,
    payer: Option<Payer>,
    seen: Arc<Seen>,
}

impl Drop for Spent {
    fn drop(&mut self) {
        let budget = &self.layer.budget;
        if !self.seen.was_sent() {
            budget.put_back(self.payer);
        }
        if let Some(limits) = self.seen.limits() {
            budget.heed(limits);
        }
        if self.seen.status().is_some_and(|status| status != 429) {
            budget.not_throttled();
        }
    }
}

impl<S> Service<Exchange> for Spend<S>
where
    S: Service<Exchange, Response = Response, Error = Error> + Clone + Send + 'static,
    S::Future: Send + 'static,
{
    type Response = Response;
    type Error = Error;
    type Future = BoxFuture<'static, Result<Response>>;

    /// Always: the layers below are asked only once the budget allows the exchange, so that nobody who waits here holds
    /// a place there.
    fn poll_ready(&mut self, _cx: &mut Context<'_>) -> Poll<Result<()>> {
        Poll::Ready(Ok(()))
    }

    fn call(&mut self, exchange: Exchange) -> Self::Future {
        let (layer, inner) = (self.layer.clone(), self.inner.clone());
        Box::pin(async move {
            let payer = exchange.call.payer();
            layer.take(&exchange).await?;
            let spent = Spent { layer, payer, seen: Arc::clone(&exchange.seen) };
            let answer = match inner.oneshot(exchange).await {
                Err(error) if error.kind() == ErrorKind::ProviderRateLimited => {
                    let wait = spent.layer.budget.throttled(error.retry_after());
                    Err(error.with_retry_after(wait))
                }
                other => other,
            };
            drop(spent);
            answer
        })
    }
}

impl BudgetLayer {
    /// Takes the exchange out of the budget, waiting a moment for it if that is enough.
    async fn take(&self, exchange: &Exchange) -> Result<()> {
        let until = (Instant::now() + PATIENCE).min(exchange.call.deadline());
        loop {
            let Err(wait) = self.budget.spend(exchange.call.intent(), exchange.call.payer()).await else {
                return Ok(());
            };
            if wait > until.saturating_duration_since(Instant::now()) {
                return Err(Error::new(ErrorKind::ProviderRateLimited).with_retry_after(wait));
            }
            // Never zero, or a rounding could spin.
            sleep(wait.max(Duration::from_millis(1))).await;
        }
    }
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use tower::ServiceExt;

    use super::*;
    use crate::BudgetSettings;
    use crate::rate_limit_headers::{Item, RateLimits};
    use crate::testing::{Inner, mutation, read, read_paid_by};

    const SECOND: Duration = Duration::from_secs(1);

    fn spending(requests: u32, inner: &Inner) -> (Arc<Budget>, Spend<Inner>) {
        spending_over(requests, SECOND, inner)
    }

    fn spending_over(requests: u32, per: Duration, inner: &Inner) -> (Arc<Budget>, Spend<Inner>) {
        let budget = Arc::new(Budget::new(BudgetSettings { requests, per }));
        let layer = BudgetLayer::new(Arc::clone(&budget));
        (budget, layer.layer(inner.clone()))
    }

    #[tokio::test(start_paused = true)]
    async fn a_spent_budget_refuses_with_the_time_to_the_next_call() {
        let inner = Inner::answering([Ok(200)]);
        let (_, service) = spending_over(5, 10 * SECOND, &inner);
        for _ in 0..4 {
            assert!(service.clone().oneshot(read()).await.is_ok());
        }
        let error = service.clone().oneshot(read()).await.unwrap_err();
        assert_eq!((error.kind(), error.upstream_status()), (ErrorKind::ProviderRateLimited, None));
        assert!(error.retry_after().unwrap() <= 2 * SECOND);
        assert!(service.oneshot(mutation()).await.is_ok());
        assert_eq!(inner.calls(), 5);
    }

    #[tokio::test(start_paused = true)]
    async fn a_burst_that_the_next_moment_pays_for_waits_instead_of_failing() {
        let inner = Inner::answering([Ok(200)]);
        let (_, service) = spending(5, &inner);
        let begin = Instant::now();
        for _ in 0..10 {
            assert!(service.clone().oneshot(read_paid_by(1)).await.is_ok());
        }
        // The budget is four reads at once and five in a second.
        assert!(begin.elapsed() >= SECOND, "{:?}", begin.elapsed());
        let crowd = (0..40).map(|_| service.clone().oneshot(read()));
        let refused = futures_util::future::join_all(crowd).await.into_iter().filter(Result::is_err).count();
        assert!(refused > 30, "nobody waits for long: {refused}");
    }

    #[tokio::test(start_paused = true)]
    async fn nobody_waits_beyond_the_deadline() {
        let (_, service) = spending(1, &Inner::answering([Ok(200)]));
        assert!(service.clone().oneshot(read()).await.is_ok());
        let begin = Instant::now();
        assert_eq!(service.oneshot(read()).await.unwrap_err().kind(), ErrorKind::ProviderRateLimited);
        assert_eq!(begin.elapsed(), Duration::ZERO, "a second is more than the patience");
    }

    #[tokio::test(start_paused = true)]
    async fn the_payer_of_the_call_is_charged() {
        let inner = Inner::answering([Ok(200)]);
        let (_, service) = spending_over(10, 60 * SECOND, &inner);
        assert!(service.clone().oneshot(read_paid_by(2)).await.is_ok());
        for _ in 0..20 {
            let _ = service.clone().oneshot(read_paid_by(1)).await;
        }
        assert_eq!(inner.calls(), 1 + 5);
        assert!(service.oneshot(read_paid_by(2)).await.is_ok());
    }

    #[tokio::test(start_paused = true)]
    async fn what_was_never_sent_costs_nothing_and_what_was_cancelled_after_sending_does() {
        let (budget, service) = spending(10, &Inner::answering([Err(ErrorKind::Overloaded.into())]));
        for _ in 0..30 {
            assert_eq!(service.clone().oneshot(read()).await.unwrap_err().kind(), ErrorKind::Overloaded);
        }
        assert_eq!(budget.state().remaining, 10);
        let (budget, service) = spending(10, &Inner::answering_after(SECOND, [Ok(200)]));
        let cut = tokio::time::timeout(Duration::from_millis(1), service.oneshot(read())).await;
        assert!(cut.is_err());
        assert_eq!(budget.state().remaining, 9);
    }

    #[tokio::test(start_paused = true)]
    async fn a_429_stops_all_calls_and_always_says_for_how_long() {
        let inner = Inner::answering([Err(ErrorKind::ProviderRateLimited.into()), Ok(200)]);
        let (budget, service) = spending(10, &inner);
        let error = service.clone().oneshot(read()).await.unwrap_err();
        assert_eq!(error.retry_after(), Some(SECOND));
        let refused = service.clone().oneshot(mutation()).await.unwrap_err();
        assert_eq!((refused.kind(), refused.retry_after()), (ErrorKind::ProviderRateLimited, Some(SECOND)));
        assert_eq!((budget.state().remaining, inner.calls()), (0, 1));
        tokio::time::advance(SECOND).await;
        assert!(service.oneshot(read()).await.is_ok());
    }

    #[tokio::test(start_paused = true)]
    async fn the_limits_in_an_answer_are_heeded() {
        let left = Item { name: "default".to_owned(), calls: 3, window: Duration::from_secs(30) };
        let inner = Inner::limiting(RateLimits { remaining: vec![left], policies: Vec::new() });
        let (budget, service) = spending(10, &inner);
        assert!(service.oneshot(read()).await.is_ok());
        assert_eq!(budget.state().remaining, 3);
    }
}
