//! Keys of mutations that are done once.

use bytes::Bytes;

/// How a key stands.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum KeyState {
    /// Claimed now.
    New,
    /// Claimed, and without an outcome yet, or for ever if its replica died.
    Claimed {
        /// Whether by a request with the same fingerprint.
        same: bool,
    },
    /// With the outcome of what it was claimed for.
    Settled {
        /// Whether by a request with the same fingerprint.
        same: bool,
        /// As it was given.
        outcome: Bytes,
    },
}
