use std::sync::Arc;
use std::time::Duration;

use tokio::time::{Instant, sleep};

use super::scripted::{answer, kick, question, replica, scope};
use crate::cluster::Finding;
use crate::{InProcess, Mark, Wanted};

const SOON: Duration = Duration::from_millis(100);

#[tokio::test(start_paused = true)]
async fn one_loads_and_the_others_wait_for_it() {
    let shared = Default::default();
    let (a, b) = (replica(&shared).await, replica(&shared).await);
    let Finding::Load(claim) = a.cluster.find(scope(), question("q"), Wanted::default()).await else { panic!() };
    let Finding::Elsewhere(load) = b.cluster.find(scope(), question("q"), Wanted::default()).await else { panic!() };
    let began = Instant::now();
    sleep(Duration::from_secs(3)).await;
    let number = claim.number();
    assert!(claim.put(answer(&[Mark::room("r")], "body")).await);
    load.ended().await;
    assert!(began.elapsed() < Duration::from_secs(3) + SOON);
    let Finding::Answer(found, _) = b.cluster.find(scope(), question("q"), Wanted::default()).await else { panic!() };
    assert_eq!((found.number, &found.body[..]), (number, &b"body"[..]));
    let newer = Wanted { newer_than: number, alone: false };
    let Finding::Load(second) = b.cluster.find(scope(), question("q"), newer).await else { panic!() };
    assert!(second.number() > number);
}

#[tokio::test(start_paused = true)]
async fn what_goes_with_the_reading_of_the_feed_costs_no_round_trip() {
    let shared = Default::default();
    let a = replica(&shared).await;
    a.store.slow(Duration::from_millis(3));
    let Finding::Load(claim) = a.cluster.find(scope(), question("q"), Wanted::default()).await else { panic!() };
    let Finding::Load(other) = a.cluster.find(scope(), question("p"), Wanted::default()).await else { panic!() };
    drop(a.store.take_begun());
    sleep(Duration::from_millis(500)).await;
    drop(other);
    assert!(claim.put(answer(&[Mark::room("r")], "body")).await);
    let begun = a.store.take_begun();
    let at = |name| begun.iter().filter(move |(step, _)| *step == name).map(|(_, at)| *at);
    for name in ["renew", "put", "release"] {
        assert!(at(name).count() > 0 && at(name).all(|one| at("news").any(|read| read == one)), "{name}: {begun:?}");
    }
}

/// What this replica has changed counts before what it has fetched is given to others.
#[tokio::test(start_paused = true)]
async fn an_answer_waits_for_what_its_replica_has_to_say() {
    let shared = Default::default();
    let (a, b) = (replica(&shared).await, replica(&shared).await);
    let Finding::Load(claim) = a.cluster.find(scope(), question("q"), Wanted::default()).await else { panic!() };
    a.store.slow(Duration::from_millis(3));
    a.cluster.touch_soon(scope(), kick("r"));
    drop(a.store.take_begun());
    assert!(!claim.put(answer(&[Mark::room("r")], "before")).await);
    let steps: Vec<_> = a.store.take_begun().into_iter().map(|(step, _)| step).collect();
    assert_eq!(steps, ["touch", "news", "put"]);
    assert!(matches!(b.cluster.find(scope(), question("q"), Wanted::default()).await, Finding::Load(_)));
}

#[tokio::test(start_paused = true)]
async fn a_load_that_fails_frees_its_place_at_once_and_one_that_is_silent_within_a_second() {
    let shared = Default::default();
    let (a, b) = (replica(&shared).await, replica(&shared).await);
    let Finding::Load(claim) = a.cluster.find(scope(), question("q"), Wanted::default()).await else { panic!() };
    let Finding::Elsewhere(load) = b.cluster.find(scope(), question("q"), Wanted::default()).await else { panic!() };
    let failed = Instant::now();
    drop(claim);
    load.ended().await;
    assert!(failed.elapsed() < SOON, "{:?}", failed.elapsed());
    let Finding::Load(_claim) = b.cluster.find(scope(), question("q"), Wanted::default()).await else { panic!() };

    let Finding::Load(_dead) = a.cluster.find(scope(), question("p"), Wanted::default()).await else { panic!() };
    let died = Instant::now();
    a.store.hang(true);
    while let Finding::Elsewhere(load) = b.cluster.find(scope(), question("p"), Wanted::default()).await {
        load.ended().await;
    }
    assert!(died.elapsed() <= Duration::from_secs(2), "{:?}", died.elapsed());
}

/// Also where that failed, and the replica's own standstill is to blame.
#[tokio::test(start_paused = true)]
async fn an_answer_is_not_put_before_what_its_replica_could_not_say() {
    let shared = Default::default();
    let (a, b) = (replica(&shared).await, replica(&shared).await);
    let Finding::Load(claim) = a.cluster.find(scope(), question("q"), Wanted::default()).await else { panic!() };
    a.store.hang(true);
    a.cluster.touch_soon(scope(), kick("r"));
    let putting = claim.put(answer(&[Mark::room("r")], "before"));
    let standing_still = async {
        // The touch is under way; the store goes again, though that is seen late.
        sleep(Duration::from_millis(30)).await;
        tokio::time::advance(Duration::from_millis(500)).await;
        a.store.hang(false);
    };
    let (is_put, ()) = tokio::join!(putting, standing_still);
    assert!(!is_put);
    sleep(SOON * 2).await;
    let Finding::Load(_) = b.cluster.find(scope(), question("q"), Wanted::default()).await else { panic!() };
}

