//! The process of a replica in a history.

use std::panic::AssertUnwindSafe;

use futures_util::FutureExt;
use tokio_util::sync::CancellationToken;
use tokio_util::task::TaskTracker;

use crate::testing::Standstill;
use crate::testing::seeds::Violations;

/// It stands still, and it is killed. Cheap to clone.
#[derive(Debug, Clone)]
pub(crate) struct Process {
    pub(crate) standstill: Standstill,
    killed: CancellationToken,
    tasks: TaskTracker,
    violations: Violations,
}

impl Process {
    /// One that goes; panics in it are violations.
    pub(crate) fn new(standstill: Standstill, violations: Violations) -> Self {
        Self { standstill, killed: CancellationToken::new(), tasks: TaskTracker::new(), violations }
    }

    /// Does this in a task.
    pub(crate) fn work(&self, work: impl Future<Output = ()> + Send + 'static) {
        let this = self.clone();
        self.tasks.spawn(async move { this.here(work).await });
    }

    /// Does this until it is done or the process is killed, and not while it stands still.
    pub(crate) async fn here(&self, work: impl Future<Output = ()>) {
        let work = AssertUnwindSafe(self.standstill.during(work)).catch_unwind();
        if let Some(Err(_)) = self.killed.run_until_cancelled(work).await {
            self.violations.unless(false, || "something panicked".to_owned());
        }
    }

    /// Kills it; `lost` takes with it what it had begun elsewhere.
    pub(crate) fn kill(&self, lost: impl Future<Output = ()> + Send + 'static) {
        self.killed.cancel();
        self.tasks.spawn(lost);
    }

    pub(crate) fn is_killed(&self) -> bool {
        self.killed.is_cancelled()
    }
}
