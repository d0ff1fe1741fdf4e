//! Mutations where there are other replicas.

use std::sync::Arc;
use std::time::Duration;

use coordination::testing::FaultyStore;
use coordination::{Cluster, ClusterSettings, InProcess, Name, Scope, Store};
use session_provider::{Operation, ProviderId};
use tokio::time::{sleep, timeout};
use tokio_util::task::TaskTracker;

use crate::api::tests::support::Gateway;
use crate::sharing::Sharing;

const KEY: [(&str, &str); 1] = [("idempotency-key", "once")];
const KICK_ALL: &str = "/v1/live-sessions/able/r/kick-all";

async fn replica(shared: &Arc<InProcess>) -> (Arc<FaultyStore>, Gateway) {
    let store = Arc::new(FaultyStore::over(Arc::clone(shared)));
    let scope = Scope(Name::of([&b"account"[..]]));
    let settings = ClusterSettings { timeout: Duration::from_millis(50), replicas: 2 };
    let cluster = Cluster::new(Arc::clone(&store) as Arc<dyn Store>, settings, [scope]);
    TaskTracker::new().spawn(cluster.clone().run());
    cluster.watch().wait_for(|up| *up).await.unwrap();
    let sharing = Sharing::of(cluster, [(ProviderId::new("able").unwrap(), scope)]);
    let gateway = Gateway::changed(|app| app.moderation = app.moderation.clone().among_replicas(Some(sharing)));
    (store, gateway)
}

#[tokio::test(start_paused = true)]
async fn a_caller_who_hangs_up_while_the_key_is_claimed_has_it_carried_out() {
    let (store, gateway) = replica(&Arc::default()).await;
    store.hang(true);
    let hung_up = timeout(Duration::from_millis(10), gateway.post_with(KICK_ALL, "", &KEY)).await;
    assert!(hung_up.is_err());
    sleep(Duration::from_secs(1)).await;
    assert_eq!(gateway.able.calls(Operation::KickAllParticipants), 1);
}

#[tokio::test(start_paused = true)]
async fn an_outcome_that_is_told_late_is_told_all_the_same() {
    let shared = Arc::default();
    let ((_, one), (_, other)) = (replica(&shared).await, replica(&shared).await);
    one.able.set(|it| it.delay = Duration::from_secs(60));
    let first = one.post_with(KICK_ALL, "", &KEY);
    let (first, second) = tokio::join!(first, other.post_with(KICK_ALL, "", &KEY));
    assert_eq!((first.status.as_u16(), second.status.as_u16()), (504, 500));
    let third = other.post_with(KICK_ALL, "", &KEY).await;
    assert_eq!(third.status.as_u16(), 504, "as the first was told");
    assert_eq!(other.able.calls(Operation::KickAllParticipants), 0);
}
