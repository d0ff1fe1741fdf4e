//! A replica of a history.

use std::panic::AssertUnwindSafe;
use std::sync::{Arc, Mutex};
use std::time::Duration;

use coordination::{Cluster, ClusterSettings, InProcess, Name, Scope, Store};
use futures_util::FutureExt;
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
use crate::testing::{Behaviour, Link, Scripted, Standstill};

pub(super) struct One {
    pub(super) number: u64,
    pub(super) bench: Bench,
    pub(super) sharing: Sharing,
    pub(super) fake: Arc<Scripted>,
    pub(super) link: Arc<Link>,
    pub(super) standstill: Standstill,
    /// When the store went or came, for this replica.
    pub(super) flips: Mutex<Vec<Instant>>,
    stop: CancellationToken,
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
        let providers = Providers::new([Arc::clone(&fake) as Arc<dyn SessionProvider>], clock);
        let changes = Changes::new(providers.ids());
        let scope = Scope(Name::of([&b"account"[..]]));
        let settings = ClusterSettings { timeout: Duration::from_millis(50), replicas: 3 };
        let cluster = Cluster::new(Arc::clone(&link) as Arc<dyn Store>, settings, [scope]);
        let sharing = Sharing::of(cluster.clone(), providers.ids().map(|id| (id, scope)));
        tell_each_other(&sharing, &changes);
        let bench = Bench::stopped(providers, changes, clock, EventsConfig::default(), Some(sharing.clone()));
        let (stop, crashed, tasks) = (CancellationToken::new(), CancellationToken::new(), TaskTracker::new());
        let this = Arc::new(Self {
            number,
            bench,
            sharing,
            fake,
            link,
            standstill,
            flips: Mutex::default(),
            stop,
            crashed,
            tasks,
            judge: Arc::clone(judge),
        });
        let mut up = cluster.watch();
        let watching = Arc::clone(&this);
        this.work(async move {
            while up.changed().await.is_ok() {
                watching.flips.lock().unwrap().push(Instant::now());
            }
        });
        this.work(cluster.run());
        for work in this.bench.events.background(&this.tasks, &this.stop) {
            this.work(work);
        }
        this
    }

    /// Does this in a task until it is done or the replica dies, and not while it stands still.
    pub(super) fn work(self: &Arc<Self>, work: impl Future<Output = ()> + Send + 'static) {
        let this = Arc::clone(self);
        self.tasks.spawn(async move {
            let work = AssertUnwindSafe(this.standstill.during(work)).catch_unwind();
            if let Some(Err(_)) = this.crashed.run_until_cancelled(work).await {
                this.judge.violations.unless(false, || "something panicked".to_owned());
            }
        });
    }

    /// As if it were killed.
    pub(super) fn crash(&self) {
        self.crashed.cancel();
        let reads = self.bench.reads.clone();
        self.tasks.spawn(async move { reads.abandon_loads().await });
    }

    /// As if it were told to end: it gives its lease back.
    pub(super) fn stop(&self) {
        self.stop.cancel();
    }

    /// Whether it goes, and is not about to end.
    pub(super) fn is_there(&self) -> bool {
        !self.crashed.is_cancelled() && !self.stop.is_cancelled() && !self.standstill.is_on()
    }

    pub(super) fn is_gone(&self) -> bool {
        self.crashed.is_cancelled() || self.stop.is_cancelled()
    }

    pub(super) fn provider() -> ProviderId {
        ProviderId::new("p").unwrap()
    }
}
