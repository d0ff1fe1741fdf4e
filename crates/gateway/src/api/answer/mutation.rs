//! How a mutation ended, as a response.

use axum::body::Body;
use axum::response::{IntoResponse, Response};
use http::{HeaderName, HeaderValue, header};
use utoipa::openapi::path::Operation;

use crate::api::answer::RouteAnswer;
use crate::api::document::{HeaderDoc, add_headers};
use crate::moderation::Outcome;

const IDEMPOTENCY_REPLAYED: HeaderName = HeaderName::from_static("idempotency-replayed");

/// An outcome, or that of the first request with the same key again.
#[derive(Debug)]
pub(crate) struct MutationAnswer {
    pub(crate) outcome: Outcome,
    pub(crate) replayed: bool,
}

impl IntoResponse for MutationAnswer {
    fn into_response(self) -> Response {
        let mut response = match self.outcome {
            Ok(done) => {
                let mut response = Response::new(Body::from(done.body));
                *response.status_mut() = done.status;
                response.headers_mut().insert(header::CONTENT_TYPE, HeaderValue::from_static("application/json"));
                response
            }
            Err(problem) => problem.into_response(),
        };
        let headers = response.headers_mut();
        headers.insert(header::CACHE_CONTROL, HeaderValue::from_static("no-store"));
        if self.replayed {
            headers.insert(IDEMPOTENCY_REPLAYED, HeaderValue::from_static("true"));
        }
        response
    }
}

impl RouteAnswer for MutationAnswer {
    fn describe(operation: &mut Operation) {
        const REPLAYED: HeaderDoc =
            HeaderDoc::text("Idempotency-Replayed", "`true` when this is the first answer again.").sometimes();
        add_headers(operation, |status| status.starts_with('2'), &[REPLAYED]);
    }
}
