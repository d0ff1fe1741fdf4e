//! Bodies that are made as they are sent.

use std::convert::Infallible;
use std::io;
use std::time::Duration;

use axum::body::Body;
use bytes::Bytes;
use futures_util::{StreamExt, stream};
use tokio::task::yield_now;

use crate::faults::gzip::Bomb;

const CHUNK: usize = 64 * 1024;
static SPACES: [u8; CHUNK] = [b' '; CHUNK];

/// `bytes` of white space, then `tail`.
pub(super) fn padded(bytes: u64, tail: Bytes) -> Body {
    let chunks = stream::unfold(bytes, |left| async move {
        let size = usize::try_from(left).unwrap_or(CHUNK).min(CHUNK);
        (size > 0).then(|| (Bytes::from_static(&SPACES[..size]), left - size as u64))
    });
    Body::from_stream(chunks.chain(stream::iter([tail])).map(Ok::<_, Infallible>))
}

/// `tail`, one byte each `every`, then white space at the same pace for ever.
pub(super) fn drip(every: Duration, tail: Bytes) -> Body {
    let bytes = stream::iter(tail).chain(stream::repeat(b' ')).then(move |byte| async move {
        tokio::time::sleep(every).await;
        Ok::<_, Infallible>(Bytes::copy_from_slice(&[byte]))
    });
    Body::from_stream(bytes)
}

/// A body of unknown length, so that an announced length is believed. All of it is sent before its end is seen.
pub(super) fn unsized_body(body: Bytes) -> Body {
    let flushed = async {
        yield_now().await;
        Bytes::new()
    };
    Body::from_stream(stream::iter([body]).chain(stream::once(flushed)).map(Ok::<_, Infallible>))
}

/// `part`, then `broken` is called and the body fails.
pub(super) fn broken(part: Bytes, broken: impl FnOnce() + Send + 'static) -> Body {
    let failure = async move {
        // Lets the connection flush what it has before it is told to break.
        yield_now().await;
        broken();
        Err(io::Error::new(io::ErrorKind::ConnectionReset, "the script resets the connection here"))
    };
    Body::from_stream(stream::iter([Ok(part)]).chain(stream::once(failure)))
}

/// The parts of a gzip bomb in their order.
pub(super) fn bomb(bomb: &Bomb) -> Body {
    let middle = stream::repeat(bomb.mebibyte.clone()).take(usize::try_from(bomb.mebibytes).unwrap_or(usize::MAX));
    let parts = stream::iter([Bomb::header()]).chain(middle).chain(stream::iter([bomb.end.clone()]));
    Body::from_stream(parts.map(Ok::<_, Infallible>))
}
