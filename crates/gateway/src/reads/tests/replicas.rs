//! Several replicas over one store.

use std::sync::Arc;
use std::time::Duration;

use coordination::testing::FaultyStore;
use coordination::{InProcess, Store};
use futures_util::future::join_all;
use session_provider::{ErrorKind, Operation};
use tokio::time::{Instant, advance, sleep};

use crate::reads::testing::*;
use crate::reads::{CacheStatus, Reads};
use crate::testing::{Behaviour, Scripted};

const SOON: Duration = Duration::from_millis(100);

fn store() -> Arc<InProcess> {
    Arc::default()
}

fn reached(store: &Arc<InProcess>) -> Arc<FaultyStore> {
    Arc::new(FaultyStore::over(Arc::clone(store)))
}

fn any(store: &Arc<FaultyStore>) -> Arc<dyn Store> {
    Arc::clone(store) as Arc<dyn Store>
}

fn slow() -> Arc<Scripted> {
    let behaviour =
        Behaviour { delay: Duration::from_millis(500), sessions: vec![live("a", Some(1))], ..Behaviour::default() };
    Scripted::new("p", behaviour)
}

fn calls(fake: &Scripted) -> u32 {
    fake.calls(Operation::ListLiveSessions)
}

async fn three(fake: &Arc<Scripted>, store: &Arc<InProcess>) -> [Replica; 3] {
    [
        replica(fake, &any(&reached(store))).await,
        replica(fake, &any(&reached(store))).await,
        replica(fake, &any(&reached(store))).await,
    ]
}

#[tokio::test(start_paused = true)]
async fn a_cold_read_on_all_at_once_is_one_call_and_then_a_hit_for_all() {
    let (fake, store) = (slow(), store());
    let replicas = three(&fake, &store).await;
    let (caller, list) = (everyone(), list());
    let begin = Instant::now();
    let all = join_all(replicas.iter().map(|it| it.reads.live_sessions(call(), &caller, &list))).await;
    let statuses: Vec<_> = all.iter().map(|reply| reply.as_ref().unwrap().cache_status).collect();
    let misses = |collapsed| CacheStatus::Miss { collapsed, stored: true };
    assert_eq!(statuses.iter().filter(|status| **status == misses(false)).count(), 1, "{statuses:?}");
    assert_eq!(statuses.iter().filter(|status| **status == misses(true)).count(), 2, "{statuses:?}");
    assert!(begin.elapsed() < Duration::from_millis(500) + SOON);
    assert_eq!(calls(&fake), 1);
    for replica in &replicas {
        let reply = replica.reads.live_sessions(call(), &caller, &list).await.unwrap();
        assert!(matches!(reply.cache_status, CacheStatus::Hit { ttl: 1.. }), "{:?}", reply.cache_status);
        assert_eq!(reply.body, all[0].as_ref().unwrap().body);
    }
    let fourth = replica(&fake, &any(&reached(&store))).await;
    advance(Duration::from_millis(900)).await;
    let reply = fourth.reads.live_sessions(call(), &caller, &list).await.unwrap();
    assert!(matches!(reply.cache_status, CacheStatus::Hit { .. }) && reply.age >= Duration::from_millis(900));
    assert_eq!(calls(&fake), 1);
}

/// The round trips that a replica made, without the readings of the feed and what went with one of them.
fn flights(store: &FaultyStore) -> Vec<Vec<&'static str>> {
    let mut flights: Vec<(Instant, Vec<&'static str>)> = Vec::new();
    for (step, at) in store.take_begun() {
        match flights.last_mut().filter(|(began, _)| *began == at) {
            Some((_, steps)) => steps.push(step),
            None => flights.push((at, vec![step])),
        }
    }
    flights.into_iter().map(|(_, steps)| steps).filter(|steps| !steps.contains(&"news")).collect()
}

#[tokio::test(start_paused = true)]
async fn a_miss_makes_two_round_trips_whoever_has_paid_last_and_a_hit_none() {
    let store = store();
    let stores = [reached(&store), reached(&store)];
    let mut replicas = Vec::new();
    for reached in &stores {
        let fake = slow();
        let replica = replica(&fake, &any(reached)).await;
        fake.set(|it| it.pays = Some(replica.sharing.cluster().clone()));
        reached.slow(Duration::from_millis(3));
        replicas.push((replica, provider(&fake)));
    }
    for (number, name) in ["w", "x", "y", "z"].into_iter().enumerate() {
        let ((one, p), store) = (&replicas[number % 2], &stores[number % 2]);
        let (name, none) = (room(name), Default::default());
        let get = || one.reads.live_session(call(), p, &name, &none);
        // Some have nothing else under way, and some have.
        sleep(Duration::from_millis(1_000 + 7 * number as u64)).await;
        drop(store.take_begun());
        get().await.unwrap_err();
        sleep(SOON).await;
        assert_eq!(flights(store), [vec!["find", "swap"], vec!["swap"]], "{name}");
        assert_eq!(get().await.unwrap_err().status, 404);
        assert_eq!(flights(store), [[""; 0]; 0], "{name}");
    }
}

