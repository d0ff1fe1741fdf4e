//! The innermost layer: really makes the exchange, and classifies what came of it.

use std::sync::Arc;
use std::task::{Context, Poll};

use futures_util::future::BoxFuture;
use http::header::{ACCEPT, CONTENT_TYPE};
use http::{HeaderMap, HeaderName, HeaderValue};
use session_provider::{Clock, Effect, Error, ErrorKind, Result};
use tower::Service;

use crate::body::{self, Failure};
use crate::classify::{Verdict, classify};
use crate::exchange::Exchange;
use crate::rate_limit_headers::RateLimits;
use crate::reading::Readers;
use crate::request_url::request_url;
use crate::retry_after::retry_after;
use crate::{BaseUrl, Response};

#[derive(Debug, Clone)]
pub(crate) struct Sender(Arc<Inner>);

#[derive(Debug)]
struct Inner {
    client: reqwest::Client,
    base_url: BaseUrl,
    credential: (HeaderName, HeaderValue),
    max_body_bytes: usize,
    clock: Clock,
    readers: Readers,
}

impl Sender {
    pub(crate) fn new(
        client: reqwest::Client,
        base_url: BaseUrl,
        credential: (HeaderName, HeaderValue),
        max_body_bytes: usize,
        clock: Clock,
    ) -> Self {
        let readers = Readers::default();
        Self(Arc::new(Inner { client, base_url, credential, max_body_bytes, clock, readers }))
    }
}

impl Service<Exchange> for Sender {
    type Response = Response;
    type Error = Error;
    type Future = BoxFuture<'static, Result<Response>>;

    fn poll_ready(&mut self, _: &mut Context<'_>) -> Poll<Result<()>> {
        Poll::Ready(Ok(()))
    }

    fn call(&mut self, exchange: Exchange) -> Self::Future {
        let inner = Arc::clone(&self.0);
        Box::pin(async move { inner.send(&exchange).await })
    }
}

impl Inner {
    async fn send(&self, exchange: &Exchange) -> Result<Response> {
        let request = self.http_request(exchange)?;
        exchange.call.count_exchange();
        exchange.seen.note_sent();
        let answer = match self.client.execute(request).await {
            Ok(answer) => answer,
            Err(error) => return Err(failed(exchange, None, None, Failure::of(&error))),
        };
        let status = answer.status();
        exchange.seen.note_version(answer.version());
        exchange.seen.note_head(status.as_u16(), RateLimits::of(answer.headers()));
        if classify(Some(status.as_u16()), None) != Verdict::Pass {
            return Err(self.refused(exchange, status, answer.headers()));
        }
        match body::read(answer, self.max_body_bytes).await {
            Ok(body) => Ok(Response {
                operation: exchange.request.operation,
                intent: exchange.call.intent(),
                status,
                body,
                readers: self.readers.clone(),
            }),
            Err(failure) => Err(failed(exchange, Some(status.as_u16()), None, Some(failure))),
        }
    }

    fn refused(&self, exchange: &Exchange, status: http::StatusCode, headers: &HeaderMap) -> Error {
        // Elsewhere the header has another meaning, or none (RFC 9110 §10.2.3 gives it one on a 3xx, too).
        let wait = (status.as_u16() == 429 || status.is_server_error()).then(|| retry_after(headers, &self.clock));
        failed(exchange, Some(status.as_u16()), wait.flatten(), None)
    }

    fn http_request(&self, exchange: &Exchange) -> Result<reqwest::Request> {
        let asked = &*exchange.request;
        let Some(url) = request_url(&self.base_url, asked) else {
            return Err(exchange.failed(ErrorKind::Internal).with_source("the URL is not what its parts mean"));
        };
        if exchange.call.request_id().trace().is_some() {
            exchange.seen.note_url(&url);
        }
        let mut request = reqwest::Request::new(asked.method.clone(), url);
        let headers = request.headers_mut();
        headers.insert(ACCEPT, HeaderValue::from_static("application/json"));
        headers.insert(self.credential.0.clone(), self.credential.1.clone());
        if let Some(body) = &asked.body {
            headers.insert(CONTENT_TYPE, HeaderValue::from_static("application/json"));
            *request.body_mut() = Some(body.clone().into());
        }
        Ok(request)
    }
}

/// The error that [`classify`] says it is. A failure of no known kind is a request that could not be made: our bug.
fn failed(
    exchange: &Exchange,
    status: Option<u16>,
    wait: Option<std::time::Duration>,
    failure: Option<Failure>,
) -> Error {
    let (kind, effect) = match classify(status, failure.as_ref().map(|failure| failure.failure)) {
        Verdict::Fail(..) if status.is_none() && failure.is_none() => (ErrorKind::Internal, Effect::None),
        Verdict::Fail(kind, effect) => (kind, effect),
        Verdict::Pass => (ErrorKind::Internal, Effect::Unknown),
    };
    let mut error = Error::new(kind);
    if let Some(status) = status {
        error = error.with_upstream_status(status);
    }
    if let Some(wait) = wait {
        error = error.with_retry_after(wait);
    }
    if let Some(failure) = failure {
        error = error.with_source(failure.source);
    }
    if effect == Effect::Unknown { error.after_sending(exchange.call.intent()) } else { error }
}
