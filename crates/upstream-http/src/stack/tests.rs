use std::time::Duration;

use futures_util::future::join_all;
use session_provider::{Effect, ErrorKind, HealthStatus, Result};
use tokio::time::Instant;
use tower::ServiceExt;

use super::*;
use crate::testing::{Inner, mutation, read, read_within};
use crate::{BaseUrl, BudgetSettings};

const SECOND: Duration = Duration::from_secs(1);

struct Fixture {
    shared: Shared,
    stack: Stack,
}

fn over(inner: &Inner, requests: u32, max_concurrency: usize) -> Fixture {
    let settings = UpstreamSettings {
        base_url: BaseUrl::parse("https://h", false).unwrap(),
        timeout: 2 * SECOND,
        max_concurrency,
        max_body_bytes: 1,
    };
    let budget = Arc::new(Budget::new(BudgetSettings { requests, per: SECOND }));
    let shared = Shared {
        provider: ProviderId::new("p").unwrap(),
        breaker: Breaker::new(),
        budget,
        health: Arc::default(),
        clock: Clock::system(),
    };
    Fixture { stack: stack(inner.clone(), &settings, &shared), shared }
}

impl Fixture {
    async fn send(&self, exchange: Exchange) -> Result<Response> {
        self.stack.clone().oneshot(exchange).await
    }

    fn status(&self) -> HealthStatus {
        self.shared.health.health(self.shared.breaker.is_open()).status
    }
}

#[tokio::test(start_paused = true)]
async fn a_retry_passes_every_layer_like_a_first_attempt() {
    let inner = Inner::answering([Err(ErrorKind::ProviderError.into()), Ok(200)]);
    let fixture = over(&inner, 10, 4);
    let exchange = read();
    let call = exchange.call.clone();
    assert!(fixture.send(exchange).await.is_ok());
    assert_eq!((inner.calls(), call.exchanges()), (2, 2));
    assert_eq!(fixture.status(), HealthStatus::Ok);
    assert!(fixture.shared.health.health(false).last_error.is_some());
}

#[tokio::test(start_paused = true)]
async fn each_attempt_is_paid_for() {
    let busy = session_provider::Error::new(ErrorKind::ProviderError).with_retry_after(Duration::ZERO);
    let fixture = over(&Inner::answering([Err(busy)]), 600, 4);
    assert!(fixture.send(read()).await.is_err());
    // The two attempts are a millisecond apart at most, in which less than one call comes back.
    assert_eq!(fixture.shared.budget.state().remaining, 598);
}

#[tokio::test(start_paused = true)]
async fn a_hanging_provider_costs_two_timeouts_then_nothing() {
    let inner = Inner::answering_after(Duration::from_secs(3600), [Ok(200)]);
    let fixture = over(&inner, 1000, 100);
    let start = Instant::now();
    let error = fixture.send(read()).await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::ProviderTimeout);
    assert!((4 * SECOND..=5 * SECOND).contains(&start.elapsed()), "{:?}", start.elapsed());
    for _ in 0..3 {
        let _ = fixture.send(mutation()).await;
    }
    let start = Instant::now();
    let error = fixture.send(read()).await.unwrap_err();
    assert_eq!((error.kind(), start.elapsed()), (ErrorKind::ProviderUnavailable, Duration::ZERO));
    assert!(error.retry_after().is_some());
    assert_eq!(fixture.status(), HealthStatus::Unavailable);
    assert_eq!(inner.calls(), 5);
}

#[tokio::test(start_paused = true)]
async fn no_read_outlives_its_deadline() {
    for ms in [1, 500, 1999, 2000, 2001, 2050, 3000] {
        let inner = Inner::answering_after(Duration::from_secs(3600), [Ok(200)]);
        let fixture = over(&inner, 1000, 100);
        let start = Instant::now();
        let error = fixture.send(read_within(Duration::from_millis(ms))).await.unwrap_err();
        assert_eq!(error.kind(), ErrorKind::ProviderTimeout);
        assert!(start.elapsed() <= Duration::from_millis(ms + 1), "{ms} ms: {:?}", start.elapsed());
    }
}

