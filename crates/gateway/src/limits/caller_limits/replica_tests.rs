use std::collections::BTreeSet;
use std::num::NonZeroU32;
use std::time::Duration;

use caller_auth::VisibleProviders;
use coordination::testing::FaultyStore;
use coordination::{Cluster, ClusterSettings, InProcess, Name, Scope, Store};
use futures_util::FutureExt;
use futures_util::future::join_all;
use metrics_exporter_prometheus::{PrometheusBuilder, PrometheusHandle};
use proptest::prelude::*;
use session_provider::ProviderId;
use tokio::time::{advance, sleep};

use super::*;
use crate::config::RateConfig;

const MS: Duration = Duration::from_millis(1);
const HOUR: Duration = Duration::from_secs(3600);
const TIMEOUT: Duration = Duration::from_millis(50);

/// One of three replicas.
struct Replica {
    store: Arc<FaultyStore>,
    cluster: Cluster,
    limits: CallerLimits,
}

fn rate(requests: u32, per: Duration) -> Option<RateConfig> {
    Some(RateConfig { requests: NonZeroU32::new(requests).unwrap(), per })
}

fn requests(requests: u32, per: Duration) -> LimitsConfig {
    LimitsConfig { requests: rate(requests, per), ..LimitsConfig::default() }
}

async fn replica(shared: &Arc<InProcess>, account: &str, config: &LimitsConfig) -> Replica {
    let store = Arc::new(FaultyStore::over(Arc::clone(shared)));
    let scope = Scope(Name::of([account.as_bytes()]));
    let settings = ClusterSettings { timeout: TIMEOUT, replicas: 3 };
    let cluster = Cluster::new(Arc::clone(&store) as Arc<dyn Store>, settings, [scope]);
    let tasks = TaskTracker::new();
    tasks.spawn(cluster.clone().run());
    cluster.watch().wait_for(|up| *up).await.unwrap();
    let sharing = Sharing::of(cluster.clone(), [(ProviderId::new("p").unwrap(), scope)]);
    Replica { store, cluster, limits: CallerLimits::among_replicas(config, Some(&sharing), tasks) }
}

async fn three(config: &LimitsConfig) -> [Replica; 3] {
    let shared = Arc::default();
    let replicas = [(); 3].map(|()| replica(&shared, "account", config));
    join_all(replicas).await.try_into().unwrap_or_else(|_| unreachable!())
}

fn one() -> Caller {
    Caller::new("i".into(), "one".into(), BTreeSet::new(), VisibleProviders::All)
}

impl Replica {
    async fn admit(&self, intent: Intent) -> Result<Permit, LimitExceeded> {
        match self.limits.admit_at_hand(&one(), intent) {
            Some(result) => result,
            None => self.limits.admit_or_wait(&one(), intent).await,
        }
    }

    async fn passed(&self, intent: Intent, times: usize) -> usize {
        let mut passed = 0;
        for _ in 0..times {
            passed += usize::from(self.admit(intent).await.is_ok());
        }
        passed
    }
}

async fn passed(replicas: &[Replica], intent: Intent, times: usize) -> usize {
    let mut passed = 0;
    for time in 0..times {
        passed += replicas[time % replicas.len()].passed(intent, 1).await;
    }
    passed
}

fn lots(metrics: &PrometheusHandle) -> u64 {
    let text = metrics.render();
    let lines = text.lines().filter(|line| line.contains("take_lot") && line.contains("\"ok\""));
    lines.filter_map(|line| line.split_whitespace().last()?.parse::<u64>().ok()).sum()
}

#[tokio::test(start_paused = true)]
async fn all_replicas_have_one_quota_and_ask_for_it_seldom() {
    let recorder = PrometheusBuilder::new().build_recorder();
    let _guard = metrics::set_default_local_recorder(&recorder);
    for quota in [300, 1000] {
        let before = lots(&recorder.handle());
        let replicas = three(&requests(quota, HOUR)).await;
        assert_eq!(passed(&replicas, Intent::Read, 2000).await, quota as usize);
        let lots = lots(&recorder.handle()) - before;
        assert!(lots < 60, "{lots} steps for {quota}");
    }
}

