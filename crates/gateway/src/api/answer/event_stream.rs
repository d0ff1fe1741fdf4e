//! An answer that goes on: events.

use std::convert::Infallible;

use axum::body::{Body, Bytes};
use axum::response::{IntoResponse, Response};
use http::{HeaderName, HeaderValue, header};
use utoipa::openapi::path::Operation;

use crate::api::answer::RouteAnswer;
use crate::api::document::{CACHE_CONTROL, HeaderDoc, add_headers};
use crate::events::EventStream;
use crate::long_answer::LongAnswer;

/// Tells a proxy that buffers answers not to.
const X_ACCEL_BUFFERING: HeaderName = HeaderName::from_static("x-accel-buffering");

/// A stream, or only the headers of one.
#[derive(Debug)]
pub(crate) struct EventStreamAnswer(pub(crate) Option<EventStream>);

impl IntoResponse for EventStreamAnswer {
    fn into_response(self) -> Response {
        let mut response = Response::new(self.0.map_or_else(nothing, Body::new));
        response.extensions_mut().insert(LongAnswer);
        let headers = response.headers_mut();
        headers.insert(header::CONTENT_TYPE, HeaderValue::from_static("text/event-stream"));
        headers.insert(header::CACHE_CONTROL, HeaderValue::from_static("no-store"));
        headers.insert(X_ACCEL_BUFFERING, HeaderValue::from_static("no"));
        response
    }
}

/// The body of an answer to HEAD, of which nobody knows how long that to GET is.
fn nothing() -> Body {
    Body::from_stream(futures_util::stream::empty::<Result<Bytes, Infallible>>())
}

impl RouteAnswer for EventStreamAnswer {
    fn describe(operation: &mut Operation) {
        add_headers(operation, |status| status == "200", HEADERS);
    }
}

const HEADERS: &[HeaderDoc] =
    &[CACHE_CONTROL, HeaderDoc::text("X-Accel-Buffering", "`no`: events must not wait in a proxy.")];
