use std::time::Duration;

use tokio::time::{advance, sleep};

use super::scripted::{Replica, TIMEOUT, question, replica, scope};
use crate::Wanted;
use crate::cluster::Finding;

/// A step that hangs while the clock goes on far beyond its timeout, as it does for a replica that stands still.
async fn seen_late(one: &Replica, steps: usize) {
    let (name, wanted) = (question("q"), Wanted::default());
    let finds = (0..steps).map(|_| one.cluster.find(scope(), name, wanted));
    let findings = futures_util::future::join_all(finds);
    let standing_still = async {
        // The steps are under way before.
        tokio::task::yield_now().await;
        advance(TIMEOUT * 20).await;
    };
    let (findings, ()) = tokio::join!(findings, standing_still);
    assert!(findings.iter().all(|finding| matches!(finding, Finding::Away)));
}

#[tokio::test(start_paused = true)]
async fn a_replica_that_stood_still_does_not_take_it_for_a_failure_of_the_store() {
    let shared = Default::default();
    let a = replica(&shared).await;
    for in_a_row in [1, 1, 2, 1, 3] {
        a.store.hang(true);
        for _ in 0..in_a_row {
            seen_late(&a, 5).await;
        }
        a.store.hang(false);
        let finding = a.cluster.find(scope(), question("p"), Wanted::default()).await;
        assert!(!matches!(finding, Finding::Away), "it may be asked at once, and is");
        assert!(a.cluster.is_up());
        sleep(Duration::from_millis(500)).await;
    }
}

/// That one failed long ago says nothing of the store now, and others may have changed anything meanwhile.
#[tokio::test(start_paused = true)]
async fn after_a_failure_that_is_seen_late_the_store_is_asked_at_once() {
    let shared = Default::default();
    let a = replica(&shared).await;
    a.store.slow(TIMEOUT / 2);
    a.store.refuse(true);
    seen_late(&a, 1).await;
    a.store.slow(Duration::ZERO);
    a.store.refuse(false);
    let finding = a.cluster.find(scope(), question("p"), Wanted::default()).await;
    assert!(!matches!(finding, Finding::Away));
}

#[tokio::test(start_paused = true)]
async fn a_store_that_hangs_is_left_alone_however_late_that_is_seen() {
    let shared = Default::default();
    let a = replica(&shared).await;
    a.store.hang(true);
    for _ in 0..8 {
        seen_late(&a, 1).await;
    }
    assert!(!a.cluster.is_up());
}
