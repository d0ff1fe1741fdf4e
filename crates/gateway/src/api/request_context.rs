//! What is known of a request from the moment it came: its id and when that was.

use std::time::Duration;

use axum::extract::Request;
use http::{HeaderMap, HeaderName, HeaderValue};
use session_provider::{Clock, RequestId, Timestamp};
use tokio::time::Instant;

pub(crate) const X_REQUEST_ID: HeaderName = HeaderName::from_static("x-request-id");

/// Made once, before anything else is done.
#[derive(Debug, Clone)]
pub(crate) struct RequestContext {
    /// The caller's `X-Request-Id` if there is one and it is well formed, else one made here.
    pub(crate) id: RequestId,
    /// When the head of the request had arrived: all its deadlines count from here.
    pub(crate) arrival: Instant,
    /// The same as wall time, in microseconds since the Unix epoch.
    arrived_at: i64,
}

impl RequestContext {
    /// Reads both clocks: what is answered at once is answered as of that moment, and reads none of them again.
    pub(crate) fn begin(headers: &HeaderMap, clock: Clock) -> Self {
        let arrived_at = clock.unix_micros();
        let id = told(headers).unwrap_or_else(|| RequestId::generate_at(arrived_at));
        Self { id, arrival: Instant::now(), arrived_at }
    }

    /// The wall time when it arrived.
    pub(crate) fn arrived_at(&self) -> Timestamp {
        Timestamp::from_unix_ms(self.arrived_at.div_euclid(1000)).unwrap_or(Timestamp::LATEST)
    }

    /// The wall time so long after it arrived, in microseconds since the Unix epoch.
    pub(crate) fn micros_after(&self, elapsed: Duration) -> i64 {
        self.arrived_at.saturating_add(i64::try_from(elapsed.as_micros()).unwrap_or(i64::MAX))
    }

    /// Of a request on its way to its handler; it begins here if it has not.
    pub(crate) fn of(request: &mut Request) -> Self {
        if let Some(context) = request.extensions().get::<Self>() {
            return context.clone();
        }
        let context = Self::begin(request.headers(), Clock::system());
        request.extensions_mut().insert(context.clone());
        context
    }

    /// Says the id in the headers of the answer.
    pub(crate) fn say_id(&self, headers: &mut HeaderMap) {
        match HeaderValue::from_str(self.id.as_str()) {
            Ok(id) => headers.insert(X_REQUEST_ID, id),
            // No id is made or taken that cannot stand in a header.
            Err(_) => headers.remove(X_REQUEST_ID),
        };
    }
}

fn told(headers: &HeaderMap) -> Option<RequestId> {
    let mut values = headers.get_all(X_REQUEST_ID).iter();
    let (first, second) = (values.next()?, values.next());
    second.is_none().then(|| first.to_str().ok().and_then(RequestId::accept)).flatten()
}
