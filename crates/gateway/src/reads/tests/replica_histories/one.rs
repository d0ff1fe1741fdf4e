//! A replica of a history.

use std::panic::AssertUnwindSafe;
use std::sync::Arc;
use std::time::Duration;

use coordination::{InProcess, Store};
use futures_util::FutureExt;
use session_provider::Clock;
use tokio::time::Instant;
use tokio_util::sync::CancellationToken;
use tokio_util::task::TaskTracker;

use crate::providers::Provider;
use crate::reads::testing::*;
use crate::reads::tests::replica_histories::judge::Judge;
use crate::testing::{Behaviour, Link, Scripted, Standstill};

/// Whoever can reach the store for so long, does.
pub(super) const REACHED_IN: Duration = Duration::from_millis(1_500);

pub(super) struct One {
    pub(super) number: u64,
    pub(super) replica: Replica,
    pub(super) fake: Arc<Scripted>,
    pub(super) provider: Provider,
    pub(super) link: Arc<Link>,
    pub(super) standstill: Standstill,
    began: Instant,
    crashed: CancellationToken,
    tasks: TaskTracker,
    judge: Arc<Judge>,
}

impl One {
    /// Begins to take part, in a process of its own. The number is another for each.
    pub(super) fn start(
        (number, seed): (u64, u64),
        store: &Arc<InProcess>,
        behaviour: Behaviour,
        clock: Clock,
        judge: &Arc<Judge>,
    ) -> Arc<Self> {
        let standstill = behaviour.standstill.clone();
        let fake = Scripted::new("p", behaviour);
        let link = Link::new(Arc::clone(store), standstill.clone(), seed);
        let replica = stopped_replica(&fake, &(Arc::clone(&link) as Arc<dyn Store>), clock);
        let (provider, cluster) = (provider(&fake), replica.sharing.cluster().clone());
        let (began, crashed, tasks) = (Instant::now(), CancellationToken::new(), TaskTracker::new());
        let this = Arc::new(Self {
            number,
            replica,
            fake,
            provider,
            link,
            standstill,
            began,
            crashed,
            tasks,
            judge: Arc::clone(judge),
        });
        this.work(cluster.run());
        this
    }

    /// Does this in a task.
    pub(super) fn work(self: &Arc<Self>, work: impl Future<Output = ()> + Send + 'static) {
        let this = Arc::clone(self);
        self.tasks.spawn(async move { this.here(work).await });
    }

    /// Does this until it is done or the replica dies, and not while it stands still.
    pub(super) async fn here(&self, work: impl Future<Output = ()>) {
        let work = AssertUnwindSafe(self.standstill.during(work)).catch_unwind();
        if let Some(Err(_)) = self.crashed.run_until_cancelled(work).await {
            self.judge.violations.unless(false, || "something panicked".to_owned());
        }
    }

    /// As if it were killed.
    pub(super) fn crash(&self) {
        self.crashed.cancel();
        let reads = self.replica.reads.clone();
        self.tasks.spawn(async move { reads.abandon_loads().await });
    }

    pub(super) fn is_crashed(&self) -> bool {
        self.crashed.is_cancelled()
    }

    /// Whether it could reach the store from then on.
    pub(super) fn could_reach_since(&self, then: Option<Instant>) -> bool {
        then.is_some_and(|then| self.began <= then && self.link.is_good_since(then))
    }

    /// Whether it has neither stood still nor been away since then.
    pub(super) fn was_there_since(&self, then: Option<Instant>) -> bool {
        self.could_reach_since(then) && then.is_some_and(|then| self.standstill.was_off_since(then))
    }
}
