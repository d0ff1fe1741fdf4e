use std::sync::atomic::{AtomicBool, AtomicU32, Ordering};

use tokio::time::advance;

use super::*;
use crate::rate_limit_headers::Item;

const SECOND: Duration = Duration::from_secs(1);

/// A store of one budget.
#[derive(Debug, Default)]
struct One {
    entry: Mutex<Option<(u64, Instant, Bytes)>>,
    away: AtomicBool,
    swaps: AtomicU32,
}

#[async_trait]
impl BudgetStore for One {
    async fn swap(&self, _credential: &[u8; 32], version: u64, state: Bytes) -> Option<BudgetSwap> {
        tokio::task::yield_now().await;
        self.swaps.fetch_add(1, Ordering::Relaxed);
        if self.away.load(Ordering::Relaxed) {
            return None;
        }
        let mut entry = self.entry.lock().unwrap();
        let at = entry.as_ref().map_or(0, |entry| entry.0);
        if at == version {
            *entry = Some((at + 1, Instant::now(), state));
            return Some(BudgetSwap::Done { version: at + 1 });
        }
        let (version, put, state) = entry.clone().unwrap_or((0, Instant::now(), Bytes::new()));
        Some(BudgetSwap::Other { version, age: put.elapsed(), state })
    }

    fn replicas(&self) -> u32 {
        3
    }
}

fn three(store: &Arc<One>, requests: u32, per: Duration) -> [SharedLedger; 3] {
    let settings = BudgetSettings { requests, per };
    [0; 3].map(|_| SharedLedger::new(Arc::clone(store) as Arc<dyn BudgetStore>, [0; 32], settings))
}

async fn taken(replicas: &[SharedLedger], payer: Option<Payer>) -> usize {
    let mut count = 0;
    for round in 0..100 {
        count += usize::from(replicas[round % replicas.len()].take(Intent::Read, payer).await.is_ok());
    }
    count
}

#[tokio::test(start_paused = true)]
async fn all_take_out_of_one() {
    let store = Arc::default();
    let replicas = three(&store, 20, 20 * SECOND);
    assert_eq!(taken(&replicas, None).await, 18, "a tenth is kept for mutations");
    for _ in 0..2 {
        assert!(replicas[1].take(Intent::Mutation, None).await.is_ok());
    }
    assert!(replicas[2].take(Intent::Mutation, None).await.is_err());
    advance(5 * SECOND).await;
    assert_eq!(taken(&replicas, None).await, 3);
}

#[tokio::test(start_paused = true)]
async fn who_has_looked_takes_at_the_first_attempt_whoever_took_last() {
    let store: Arc<One> = Arc::default();
    let replicas = three(&store, 20, 20 * SECOND);
    let swaps = || store.swaps.swap(0, Ordering::Relaxed);
    for take in 0..18 {
        let replica = &replicas[take % 3];
        replica.look().await;
        assert_eq!(swaps(), 1);
        assert_eq!(replica.state().remaining, 20 - take as u32, "as if it had taken all of them itself");
        assert!(replica.take(Intent::Read, None).await.is_ok());
        assert_eq!(swaps(), 1);
    }
    replicas[0].look().await;
    assert!(replicas[0].take(Intent::Read, None).await.is_err());
    assert_eq!(swaps(), 1, "that nothing is left is known, too");
    store.away.store(true, Ordering::Relaxed);
    replicas[1].look().await;
    assert_eq!(replicas[1].state().remaining, 2 + 1, "as known last");
}

#[tokio::test(start_paused = true)]
async fn who_can_look_but_not_take_has_its_own_part_and_no_more() {
    let store: Arc<One> = Arc::default();
    let replicas = three(&store, 20, 20 * SECOND);
    assert!(replicas[0].take(Intent::Read, None).await.is_ok());
    let mut taken = 0;
    for _ in 0..10 {
        store.away.store(false, Ordering::Relaxed);
        replicas[1].look().await;
        store.away.store(true, Ordering::Relaxed);
        taken += u32::from(replicas[1].take(Intent::Read, None).await.is_ok());
    }
    assert_eq!(taken, 1, "of a part that is not full yet");
}

