//! Writes down how each exchange ended: metrics, a debug line, the health log, a span where the request is traced.

use std::sync::Arc;
use std::task::{Context, Poll};

use futures_util::future::BoxFuture;
use session_provider::{Clock, Error, ErrorKind, ProviderId, Result};
use tokio::time::Instant;
use tower::{Layer, Service};

use crate::client_span::ClientSpan;
use crate::exchange::Exchange;
use crate::health_log::HealthLog;
use crate::{CallMetrics, EXCHANGE_SECONDS, EXCHANGES, Response};

/// Observes what really goes to the provider, each attempt by itself; refusals of the layers above never get here.
#[derive(Debug, Clone)]
pub(crate) struct ObserveLayer {
    provider: ProviderId,
    metrics: Arc<CallMetrics>,
    health: Arc<HealthLog>,
    clock: Clock,
}

impl ObserveLayer {
    pub(crate) fn new(provider: ProviderId, health: Arc<HealthLog>, clock: Clock) -> Self {
        let metrics = CallMetrics::new(provider.clone(), |labels| {
            (metrics::counter!(EXCHANGES, labels.clone()), metrics::histogram!(EXCHANGE_SECONDS, labels))
        });
        Self { provider, metrics: Arc::new(metrics), health, clock }
    }
}

impl<S> Layer<S> for ObserveLayer {
    type Service = Observe<S>;

    fn layer(&self, inner: S) -> Observe<S> {
        Observe { inner, layer: self.clone() }
    }
}

#[derive(Debug, Clone)]
pub(crate) struct Observe<S> {
    inner: S,
    layer: ObserveLayer,
}

/// Sees the end of an exchange, also when it is dropped half-way: by the timeout layer above, or because nobody waits any more.
struct Observer {
    layer: ObserveLayer,
    exchange: Exchange,
    start: Instant,
    span: Option<ClientSpan>,
    outcome: Option<Outcome>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Outcome {
    Answered,
    Failed(ErrorKind),
    Cancelled,
}

impl Outcome {
    fn as_str(self) -> &'static str {
        match self {
            Self::Answered => "success",
            Self::Failed(kind) => kind.code(),
            Self::Cancelled => "cancelled",
        }
    }
}

impl Observer {
    fn ended(mut self, outcome: Outcome) {
        self.outcome = Some(outcome);
    }
}

impl Drop for Observer {
    fn drop(&mut self) {
        let cut_off = self.exchange.cut_at.is_some_and(|at| at <= Instant::now());
        let outcome = self.outcome.unwrap_or(if cut_off {
            Outcome::Failed(ErrorKind::ProviderTimeout)
        } else {
            Outcome::Cancelled
        });
        let ObserveLayer { provider, metrics, health, clock } = &self.layer;
        match outcome {
            Outcome::Answered => health.note_success(clock.now()),
            // Our bug says nothing about the provider.
            Outcome::Failed(ErrorKind::Internal) | Outcome::Cancelled => {}
            Outcome::Failed(kind) => health.note_failure(clock.now(), kind),
        }
        if let Some(span) = self.span.take() {
            span.end(&self.exchange.seen, (outcome != Outcome::Answered).then(|| outcome.as_str()));
        }
        let (operation, took) = (self.exchange.request.operation, self.start.elapsed());
        metrics.ended(operation, outcome.as_str(), took);
        tracing::debug!(
            %provider,
            %operation,
            request_id = %self.exchange.call.request_id(),
            attempt = self.exchange.attempt,
            outcome = outcome.as_str(),
            status = self.exchange.seen.status(),
            elapsed_ms = u64::try_from(took.as_millis()).unwrap_or(u64::MAX),
            "upstream exchange"
        );
    }
}

