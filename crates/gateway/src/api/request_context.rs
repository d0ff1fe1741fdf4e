//! What is known of a request from the moment it came: its id and when that was.

use axum::extract::Request;
use axum::middleware::Next;
use axum::response::Response;
use http::{HeaderMap, HeaderName, HeaderValue};
use session_provider::RequestId;
use tokio::time::Instant;

pub(crate) const X_REQUEST_ID: HeaderName = HeaderName::from_static("x-request-id");

/// Made once, by the outermost layer.
#[derive(Debug, Clone)]
pub(crate) struct RequestContext {
    /// The caller's `X-Request-Id` if there is one and it is well formed, else one made here.
    pub(crate) id: RequestId,
    /// When the head of the request had arrived: all its deadlines count from here.
    pub(crate) arrival: Instant,
}

impl RequestContext {
    fn begin(headers: &HeaderMap) -> Self {
        Self { id: told(headers).unwrap_or_else(RequestId::generate), arrival: Instant::now() }
    }

    /// Of a request that has passed the outermost layer; it begins here if it has not.
    pub(crate) fn of(request: &mut Request) -> Self {
        if let Some(context) = request.extensions().get::<Self>() {
            return context.clone();
        }
        let context = Self::begin(request.headers());
        request.extensions_mut().insert(context.clone());
        context
    }
}

/// The outermost layer: makes the context and says the id in the answer.
pub(crate) async fn begin(mut request: Request, next: Next) -> Response {
    let context = RequestContext::begin(request.headers());
    let id = HeaderValue::from_str(context.id.as_str());
    request.extensions_mut().insert(context);
    let mut response = next.run(request).await;
    if let Ok(id) = id {
        response.headers_mut().insert(X_REQUEST_ID, id);
    }
    response
}

fn told(headers: &HeaderMap) -> Option<RequestId> {
    let mut values = headers.get_all(X_REQUEST_ID).iter();
    let (first, second) = (values.next()?, values.next());
    second.is_none().then(|| first.to_str().ok().and_then(RequestId::accept)).flatten()
}
