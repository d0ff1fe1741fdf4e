//! How one operation of a provider went, told to the metrics and, if it failed, to the log.

use std::error::Error as _;
use std::fmt::Write as _;

use session_provider::{CallContext, Error, ErrorKind, Operation, ProviderId, RequestId};
use tokio::time::Instant;
use upstream_http::CallMetrics;

/// The outcome of an operation whose future was dropped before it ended.
const ABANDONED: &str = "abandoned";

/// An operation under way. Dropped without [`end`](Self::end), it counts as abandoned.
pub(super) struct Observation<'a> {
    provider: &'a ProviderId,
    metrics: &'a CallMetrics,
    operation: Operation,
    request_id: &'a RequestId,
    began: Instant,
    outcome: &'static str,
}

impl<'a> Observation<'a> {
    pub(super) fn begin(
        provider: &'a ProviderId,
        metrics: &'a CallMetrics,
        operation: Operation,
        call: &'a CallContext,
    ) -> Self {
        let request_id = call.request_id();
        Self { provider, metrics, operation, request_id, began: Instant::now(), outcome: ABANDONED }
    }

    pub(super) fn end(mut self, error: Option<&Error>) {
        self.outcome = error.map_or("ok", |error| error.kind().code());
        if let Some(error) = error {
            self.log(error);
        }
    }

    fn log(&self, error: &Error) {
        let (provider, operation, request_id) = (self.provider, self.operation.as_str(), self.request_id);
        let duration_ms = u64::try_from(self.began.elapsed().as_millis()).unwrap_or(u64::MAX);
        let cause = chain(error);
        if is_an_answer(error.kind()) {
            tracing::debug!(%provider, operation, %request_id, duration_ms, %error, cause, "the provider said no");
        } else {
            tracing::warn!(%provider, operation, %request_id, duration_ms, %error, cause, "provider operation failed");
        }
    }
}

impl Drop for Observation<'_> {
    fn drop(&mut self) {
        self.metrics.ended(self.operation, self.outcome, self.began.elapsed());
    }
}

/// Whether the provider works and merely says no: nothing for an operator to look at.
fn is_an_answer(kind: ErrorKind) -> bool {
    matches!(
        kind,
        ErrorKind::InvalidRequest
            | ErrorKind::SessionNotLive
            | ErrorKind::SessionNotFound
            | ErrorKind::ParticipantNotFound
            | ErrorKind::CapabilityUnsupported
    )
}

/// The causes below the error, outermost first.
fn chain(error: &Error) -> String {
    let mut text = String::new();
    let mut next = error.source();
    while let Some(cause) = next {
        let separator = if text.is_empty() { "" } else { ": " };
        let _ = write!(text, "{separator}{cause}");
        next = cause.source();
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[derive(Debug, thiserror::Error)]
    #[error("outer")]
    struct Outer(#[source] std::io::Error);

    #[test]
    fn the_chain_names_every_cause() {
        let error = Error::new(ErrorKind::ProviderError).with_source(Outer(std::io::Error::other("inner")));
        assert_eq!(chain(&error), "outer: inner");
        assert_eq!(chain(&Error::new(ErrorKind::ProviderError)), "");
    }
}
