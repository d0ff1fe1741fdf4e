//! Reading a body that may be larger than anything we want.

use std::error::Error as StdError;

use bytes::Bytes;

use crate::classify::TransportFailure;

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
            (false, false) if error.is_decode() && !came_from_the_connection(error) => TransportFailure::Undecodable,
            (false, false) => TransportFailure::Interrupted,
        };
        Some(Self { failure, source: format!("{}: {}", failure.as_str(), causes(error)) })
    }
}

/// The causes of an error without its own text, which would hold the URL.
pub(crate) fn causes(error: &reqwest::Error) -> String {
    let texts: Vec<String> =
        std::iter::successors(error.source(), |cause| (*cause).source()).map(ToString::to_string).collect();
    if texts.is_empty() { "no cause given".to_owned() } else { texts.join(": ") }
}

/// reqwest calls every failure while reading a body a decode error; only the chain of causes tells a broken connection
/// from a body that is not what its encoding says.
fn came_from_the_connection(error: &reqwest::Error) -> bool {
    std::iter::successors(error.source(), |cause| (*cause).source()).any(|cause| cause.is::<hyper::Error>())
}

/// Reads the whole body, at most `cap` bytes of it after decompression. A body that declares to be larger is not read.
pub(crate) async fn read(mut response: reqwest::Response, cap: usize) -> Result<Bytes, Failure> {
    let too_large = |bytes: u64| Failure {
        failure: TransportFailure::TooLarge,
        source: format!("{}: {bytes} or more", TransportFailure::TooLarge.as_str()),
    };
    let declared = response.content_length().unwrap_or(0);
    if declared > cap as u64 {
        return Err(too_large(declared));
    }
    let mut body = Vec::new();
    loop {
        match response.chunk().await {
            Ok(Some(chunk)) if body.len().saturating_add(chunk.len()) > cap => {
                return Err(too_large(body.len() as u64 + chunk.len() as u64));
            }
            Ok(Some(chunk)) => append(&mut body, &chunk, cap),
            Ok(None) => return Ok(Bytes::from(body)),
            Err(error) => {
                return Err(Failure::of(&error)
                    .unwrap_or(Failure { failure: TransportFailure::Interrupted, source: causes(&error) }));
            }
        }
    }
}

/// Up to here a body grows step by step; most end below it.
const SMALL: usize = 256 * 1024;

/// Grows the body by what came, not by what was declared, and never beyond `cap`. A body that is not small gets all of
/// its room at once: memory that is not written to costs nothing, while doubling would leave as much behind, copied, as
/// the body has in the end.
fn append(body: &mut Vec<u8>, chunk: &[u8], cap: usize) {
    let wanted = body.len() + chunk.len();
    if wanted > body.capacity() {
        let doubled = wanted.max(body.capacity().saturating_mul(2));
        let capacity = if doubled <= SMALL { doubled.min(cap) } else { cap };
        body.reserve_exact(capacity - body.len());
    }
    body.extend_from_slice(chunk);
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_body_takes_no_more_memory_than_the_cap() {
        for cap in [1000, 4 * SMALL] {
            let (mut body, mut moved) = (Vec::new(), 0);
            for _ in 0..cap / 10 {
                let before = body.capacity();
                append(&mut body, b"0123456789", cap);
                assert!(body.capacity() <= cap, "{}", body.capacity());
                moved += usize::from(before > SMALL && body.capacity() != before);
            }
            assert_eq!((body.len(), moved), (cap / 10 * 10, 0));
        }
    }
}
