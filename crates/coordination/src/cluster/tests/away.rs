use std::time::Duration;

use tokio::time::{Instant, sleep};

use super::scripted::{TIMEOUT, answer, kick, question, replica, scope, started};
use crate::cluster::Finding;
use crate::{Mark, Wanted};

#[tokio::test(start_paused = true)]
async fn nobody_waits_longer_than_the_timeout_in_all_and_then_not_at_all() {
    let shared = Default::default();
    let a = replica(&shared).await;
    a.store.hang(true);
    sleep(Duration::from_millis(10)).await;
    let began = Instant::now();
    assert!(matches!(a.cluster.find(scope(), question("q"), Wanted::default()).await, Finding::Away));
    assert!(!a.cluster.confirm(scope()).await);
    assert!(!a.cluster.touch(scope(), kick("r")).await);
    assert!(began.elapsed() <= TIMEOUT, "{:?}", began.elapsed());
    sleep(Duration::from_secs(1)).await;
    assert!(!a.cluster.is_up());
    let steps = a.store.steps();
    for _ in 0..100 {
        assert!(matches!(a.cluster.find(scope(), question("q"), Wanted::default()).await, Finding::Away));
    }
    assert_eq!(a.store.steps(), steps);
    sleep(Duration::from_secs(10)).await;
    let probes = a.store.steps() - steps;
    assert!((8..=12).contains(&probes), "{probes}");
    let back = Instant::now();
    a.store.hang(false);
    a.cluster.watch().wait_for(|up| *up).await.unwrap();
    assert!(back.elapsed() <= Duration::from_millis(1500), "{:?}", back.elapsed());
}

#[tokio::test(start_paused = true)]
async fn what_was_done_meanwhile_is_said_before_anything_is_shared_again() {
    let shared = Default::default();
    let (a, b) = (replica(&shared).await, replica(&shared).await);
    let Finding::Load(list) = a.cluster.find(scope(), question("list"), Wanted::default()).await else { panic!() };
    assert!(list.put(answer(&[Mark::account()], "before")).await);
    b.store.refuse(true);
    assert!(!b.cluster.touch(scope(), kick("r")).await);
    sleep(Duration::from_secs(3)).await;
    assert!(!b.cluster.is_up() && a.cluster.is_up());
    assert!(a.heard.take().is_empty());
    b.store.refuse(false);
    b.cluster.watch().wait_for(|up| *up).await.unwrap();
    assert!(matches!(b.cluster.find(scope(), question("list"), Wanted::default()).await, Finding::Load(_)));
    sleep(Duration::from_millis(100)).await;
    assert_eq!(a.heard.take(), ["everything"]);
    assert!(b.heard.take().contains(&"everything".to_owned()));
}

#[tokio::test(start_paused = true)]
async fn who_never_reached_the_store_has_not_to_say_all_before_it_is_used() {
    let shared = Default::default();
    let a = started(&shared);
    a.store.refuse(true);
    sleep(Duration::from_secs(3)).await;
    for room in 0..100 {
        a.cluster.touch_soon(scope(), kick(&format!("r{room}")));
    }
    a.store.refuse(false);
    a.store.slow(Duration::from_millis(5));
    let back = Instant::now();
    a.cluster.watch().wait_for(|up| *up).await.unwrap();
    assert!(back.elapsed() <= Duration::from_millis(1500), "{:?}", back.elapsed());
}

#[tokio::test(start_paused = true)]
async fn lost_data_is_seen_by_all_and_no_load_from_before_is_kept() {
    let shared = Default::default();
    let (a, b) = (replica(&shared).await, replica(&shared).await);
    let Finding::Load(load) = a.cluster.find(scope(), question("q"), Wanted::default()).await else { panic!() };
    assert!(b.cluster.touch(scope(), kick("r")).await);
    shared.lose_data();
    sleep(Duration::from_millis(200)).await;
    for one in [&a, &b] {
        assert!(one.heard.take().contains(&"everything".to_owned()));
        assert!(one.cluster.is_up());
    }
    assert!(!load.put(answer(&[Mark::room("r")], "before")).await);
}
