//! Opening a stream over HTTP.

use std::time::Duration;

use bytes::Bytes;
use futures_util::future::BoxFuture;
use futures_util::stream::{BoxStream, StreamExt};
use reqwest::StatusCode;
use reqwest::header::{ACCEPT, CONTENT_TYPE, HeaderValue, RETRY_AFTER};

use crate::connect::{ConnectError, base, http_client};
use crate::problem::cause_of;
use crate::token_source::TokenSource;
use crate::types::Problem;

/// The bytes of a stream; an error is the way in which it broke.
pub(super) type Bytestream = BoxStream<'static, Result<Bytes, String>>;

/// The most of a refusal's body that is read.
const MAX_REFUSAL: usize = 64 << 10;

/// Opens streams. The tests have one that needs no network.
pub(super) trait Open: Send {
    /// Opens the stream, behind the event with this id.
    fn open(&self, last_event_id: Option<String>) -> BoxFuture<'static, Result<Bytestream, Refusal>>;
}

/// Why a stream was not opened.
#[derive(Debug)]
pub(super) enum Refusal {
    /// Trying again is of no use.
    Final { why: String, problem: Option<Box<Problem>> },
    /// It may work later.
    Later { why: String, wait: Option<Duration> },
}

/// Where a stream is, and who asks.
#[derive(Debug, Clone)]
pub(super) struct HttpStream {
    pub(super) url: String,
    pub(super) path: String,
    pub(super) query: Vec<(&'static str, String)>,
    pub(super) token: TokenSource,
}

impl Open for HttpStream {
    fn open(&self, last_event_id: Option<String>) -> BoxFuture<'static, Result<Bytestream, Refusal>> {
        let it = self.clone();
        Box::pin(async move { it.send(last_event_id).await })
    }
}

impl HttpStream {
    async fn send(&self, last_event_id: Option<String>) -> Result<Bytestream, Refusal> {
        let later = |why| Refusal::Later { why, wait: None };
        let unusable = |error: ConnectError| Refusal::Final { why: error.to_string(), problem: None };
        let url = format!("{}{}", base(&self.url).map_err(unusable)?, self.path);
        let token = self.token.token().await.map_err(|why| later(format!("no token: {why}")))?;
        // A client for each connection: each has a token of its own, and there is one connection at a time.
        let client = http_client(&token).map_err(unusable)?.build();
        let client = client.map_err(|error| unusable(error.into()))?;
        let mut request = client.get(url).query(&self.query).header(ACCEPT, "text/event-stream");
        if let Some(id) = last_event_id.and_then(|id| HeaderValue::try_from(id).ok()) {
            request = request.header("last-event-id", id);
        }
        let answer = request.send().await.map_err(|error| later(cause_of(&error)))?;
        if answer.status() != StatusCode::OK {
            return Err(refused(answer).await);
        }
        let kind = answer.headers().get(CONTENT_TYPE).and_then(|kind| kind.to_str().ok()).unwrap_or_default();
        if !kind.starts_with("text/event-stream") {
            let why = format!("what answers there sends no events but {kind:?}: is the URL that of Rollcall?");
            return Err(Refusal::Final { why, problem: None });
        }
        Ok(answer.bytes_stream().map(|piece| piece.map_err(|error| cause_of(&error))).boxed())
    }
}

/// What a gateway says that does not give the stream.
async fn refused(mut answer: reqwest::Response) -> Refusal {
    let status = answer.status();
    let told = answer.headers().get(RETRY_AFTER).and_then(|wait| wait.to_str().ok()?.trim().parse().ok());
    let mut body = Vec::new();
    // What breaks off here is no problem in JSON, and says nothing.
    while let Ok(Some(piece)) = answer.chunk().await
        && body.len() + piece.len() <= MAX_REFUSAL
    {
        body.extend_from_slice(&piece);
    }
    let problem: Option<Box<Problem>> = serde_json::from_slice(&body).ok();
    let why = problem.as_ref().map_or_else(|| format!("HTTP {status}"), |problem| problem.detail.clone());
    let is_passing = status.is_server_error()
        || matches!(status, StatusCode::REQUEST_TIMEOUT | StatusCode::TOO_MANY_REQUESTS)
        || problem.as_ref().is_some_and(|problem| problem.retryable);
    if is_passing {
        Refusal::Later { why, wait: told.map(Duration::from_secs) }
    } else {
        Refusal::Final { why, problem }
    }
}
