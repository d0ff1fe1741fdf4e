//! The order of the layers around the routes, and why each stands where it does.

use axum::extract::Request;
use axum::response::{IntoResponse, Response};
use axum::{Router, middleware};
use http::{HeaderValue, Method, Uri, header};
use tower::ServiceBuilder;
use tower_http::catch_panic::CatchPanicLayer;
use tower_http::compression::predicate::{NotForContentType, Predicate, SizeAbove};
use tower_http::compression::{CompressionLayer, CompressionLevel};
use tower_http::cors::{AllowOrigin, CorsLayer};
use utoipa_axum::router::OpenApiRouter;

use crate::api::left_out::leave_length_out;
use crate::api::render_problems::{after_panic, render_problems};
use crate::api::state::Api;
use crate::api::{observe, request_context, request_size, security_headers, timeout};
use crate::problem::{Code, Problem};

/// Below this, compressing costs more than it saves: it fits one packet.
const MIN_COMPRESSED_BYTES: u64 = 1024;

/// The routes with every layer around them. A request passes the layers from the top down.
pub(crate) fn around(routes: OpenApiRouter<Api>, state: Api) -> Router {
    let (routes, _document) = routes.split_for_parts();
    let layers = ServiceBuilder::new()
        // Outside all that may set a length.
        .layer(middleware::map_response(leave_length_out))
        // First, because everything below logs, answers and calls upstream under the request's id.
        .layer(middleware::from_fn(request_context::begin))
        // Around all that answers, preflights included.
        .layer(middleware::from_fn(security_headers::secure))
        // Sees the final status of every request and the time that all the rest took.
        .layer(middleware::from_fn_with_state(state.app.access_log.clone(), observe::observe))
        // Outside the problems, or a browser could not read why it was refused. Answers preflights itself.
        .option_layer(cors(&state.app.cors_origins))
        // Everything below may fail with a `Problem`, or with the bare error of a library; both are written out here.
        .layer(middleware::from_fn(render_problems))
        .layer(middleware::from_fn(observe::note_code))
        // Inside the rendering, so that a panic is a problem too; around all code that handles what callers sent.
        .layer(CatchPanicLayer::custom(after_panic))
        // Before anything reads the headers or the URI.
        .layer(middleware::from_fn(request_size::bound_head))
        // The last resort, after the cheap refusals, around everything that waits.
        .layer(middleware::from_fn_with_state(state.app.time, timeout::bound_time))
        // Innermost: only rendered bodies of 200s are worth it; problems are written further out and stay plain.
        .layer(middleware::map_request(never_refuse_plain))
        .layer(compression());
    routes.fallback(no_such_route).method_not_allowed_fallback(no_such_method).with_state(state).layer(layers)
}

async fn no_such_route() -> Response {
    Problem::new(Code::RouteNotFound, "No such route. /openapi.json lists all of them.").into_response()
}

/// axum adds `Allow`.
async fn no_such_method(method: Method, _uri: Uri) -> Response {
    let known = [Method::GET, Method::HEAD, Method::POST, Method::PUT, Method::PATCH, Method::DELETE, Method::OPTIONS];
    let detail = match known.iter().find(|known| **known == method) {
        Some(method) => format!("This route does not take {method}; Allow says what it takes."),
        None => "This route does not take this method; Allow says what it takes.".to_owned(),
    };
    Problem::new(Code::MethodNotAllowed, detail).into_response()
}

fn compression() -> CompressionLayer<impl Predicate> {
    let worth_it = SizeAbove::new(MIN_COMPRESSED_BYTES)
        .and(NotForContentType::IMAGES)
        .and(NotForContentType::const_new("text/event-stream"));
    CompressionLayer::new().quality(CompressionLevel::Fastest).compress_when(worth_it)
}

/// An `Accept-Encoding` that refuses even the plain form would make the compression answer 406 after the handler has
/// run, a mutation included. We send the plain form then, as RFC 9110 §12.5.3 allows.
async fn never_refuse_plain(mut request: Request) -> Request {
    let refuses = request.headers().get_all(header::ACCEPT_ENCODING).iter().any(|value| {
        let text = value.to_str().unwrap_or_default().to_ascii_lowercase();
        text.split([',', ';']).filter_map(|part| part.trim().strip_prefix("q=")).any(|q| q.parse() == Ok(0.0_f32))
    });
    if refuses {
        request.headers_mut().remove(header::ACCEPT_ENCODING);
    }
    request
}

/// Exactly the configured origins, without credentials: tokens travel in a header. `None` when there are none.
fn cors(origins: &[String]) -> Option<CorsLayer> {
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
            .allow_headers(allowed.map(http::HeaderName::from_static))
            .expose_headers(exposed.map(http::HeaderName::from_static))
            .max_age(std::time::Duration::from_secs(600))
    })
}
