//! An answer, ready to be sent.

use std::time::Duration;

use bytes::Bytes;
use http::HeaderValue;

/// How the cache took part, as `Cache-Status` says it (RFC 9211). In the order of how bad it is for freshness.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum CacheStatus {
    /// From memory; fresh for so many seconds more, negative when it was revalidated in the background.
    Hit {
        /// Seconds of freshness left.
        ttl: i64,
    },
    Miss {
        /// The call was shared with another request.
        collapsed: bool,
        /// The answer was kept.
        stored: bool,
    },
    /// An older answer, because the refresh failed.
    Stale,
}

/// A 200, rendered. The API layer adds headers and turns it into a 304 where the caller has it already.
#[derive(Debug, Clone)]
pub struct ReadReply {
    pub body: Bytes,
    /// Weak, over the body without `fetched_at`: the value of `ETag`, quotes and `W/` included.
    pub etag: HeaderValue,
    /// Time since the provider answered; of a list, the longest.
    pub age: Duration,
    /// How the cache took part; of a list, the worst.
    pub cache_status: CacheStatus,
    /// The answer is stale or incomplete: `Cache-Control: no-store`.
    pub no_store: bool,
}
