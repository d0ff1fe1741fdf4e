//! What the server calls for each request.

use std::convert::Infallible;

use axum::body::Body;
use http::{Request, Response};
use hyper::body::Incoming;
use tower::Service;

/// Answers every request that comes in. Its clone must be cheap, since each request takes one, and it is called without
/// being asked whether it is ready. hyper's body reaches it as it is, not boxed.
pub trait HttpService:
    Service<Request<Incoming>, Response = Response<Body>, Error = Infallible, Future: Send + 'static>
    + Clone
    + Send
    + Sync
    + 'static
{
    /// The same service for a connection that was just accepted, and whose requests alone it will answer.
    #[must_use]
    fn of_connection(&self) -> Self {
        self.clone()
    }
}

#[cfg(test)]
impl HttpService for axum::Router {}