#[tokio::test(start_paused = true)]
async fn at_once_too() {
    let store = Arc::default();
    let replicas = three(&store, 20, 20 * SECOND);
    let calls = (0..60).map(|call| replicas[call % 3].take(Intent::Read, None));
    let taken = futures_util::future::join_all(calls).await.into_iter().filter(Result::is_ok).count();
    assert_eq!(taken, 18);
}

#[tokio::test(start_paused = true)]
async fn one_payer_has_half_over_all_while_another_asks() {
    let store = Arc::default();
    let replicas = three(&store, 20, 20 * SECOND);
    assert!(replicas[0].take(Intent::Read, Some(Payer(2))).await.is_ok());
    assert_eq!(taken(&replicas, Some(Payer(1))).await, 10);
    assert!(replicas[2].take(Intent::Read, Some(Payer(2))).await.is_ok());
}

#[tokio::test(start_paused = true)]
async fn what_the_provider_says_to_one_holds_for_all() {
    let store = Arc::default();
    let [a, b, _] = three(&store, 20, 20 * SECOND);
    assert!(b.take(Intent::Read, None).await.is_ok());
    assert!(a.take(Intent::Read, None).await.is_ok());
    assert_eq!(a.happened(Happened::Throttled(Some(3 * SECOND))), Some(3 * SECOND));
    a.say().await;
    assert_eq!(b.take(Intent::Mutation, None).await, Err(3 * SECOND));
    advance(3 * SECOND).await;
    a.happened(Happened::NotThrottled);
    let left = Item { name: "default".to_owned(), calls: 2, window: 30 * SECOND };
    a.happened(Happened::Heed(RateLimits { remaining: vec![left], policies: vec![] }));
    a.say().await;
    assert_eq!(taken(&[b], None).await, 2);
}

#[tokio::test(start_paused = true)]
async fn while_the_store_is_away_each_has_its_part_beginning_with_next_to_nothing() {
    let store: Arc<One> = Arc::default();
    let replicas = three(&store, 30, 30 * SECOND);
    assert!(replicas[0].take(Intent::Read, None).await.is_ok());
    store.away.store(true, Ordering::Relaxed);
    assert_eq!(taken(&replicas, None).await, 3, "one call is lent to each");
    advance(3 * SECOND).await;
    assert_eq!(taken(&replicas, None).await, 0);
    // Each fills a third as fast.
    advance(3 * SECOND).await;
    for replica in &replicas {
        assert_eq!(replica.state().remaining, 1);
    }
    advance(SECOND).await;
    assert_eq!(taken(&replicas, None).await, 3, "and what is kept for mutations grows with it");
    advance(60 * SECOND).await;
    assert_eq!(taken(&replicas, None).await, 27, "nine each");
    store.away.store(false, Ordering::Relaxed);
    assert_eq!(taken(&replicas, None).await, 27, "and then the one that all share");
    let tiny = three(&store, 1, 3 * SECOND);
    store.away.store(true, Ordering::Relaxed);
    assert!(tiny[0].take(Intent::Read, None).await.is_err());
    advance(9 * SECOND).await;
    assert!(tiny[0].take(Intent::Read, None).await.is_ok(), "a part holds a call at least");
}

#[tokio::test(start_paused = true)]
async fn who_asks_in_vain_at_one_replica_is_known_at_the_others() {
    let store = Arc::default();
    let [a, b, _] = three(&store, 20, 20 * SECOND);
    while a.take(Intent::Read, Some(Payer(1))).await.is_ok() {}
    assert!(b.take(Intent::Read, Some(Payer(2))).await.is_err(), "nothing is left");
    assert!(b.take(Intent::Read, Some(Payer(2))).await.is_err(), "which is known by now without asking");
    b.say().await;
    advance(SECOND).await;
    // One has come; whoever has used all the others has had more than half.
    assert!(a.take(Intent::Read, Some(Payer(1))).await.is_err());
    assert!(b.take(Intent::Read, Some(Payer(2))).await.is_ok());
}
