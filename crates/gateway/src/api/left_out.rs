//! The length of a body that is left out.
//!
//! A 304 speaks of the answer that the caller holds. `Content-Length: 0` would be that answer's length: caches that
//! believe it (RFC 9111 §3.2) throw their copy away. axum and hyper write it for any body of a known length, over
//! HTTP/2 and for HEAD at least.

use std::convert::Infallible;
use std::pin::Pin;
use std::task::{Context, Poll};

use axum::body::Body;
use axum::response::Response;
use bytes::Bytes;
use http::header;
use hyper::body::{Body as HttpBody, Frame, SizeHint};

/// Ends at once, and does not say so before.
struct LeftOut;

impl HttpBody for LeftOut {
    type Data = Bytes;
    type Error = Infallible;

    fn poll_frame(self: Pin<&mut Self>, _cx: &mut Context<'_>) -> Poll<Option<Result<Frame<Bytes>, Infallible>>> {
        Poll::Ready(None)
    }

    fn is_end_stream(&self) -> bool {
        true
    }

    fn size_hint(&self) -> SizeHint {
        SizeHint::default()
    }
}

/// Takes the length of a 304 away, which all that is inside may have written.
pub(crate) fn leave_length_out(response: &mut Response) {
    response.headers_mut().remove(header::CONTENT_LENGTH);
    *response.body_mut() = Body::new(LeftOut);
}

/// Says of the empty body of an answer to HEAD that it was left out, where its headers speak of one.
pub(crate) fn leave_body_out(response: &mut Response) {
    if [header::CONTENT_LENGTH, header::CONTENT_ENCODING].iter().any(|name| response.headers().contains_key(name)) {
        *response.body_mut() = Body::new(LeftOut);
    }
}
