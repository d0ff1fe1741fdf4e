//! What is sent: a URL made of typed segments, a query, perhaps a JSON body.

use std::borrow::Cow;

use bytes::Bytes;
use http::Method;
use serde::Serialize;
use session_provider::{Operation, RoomId, SessionId};

/// A text that is not one safe path segment.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("must be 1 to 128 characters of A-Z, a-z, 0-9, '_' and '-'")]
pub struct InvalidSegment;

/// One segment of a URL's path. Holds nothing that could climb, split or be decoded twice.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Segment(Cow<'static, str>);

impl Segment {
    /// A word of an API, for use in a `const`: one that is no segment does not compile.
    ///
    /// # Panics
    /// For anything but a text of `[A-Za-z0-9_-]{1,128}`.
    #[must_use]
    pub const fn literal(word: &'static str) -> Self {
        assert!(is_segment(word), "must be 1 to 128 characters of A-Z, a-z, 0-9, '_' and '-'");
        Self(Cow::Borrowed(word))
    }

    /// Takes a text of `[A-Za-z0-9_-]{1,128}`.
    ///
    /// # Errors
    /// [`InvalidSegment`] for anything else.
    pub fn new(text: &str) -> Result<Self, InvalidSegment> {
        if is_segment(text) { Ok(Self(Cow::Owned(text.to_owned()))) } else { Err(InvalidSegment) }
    }

    /// As it stands in the URL.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

const fn is_segment(text: &str) -> bool {
    let mut rest = text.as_bytes();
    let fits = !rest.is_empty() && rest.len() <= 128;
    while let [byte, later @ ..] = rest {
        if !(byte.is_ascii_alphanumeric() || *byte == b'_' || *byte == b'-') {
            return false;
        }
        rest = later;
    }
    fits
}

impl From<&RoomId> for Segment {
    fn from(id: &RoomId) -> Self {
        Self(Cow::Owned(id.as_str().to_owned()))
    }
}

impl From<&SessionId> for Segment {
    fn from(id: &SessionId) -> Self {
        Self(Cow::Owned(id.as_str().to_owned()))
    }
}

/// One exchange to make. The intent (read or mutation) comes from the [`CallContext`](session_provider::CallContext).
#[derive(Debug, Clone)]
pub struct Request {
    pub(crate) operation: Operation,
    pub(crate) method: Method,
    pub(crate) path: Vec<Segment>,
    pub(crate) query: Vec<(&'static str, String)>,
    pub(crate) body: Option<Bytes>,
}

impl Request {
    /// A GET of the base URL followed by the segments.
    #[must_use]
    pub fn get(operation: Operation, path: Vec<Segment>) -> Self {
        Self { operation, method: Method::GET, path, query: Vec::new(), body: None }
    }

    /// A POST without a body.
    #[must_use]
    pub fn post(operation: Operation, path: Vec<Segment>) -> Self {
        Self { method: Method::POST, ..Self::get(operation, path) }
    }

    /// With one more query parameter; the value is percent-encoded.
    #[must_use]
    pub fn query(mut self, name: &'static str, value: impl Into<String>) -> Self {
        self.query.push((name, value.into()));
        self
    }

    /// With a JSON body.
    ///
    /// # Errors
    /// When the value cannot be JSON, which is our bug: `Internal`.
    pub fn json(mut self, value: &impl Serialize) -> session_provider::Result<Self> {
        let body = serde_json::to_vec(value).map_err(|error| {
            session_provider::Error::new(session_provider::ErrorKind::Internal)
                .in_operation(self.operation)
                .with_source(error)
        })?;
        self.body = Some(Bytes::from(body));
        Ok(self)
    }
}