#[tokio::test(start_paused = true)]
async fn a_small_quota_holds_to_the_request_wherever_and_however_many_at_once() {
    for quota in [1, 2, 5, 29] {
        let replicas = three(&requests(quota, MS * 1000)).await;
        for _ in 0..3 {
            let all = join_all(replicas.iter().cycle().take(90).map(|replica| replica.passed(Intent::Read, 1))).await;
            assert_eq!(all.iter().sum::<usize>(), quota as usize);
            advance(MS * 1001).await;
        }
        assert_eq!(passed(&replicas, Intent::Read, 90).await, quota as usize, "one after the other");
    }
}

#[tokio::test(start_paused = true)]
async fn what_lies_in_the_purses_of_others_is_a_few_percent() {
    let replicas = three(&requests(300, HOUR)).await;
    assert_eq!(passed(&replicas, Intent::Read, 3).await, 3);
    let rest = replicas[0].passed(Intent::Read, 1000).await;
    assert!((270..=297).contains(&rest), "{rest}");
}

#[tokio::test(start_paused = true)]
async fn who_is_refused_asks_no_more_until_it_is_time_and_is_then_let_in() {
    let replicas = three(&requests(5, MS * 5000)).await;
    assert_eq!(passed(&replicas, Intent::Read, 5).await, 5);
    for replica in &replicas {
        let refused = replica.admit(Intent::Read).await.unwrap_err();
        assert_eq!(refused.retry_after, MS * 1000);
        let steps = replica.store.steps();
        for _ in 0..1000 {
            let refused = replica.limits.admit_at_hand(&one(), Intent::Read).unwrap().unwrap_err();
            assert_eq!(refused.retry_after, MS * 1000);
        }
        assert_eq!(replica.store.steps(), steps);
    }
    advance(MS * 1000).await;
    assert_eq!(passed(&replicas, Intent::Read, 3).await, 1);
}

#[tokio::test(start_paused = true)]
async fn many_who_wait_at_once_are_let_in_by_a_few_lots() {
    let recorder = PrometheusBuilder::new().build_recorder();
    let _guard = metrics::set_default_local_recorder(&recorder);
    let replicas = three(&requests(120, HOUR)).await;
    let all = join_all((0..100).map(|_| replicas[0].admit(Intent::Read))).await;
    assert!(all.iter().all(Result::is_ok));
    assert!(lots(&recorder.handle()) <= 3, "{}", lots(&recorder.handle()));
}

#[tokio::test(start_paused = true)]
async fn what_is_in_the_purse_is_at_hand() {
    let replicas = three(&requests(300, HOUR)).await;
    let limits = &replicas[0].limits;
    assert!(limits.admit_at_hand(&one(), Intent::Read).is_none());
    for _ in 0..100 {
        // The lot that was begun comes.
        sleep(MS).await;
        assert!(limits.admit_at_hand(&one(), Intent::Read).is_some_and(|result| result.is_ok()));
    }
}

#[tokio::test(start_paused = true)]
async fn a_mutation_is_charged_to_both_limits_or_none() {
    let config = LimitsConfig { moderation: rate(2, HOUR), ..requests(8, HOUR) };
    let replicas = three(&config).await;
    assert_eq!(passed(&replicas, Intent::Mutation, 30).await, 2);
    assert_eq!(passed(&replicas, Intent::Read, 30).await, 6, "the refused took nothing");
    let config = LimitsConfig { moderation: rate(8, HOUR), ..requests(2, MS * 1000) };
    let replicas = three(&config).await;
    let mut mutations = 0;
    for _ in 0..8 {
        mutations += passed(&replicas[..1], Intent::Mutation, 10).await;
        advance(MS * 500).await;
    }
    assert_eq!(mutations, 8, "of those that were refused for the requests none was charged");
}

