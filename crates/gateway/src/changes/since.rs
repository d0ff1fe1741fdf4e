//! What has become of an answer.

use tokio::time::Instant;

/// What has happened to what an answer is about since its load began.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Since {
    /// Nothing that we know of.
    Nothing,
    /// A hint came, the latest at this moment: the answer is no longer fresh.
    Hinted(Instant),
    /// It was changed: the answer must not be served.
    Changed,
}
