//! The connection as it is now: made by the first step that needs it, shared by all, and made again when it is broken.

use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use futures_util::FutureExt;
use futures_util::future::{BoxFuture, Shared};
use tokio::time::timeout;
use tokio_util::task::{AbortOnDropHandle, TaskTracker};

use crate::fault::Fault;
use crate::link::{Link, Peer};

/// An attempt to connect goes on for at least as long, though the step that began it waits less: so a store that is far away
/// is reached at all. It is shorter than the second between two probes, of which none finds an attempt that is stuck.
const ATTEMPT: Duration = Duration::from_millis(500);

type Attempt = Shared<BoxFuture<'static, Result<Arc<Link>, Fault>>>;

/// The attempt that is current, under way or done.
#[derive(Debug, Default)]
struct Current {
    number: u64,
    attempt: Option<Attempt>,
}

/// How a link is come by.
#[derive(Debug)]
pub(crate) struct Connections {
    peer: Arc<Peer>,
    within: Duration,
    tasks: TaskTracker,
    current: Arc<Mutex<Current>>,
}

impl Connections {
    pub(crate) fn new(peer: Peer, timeout: Duration) -> Self {
        let within = timeout.max(ATTEMPT);
        Self { peer: Arc::new(peer), within, tasks: TaskTracker::new(), current: Arc::default() }
    }

    /// The link and the number of its attempt. Who stops waiting does not stop the attempt.
    pub(crate) async fn link(&self) -> Result<(u64, Arc<Link>), Fault> {
        let (number, attempt) = self.attempt();
        Ok((number, attempt.await?))
    }

    /// The link of that attempt is not used any more. Steps that wait on it still may be answered.
    pub(crate) fn forget(&self, number: u64) {
        forget(&self.current, number);
    }

    fn attempt(&self) -> (u64, Attempt) {
        let mut current = lock(&self.current);
        let is_over = |attempt: &Attempt| matches!(attempt.peek(), Some(Ok(link)) if link.is_closed());
        if let Some(attempt) = current.attempt.as_ref().filter(|attempt| !is_over(attempt)) {
            return (current.number, attempt.clone());
        }
        current.number += 1;
        let attempt = self.connect(current.number);
        current.attempt = Some(attempt.clone());
        (current.number, attempt)
    }

    fn connect(&self, number: u64) -> Attempt {
        let (peer, within, tasks) = (self.peer.clone(), self.within, self.tasks.clone());
        let current = self.current.clone();
        let task = self.tasks.spawn(async move {
            let outcome = timeout(within, Link::open(&peer, &tasks)).await.unwrap_or_else(|_| Err(Fault::late()));
            if outcome.is_err() {
                forget(&current, number);
            }
            outcome.map(Arc::new)
        });
        let task = AbortOnDropHandle::new(task);
        async move { task.await.unwrap_or_else(|_| Err(Fault::late())) }.boxed().shared()
    }
}

fn forget(current: &Mutex<Current>, number: u64) {
    let mut current = lock(current);
    if current.number == number {
        current.attempt = None;
    }
}

fn lock(current: &Mutex<Current>) -> MutexGuard<'_, Current> {
    current.lock().unwrap_or_else(PoisonError::into_inner)
}