#[tokio::test(start_paused = true)]
async fn those_who_hang_up_while_they_wait_leave_nothing_behind() {
    let replicas = three(&requests(20, HOUR)).await;
    let limits = &replicas[0].limits;
    for _ in 0..2 {
        let caller = one();
        let waiting: Vec<_> = (0..10).map(|_| Box::pin(limits.admit_or_wait(&caller, Intent::Read))).collect();
        for mut request in waiting {
            let _ = (&mut request).now_or_never();
        }
        sleep(MS).await;
    }
    assert!(passed(&replicas, Intent::Read, 100).await >= 18);
}

#[tokio::test(start_paused = true)]
async fn the_headers_say_the_figures_of_all() {
    let replicas = three(&requests(5, MS * 5000)).await;
    for (n, replica) in replicas.iter().enumerate() {
        let state = replica.admit(Intent::Read).await.unwrap().state;
        assert_eq!(state.rate_limit, Some(format!("\"default\";r={};t={}", 4 - n, n + 1)));
        assert_eq!(state.policy.as_deref(), Some("\"default\";q=5;w=5"));
    }
    let replicas = three(&LimitsConfig { moderation: rate(60, MS * 60_000), ..requests(600, MS * 60_000) }).await;
    let state = replicas[0].admit(Intent::Mutation).await.unwrap().state;
    assert_eq!(state.rate_limit.as_deref(), Some(r#""default";r=599;t=1, "moderation";r=59;t=1"#));
    assert_eq!(state.policy.as_deref(), Some(r#""default";q=600;w=60, "moderation";q=60;w=60"#));
    let state = replicas[1].admit(Intent::Read).await.unwrap().state;
    assert_eq!(state.rate_limit.as_deref(), Some(r#""default";r=578;t=3"#), "others have taken a lot");
    assert_eq!(replicas[0].passed(Intent::Read, 1000).await, 578);
    let refused = replicas[0].admit(Intent::Read).await.unwrap_err();
    assert_eq!(refused.state.rate_limit.as_deref(), Some(r#""default";r=0;t=60"#));
}

#[tokio::test(start_paused = true)]
async fn requests_at_once_are_counted_by_each_replica() {
    let replicas = three(&LimitsConfig { concurrent: NonZeroU32::new(1), ..requests(50, HOUR) }).await;
    let permit = replicas[0].admit(Intent::Read).await.unwrap();
    assert_eq!(replicas[0].admit(Intent::Read).await.unwrap_err().retry_after, MS * 1000);
    assert!(replicas[1].admit(Intent::Read).await.is_ok());
    drop(permit);
    assert!(replicas[0].admit(Intent::Read).await.is_ok());
}

#[tokio::test(start_paused = true)]
async fn while_the_store_is_away_each_has_its_part_and_nobody_waits_twice() {
    let replicas = three(&requests(300, HOUR)).await;
    // What the store had said counts: a third is used up.
    assert_eq!(replicas[0].passed(Intent::Read, 100).await, 100);
    replicas.iter().for_each(|replica| replica.store.hang(true));
    let began = Instant::now();
    let passed = join_all(replicas.iter().map(|replica| replica.passed(Intent::Read, 300))).await;
    assert!(began.elapsed() <= TIMEOUT * 2, "{:?}", began.elapsed());
    assert!((60..=80).contains(&passed[0]), "{passed:?}");
    assert_eq!(passed[1..], [100, 100], "they knew nothing of this caller");
    sleep(MS * 5000).await;
    assert!(replicas.iter().all(|replica| !replica.cluster.is_up()));
    let steps = replicas[1].store.steps();
    let refused = replicas[1].limits.admit_at_hand(&one(), Intent::Read).unwrap().unwrap_err();
    assert_eq!(refused.state.rate_limit.as_deref(), Some(r#""default";r=0;t=3595"#));
    assert_eq!(replicas[1].store.steps(), steps);

    replicas.iter().for_each(|replica| replica.store.hang(false));
    for replica in &replicas {
        replica.cluster.watch().wait_for(|up| *up).await.unwrap();
    }
    let passed = self::passed(&replicas, Intent::Read, 1000).await;
    assert!((180..=200).contains(&passed), "as if nothing had been charged alone: {passed}");
}

#[tokio::test(start_paused = true)]
async fn no_quota_is_so_small_that_a_replica_alone_lets_nobody_in() {
    let replicas = three(&requests(1, HOUR)).await;
    replicas.iter().for_each(|replica| replica.store.refuse(true));
    assert_eq!(passed(&replicas, Intent::Read, 30).await, 3);
}

#[tokio::test(start_paused = true)]
async fn callers_of_another_deployment_or_of_another_quota_are_others() {
    let shared = Arc::default();
    let (five, six) = (requests(5, HOUR), requests(6, HOUR));
    for (account, config, quota) in [("a", &five, 5), ("b", &five, 5), ("a", &six, 6), ("a", &five, 0)] {
        assert_eq!(replica(&shared, account, config).await.passed(Intent::Read, 20).await, quota);
    }
}

#[tokio::test(start_paused = true)]
async fn callers_are_forgotten_when_nothing_is_known_of_them_any_more() {
    let replicas = three(&requests(300, MS * 1000)).await;
    let limits = &replicas[0].limits;
    for round in 0..10 {
        for n in 0..1000 {
            let caller = Caller::new("i".into(), format!("{round}-{n}"), BTreeSet::new(), VisibleProviders::All);
            assert!(limits.admit_or_wait(&caller, Intent::Read).await.is_ok());
        }
        advance(MS * 2000).await;
    }
    let callers = limits.inner.lock().standings.len();
    assert!(callers <= 2 * FEW_CALLERS, "{callers}");
}

#[tokio::test(start_paused = true)]
async fn extreme_rates_neither_panic_nor_let_everybody_in() {
    let quick = three(&requests(u32::MAX, Duration::from_nanos(1))).await;
    assert_eq!(passed(&quick, Intent::Read, 100).await, 100);
    let short = three(&requests(20, Duration::from_micros(20))).await;
    assert_eq!(passed(&short, Intent::Read, 20).await, 20);
    let slow = three(&requests(1, Duration::MAX)).await;
    assert_eq!(passed(&slow, Intent::Read, 100).await, 1);
}

/// A replica, how long to wait before it is asked, and how often it is.
fn histories() -> impl Strategy<Value = Vec<(usize, u64, usize)>> {
    proptest::collection::vec((0..3_usize, prop_oneof![0..50_u64, 900..1100_u64], 1..80_usize), 1..60)
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 32, ..ProptestConfig::default() })]

    /// At no time have more been let in than a bucket with a tenth more lets in.
    #[test]
    fn never_more_than_a_tenth_over_the_quota(quota in prop_oneof![Just(5_u32), Just(40), 60..400_u32], history in histories()) {
        let runtime = tokio::runtime::Builder::new_current_thread().enable_time().start_paused(true).build().unwrap();
        runtime.block_on(async {
            let replicas = three(&requests(quota, MS * 1000)).await;
            let most = f64::from(quota) + f64::from(quota / 10);
            let mut began = Instant::now();
            let mut level = 0_f64;
            for (replica, wait, times) in history {
                advance(MS * u32::try_from(wait).unwrap()).await;
                for _ in 0..times {
                    if replicas[replica].admit(Intent::Read).await.is_ok() {
                        let now = Instant::now();
                        level = (level - began.elapsed().as_secs_f64() * f64::from(quota)).max(0.0) + 1.0;
                        began = now;
                        assert!(level <= most + 1e-6, "{level} of {most}");
                    }
                }
            }
        });
    }
}
