//! The document as it is served.

use bytes::Bytes;
use http::HeaderValue;

use crate::digest::Digest;

/// The document and its entity tag, made once.
#[derive(Debug)]
pub(crate) struct ServedDocument {
    pub(crate) body: Bytes,
    pub(crate) etag: HeaderValue,
}

impl ServedDocument {
    pub(crate) fn new(text: String) -> Self {
        Self { etag: Digest::of(text.as_bytes()).to_etag(), body: Bytes::from(text) }
    }
}
