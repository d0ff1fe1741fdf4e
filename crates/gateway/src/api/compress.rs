//! Bodies, compressed for those who take them so.

use std::convert::Infallible;

use axum::body::Body;
use axum::response::Response;
use futures_util::FutureExt;
use http::{HeaderMap, Request, header};
use tower::{Layer, Service, service_fn};
use tower_http::compression::predicate::{NotForContentType, Predicate, SizeAbove};
use tower_http::compression::{CompressionLayer, CompressionLevel};

/// Below this, compressing costs more than it saves: it fits one packet.
const MIN_COMPRESSED_BYTES: u64 = 1024;

/// Compresses a rendered body as the request's `Accept-Encoding` allows. Problems are written later and stay plain.
pub(super) fn compress(accepted: &HeaderMap, response: Response) -> Response {
    // Told what it varies by, a plain answer is what it has to be.
    if accepted.is_empty() && varies_by_encoding(&response) {
        return response;
    }
    let worth_it = SizeAbove::new(MIN_COMPRESSED_BYTES)
        .and(NotForContentType::IMAGES)
        .and(NotForContentType::const_new("text/event-stream"));
    let layer = CompressionLayer::new().quality(CompressionLevel::Fastest).compress_when(worth_it);
    let mut made = Some(response);
    let mut compression = layer.layer(service_fn(move |_request: Request<()>| {
        std::future::ready(Ok::<_, Infallible>(made.take().unwrap_or_default()))
    }));
    let mut request = Request::new(());
    if !refuses(accepted) {
        request.headers_mut().clone_from(accepted);
    }
    match compression.call(request).now_or_never() {
        Some(Ok(response)) => response.map(Body::new),
        // It waits for nothing but the answer, which is there.
        None => Response::default(),
    }
}

fn varies_by_encoding(response: &Response) -> bool {
    let vary = response.headers().get(header::VARY).and_then(|vary| vary.to_str().ok());
    vary.is_some_and(|vary| vary.contains(header::ACCEPT_ENCODING.as_str()))
}

/// An `Accept-Encoding` that refuses even the plain form would be answered 406 after the handler has run, a mutation
/// included. We send the plain form then, as RFC 9110 §12.5.3 allows.
fn refuses(accepted: &HeaderMap) -> bool {
    accepted.get_all(header::ACCEPT_ENCODING).iter().any(|value| {
        let text = value.to_str().unwrap_or_default().to_ascii_lowercase();
        text.split([',', ';']).filter_map(|part| part.trim().strip_prefix("q=")).any(|q| q.parse() == Ok(0.0_f32))
    })
}
