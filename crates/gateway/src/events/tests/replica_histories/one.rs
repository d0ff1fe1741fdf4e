//! A replica of a history.

use std::sync::{Arc, Mutex};
use std::time::Duration;

use coordination::{Cluster, ClusterSettings, Name, Scope, Store};
use session_provider::{Clock, ProviderId, SessionProvider};
use tokio::time::Instant;
use tokio_util::sync::CancellationToken;
use tokio_util::task::TaskTracker;

use crate::changes::Changes;
use crate::config::EventsConfig;
use crate::events::tests::replica_histories::judge::Judge;
use crate::events::tests::support::Bench;
use crate::providers::Providers;
use crate::sharing::{Sharing, tell_each_other};
use crate::testing::{Behaviour, Link, Process, Scripted, Ways};

pub(super) struct One {
    pub(super) number: u64,
    pub(super) bench: Bench,
    pub(super) sharing: Sharing,
    pub(super) fake: Arc<Scripted>,
    pub(super) link: Arc<Link>,
    pub(super) process: Process,
    /// When the store went or came, for this replica.
    pub(super) flips: Mutex<Vec<Instant>>,
    stop: CancellationToken,
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
        let providers = Providers::new([Arc::clone(&fake) as Arc<dyn SessionProvider>], clock);
        let changes = Changes::new(providers.ids());
        let scope = Scope(Name::of([&b"account"[..]]));
        let settings = ClusterSettings { timeout: Duration::from_millis(50), replicas: 3 };
        let cluster = Cluster::new(Arc::clone(&link) as Arc<dyn Store>, settings, [scope]);
        let sharing = Sharing::of(cluster.clone(), providers.ids().map(|id| (id, scope)));
        tell_each_other(&sharing, &changes);
        let bench = Bench::stopped(providers, changes, clock, EventsConfig::default(), Some(sharing.clone()));
        let this = Arc::new(Self {
            number,
            bench,
            sharing,
            fake,
            link,
            process: Process::new(standstill, judge.violations.clone()),
            flips: Mutex::default(),
            stop: CancellationToken::new(),
        });
        let mut up = cluster.watch();
        let watching = Arc::clone(&this);
        this.process.work(async move {
            while up.changed().await.is_ok() {
                watching.flips.lock().unwrap().push(Instant::now());
            }
        });
        this.process.work(cluster.run());
        for work in this.bench.events.background(&TaskTracker::new(), &this.stop) {
            this.process.work(work);
        }
        this
    }

    /// As if it were killed.
    pub(super) fn crash(&self) {
        let reads = self.bench.reads.clone();
        self.process.kill(async move { reads.abandon_loads().await });
    }

    /// As if it were told to end: it gives its lease back.
    pub(super) fn stop(&self) {
        self.stop.cancel();
    }

    /// Whether it goes, and is not about to end.
    pub(super) fn is_there(&self) -> bool {
        !self.process.is_killed() && !self.stop.is_cancelled() && !self.process.standstill.is_on()
    }

    pub(super) fn is_gone(&self) -> bool {
        self.process.is_killed() || self.stop.is_cancelled()
    }

    pub(super) fn provider() -> ProviderId {
        ProviderId::new("p").unwrap()
    }
}
