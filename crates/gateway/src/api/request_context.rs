//! What is known of a request from the moment it came: its id and when that was.

use axum::extract::Request;
use http::{HeaderMap, HeaderName, HeaderValue};
use session_provider::RequestId;
use tokio::time::Instant;

pub(crate) const X_REQUEST_ID: HeaderName = HeaderName::from_static("x-request-id");

/// Made once, before anything else is done.
#[derive(Debug, Clone)]
pub(crate) struct RequestContext {
    /// The caller's `X-Request-Id` if there is one and it is well formed, else one made here.
    pub(crate) id: RequestId,
    /// When the head of the request had arrived: all its deadlines count from here.
    pub(crate) arrival: Instant,
}

impl RequestContext {
    pub(crate) fn begin(headers: &HeaderMap) -> Self {
        Self { id: told(headers).unwrap_or_else(RequestId::generate), arrival: Instant::now() }
    }

    /// Of a request on its way to its handler; it begins here if it has not.
    pub(crate) fn of(request: &mut Request) -> Self {
        if let Some(context) = request.extensions().get::<Self>() {
            return context.clone();
        }
        let context = Self::begin(request.headers());
        request.extensions_mut().insert(context.clone());
        context
    }

    /// Says the id in the headers of the answer.
    pub(crate) fn say_id(&self, headers: &mut HeaderMap) {
        if let Ok(id) = HeaderValue::from_str(self.id.as_str()) {
            headers.insert(X_REQUEST_ID, id);
        }
    }
}

fn told(headers: &HeaderMap) -> Option<RequestId> {
    let mut values = headers.get_all(X_REQUEST_ID).iter();
    let (first, second) = (values.next()?, values.next());
    second.is_none().then(|| first.to_str().ok().and_then(RequestId::accept)).flatten()
}
