//! How long a connection may keep us waiting.

use std::time::Duration;

/// How long a connection that was asked to end may take to say goodbye once nothing is under way on it. With it, a drain
/// takes less than a second for those who do not listen.
pub(super) const GOODBYE: Duration = Duration::from_millis(500);

/// How long a connection may keep us waiting.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct ConnectionTimeouts {
    /// From the connection to its first byte.
    pub first_byte: Duration,
    /// From the first byte of a request's head to its end.
    pub head: Duration,
    /// From the end of an answer to the next request.
    pub idle: Duration,
    /// From the head of an answer to the end of its body: how long a client may take to read it. Longer than any
    /// answer of the API is, but for those that go on by design.
    pub answer: Duration,
    /// How long a piece of an answer that goes on by design may wait for its reader.
    pub long_answer: Duration,
    /// How long the last piece of such an answer, which says goodbye, may wait for its reader.
    pub farewell: Duration,
}

impl Default for ConnectionTimeouts {
    fn default() -> Self {
        Self {
            first_byte: Duration::from_secs(10),
            head: Duration::from_secs(10),
            idle: Duration::from_secs(75),
            answer: Duration::from_secs(60),
            long_answer: Duration::from_secs(30),
            farewell: Duration::from_secs(5),
        }
    }
}
