//! Problems are written out last: what only the outside knows is filled in here.

use axum::body::Body;
use axum::response::{IntoResponse, Response};
use http::{HeaderValue, Method, header};

use crate::api::asked::Asked;
use crate::problem::{Code, Problem};

/// The longest `instance`: a URI that was refused for its length is not sent back whole.
const MAX_INSTANCE: usize = 2048;

/// Renders the problem that rides in the response, if there is one, and tells its code. `instance` (the path as it was
/// received, without its query) and `request_id` are filled in. An error that some library answered without a problem gets
/// that of its status.
pub(crate) fn render_problem(mut response: Response, asked: &Asked) -> (Response, Option<Code>) {
    let status = response.status();
    let is_error = status.is_client_error() || status.is_server_error();
    let carried = response.extensions_mut().remove::<Box<Problem>>();
    let mut problem = match carried {
        Some(problem) => problem,
        None if is_error => Box::new(bare(status)),
        None => return (response, None),
    };
    let path = asked.uri.path();
    problem.instance = path[..path.floor_char_boundary(MAX_INSTANCE)].to_owned();
    problem.request_id = asked.context.id.to_string();
    let body = match serde_json::to_vec(&problem) {
        Ok(body) => body,
        Err(error) => {
            tracing::error!(%error, "a problem could not be rendered");
            Vec::new()
        }
    };
    *response.status_mut() = problem.code.status();
    let headers = response.headers_mut();
    for name in [header::CONTENT_ENCODING, header::ETAG, header::TRANSFER_ENCODING] {
        headers.remove(name);
    }
    headers.insert(header::CONTENT_TYPE, HeaderValue::from_static("application/problem+json"));
    headers.insert(header::CONTENT_LENGTH, HeaderValue::from(body.len()));
    headers.insert(header::CACHE_CONTROL, HeaderValue::from_static("no-store"));
    *response.body_mut() = if asked.method == Method::HEAD { Body::empty() } else { Body::from(body) };
    (response, Some(problem.code))
}

/// The problem of an error that came without one. Its text, which nobody has checked, is not passed on.
fn bare(status: http::StatusCode) -> Problem {
    let problem = Problem::new(Code::for_status(status), "The request could not be served.");
    tracing::warn!(%status, code = problem.code.as_str(), "an error without a problem");
    problem
}

/// What a panic in a handler becomes. The panic's own text is logged by the panic hook, never sent.
pub(crate) fn after_panic(_panic: Box<dyn std::any::Any + Send + 'static>) -> Response {
    Problem::new(Code::Internal, "Rollcall failed; this is our bug. The log tells more under this request id.")
        .into_response()
}
