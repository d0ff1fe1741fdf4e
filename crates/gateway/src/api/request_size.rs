//! Bounds on the head of a request. Far larger heads are refused by the HTTP parser itself.

use axum::extract::Request;
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};
use http::header;

use crate::problem::{Code, Problem};

/// The longest path and query together.
const MAX_URI_BYTES: usize = 8 * 1024;

/// The most that all headers may take, with their separators.
const MAX_HEADER_BYTES: usize = 32 * 1024;

/// Refuses a head that is too large: 414 for its URI, 431 for its headers.
pub(crate) async fn bound_head(request: Request, next: Next) -> Response {
    let codings: Vec<_> = request.headers().get_all(header::TRANSFER_ENCODING).iter().collect();
    if !matches!(codings.as_slice(), [] | [_])
        || codings.iter().any(|coding| !coding.as_bytes().eq_ignore_ascii_case(b"chunked"))
    {
        // Another server on the way may see the body end elsewhere: a request could be smuggled.
        let problem = Problem::new(Code::InvalidRequest, "Transfer-Encoding may be \"chunked\", once, or absent.");
        return ([(header::CONNECTION, "close")], problem).into_response();
    }
    let uri = request.uri().path_and_query().map_or(0, |uri| uri.as_str().len());
    if uri > MAX_URI_BYTES {
        return Problem::new(Code::UriTooLong, "Path and query may have 8192 bytes together.").into_response();
    }
    let headers: usize = request.headers().iter().map(|(name, value)| name.as_str().len() + value.len() + 4).sum();
    if headers > MAX_HEADER_BYTES {
        return Problem::new(Code::HeadersTooLarge, "All headers may have 32768 bytes together.").into_response();
    }
    next.run(request).await
}
