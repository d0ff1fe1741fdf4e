//! Answers that are the same for everybody until the next release.

use axum::body::{Body, Bytes};
use axum::response::{IntoResponse, Response};
use http::{HeaderMap, HeaderValue, StatusCode, header};
use utoipa::IntoParams;
use utoipa::openapi::path::Operation;

use crate::api::answer::RouteAnswer;
use crate::api::conditional::IfNoneMatch;
use crate::api::document::{CACHE_CONTROL, ETAG, HeaderDoc, add_headers, add_not_modified};

/// Long enough to spare a client that starts many times, short enough to be forgotten after an upgrade.
const KEEP: HeaderValue = HeaderValue::from_static("public, max-age=300");

/// The 200, or the 304 where the caller holds it already.
#[derive(Debug)]
pub(crate) struct KeptAnswer {
    body: Bytes,
    content_type: HeaderValue,
    etag: HeaderValue,
    vary: Option<HeaderValue>,
    not_modified: bool,
}

/// The headers of such a read.
#[derive(Debug, IntoParams)]
#[into_params(parameter_in = Header)]
pub(crate) struct KeptHeaders {
    /// Entity tags that the caller holds: 304 without a body when one of them names the answer. Compared weakly.
    #[param(rename = "If-None-Match", value_type = Option<String>, nullable = false)]
    #[expect(dead_code, reason = "stands for the header in the document")]
    if_none_match: IfNoneMatch,
}

impl KeptAnswer {
    /// `asked` are the headers of the request.
    pub(crate) fn new(body: Bytes, content_type: HeaderValue, etag: HeaderValue, asked: &HeaderMap) -> Self {
        let not_modified = IfNoneMatch::read(asked).holds(&etag);
        Self { body, content_type, etag, vary: None, not_modified }
    }

    /// One of several forms, chosen by what the request accepts.
    pub(crate) fn varies_by_accept(self) -> Self {
        Self { vary: Some(HeaderValue::from_static("accept, accept-encoding")), ..self }
    }
}

impl IntoResponse for KeptAnswer {
    fn into_response(self) -> Response {
        let mut response = Response::new(if self.not_modified { Body::empty() } else { Body::from(self.body) });
        if self.not_modified {
            *response.status_mut() = StatusCode::NOT_MODIFIED;
        }
        let headers = response.headers_mut();
        headers.insert(header::CONTENT_TYPE, self.content_type);
        headers.insert(header::CACHE_CONTROL, KEEP);
        headers.insert(header::ETAG, self.etag);
        if let Some(vary) = self.vary {
            headers.insert(header::VARY, vary);
        }
        response
    }
}

impl RouteAnswer for KeptAnswer {
    fn describe(operation: &mut Operation) {
        add_not_modified(operation);
        add_headers(operation, |status| matches!(status, "200" | "304"), HEADERS);
    }
}

const HEADERS: &[HeaderDoc] = &[ETAG, CACHE_CONTROL];