#[tokio::test(start_paused = true)]
async fn an_answer_ages_while_it_waits_to_be_put() {
    let shared = Default::default();
    let (a, b) = (replica(&shared).await, replica(&shared).await);
    let Finding::Load(claim) = a.cluster.find(scope(), question("q"), Wanted::default()).await else { panic!() };
    // The replica stands still.
    let standstill = tokio::time::advance(Duration::from_secs(10));
    let (is_put, ()) = tokio::join!(claim.put(answer(&[Mark::room("r")], "body")), standstill);
    assert!(is_put);
    let Finding::Answer(found, _) = b.cluster.find(scope(), question("q"), Wanted::default()).await else { panic!() };
    assert!(found.age >= answer(&[], "").age + Duration::from_secs(10), "{:?}", found.age);
}

#[tokio::test(start_paused = true)]
async fn a_load_that_ends_after_a_failure_of_the_store_frees_its_place_all_the_same() {
    let shared = Default::default();
    let (a, b) = (replica(&shared).await, replica(&shared).await);
    let Finding::Load(claim) = a.cluster.find(scope(), question("q"), Wanted::default()).await else { panic!() };
    a.store.refuse(true);
    assert!(matches!(a.cluster.find(scope(), question("p"), Wanted::default()).await, Finding::Away));
    a.store.refuse(false);
    drop(claim);
    sleep(Duration::from_millis(150)).await;
    assert!(matches!(b.cluster.find(scope(), question("q"), Wanted::default()).await, Finding::Load(_)));
}

/// How it stands with a replica that died is seen so much later than its claim has ended at most.
#[tokio::test(start_paused = true)]
async fn who_waits_for_anothers_load_looks_again_every_200_ms() {
    let shared = Default::default();
    let (a, b) = (replica(&shared).await, replica(&shared).await);
    let Finding::Load(_claim) = a.cluster.find(scope(), question("q"), Wanted::default()).await else { panic!() };
    for _ in 0..20 {
        let Finding::Elsewhere(load) = b.cluster.find(scope(), question("q"), Wanted::default()).await else {
            panic!()
        };
        let began = Instant::now();
        load.ended().await;
        assert_eq!(began.elapsed().as_millis(), 200);
    }
}

/// If the store loses its data twice, with a change in between, nothing else would tell.
#[tokio::test(start_paused = true)]
async fn a_claim_of_no_epoch_puts_nothing() {
    let shared = Arc::<InProcess>::default();
    let a = replica(&shared).await;
    shared.lose_data();
    let Finding::Load(claim) = a.cluster.find(scope(), question("q"), Wanted::default()).await else { panic!() };
    let began = Instant::now();
    assert!(!claim.put(answer(&[Mark::room("r")], "body")).await);
    assert_eq!(began.elapsed(), Duration::ZERO, "it does not go with the next reading, which may come after it");
    // Its claim is free by itself.
    sleep(Duration::from_secs(1)).await;
    let Finding::Load(claim) = a.cluster.find(scope(), question("q"), Wanted::default()).await else { panic!() };
    assert!(claim.put(answer(&[Mark::room("r")], "body")).await, "of the next epoch it does");
}

#[tokio::test(start_paused = true)]
async fn what_one_changes_all_know_soon_and_nothing_older_is_found() {
    let shared = Default::default();
    let (a, b) = (replica(&shared).await, replica(&shared).await);
    let Finding::Load(list) = a.cluster.find(scope(), question("list"), Wanted::default()).await else { panic!() };
    assert!(list.put(answer(&[Mark::account()], "before")).await);
    let Finding::Load(late) = a.cluster.find(scope(), question("room"), Wanted::default()).await else { panic!() };
    assert!(b.cluster.touch(scope(), kick("r")).await);
    assert!(!late.put(answer(&[Mark::room("r")], "before")).await, "it began before");
    let Finding::Load(_) = a.cluster.find(scope(), question("list"), Wanted::default()).await else { panic!() };
    sleep(SOON).await;
    assert_eq!(a.heard.take(), ["changed r"]);
    assert!(b.heard.take().is_empty(), "its own word is no news");
    assert!(a.cluster.is_confirmed(scope(), Instant::now()));
}

#[tokio::test(start_paused = true)]
async fn replicas_are_counted() {
    let shared: std::sync::Arc<InProcess> = Default::default();
    let mut all = Vec::new();
    for _ in 0..5 {
        all.push(replica(&shared).await);
    }
    sleep(Duration::from_secs(2)).await;
    assert!(all.iter().all(|one| one.cluster.replicas() == 5));
    all.truncate(1);
    sleep(Duration::from_secs(8)).await;
    assert_eq!(all[0].cluster.replicas(), 3, "as many as are configured");
}
