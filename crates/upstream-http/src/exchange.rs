//! What travels through the stack: one request, and what was seen on the wire while it was made.

use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, OnceLock};

use session_provider::{CallContext, Error, ErrorKind};
use tokio::time::Instant;
use url::Url;

use crate::Request;
use crate::rate_limit_headers::RateLimits;

/// One attempt at one request.
#[derive(Debug, Clone)]
pub(crate) struct Exchange {
    /// For whom and until when.
    pub(crate) call: CallContext,
    pub(crate) request: Arc<Request>,
    /// 1, or 2 for a retry.
    pub(crate) attempt: u32,
    /// When the timeout layer will cut it off.
    pub(crate) cut_at: Option<Instant>,
    /// What was seen of it so far. Shared with the layers above, which outlive a cut-off attempt.
    pub(crate) seen: Arc<Seen>,
}

/// What was seen of one attempt.
#[derive(Debug, Default)]
pub(crate) struct Seen {
    sent: AtomicBool,
    status: OnceLock<u16>,
    limits: OnceLock<RateLimits>,
    /// Where it was sent, if the request that it is made for is traced.
    url: OnceLock<Url>,
    version: OnceLock<http::Version>,
}

impl Exchange {
    pub(crate) fn new(call: CallContext, request: Request) -> Self {
        Self { call, request: Arc::new(request), attempt: 1, cut_at: None, seen: Arc::default() }
    }

    /// The attempt after this one.
    pub(crate) fn again(&self) -> Self {
        Self { attempt: self.attempt + 1, cut_at: None, seen: Arc::default(), ..self.clone() }
    }

    /// An error of this exchange; the outcome of a mutation is unknown once it was handed to the network.
    pub(crate) fn failed(&self, kind: ErrorKind) -> Error {
        let error = Error::new(kind).in_operation(self.request.operation);
        let error = match self.seen.status() {
            Some(status) => error.with_upstream_status(status),
            None => error,
        };
        if self.seen.was_sent() { error.after_sending(self.call.intent()) } else { error }
    }
}

impl Seen {
    /// Notes that the request is handed to the network from here on.
    pub(crate) fn note_sent(&self) {
        self.sent.store(true, Ordering::Relaxed);
    }

    /// Whether the request was handed to the network: an error without this is a refusal of our own.
    pub(crate) fn was_sent(&self) -> bool {
        self.sent.load(Ordering::Relaxed)
    }

    /// Notes the head of the answer.
    pub(crate) fn note_head(&self, status: u16, limits: RateLimits) {
        let _ = self.status.set(status);
        let _ = self.limits.set(limits);
    }

    /// Notes where it goes, for its span.
    pub(crate) fn note_url(&self, url: &Url) {
        let _ = self.url.set(url.clone());
    }

    /// Where it went, if that was noted.
    pub(crate) fn url(&self) -> Option<&Url> {
        self.url.get()
    }

    /// Notes the version of HTTP that the answer came in.
    pub(crate) fn note_version(&self, version: http::Version) {
        let _ = self.version.set(version);
    }

    /// The version of HTTP, if an answer began.
    pub(crate) fn version(&self) -> Option<http::Version> {
        self.version.get().copied()
    }

    /// The status, if an answer began.
    pub(crate) fn status(&self) -> Option<u16> {
        self.status.get().copied()
    }

    /// What the answer said of rate limits, if one began.
    pub(crate) fn limits(&self) -> Option<&RateLimits> {
        self.limits.get()
    }
}

/// Whether the attempt's failure is the provider's: what the breaker counts. A 4xx, a 429 or a refusal of our own is not.
pub(crate) fn is_provider_failure(error: &Error, seen: &Seen) -> bool {
    seen.was_sent()
        && matches!(
            error.kind(),
            ErrorKind::ProviderError | ErrorKind::ProviderTimeout | ErrorKind::ProviderBadResponse
        )
}
