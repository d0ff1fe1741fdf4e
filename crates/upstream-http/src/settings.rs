//! The bounds of the exchanges with one upstream.

use std::time::Duration;

use crate::BaseUrl;

/// What the operator says of one upstream.
#[derive(Debug, Clone)]
pub struct UpstreamSettings {
    /// Where it is; every request goes below it.
    pub base_url: BaseUrl,
    /// The longest one HTTP exchange may take, connection and body included.
    pub timeout: Duration,
    /// Exchanges under way at once; one more is refused with `Overloaded`.
    pub max_concurrency: usize,
    /// The largest body that is read, in bytes after decompression.
    pub max_body_bytes: usize,
}