#[tokio::test(start_paused = true)]
async fn a_mutation_that_times_out_was_sent_exactly_once() {
    let inner = Inner::answering_after(Duration::from_secs(3600), [Ok(200)]);
    let fixture = over(&inner, 1000, 100);
    let error = fixture.send(mutation()).await.unwrap_err();
    assert_eq!((error.kind(), error.effect()), (ErrorKind::ProviderTimeout, Effect::Unknown));
    assert_eq!((error.is_retryable(), inner.calls()), (false, 1));
}

#[tokio::test(start_paused = true)]
async fn an_open_breaker_takes_nothing_from_the_budget() {
    let inner = Inner::answering([Err(ErrorKind::ProviderBadResponse.into())]);
    let fixture = over(&inner, 1000, 100);
    for _ in 0..5 {
        assert!(fixture.send(read()).await.is_err());
    }
    let before = fixture.shared.budget.state().remaining;
    for _ in 0..100 {
        assert_eq!(fixture.send(read()).await.unwrap_err().kind(), ErrorKind::ProviderUnavailable);
    }
    assert_eq!((fixture.shared.budget.state().remaining, inner.calls()), (before, 5));
}

#[tokio::test(start_paused = true)]
async fn refusals_of_budget_and_limit_never_open_the_breaker_and_shed_calls_are_not_paid_for() {
    let inner = Inner::answering_after(SECOND / 1000, [Ok(200)]);
    let fixture = over(&inner, 10, 2);
    let answers = join_all((0..1000).map(|_| fixture.send(read()))).await;
    let kinds = |kind| answers.iter().filter(|answer| answer.as_ref().is_err_and(|error| error.kind() == kind)).count();
    assert_eq!((inner.calls(), kinds(ErrorKind::Overloaded)), (2, 998));
    assert_eq!(fixture.shared.budget.state().remaining, 8);
    for _ in 0..100 {
        let _ = fixture.send(read()).await;
    }
    assert!(!fixture.shared.breaker.is_open());
}

#[tokio::test(start_paused = true)]
async fn a_dead_provider_sees_five_calls_and_the_probes() {
    let inner = Inner::answering([Err(ErrorKind::ProviderError.into())]);
    let fixture = over(&inner, 100_000, 1000);
    let start = Instant::now();
    while start.elapsed() < 60 * SECOND {
        assert!(fixture.send(read()).await.is_err());
        tokio::time::advance(Duration::from_millis(1)).await;
    }
    // Five to open it, then probes after 5, 10 and 20 s; the next would come after 40 more.
    assert_eq!(inner.calls(), 8);
}

#[tokio::test(start_paused = true)]
async fn recovery_takes_one_probe() {
    let fail = || Err(ErrorKind::ProviderBadResponse.into());
    let inner = Inner::answering([fail(), fail(), fail(), fail(), fail(), Ok(200)]);
    let fixture = over(&inner, 100_000, 1000);
    for _ in 0..5 {
        assert!(fixture.send(read()).await.is_err());
    }
    assert!(fixture.send(read()).await.is_err());
    tokio::time::advance(5 * SECOND).await;
    for _ in 0..10 {
        assert!(fixture.send(read()).await.is_ok());
    }
    assert_eq!(fixture.status(), HealthStatus::Ok);
}

/// Calls are dropped after any time: nothing they held is held on.
#[tokio::test(start_paused = true)]
async fn a_dropped_call_gives_back_all_it_held_wherever_it_was() {
    let busy = || Err(session_provider::Error::new(ErrorKind::ProviderError).with_retry_after(SECOND / 100));
    let inner = Inner::answering_after(SECOND / 50, [busy(), Ok(200)].into_iter().cycle().take(400));
    let fixture = over(&inner, 100_000, 1);
    for ms in (0..60).chain(0..60) {
        let _ = tokio::time::timeout(Duration::from_millis(ms), fixture.send(read())).await;
    }
    tokio::time::advance(100 * SECOND).await;
    for _ in 0..2 {
        let _ = fixture.send(read()).await;
    }
    assert!(fixture.send(read()).await.is_ok(), "place, probe and budget are free");
    assert!(!fixture.shared.breaker.is_open());
}
