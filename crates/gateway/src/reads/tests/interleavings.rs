//! Loads, reads and mutations in any order: nothing fetched before a mutation is seen after it.

use std::sync::Arc;
use std::sync::atomic::{AtomicI64, Ordering};
use std::time::Duration;

use rand::rngs::StdRng;
use rand::{Rng, SeedableRng};
use session_provider::{Operation, SessionId};
use tokio::task::JoinSet;
use tokio::time::sleep;

use crate::config::CacheConfig;
use crate::reads::Reads;
use crate::reads::testing::*;
use crate::testing::{Behaviour, Scripted};

/// What a read shows: the number of the latest mutation that its answer has seen.
async fn seen(reads: &Reads, fake: &Arc<Scripted>, which: u32, no_cache: bool) -> i64 {
    let call = crate::reads::ReadCall { no_cache, ..call() };
    let (provider, session) = (provider(fake), SessionId::new("s").unwrap());
    let reply = match which {
        0 => reads.live_sessions(call, &everyone(), &list()).await,
        1 => reads.live_session(call, &provider, &room("r"), &Default::default()).await,
        2 => reads.session(call, &provider, &session, false).await,
        3 => reads.live_participants(call, &provider, &room("r"), &page(10, None)).await,
        _ => reads.session_participants(call, &provider, &session, &page(10, None)).await,
    };
    let body = json(&reply.unwrap().body);
    let row = body.get("data").map_or(&body, |data| &data[0]);
    row["metadata"].as_i64().unwrap()
}

/// One history of random reads and kicks; every read checks itself.
async fn history(seed: u64) {
    let mut rng = StdRng::seed_from_u64(seed);
    let fake = Scripted::new("p", Behaviour::default());
    let write = |fake: &Scripted, version: i64| {
        let mut session = live("r", Some(1));
        let metadata = session_provider::RawJson::parse(&version.to_string());
        session.metadata = metadata.clone();
        let person = session_provider::Participant {
            participant_id: None,
            connection_id: session_provider::ConnectionId::new("c").unwrap(),
            custom_participant_id: None,
            display_name: None,
            role: None,
            joined_at: None,
            left_at: None,
            metadata,
        };
        fake.set(|it| {
            it.sessions = vec![session.clone()];
            it.single = Some(session);
            it.participants = vec![person];
        });
    };
    write(&fake, 0);
    let config = CacheConfig {
        fresh_for: Duration::from_millis(5),
        revalidate_for: Duration::from_millis(20),
        ..CacheConfig::default()
    };
    let reads = reads(&[&fake], config);
    let answered = Arc::new(AtomicI64::new(0));
    let mut tasks = JoinSet::new();
    for _ in 0..rng.random_range(4..12) {
        let (reads, fake, answered) = (reads.clone(), Arc::clone(&fake), Arc::clone(&answered));
        let (start, which, no_cache) = (rng.random_range(0..40), rng.random_range(0..5), rng.random_bool(0.2));
        tasks.spawn(async move {
            sleep(Duration::from_millis(start)).await;
            let known = seen(&reads, &fake, which, no_cache).await;
            // Not only what was kicked before the read began: also what was answered before the read was.
            let done = answered.load(Ordering::SeqCst);
            assert!(known >= done, "seed {seed}: read {which} shows {known} after kick {done} was answered");
        });
    }
    let by_session = rng.random_bool(0.5);
    for version in 1..=rng.random_range(1..4) {
        fake.set(|it| it.delay = Duration::from_millis(rng.random_range(0..10)));
        sleep(Duration::from_millis(rng.random_range(0..15))).await;
        write(&fake, version);
        let session = SessionId::new("s").unwrap();
        sleep(Duration::from_millis(rng.random_range(0..3))).await;
        kicked(&reads, &room("r"), by_session.then_some(&session));
        answered.store(version, Ordering::SeqCst);
    }
    while let Some(ended) = tasks.join_next().await {
        ended.unwrap();
    }
    let last = answered.load(Ordering::SeqCst);
    for which in 0..5 {
        assert_eq!(seen(&reads, &fake, which, false).await, last, "seed {seed}: at rest");
    }
    sleep(Duration::from_millis(50)).await;
    assert_eq!((reads.cache().loads(), reads.cache().tasks().len()), (0, 0), "seed {seed}");
}

#[tokio::test(start_paused = true)]
async fn ten_thousand_interleavings_show_nothing_from_before_a_kick() {
    for seed in 0..10_000 {
        history(seed).await;
    }
}

#[tokio::test(start_paused = true)]
async fn a_load_begun_before_a_kick_is_begun_again_after_it() {
    let fake = Scripted::new("p", Behaviour { delay: Duration::from_millis(100), ..Behaviour::default() });
    fake.set(|it| it.sessions = vec![live("before", None)]);
    let reads = reads(&[&fake], CacheConfig::default());
    let (caller, list) = (everyone(), list());
    let kick = async {
        sleep(Duration::from_millis(50)).await;
        fake.set(|it| it.sessions = vec![live("after", None)]);
        kicked(&reads, &room("before"), None);
        let asked = tokio::time::Instant::now();
        let reply = reads.live_sessions(call(), &caller, &list).await.unwrap();
        assert_eq!(json(&reply.body)["data"][0]["room_id"], "after");
        assert_eq!(asked.elapsed(), Duration::from_millis(100), "it did not wait for the older load");
    };
    let (reply, ()) = tokio::join!(reads.live_sessions(call(), &caller, &list), kick);
    assert_eq!(json(&reply.unwrap().body)["data"][0]["room_id"], "after");
    assert_eq!(fake.calls(Operation::ListLiveSessions), 2, "both share the second load");
}

#[tokio::test(start_paused = true)]
async fn what_a_kick_does_not_touch_stays() {
    let fake = Scripted::new("p", Behaviour { single: Some(live("x", None)), ..Behaviour::default() });
    let reads = reads(&[&fake], CacheConfig::default());
    let provider = provider(&fake);
    for name in ["r", "other"] {
        reads.live_session(call(), &provider, &room(name), &Default::default()).await.unwrap();
    }
    kicked(&reads, &room("r"), None);
    for name in ["other", "r"] {
        reads.live_session(call(), &provider, &room(name), &Default::default()).await.unwrap();
    }
    assert_eq!(fake.calls(Operation::GetLiveSession), 3);
}
