//! A service that answers by script, in place of the layers below the one under test.

use std::collections::VecDeque;
use std::sync::{Arc, Mutex};
use std::task::{Context, Poll};
use std::time::Duration;

use futures_util::future::BoxFuture;
use http::StatusCode;
use session_provider::{Error, ErrorKind, Result};
use tower::Service;

use crate::Response;
use crate::exchange::Exchange;
use crate::rate_limit_headers::RateLimits;

/// A status that passes, or an error that ends the exchange.
type Answer = Result<u16>;

/// Gives its answers in turn, the last one for ever. Clones share the script.
#[derive(Debug, Clone)]
pub(crate) struct Inner(Arc<State>);

#[derive(Debug)]
struct State {
    delay: Duration,
    limits: RateLimits,
    script: Mutex<VecDeque<Answer>>,
    calls: Mutex<u32>,
}

impl Inner {
    pub(crate) fn answering(script: impl IntoIterator<Item = Answer>) -> Self {
        Self::answering_after(Duration::ZERO, script)
    }

    pub(crate) fn answering_after(delay: Duration, script: impl IntoIterator<Item = Answer>) -> Self {
        let script = Mutex::new(script.into_iter().collect());
        Self(Arc::new(State { delay, limits: RateLimits::default(), script, calls: Mutex::default() }))
    }

    /// One that always answers 200 and says this of the provider's limits.
    pub(crate) fn limiting(limits: RateLimits) -> Self {
        let script = Mutex::new(VecDeque::from([Ok(200)]));
        Self(Arc::new(State { delay: Duration::ZERO, limits, script, calls: Mutex::default() }))
    }

    /// How often it was called.
    pub(crate) fn calls(&self) -> u32 {
        *self.0.calls.lock().unwrap()
    }
}

impl Service<Exchange> for Inner {
    type Response = Response;
    type Error = Error;
    type Future = BoxFuture<'static, Result<Response>>;

    fn poll_ready(&mut self, _: &mut Context<'_>) -> Poll<Result<()>> {
        Poll::Ready(Ok(()))
    }

    fn call(&mut self, exchange: Exchange) -> Self::Future {
        let state = Arc::clone(&self.0);
        *state.calls.lock().unwrap() += 1;
        let answer = {
            let mut script = state.script.lock().unwrap();
            if script.len() > 1 { script.pop_front().unwrap() } else { script.front().unwrap().clone() }
        };
        let refusal = matches!(
            &answer,
            Err(error) if matches!(error.kind(), ErrorKind::Overloaded | ErrorKind::ProviderUnavailable)
        );
        if !refusal {
            exchange.call.count_exchange();
            exchange.seen.note_sent();
        }
        Box::pin(async move {
            tokio::time::sleep(state.delay).await;
            if let Ok(status) = answer {
                exchange.seen.note_head(status, state.limits.clone());
            }
            let status = answer?;
            let status = StatusCode::from_u16(status).unwrap();
            Ok(Response::made(exchange.request.operation, exchange.call.intent(), status, ""))
        })
    }
}
