//! Which pages of other origins may read answers.

use std::convert::Infallible;
use std::time::Duration;

use axum::body::Body;
use axum::response::Response;
use futures_util::FutureExt;
use http::{HeaderMap, HeaderName, HeaderValue, Method, Request};
use tower::{Layer, Service, service_fn};
use tower_http::cors::{AllowOrigin, CorsLayer};

/// Exactly the configured origins, without credentials: tokens travel in a header. `None` when there are none.
pub(crate) fn allow(origins: &[String]) -> Option<CorsLayer> {
    let origins: Vec<_> = origins
        .iter()
        .filter(|origin| *origin != "*")
        .filter_map(|origin| HeaderValue::from_str(origin).ok())
        .collect();
    let allowed = [
        "authorization",
        "content-type",
        "cache-control",
        "if-none-match",
        "last-event-id",
        "idempotency-key",
        "x-request-id",
        "traceparent",
        "tracestate",
    ];
    let exposed = [
        "etag",
        "age",
        "cache-status",
        "retry-after",
        "ratelimit",
        "ratelimit-policy",
        "x-request-id",
        "idempotency-replayed",
        "www-authenticate",
    ];
    (!origins.is_empty()).then(|| {
        CorsLayer::new()
            .allow_origin(AllowOrigin::list(origins))
            .allow_methods([Method::GET, Method::HEAD, Method::POST])
            .allow_headers(allowed.map(HeaderName::from_static))
            .expose_headers(exposed.map(HeaderName::from_static))
            .max_age(Duration::from_secs(600))
    })
}

/// Adds to the answer to a `GET` what it says to pages, as the layer does around the routes. `origin` are the lines of
/// `Origin`.
pub(crate) fn add(cors: &CorsLayer, origin: HeaderMap, response: Response) -> Response {
    let mut made = Some(response);
    let mut service = cors.layer(service_fn(move |_request: Request<()>| {
        std::future::ready(Ok::<_, Infallible>(made.take().unwrap_or_default()))
    }));
    let mut request = Request::new(());
    *request.headers_mut() = origin;
    // It waits for nothing but the answer, which is there.
    let answer: Option<Result<Response<Body>, Infallible>> = service.call(request).now_or_never();
    answer.map_or_else(Response::default, |Ok(response)| response)
}
