//! Answers that are made anew for every request.

use axum::body::Body;
use axum::response::{IntoResponse, Response};
use http::{HeaderValue, header};
use serde::Serialize;
use utoipa::openapi::path::Operation;

use crate::api::answer::RouteAnswer;
use crate::problem::{Code, Problem};

/// A 200 with this value as JSON and no headers about freshness.
pub(crate) fn json(value: &impl Serialize) -> Result<Response, Box<Problem>> {
    let body = serde_json::to_vec(value).map_err(|error| {
        tracing::error!(%error, "an answer could not be rendered");
        Problem::new(Code::Internal, "The answer could not be rendered; this is our bug.")
    })?;
    let mut response = Response::new(Body::from(body));
    response.headers_mut().insert(header::CONTENT_TYPE, HeaderValue::from_static("application/json"));
    Ok(response)
}

/// A value of this moment, for this caller: there is nothing to keep and nothing to revalidate.
#[derive(Debug)]
pub(crate) struct UncachedAnswer<T>(pub(crate) T);

impl<T: Serialize> IntoResponse for UncachedAnswer<T> {
    fn into_response(self) -> Response {
        let mut response = match json(&self.0) {
            Ok(response) => response,
            Err(problem) => return problem.into_response(),
        };
        response.headers_mut().insert(header::CACHE_CONTROL, HeaderValue::from_static("private, no-store"));
        response.headers_mut().insert(header::VARY, HeaderValue::from_static("authorization"));
        response
    }
}

impl<T: Serialize> RouteAnswer for UncachedAnswer<T> {
    fn describe(_operation: &mut Operation) {}
}
