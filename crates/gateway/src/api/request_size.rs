//! Bounds on the head of a request, and what a server on the way could read otherwise in it. Far larger heads are refused by
//! the HTTP parser itself.

use axum::extract::Request;
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};
use http::uri::Authority;
use http::{HeaderValue, Version, header};

use crate::problem::{Code, Problem};

/// The longest path and query together.
const MAX_URI_BYTES: usize = 8 * 1024;

/// The most that all headers may take, with their separators.
const MAX_HEADER_BYTES: usize = 32 * 1024;

/// Refuses a head that is too large, 414 for its URI and 431 for its headers, or ambiguous.
pub(crate) async fn bound_head(request: Request, next: Next) -> Response {
    let codings: Vec<_> = request.headers().get_all(header::TRANSFER_ENCODING).iter().collect();
    if !matches!(codings.as_slice(), [] | [_])
        || codings.iter().any(|coding| !coding.as_bytes().eq_ignore_ascii_case(b"chunked"))
    {
        // Another server on the way may see the body end elsewhere: a request could be smuggled.
        let problem = Problem::new(Code::InvalidRequest, "Transfer-Encoding may be \"chunked\", once, or absent.");
        return ([(header::CONNECTION, "close")], problem).into_response();
    }
    if !names_its_host(&request) {
        let detail = "An HTTP/1.1 request has one Host header, a name or an address and perhaps a port.";
        return Problem::new(Code::InvalidRequest, detail).into_response();
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

/// What RFC 9112 §3.2 demands and hyper does not look at. We have no use for the host; but of two of them, a cache or a
/// balancer on the way may have believed the other.
fn names_its_host(request: &Request) -> bool {
    let mut hosts = request.headers().get_all(header::HOST).iter();
    match (hosts.next(), hosts.next()) {
        (None, _) => request.version() != Version::HTTP_11,
        (Some(host), None) => is_host(host),
        (Some(_), Some(_)) => false,
    }
}

/// An authority without a user, or nothing.
fn is_host(host: &HeaderValue) -> bool {
    host.is_empty() || Authority::try_from(host.as_bytes()).is_ok_and(|authority| !authority.as_str().contains('@'))
}
