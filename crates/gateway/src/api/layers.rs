//! The order of the layers around the routes, and why each stands where it does.

use axum::response::{IntoResponse, Response};
use axum::{Router, middleware};
use http::{Method, Uri};
use tower::ServiceBuilder;
use tower_http::catch_panic::CatchPanicLayer;
use utoipa_axum::router::OpenApiRouter;

use crate::api::render_problems::after_panic;
use crate::api::state::Api;
use crate::api::{observe, request_size, timeout};
use crate::problem::{Code, Problem};

/// The routes with the layers of requests that may have to wait, from the outside in. What every request gets, those
/// included that are answered at once, is done around them, by the [service](crate::api::ApiService).
pub(crate) fn around(routes: OpenApiRouter<Api>, state: Api) -> Router {
    let (routes, _document) = routes.split_for_parts();
    let layers = ServiceBuilder::new()
        // Outside all that answers.
        .layer(middleware::from_fn(observe::note_route))
        // Around every refusal, or a browser could not read why it was refused. Answers preflights itself.
        .option_layer(state.cors.clone())
        // Around all code that handles what callers sent.
        .layer(CatchPanicLayer::custom(after_panic))
        // Before anything reads the headers or the URI.
        .layer(middleware::from_fn(request_size::bound_head))
        // The last resort, after the cheap refusals, around everything that waits.
        .layer(middleware::from_fn_with_state(state.app.time, timeout::bound_time));
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
