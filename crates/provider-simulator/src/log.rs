//! What the simulator was asked.

use std::collections::VecDeque;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use http::{HeaderMap, Method, StatusCode};
use serde_json::Value;
use tokio::sync::watch;

use crate::Pattern;

/// How many requests are remembered; older ones are forgotten, but stay in [`RequestLog::total`].
pub const REMEMBERED_REQUESTS: usize = 20_000;

/// Headers that a recorded request keeps. The credential's header is never among them.
const KEPT_HEADERS: [&str; 9] = [
    "accept",
    "accept-encoding",
    "content-length",
    "content-type",
    "host",
    "traceparent",
    "user-agent",
    "x-request-id",
    "x-sdk-version",
];

/// How the credential of a request was judged. The credential itself is never kept.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Credential {
    /// The one that is asked for.
    Right,
    /// Another one.
    Wrong,
    /// Not in the form that is asked for.
    Malformed,
    /// None was sent.
    Absent,
}

/// One request.
#[derive(Debug, Clone)]
pub struct RecordedRequest {
    /// Counts up from 0 over the life of the log.
    pub sequence: u64,
    /// When it came, in epoch milliseconds of the world's clock.
    pub at_ms: i64,
    /// Its method.
    pub method: Method,
    /// Its path, as sent.
    pub path: String,
    /// Its query, as sent.
    pub query: Option<String>,
    /// Some of its headers: [`RequestLog`] keeps no credential.
    pub headers: HeaderMap,
    /// How its credential was judged.
    pub credential: Credential,
    /// Its body, when that was JSON.
    pub body: Option<Value>,
    /// The status answered; `None` while there is no answer, or none ever came (hang, reset, caller gone).
    pub status: Option<StatusCode>,
}

/// Every request a simulator saw. Clones share the log.
#[derive(Debug, Clone)]
pub struct RequestLog(Arc<Shared>);

#[derive(Debug)]
struct Shared {
    entries: Mutex<VecDeque<RecordedRequest>>,
    total: watch::Sender<u64>,
}

impl Default for RequestLog {
    fn default() -> Self {
        Self(Arc::new(Shared { entries: Mutex::default(), total: watch::Sender::new(0) }))
    }
}

impl RequestLog {
    /// The remembered requests, oldest first.
    #[must_use]
    pub fn requests(&self) -> Vec<RecordedRequest> {
        self.entries().iter().cloned().collect()
    }

    /// The remembered requests that match, oldest first.
    #[must_use]
    pub fn matching(&self, pattern: impl Into<Pattern>) -> Vec<RecordedRequest> {
        let pattern = pattern.into();
        self.entries().iter().filter(|r| pattern.matches(&r.method, &r.path)).cloned().collect()
    }

    /// How many remembered requests match.
    #[must_use]
    pub fn count(&self, pattern: impl Into<Pattern>) -> usize {
        let pattern = pattern.into();
        self.entries().iter().filter(|r| pattern.matches(&r.method, &r.path)).count()
    }

    /// How many requests came since the start, forgotten ones included.
    #[must_use]
    pub fn total(&self) -> u64 {
        *self.0.total.borrow()
    }

    /// Waits until at least `count` requests came since the start, forgotten ones included.
    pub async fn wait_for_total(&self, count: u64) {
        let mut total = self.0.total.subscribe();
        // The sender lives in `self`, so this ends only with the condition.
        drop(total.wait_for(|seen| *seen >= count).await);
    }

    /// Forgets the requests; [`total`](Self::total) counts on.
    pub fn clear(&self) {
        self.entries().clear();
    }

    pub(crate) fn begin(&self, mut request: RecordedRequest) -> u64 {
        let mut entries = self.entries();
        let mut sequence = 0;
        self.0.total.send_modify(|total| {
            sequence = *total;
            *total += 1;
        });
        request.sequence = sequence;
        if entries.len() == REMEMBERED_REQUESTS {
            entries.pop_front();
        }
        entries.push_back(request);
        sequence
    }

    pub(crate) fn finish(&self, sequence: u64, status: StatusCode) {
        let mut entries = self.entries();
        if let Ok(index) = entries.binary_search_by_key(&sequence, |r| r.sequence) {
            entries[index].status = Some(status);
        }
    }

    fn entries(&self) -> MutexGuard<'_, VecDeque<RecordedRequest>> {
        self.0.entries.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// The headers worth keeping of a request.
pub(crate) fn kept_headers(headers: &HeaderMap) -> HeaderMap {
    headers.iter().filter(|(n, _)| KEPT_HEADERS.contains(&n.as_str())).map(|(n, v)| (n.clone(), v.clone())).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn request(path: &str) -> RecordedRequest {
        RecordedRequest {
            sequence: 0,
            at_ms: 0,
            method: Method::GET,
            path: path.to_owned(),
            query: None,
            headers: HeaderMap::new(),
            credential: Credential::Right,
            body: None,
            status: None,
        }
    }

    #[test]
    fn the_log_is_bounded_and_counts_on() {
        let log = RequestLog::default();
        for n in 0..=REMEMBERED_REQUESTS {
            log.begin(request(&format!("/a/{n}")));
        }
        assert_eq!(log.requests().len(), REMEMBERED_REQUESTS);
        assert_eq!(log.total(), 20_001);
        assert_eq!((log.count("/a/0"), log.count("/a/1")), (0, 1));
        log.finish(0, StatusCode::OK);
        log.finish(1, StatusCode::OK);
        assert_eq!(log.requests()[0].status, Some(StatusCode::OK));
        log.clear();
        assert_eq!((log.requests().len(), log.total()), (0, 20_001));
    }

    #[test]
    fn credentials_are_not_kept() {
        let headers = ["authorization", "x-api-key", "cookie", "accept"]
            .into_iter()
            .map(|n| (http::HeaderName::from_static(n), http::HeaderValue::from_static("canary")))
            .collect();
        assert_eq!(kept_headers(&headers).keys().map(http::HeaderName::as_str).collect::<Vec<_>>(), ["accept"]);
    }
}
