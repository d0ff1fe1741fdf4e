//! What browsers are told not to do with an answer.

use http::{HeaderMap, HeaderValue, header};

/// An answer of the API is data: it loads nothing and is framed by nobody.
const DATA: HeaderValue = HeaderValue::from_static("default-src 'none'; frame-ancestors 'none'");

/// The documentation page loads its own files and calls its own origin. Swagger UI writes style attributes and has its
/// icons in `data:` URLs.
const PAGE: HeaderValue = HeaderValue::from_static(
    "default-src 'none'; script-src 'self'; style-src 'self' 'unsafe-inline'; img-src 'self' data:; \
     connect-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'",
);

/// The board loads its own files, follows its own origin, and writes text alone.
const BOARD: HeaderValue = HeaderValue::from_static(
    "default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self'; base-uri 'none'; form-action 'none'; \
     frame-ancestors 'none'; require-trusted-types-for 'script'",
);

/// Adds the headers to the answer to a request for this path, unless it has them.
pub(crate) fn insert(headers: &mut HeaderMap, path: &str) {
    if headers.contains_key(header::CONTENT_SECURITY_POLICY) {
        return;
    }
    headers.insert(header::X_CONTENT_TYPE_OPTIONS, HeaderValue::from_static("nosniff"));
    headers.insert(header::X_FRAME_OPTIONS, HeaderValue::from_static("DENY"));
    headers.insert(header::REFERRER_POLICY, HeaderValue::from_static("no-referrer"));
    let policy = match path {
        "/" => BOARD,
        "/docs" => PAGE,
        _ => DATA,
    };
    headers.insert(header::CONTENT_SECURITY_POLICY, policy);
}