#[tokio::test(start_paused = true)]
async fn one_refreshes_for_all() {
    let (fake, store) = (slow(), store());
    let replicas = three(&fake, &store).await;
    let (caller, list) = (everyone(), list());
    for second in 0..20 {
        for replica in &replicas {
            let reply = replica.reads.live_sessions(call(), &caller, &list).await.unwrap();
            assert!(second == 0 || matches!(reply.cache_status, CacheStatus::Hit { .. }));
        }
        sleep(Duration::from_secs(1)).await;
    }
    assert!((7..=11).contains(&calls(&fake)), "once in two seconds: {}", calls(&fake));
}

#[tokio::test(start_paused = true)]
async fn what_one_changes_no_other_serves_from_before() {
    let (fake, store) = (slow(), store());
    let replicas = three(&fake, &store).await;
    let (caller, list) = (everyone(), list());
    for replica in &replicas {
        replica.reads.live_sessions(call(), &caller, &list).await.unwrap();
    }
    fake.set(|it| it.sessions = vec![]);
    kicked(&replicas[0].reads, &room("a"), None);
    replicas[0].sharing.tell_now(&provider(&fake).id().clone()).await;
    sleep(SOON).await;
    for replica in &replicas {
        let reply = replica.reads.live_sessions(call(), &caller, &list).await.unwrap();
        assert_eq!(json(&reply.body)["page"]["total_count"], 0);
    }
    assert_eq!(calls(&fake), 2);
}

/// A load that has waited counts from when it asks: what it is given then is not outdated by what came while it waited.
#[tokio::test(start_paused = true)]
async fn two_loads_that_wait_one_of_them_since_before_a_mutation_are_one_call() {
    let (fake, store) = (slow(), store());
    let [a, b, c] = three(&fake, &store).await;
    let (caller, list) = (everyone(), list());
    let get = |it: &'_ Replica, after| {
        let (reads, caller, list) = (it.reads.clone(), caller.clone(), list.clone());
        async move {
            sleep(Duration::from_millis(after)).await;
            reads.live_sessions(call(), &caller, &list).await.unwrap()
        }
    };
    let kicking = async {
        sleep(Duration::from_millis(150)).await;
        fake.set(|it| it.sessions = vec![]);
        kicked(&c.reads, &room("a"), None);
        c.sharing.tell_now(&provider(&fake).id().clone()).await;
    };
    // All but the first wait for the first, whose answer is outdated.
    let (_, before, after, ()) = tokio::join!(get(&a, 0), get(&b, 50), get(&b, 300), kicking);
    for reply in [before, after] {
        assert_eq!(json(&reply.body)["page"]["total_count"], 0);
    }
    assert_eq!(calls(&fake), 2, "the one that was outdated, and one for both");
}

#[tokio::test(start_paused = true)]
async fn nothing_fails_while_the_store_is_away_and_only_what_is_fresh_is_served_unasked() {
    let (fake, store) = (slow(), store());
    let reached = reached(&store);
    let one = replica(&fake, &any(&reached)).await;
    let (caller, list) = (everyone(), list());
    let get = || one.reads.live_sessions(call(), &caller, &list);
    get().await.unwrap();
    reached.hang(true);
    sleep(Duration::from_secs(1)).await;
    assert!(matches!(get().await.unwrap().cache_status, CacheStatus::Hit { .. }), "fresh");
    sleep(Duration::from_secs(2)).await;
    assert!(matches!(get().await.unwrap().cache_status, CacheStatus::Miss { .. }), "not fresh any more");
    assert_eq!(calls(&fake), 2);
    sleep(Duration::from_secs(3)).await;
    fake.set(|it| it.fail = Some(ErrorKind::ProviderError));
    assert_eq!(get().await.unwrap().cache_status, CacheStatus::Stale);
    fake.set(|it| it.fail = None);
    reached.hang(false);
    sleep(Duration::from_millis(1500)).await;
    get().await.unwrap();
    sleep(Duration::from_secs(3)).await;
    assert!(matches!(get().await.unwrap().cache_status, CacheStatus::Hit { ttl: ..0 }), "asked before");
}

#[tokio::test(start_paused = true)]
async fn that_nothing_is_live_is_shared_too() {
    let (fake, store) = (slow(), store());
    fake.set(|it| it.fail = Some(ErrorKind::SessionNotLive));
    let replicas = three(&fake, &store).await;
    let p = provider(&fake);
    for replica in &replicas {
        let problem = replica.reads.live_session(call(), &p, &room("a"), &Default::default()).await.unwrap_err();
        assert_eq!(problem.status, 404);
    }
    assert_eq!(fake.calls(Operation::GetLiveSession), 1);
}

#[tokio::test(start_paused = true)]
async fn what_was_told_of_a_room_is_not_followed_by_what_another_fetched_before() {
    let (fake, store) = (slow(), store());
    let [here, there, _] = three(&fake, &store).await;
    let p = provider(&fake);
    let get = |it: &Reads| {
        let (reads, p) = (it.clone(), p.clone());
        async move { reads.live_session(call(), &p, &room("a"), &Default::default()).await }
    };
    get(&there.reads).await.unwrap();
    // A list that was asked for after that has shown otherwise, and an event says so.
    here.reads.changes().seen(here.reads.changes().tick(), p.id(), [&room("a")], None);
    fake.set(|it| it.fail = Some(ErrorKind::SessionNotLive));
    assert_eq!(get(&here.reads).await.unwrap_err().status, 404);
    assert_eq!(fake.calls(Operation::GetLiveSession), 2);
    assert!(get(&there.reads).await.is_ok(), "who was told nothing may have it from memory");
}
