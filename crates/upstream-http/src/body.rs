//! Reading a body that may be larger than anything we want.

use std::error::Error as StdError;

use bytes::Bytes;
use tokio::task::yield_now;

use crate::classify::TransportFailure;
use crate::content_coding::ContentCoding;
use crate::decoder::Decoder;

/// As much of a body is taken in at once, in bytes as they came: some ten microseconds of copying, or a hundred of undoing a
/// coding. What there is of a large body comes in one chunk, which would hold up all that the worker answers from memory.
const fn piece(coding: ContentCoding) -> usize {
    match coding {
        ContentCoding::Identity => 64 * 1024,
        ContentCoding::Gzip | ContentCoding::Brotli => 8 * 1024,
    }
}

/// A failure below HTTP, with what the log may know of it.
#[derive(Debug)]
pub(crate) struct Failure {
    pub(crate) failure: TransportFailure,
    pub(crate) source: String,
}

impl Failure {
    /// What this error of the client means. `None` for a request that could not even be made, which is our bug.
    pub(crate) fn of(error: &reqwest::Error) -> Option<Self> {
        let failure = match (error.is_connect(), error.is_timeout()) {
            _ if error.is_builder() => return None,
            (true, true) => TransportFailure::ConnectTimeout,
            (true, false) => TransportFailure::NotConnected,
            (false, true) => TransportFailure::Timeout,
            (false, false) => TransportFailure::Interrupted,
        };
        Some(Self::new(failure, &causes(error)))
    }

    fn new(failure: TransportFailure, more: &str) -> Self {
        Self { failure, source: format!("{}: {more}", failure.as_str()) }
    }
}

/// The causes of an error without its own text, which would hold the URL.
pub(crate) fn causes(error: &reqwest::Error) -> String {
    let texts: Vec<String> =
        std::iter::successors(error.source(), |cause| (*cause).source()).map(ToString::to_string).collect();
    if texts.is_empty() { "no cause given".to_owned() } else { texts.join(": ") }
}

/// Reads the whole body, its coding undone, at most `cap` bytes of it then. A body that declares to be larger is not read.
pub(crate) async fn read(mut response: reqwest::Response, cap: usize) -> Result<Bytes, Failure> {
    let coding = ContentCoding::of(response.headers())
        .ok_or_else(|| Failure::new(TransportFailure::Undecodable, "its Content-Encoding is none that we can undo"))?;
    let declared = response.content_length().unwrap_or(0);
    if coding == ContentCoding::Identity && declared > cap as u64 {
        return Err(Failure::new(TransportFailure::TooLarge, &format!("it declares {declared}")));
    }
    let most = piece(coding);
    let mut decoder = Decoder::new(coding, cap);
    let mut is_empty = true;
    loop {
        match response.chunk().await {
            Ok(Some(chunk)) => {
                is_empty &= chunk.is_empty();
                for piece in chunk.chunks(most) {
                    decoder.write(piece).map_err(|failure| Failure::new(failure, "while it came in"))?;
                    if piece.len() == most {
                        yield_now().await;
                    }
                }
            }
            // Nothing at all needs no decoding: a 204 may well say how its body would be coded.
            Ok(None) if is_empty => return Ok(Bytes::new()),
            Ok(None) => return decoder.finish().map_err(|failure| Failure::new(failure, "at its end")),
            Err(error) => {
                return Err(
                    Failure::of(&error).unwrap_or_else(|| Failure::new(TransportFailure::Interrupted, &causes(&error)))
                );
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use std::cell::Cell;

    use super::*;

    #[tokio::test]
    async fn others_run_while_a_large_body_is_taken_in() {
        const PIECES: usize = 64;
        const PIECE: usize = piece(ContentCoding::Identity);
        let response = reqwest::Response::from(http::Response::new(vec![b' '; PIECES * PIECE]));
        let turns = Cell::new(0);
        let other = async {
            loop {
                turns.set(turns.get() + 1);
                yield_now().await;
            }
        };
        tokio::select! {
            biased;
            () = other => {}
            body = read(response, PIECES * PIECE) => assert_eq!(body.unwrap().len(), PIECES * PIECE),
        }
        assert!(turns.get() > PIECES, "{}", turns.get());
    }
}
