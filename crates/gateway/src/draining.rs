//! Whether the gateway is going down.

use tokio_util::sync::{CancellationToken, WaitForCancellationFutureOwned};

/// A switch that is thrown once, when the gateway begins to go down.
#[derive(Debug, Clone, Default)]
pub struct Draining(CancellationToken);

impl Draining {
    pub fn begin(&self) {
        self.0.cancel();
    }

    /// Whether it was thrown.
    #[must_use]
    pub fn is_on(&self) -> bool {
        self.0.is_cancelled()
    }

    /// Resolves once it is thrown.
    pub(crate) fn begun(&self) -> WaitForCancellationFutureOwned {
        self.0.clone().cancelled_owned()
    }
}
