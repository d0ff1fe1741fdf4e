//! Many readers, one call.

use std::time::Duration;

use futures_util::future::join_all;
use session_provider::{ErrorKind, Operation};
use tokio::task::JoinSet;
use tokio::time::{Instant, advance, sleep};

use crate::config::CacheConfig;
use crate::problem::Code;
use crate::reads::CacheStatus;
use crate::reads::testing::*;
use crate::testing::{Behaviour, Scripted};

fn slow() -> Behaviour {
    Behaviour { delay: Duration::from_millis(300), sessions: vec![live("a", Some(1))], ..Behaviour::default() }
}

#[tokio::test(start_paused = true)]
async fn a_thousand_cold_reads_make_one_call() {
    let fake = Scripted::new("p", slow());
    let reads = reads(&[&fake], CacheConfig::default());
    let (caller, list) = (everyone(), list());
    let replies = join_all((0..1000).map(|_| reads.live_sessions(call(), &caller, &list))).await;
    let own = replies
        .iter()
        .filter(|reply| reply.as_ref().unwrap().cache_status == CacheStatus::Miss { collapsed: false, stored: true });
    assert_eq!(own.count(), 1, "the others say that they shared the call");
    assert_eq!(fake.calls(Operation::ListLiveSessions), 1);
    assert_eq!(reads.cache().loads(), 0);
}

#[tokio::test(start_paused = true)]
async fn callers_who_hang_up_change_nothing_for_the_others() {
    let fake = Scripted::new("p", slow());
    let reads = reads(&[&fake], CacheConfig::default());
    let mut tasks = JoinSet::new();
    let handles: Vec<_> = (0..1000)
        .map(|_| {
            let reads = reads.clone();
            tasks.spawn(async move { reads.live_sessions(call(), &everyone(), &list()).await.is_ok() })
        })
        .collect();
    sleep(Duration::from_millis(100)).await;
    // The first, who began the call, among them.
    handles.iter().step_by(2).for_each(|handle| handle.abort());
    let (mut ok, mut cancelled) = (0, 0);
    while let Some(ended) = tasks.join_next().await {
        match ended {
            Ok(true) => ok += 1,
            Err(error) if error.is_cancelled() => cancelled += 1,
            other => panic!("{other:?}"),
        }
    }
    assert_eq!((ok, cancelled), (500, 500));
    assert_eq!((fake.calls(Operation::ListLiveSessions), reads.cache().loads()), (1, 0));
}

#[tokio::test(start_paused = true)]
async fn a_load_that_everybody_left_is_stored_all_the_same() {
    let fake = Scripted::new("p", slow());
    let reads = reads(&[&fake], CacheConfig::default());
    let (caller, list) = (everyone(), list());
    assert!(
        tokio::time::timeout(Duration::from_millis(100), reads.live_sessions(call(), &caller, &list)).await.is_err()
    );
    sleep(Duration::from_millis(300)).await;
    let reply = reads.live_sessions(call(), &caller, &list).await.unwrap();
    assert!(matches!(reply.cache_status, CacheStatus::Hit { .. }));
    assert_eq!(fake.calls(Operation::ListLiveSessions), 1);
    reads.abandon_loads().await;
}

#[tokio::test(start_paused = true)]
async fn a_thousand_reads_in_the_revalidate_window_are_answered_from_memory_and_refresh_once() {
    let fake = Scripted::new("p", slow());
    let reads = reads(&[&fake], CacheConfig::default());
    let (caller, list) = (everyone(), list());
    reads.live_sessions(call(), &caller, &list).await.unwrap();
    advance(Duration::from_secs(5)).await;
    let before = Instant::now();
    for reply in join_all((0..1000).map(|_| reads.live_sessions(call(), &caller, &list))).await {
        assert!(matches!(reply.unwrap().cache_status, CacheStatus::Hit { ttl: -3 }));
    }
    assert_eq!(before.elapsed(), Duration::ZERO);
    sleep(Duration::from_millis(301)).await;
    assert_eq!(fake.calls(Operation::ListLiveSessions), 2);
    assert!(matches!(
        reads.live_sessions(call(), &caller, &list).await.unwrap().cache_status,
        CacheStatus::Hit { ttl: 1 }
    ));
}

#[tokio::test(start_paused = true)]
async fn a_thousand_reads_past_the_window_share_one_call_and_none_is_stale() {
    let fake = Scripted::new("p", slow());
    let reads = reads(&[&fake], CacheConfig::default());
    let (caller, list) = (everyone(), list());
    reads.live_sessions(call(), &caller, &list).await.unwrap();
    advance(Duration::from_secs(11)).await;
    for reply in join_all((0..1000).map(|_| reads.live_sessions(call(), &caller, &list))).await {
        let reply = reply.unwrap();
        assert!(matches!(reply.cache_status, CacheStatus::Miss { .. }) && !reply.no_store);
    }
    assert_eq!((fake.calls(Operation::ListLiveSessions), reads.cache().loads()), (2, 0));
}

#[tokio::test(start_paused = true)]
async fn a_provider_that_panics_fails_its_waiters_and_wedges_nobody() {
    let fake = Scripted::new("p", Behaviour { panic: true, ..slow() });
    let reads = reads(&[&fake], CacheConfig::default());
    let (caller, list) = (everyone(), list());
    for reply in join_all((0..10).map(|_| reads.live_sessions(call(), &caller, &list))).await {
        assert_eq!(reply.unwrap_err().code, Code::Internal);
    }
    assert_eq!((fake.calls(Operation::ListLiveSessions), reads.cache().loads()), (1, 0));
    fake.set(|it| it.panic = false);
    reads.live_sessions(call(), &caller, &list).await.unwrap();
}

#[tokio::test(start_paused = true)]
async fn a_provider_that_ignores_its_deadline_is_given_up() {
    let fake = Scripted::new("p", Behaviour { hang: true, ..slow() });
    let reads = reads(&[&fake], CacheConfig::default());
    let began = Instant::now();
    let problem = reads.live_sessions(call(), &everyone(), &list()).await.unwrap_err();
    assert_eq!((problem.code, began.elapsed()), (ErrorKind::ProviderTimeout.into(), DEADLINE));
    sleep(Duration::from_millis(1)).await;
    assert_eq!((reads.cache().loads(), reads.cache().tasks().len()), (0, 0));
}

#[tokio::test(start_paused = true)]
async fn at_the_end_loads_that_nobody_waits_for_are_given_up_at_once() {
    let fake = Scripted::new("p", Behaviour { hang: true, ..slow() });
    let reads = reads(&[&fake], CacheConfig::default());
    let (caller, list) = (everyone(), list());
    let left = tokio::time::timeout(Duration::from_millis(400), reads.live_sessions(call(), &caller, &list)).await;
    assert!(left.is_err());
    let before = Instant::now();
    assert_eq!(reads.cache().tasks().len(), 1);
    reads.abandon_loads().await;
    assert_eq!((before.elapsed(), reads.cache().loads(), reads.cache().tasks().len()), (Duration::ZERO, 0, 0));
    assert_eq!(reads.live_sessions(call(), &caller, &list).await.unwrap_err().code, Code::Internal, "no wait for ever");
}
