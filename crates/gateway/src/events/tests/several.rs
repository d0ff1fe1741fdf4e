//! Several replicas over one store, on the paused clock.

use std::sync::Arc;
use std::time::Duration;

use coordination::testing::FaultyStore;
use coordination::{Cluster, ClusterSettings, InProcess, Name, Scope, Store};
use session_provider::{Clock, ProviderId, SessionProvider, Timestamp};
use tokio_util::sync::CancellationToken;
use tokio_util::task::TaskTracker;

use crate::changes::Changes;
use crate::config::EventsConfig;
use crate::events::tests::support::Bench;
use crate::providers::Providers;
use crate::sharing::{Sharing, tell_each_other};
use crate::testing::Scripted;

/// One of several.
pub(super) struct Replica {
    pub(super) bench: Bench,
    pub(super) store: Arc<FaultyStore>,
    pub(super) sharing: Sharing,
    stop: CancellationToken,
    killed: CancellationToken,
}

impl Replica {
    /// In front of this provider, whose id is `p`, over this store.
    pub(super) async fn new(fake: &Arc<Scripted>, store: &Arc<InProcess>, config: EventsConfig) -> Self {
        let clock = Clock::anchored(Timestamp::parse_rfc3339("2026-11-20T10:00:00Z").unwrap());
        let providers = Providers::new([Arc::clone(fake) as Arc<dyn SessionProvider>], clock);
        let changes = Changes::new(providers.ids());
        let scope = Scope(Name::of([&b"account"[..]]));
        let settings = ClusterSettings { timeout: Duration::from_millis(50), replicas: 3 };
        let store = Arc::new(FaultyStore::over(Arc::clone(store)));
        let cluster = Cluster::new(Arc::clone(&store) as Arc<dyn Store>, settings, [scope]);
        let sharing = Sharing::of(cluster.clone(), providers.ids().map(|id| (id, scope)));
        tell_each_other(&sharing, &changes);
        let (tasks, stop, killed) = (TaskTracker::new(), CancellationToken::new(), CancellationToken::new());
        tasks.spawn(killed.clone().run_until_cancelled_owned(cluster.clone().run()));
        cluster.watch().wait_for(|up| *up).await.unwrap();
        let bench = Bench::among_replicas(providers, changes, clock, config, Some(sharing.clone()), (&tasks, &stop));
        Self { bench, store, sharing, stop, killed }
    }

    /// Whether it writes the log: nobody else can have the lease then.
    pub(super) async fn leads(&self) -> bool {
        let scope = self.sharing.events_scope(&ProviderId::new("p").unwrap()).unwrap();
        self.sharing.cluster().lease(scope, Duration::from_secs(2)).await.flatten().is_some()
    }

    /// Ends it as a process that is killed: it gives nothing back.
    pub(super) fn kill(&self) {
        self.store.hang(true);
        self.killed.cancel();
    }

    /// Ends it as a process that is told to.
    pub(super) fn stop(&self) {
        self.stop.cancel();
    }
}

/// So many.
pub(super) async fn several(
    count: usize,
    fake: &Arc<Scripted>,
    store: &Arc<InProcess>,
    config: EventsConfig,
) -> Vec<Replica> {
    let mut replicas = Vec::new();
    for _ in 0..count {
        replicas.push(Replica::new(fake, store, config).await);
    }
    replicas
}
