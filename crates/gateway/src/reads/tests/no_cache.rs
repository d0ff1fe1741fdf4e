//! `Cache-Control: no-cache`: an answer not older than the request.

use std::time::Duration;

use futures_util::future::join_all;
use session_provider::{BudgetState, ErrorKind, Operation};
use tokio::time::sleep;

use crate::config::CacheConfig;
use crate::reads::testing::*;
use crate::reads::{CacheStatus, ReadCall};
use crate::testing::{Behaviour, Scripted};

fn slow() -> Behaviour {
    Behaviour { delay: Duration::from_millis(100), sessions: vec![live("a", Some(1))], ..Behaviour::default() }
}

#[tokio::test(start_paused = true)]
async fn a_fresh_answer_is_not_enough() {
    let fake = Scripted::new("p", slow());
    let reads = reads(&[&fake], CacheConfig::default());
    let (caller, list) = (everyone(), list());
    let get = |call: ReadCall| reads.live_sessions(call, &caller, &list);
    get(call()).await.unwrap();
    assert!(matches!(get(no_cache()).await.unwrap().cache_status, CacheStatus::Miss { .. }));
    assert!(matches!(get(call()).await.unwrap().cache_status, CacheStatus::Hit { .. }));
    assert_eq!(fake.calls(Operation::ListLiveSessions), 2);
}

#[tokio::test(start_paused = true)]
async fn readers_who_come_during_a_load_share_the_next_one() {
    let fake = Scripted::new("p", slow());
    let reads = reads(&[&fake], CacheConfig::default());
    let (caller, list) = (everyone(), list());
    let running = reads.live_sessions(call(), &caller, &list);
    let later = async {
        sleep(Duration::from_millis(50)).await;
        fake.set(|it| it.sessions = vec![live("b", Some(2))]);
        join_all((0..300).map(|_| reads.live_sessions(no_cache(), &caller, &list))).await
    };
    let (first, later) = tokio::join!(running, later);
    assert_eq!(json(&first.unwrap().body)["data"][0]["room_id"], "a");
    for reply in later {
        assert_eq!(json(&reply.unwrap().body)["data"][0]["room_id"], "b", "nobody got the older load's answer");
    }
    assert_eq!(fake.calls(Operation::ListLiveSessions), 2);
}

#[tokio::test(start_paused = true)]
async fn it_is_an_ordinary_read_while_less_than_half_of_the_budget_is_left() {
    let budget = |remaining| BudgetState { remaining, requests: 10, per: Duration::from_secs(1) };
    let fake = Scripted::new("p", Behaviour { budget: Some(budget(5)), ..slow() });
    let reads = reads(&[&fake], CacheConfig::default());
    let (caller, list) = (everyone(), list());
    for (left, calls) in [(5, 1), (5, 2), (4, 2), (4, 2), (5, 3)] {
        fake.set(|it| it.budget = Some(budget(left)));
        reads.live_sessions(no_cache(), &caller, &list).await.unwrap();
        assert_eq!(fake.calls(Operation::ListLiveSessions), calls);
    }
}

#[tokio::test(start_paused = true)]
async fn when_the_refresh_fails_the_older_answer_is_marked_stale() {
    let fake = Scripted::new("p", slow());
    let reads = reads(&[&fake], CacheConfig::default());
    let (caller, list) = (everyone(), list());
    reads.live_sessions(call(), &caller, &list).await.unwrap();
    fake.set(|it| it.fail = Some(ErrorKind::ProviderError));
    for _ in 0..5 {
        let reply = reads.live_sessions(no_cache(), &caller, &list).await.unwrap();
        assert_eq!((reply.cache_status, reply.no_store), (CacheStatus::Stale, true));
    }
    assert_eq!(fake.calls(Operation::ListLiveSessions), 2, "and is not tried again within fresh_for");
}
