//! Gives every request its id and the moment it came.

use axum::extract::Request;
use axum::middleware::Next;
use axum::response::Response;
use http::{HeaderMap, HeaderName, HeaderValue};
use session_provider::RequestId;
use tokio::time::Instant;

pub(crate) const X_REQUEST_ID: HeaderName = HeaderName::from_static("x-request-id");

/// When the head of the request had arrived: all its deadlines count from here.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Arrival(pub(crate) Instant);

/// Takes the caller's `X-Request-Id` if there is one and it is well formed, else makes one, and says it in the answer.
pub(crate) async fn identify(mut request: Request, next: Next) -> Response {
    let id = told(request.headers()).unwrap_or_else(RequestId::generate);
    request.extensions_mut().insert(id.clone());
    request.extensions_mut().insert(Arrival(Instant::now()));
    let mut response = next.run(request).await;
    if let Ok(value) = HeaderValue::from_str(id.as_str()) {
        response.headers_mut().insert(X_REQUEST_ID, value);
    }
    response
}

fn told(headers: &HeaderMap) -> Option<RequestId> {
    let mut values = headers.get_all(X_REQUEST_ID).iter();
    let (first, second) = (values.next()?, values.next());
    second.is_none().then(|| first.to_str().ok().and_then(RequestId::accept)).flatten()
}
