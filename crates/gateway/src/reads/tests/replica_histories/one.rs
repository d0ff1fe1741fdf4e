//! A replica of a history.

use std::sync::Arc;
use std::time::Duration;

use coordination::Store;
use session_provider::Clock;
use tokio::time::Instant;

use crate::providers::Provider;
use crate::reads::testing::*;
use crate::reads::tests::replica_histories::judge::Judge;
use crate::testing::{Behaviour, Link, Process, Scripted, Ways};

/// Whoever can reach the store for so long, does.
pub(super) const REACHED_IN: Duration = Duration::from_millis(1_500);

pub(super) struct One {
    pub(super) number: u64,
    pub(super) replica: Replica,
    pub(super) fake: Arc<Scripted>,
    pub(super) provider: Provider,
    pub(super) link: Arc<Link>,
    pub(super) process: Process,
    began: Instant,
}

impl One {
    /// Begins to take part, in a process of its own. The number is another for each.
    pub(super) fn start(
        number: u64,
        ways: &Ways,
        seed: u64,
        behaviour: Behaviour,
        clock: Clock,
        judge: &Arc<Judge>,
    ) -> Arc<Self> {
        let standstill = behaviour.standstill.clone();
        let fake = Scripted::new("p", behaviour);
        let link = ways.another(standstill.clone(), seed);
        let replica = stopped_replica(&fake, &(Arc::clone(&link) as Arc<dyn Store>), clock);
        let (provider, cluster) = (provider(&fake), replica.sharing.cluster().clone());
        let this = Arc::new(Self {
            number,
            replica,
            fake,
            provider,
            link,
            process: Process::new(standstill, judge.violations.clone()),
            began: Instant::now(),
        });
        this.process.work(cluster.run());
        this
    }

    /// As if it were killed.
    pub(super) fn crash(&self) {
        let reads = self.replica.reads.clone();
        self.process.kill(async move { reads.abandon_loads().await });
    }

    /// Whether it could reach the store from then on.
    pub(super) fn could_reach_since(&self, then: Option<Instant>) -> bool {
        then.is_some_and(|then| self.began <= then && self.link.is_good_since(then))
    }

    /// Whether it has neither stood still nor been away since then.
    pub(super) fn was_there_since(&self, then: Option<Instant>) -> bool {
        self.could_reach_since(then) && then.is_some_and(|then| self.process.standstill.was_off_since(then))
    }
}
