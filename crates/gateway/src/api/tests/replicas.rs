//! Mutations, and the limits of callers, where there are other replicas.

use std::sync::Arc;
use std::time::Duration;

use coordination::testing::FaultyStore;
use coordination::{Cluster, ClusterSettings, InProcess, Name, Scope, Store};
use session_provider::{Operation, ProviderId};
use tokio::time::{sleep, timeout};
use tokio_util::task::TaskTracker;

use crate::api::tests::support::Gateway;
use crate::config::{LimitsConfig, RateConfig};
use crate::limits::CallerLimits;
use crate::sharing::Sharing;

const KEY: [(&str, &str); 1] = [("idempotency-key", "once")];
const KICK_ALL: &str = "/v1/live-sessions/able/r/kick-all";

async fn replica(shared: &Arc<InProcess>) -> (Arc<FaultyStore>, Gateway) {
    limited_replica(shared, &LimitsConfig::default()).await
}

async fn limited_replica(shared: &Arc<InProcess>, limits: &LimitsConfig) -> (Arc<FaultyStore>, Gateway) {
    let store = Arc::new(FaultyStore::over(Arc::clone(shared)));
    let scope = Scope(Name::of([&b"account"[..]]));
    let settings = ClusterSettings { timeout: Duration::from_millis(50), replicas: 2 };
    let cluster = Cluster::new(Arc::clone(&store) as Arc<dyn Store>, settings, [scope]);
    TaskTracker::new().spawn(cluster.clone().run());
    cluster.watch().wait_for(|up| *up).await.unwrap();
    let sharing = Sharing::of(cluster, [(ProviderId::new("able").unwrap(), scope)]);
    let gateway = Gateway::changed(|app| {
        app.limits = CallerLimits::among_replicas(limits, Some(&sharing), TaskTracker::new());
        app.moderation = app.moderation.clone().among_replicas(Some(sharing));
    });
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

#[tokio::test(start_paused = true)]
async fn a_caller_has_one_quota_over_reads_at_hand_reads_that_wait_and_mutations() {
    let shared = Arc::default();
    let requests = RateConfig { requests: 7.try_into().unwrap(), per: Duration::from_secs(60) };
    let limits = LimitsConfig { requests: Some(requests), ..LimitsConfig::default() };
    let ((_, one), (_, other)) = (limited_replica(&shared, &limits).await, limited_replica(&shared, &limits).await);
    let mut said = Vec::new();
    for (gateway, path) in [(&one, "/v1/providers"), (&other, "/v1/live-sessions"), (&one, "/v1/live-sessions")] {
        for _ in 0..2 {
            let answer = gateway.get(path).await;
            assert_eq!(answer.status, 200, "{path}");
            said.push(answer.header("ratelimit").to_owned());
        }
    }
    let kicked = other.post(KICK_ALL, "").await;
    assert_eq!(kicked.status, 200);
    said.push(kicked.header("ratelimit").to_owned());
    let left: Vec<_> = said.iter().map(|said| said.split(';').nth(1).unwrap()).collect();
    assert_eq!(left, ["r=6", "r=5", "r=4", "r=3", "r=2", "r=1", "r=0"]);
    for gateway in [&one, &other] {
        let refused = gateway.get("/v1/providers").await;
        assert_eq!((refused.code().as_str(), refused.header("retry-after")), ("rate_limited", "9"));
        assert_eq!(gateway.post(KICK_ALL, "").await.code(), "rate_limited");
    }
    assert_eq!(one.able.calls(Operation::KickAllParticipants) + other.able.calls(Operation::KickAllParticipants), 1);
}
