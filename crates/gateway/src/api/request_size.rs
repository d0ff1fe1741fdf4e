//! What a head must be: bounded, and read alike by all servers on the way. Far larger heads are refused by the HTTP parser
//! itself.

use axum::extract::Request;
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};
use http::{HeaderMap, HeaderValue, Uri, Version, header};

use crate::problem::{Code, Problem};

/// The longest path and query together.
const MAX_URI_BYTES: usize = 8 * 1024;

/// The most that all headers may take, with their separators.
const MAX_HEADER_BYTES: usize = 32 * 1024;

/// Answers a head that cannot be taken.
pub(crate) async fn bound_head(request: Request, next: Next) -> Response {
    match refuse_head(request.version(), request.uri(), request.headers()) {
        Some(refusal) => refusal,
        None => next.run(request).await,
    }
}

/// Refuses a head that is too large, 414 for its URI and 431 for its headers, and one that others may read otherwise.
pub(crate) fn refuse_head(version: Version, uri: &Uri, headers: &HeaderMap) -> Option<Response> {
    let mut codings = headers.get_all(header::TRANSFER_ENCODING).iter();
    let chunked = |coding: &HeaderValue| coding.as_bytes().eq_ignore_ascii_case(b"chunked");
    if !codings.next().is_none_or(chunked) || codings.next().is_some() {
        // Another server on the way may see the body end elsewhere: a request could be smuggled.
        return Some(doubtful("Transfer-Encoding may be \"chunked\", once, or absent."));
    }
    if !names_its_host(version, headers) {
        return Some(doubtful("Host must be given once, as a name or an address, with or without a port."));
    }
    if uri.path_and_query().map_or(0, |uri| uri.as_str().len()) > MAX_URI_BYTES {
        let problem = Problem::new(Code::UriTooLong, "Path and query may have 8192 bytes together.");
        return Some(problem.into_response());
    }
    let bytes: usize = headers.iter().map(|(name, value)| name.as_str().len() + value.len() + 4).sum();
    (bytes > MAX_HEADER_BYTES)
        .then(|| Problem::new(Code::HeadersTooLarge, "All headers may have 32768 bytes together.").into_response())
}

/// What is on the connection after such a request cannot be trusted either.
fn doubtful(detail: &'static str) -> Response {
    ([(header::CONNECTION, "close")], Problem::new(Code::InvalidRequest, detail)).into_response()
}

/// The bytes of a host and its port (RFC 3986 §3.2.2).
const OF_HOSTS: [bool; 256] = {
    let (mut of_hosts, mut byte) = ([false; 256], 0);
    while byte < of_hosts.len() {
        of_hosts[byte] = (byte as u8).is_ascii_alphanumeric();
        byte += 1;
    }
    let (others, mut at) = (b"-._~!$&'()*+,;=%:[]", 0);
    while at < others.len() {
        of_hosts[others[at] as usize] = true;
        at += 1;
    }
    of_hosts
};

/// HTTP/1.1 demands one `Host`, which may be empty (RFC 9112 §3.2); hyper does not insist. HTTP/1.0 may leave it out, and
/// HTTP/2 says it elsewhere.
fn names_its_host(version: Version, headers: &HeaderMap) -> bool {
    let mut hosts = headers.get_all(header::HOST).iter();
    match (hosts.next(), hosts.next()) {
        (Some(host), None) => host.as_bytes().iter().all(|byte| OF_HOSTS[usize::from(*byte)]),
        (None, _) => version != Version::HTTP_11,
        (Some(_), Some(_)) => false,
    }
}
