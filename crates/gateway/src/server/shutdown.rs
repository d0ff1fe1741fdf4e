//! The two steps in which a server ends.

use tokio_util::sync::CancellationToken;

/// First requests under way may finish, then everything is cut. Cheap to clone; clones are the same shutdown.
#[derive(Debug, Clone, Default)]
pub struct Shutdown {
    /// Cancelled: accept nothing more, end each connection after its requests under way.
    pub drain: CancellationToken,
    /// Cancelled: close every connection at once.
    pub kill: CancellationToken,
}
