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
use http::{StatusCode, header};
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

/// Takes the length away from every 304. The outermost layer, for what is inside writes it.
pub(crate) async fn leave_length_out(mut response: Response) -> Response {
    if response.status() == StatusCode::NOT_MODIFIED {
        response.headers_mut().remove(header::CONTENT_LENGTH);
        *response.body_mut() = Body::new(LeftOut);
    }
    response
}