impl<S> Service<Exchange> for Observe<S>
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
        let observer = Observer {
            layer: self.layer.clone(),
            span: ClientSpan::begin(&self.layer.provider, &exchange),
            exchange: exchange.clone(),
            start: Instant::now(),
            outcome: None,
        };
        let answer = self.inner.call(exchange);
        Box::pin(async move {
            let answer = answer.await;
            observer.ended(match &answer {
                Ok(_) => Outcome::Answered,
                Err(error) => Outcome::Failed(error.kind()),
            });
            answer
        })
    }
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use metrics_exporter_prometheus::{PrometheusBuilder, PrometheusRecorder};
    use session_provider::{HealthStatus, ProviderHealth};
    use tower::ServiceExt;

    use super::*;
    use crate::layer::timeout::TimeoutLayer;
    use crate::testing::{Inner, mutation, read};

    fn observing(inner: Inner) -> (Arc<HealthLog>, Observe<Inner>) {
        let health = Arc::new(HealthLog::default());
        let layer = ObserveLayer::new(ProviderId::new("p").unwrap(), Arc::clone(&health), Clock::system());
        (health, layer.layer(inner))
    }

    fn count(recorder: &PrometheusRecorder, operation: &str, outcome: &str) -> Option<String> {
        let labels = format!(r#"{{provider="p",operation="{operation}",outcome="{outcome}"}} "#);
        let text = recorder.handle().render();
        let line = format!("rollcall_upstream_exchanges_total{labels}");
        text.lines().find_map(|found| found.strip_prefix(&line)).map(str::to_owned)
    }

    #[tokio::test(start_paused = true)]
    async fn every_end_of_an_exchange_is_counted_by_its_outcome() {
        let recorder = PrometheusBuilder::new().build_recorder();
        let _guard = metrics::set_default_local_recorder(&recorder);
        let inner = Inner::answering([Ok(200), Ok(404), Err(ErrorKind::ProviderError.into())]);
        let (_, service) = observing(inner);
        for _ in 0..3 {
            let _ = service.clone().oneshot(read()).await;
        }
        let _ = service.oneshot(mutation()).await;
        assert_eq!(count(&recorder, "get_live_session", "success").as_deref(), Some("2"));
        assert_eq!(count(&recorder, "get_live_session", "provider_error").as_deref(), Some("1"));
        assert_eq!(count(&recorder, "kick_all_participants", "provider_error").as_deref(), Some("1"));
        assert!(recorder.handle().render().contains("rollcall_upstream_exchange_seconds"));
    }

    #[tokio::test(start_paused = true)]
    async fn a_cut_off_exchange_is_a_timeout_and_an_abandoned_one_is_not() {
        let recorder = PrometheusBuilder::new().build_recorder();
        let _guard = metrics::set_default_local_recorder(&recorder);
        let slow = || Inner::answering_after(Duration::from_secs(60), [Ok(200)]);
        let (health, service) = observing(slow());
        let _ = TimeoutLayer::new(Duration::from_secs(1)).layer(service).oneshot(read()).await;
        assert_eq!(health.health(false).last_error, Some(ErrorKind::ProviderTimeout));
        assert_eq!(count(&recorder, "get_live_session", "provider_timeout").as_deref(), Some("1"));

        let (health, service) = observing(slow());
        let service = TimeoutLayer::new(Duration::from_secs(1)).layer(service);
        let abandoned = tokio::time::timeout(Duration::from_millis(1), service.oneshot(read())).await;
        assert!(abandoned.is_err());
        assert_eq!(health.health(false), ProviderHealth::unknown());
        assert_eq!(count(&recorder, "get_live_session", "cancelled").as_deref(), Some("1"));
    }

    #[tokio::test(start_paused = true)]
    async fn health_follows_the_answers() {
        let limited = Err(ErrorKind::ProviderRateLimited.into());
        let refused = Err(ErrorKind::ProviderAuthFailed.into());
        let (health, service) =
            observing(Inner::answering([Ok(404), refused, limited, Err(ErrorKind::Internal.into())]));
        let mut seen = Vec::new();
        for _ in 0..4 {
            let _ = service.clone().oneshot(read()).await;
            let health = health.health(false);
            seen.push((health.status, health.last_error));
        }
        assert_eq!(
            seen,
            [
                (HealthStatus::Ok, None),
                (HealthStatus::Degraded, Some(ErrorKind::ProviderAuthFailed)),
                (HealthStatus::Degraded, Some(ErrorKind::ProviderRateLimited)),
                (HealthStatus::Degraded, Some(ErrorKind::ProviderRateLimited)),
            ]
        );
    }
}
