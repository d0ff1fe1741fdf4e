//! An answer as a test saw it.

use http::{HeaderMap, Method, StatusCode};

/// An answer, and what was asked.
#[derive(Debug, Clone, Copy)]
pub struct SeenAnswer<'a> {
    /// The method of the request.
    pub method: &'a Method,
    /// The path of the request as it was sent, without its query.
    pub path: &'a str,
    /// The body of the request as it was sent; empty where there was none.
    pub request_body: &'a [u8],
    /// The status.
    pub status: StatusCode,
    /// The headers.
    pub headers: &'a HeaderMap,
    /// The body, read to its end and decoded as `Content-Encoding` says; if that header is still there, it is not.
    pub body: &'a [u8],
}

impl SeenAnswer<'_> {
    /// A header as text; empty when it is absent.
    pub(crate) fn header(&self, name: &str) -> &str {
        self.headers.get(name).and_then(|value| value.to_str().ok()).unwrap_or_default()
    }

    /// The media type without its parameters.
    pub(crate) fn media_type(&self) -> &str {
        self.header("content-type").split(';').next().unwrap_or_default().trim()
    }

    /// Whether a body is allowed at all.
    pub(crate) fn has_no_body(&self) -> bool {
        self.method == Method::HEAD || self.status == StatusCode::NOT_MODIFIED
    }
}
