//! What an answer of each age is worth, row by row.

use std::time::Duration;

use bytesize::ByteSize;
use session_provider::{BudgetState, ErrorKind, Operation, Payer, SessionId, SessionStatus};
use tokio::time::advance;

use crate::config::CacheConfig;
use crate::problem::Code;
use crate::reads::CacheStatus;
use crate::reads::testing::*;
use crate::testing::{Behaviour, Scripted};

const MISS: CacheStatus = CacheStatus::Miss { collapsed: false, stored: true };

fn ms(ms: u64) -> Duration {
    Duration::from_millis(ms)
}

fn one_live() -> Behaviour {
    Behaviour { single: Some(live("x", Some(5))), ..Behaviour::default() }
}

/// Lets background loads run to their end.
async fn settle() {
    tokio::time::sleep(ms(1)).await;
}

#[tokio::test(start_paused = true)]
async fn each_age_is_answered_as_the_table_says() {
    let fake = Scripted::new("p", one_live());
    let reads = reads(&[&fake], CacheConfig::default());
    let provider = provider(&fake);
    let get = async || reads.live_session(call(), &provider, &room("r"), &Default::default()).await.unwrap();
    let calls = || fake.calls(Operation::GetLiveSession);

    assert_eq!(get().await.cache_status, MISS);
    advance(ms(2000)).await;
    let fresh = get().await;
    assert_eq!((fresh.cache_status, fresh.age, fresh.no_store), (CacheStatus::Hit { ttl: 0 }, ms(2000), false));
    settle().await;
    assert_eq!(calls(), 1, "a fresh answer is not refreshed");

    advance(ms(1499)).await;
    assert_eq!(get().await.cache_status, CacheStatus::Hit { ttl: -2 }, "at once, and refreshed behind its back");
    settle().await;
    assert_eq!(calls(), 2);
    assert_eq!(get().await.cache_status, CacheStatus::Hit { ttl: 1 });

    advance(ms(10_001)).await;
    let waited = get().await;
    assert_eq!((waited.cache_status, waited.no_store), (MISS, false), "a refresh that succeeds is not stale");
    assert_eq!(calls(), 3);

    fake.set(|it| it.fail = Some(ErrorKind::ProviderError));
    advance(ms(10_001)).await;
    let stale = get().await;
    assert_eq!((stale.cache_status, stale.no_store), (CacheStatus::Stale, true));
    assert_eq!(json(&stale.body)["stale"], true);
    assert_ne!(stale.etag, waited.etag);

    advance(ms(50_000)).await;
    let gone = reads.live_session(call(), &provider, &room("r"), &Default::default()).await.unwrap_err();
    assert_eq!(gone.code, Code::ProviderError, "at stale_for the old answer is of no use any more");
}

#[tokio::test(start_paused = true)]
async fn failing_refreshes_are_tried_once_per_fresh_for_and_nobody_waits() {
    let fake = Scripted::new("p", one_live());
    let reads = reads(&[&fake], CacheConfig::default());
    let provider = provider(&fake);
    let get = async || reads.live_session(call(), &provider, &room("r"), &Default::default()).await.unwrap();
    get().await;
    fake.set(|it| {
        it.fail = Some(ErrorKind::ProviderTimeout);
        it.delay = ms(500);
    });
    advance(ms(10_001)).await;
    get().await;
    let (first, began) = (fake.calls(Operation::GetLiveSession), tokio::time::Instant::now());
    for _ in 0..200 {
        let before = tokio::time::Instant::now();
        assert_eq!(get().await.cache_status, CacheStatus::Stale);
        assert_eq!(before.elapsed(), Duration::ZERO, "answered at once");
        tokio::time::sleep(ms(100)).await;
    }
    let tries = fake.calls(Operation::GetLiveSession) - first;
    let most = began.elapsed().as_millis() / 2000;
    assert!((4..=most).contains(&u128::from(tries)), "{tries} tries in {:?}", began.elapsed());

    fake.set(|it| it.fail = None);
    tokio::time::sleep(ms(3000)).await;
    get().await;
    tokio::time::sleep(ms(501)).await;
    assert!(!get().await.no_store, "it recovers by itself");
}

#[tokio::test(start_paused = true)]
async fn a_failed_background_refresh_is_not_repeated_within_fresh_for() {
    let fake = Scripted::new("p", one_live());
    let reads = reads(&[&fake], CacheConfig::default());
    let provider = provider(&fake);
    let get = async || reads.live_session(call(), &provider, &room("r"), &Default::default()).await.unwrap();
    get().await;
    fake.set(|it| it.fail = Some(ErrorKind::ProviderError));
    advance(ms(2001)).await;
    for _ in 0..15 {
        assert!(matches!(get().await.cache_status, CacheStatus::Hit { ttl: ..0 }), "still answered as ok");
        tokio::time::sleep(ms(100)).await;
    }
    assert_eq!(fake.calls(Operation::GetLiveSession), 2);
}

#[tokio::test(start_paused = true)]
async fn not_live_is_kept_for_not_live_for_and_no_other_error_is() {
    let fake = Scripted::new("p", Behaviour::default());
    let reads = reads(&[&fake], CacheConfig::default());
    let provider = provider(&fake);
    let get = async || reads.live_session(call(), &provider, &room("r"), &Default::default()).await.unwrap_err();
    for _ in 0..3 {
        let problem = get().await;
        assert_eq!((problem.code, problem.provider.as_deref()), (Code::SessionNotLive, Some("p")));
    }
    assert_eq!(fake.calls(Operation::GetLiveSession), 1);
    advance(ms(1001)).await;
    get().await;
    assert_eq!(fake.calls(Operation::GetLiveSession), 2);

    advance(ms(1001)).await;
    for (calls, kind) in [(3, ErrorKind::ProviderBadResponse), (4, ErrorKind::ProviderError), (5, ErrorKind::Internal)]
    {
        fake.set(|it| it.fail = Some(kind));
        assert_eq!(get().await.code, kind.into());
        assert_eq!(fake.calls(Operation::GetLiveSession), calls);
    }
}

#[tokio::test(start_paused = true)]
async fn absence_is_an_answer_and_never_covered_by_an_older_one() {
    let fake = Scripted::new("p", one_live());
    let reads = reads(&[&fake], CacheConfig::default());
    let provider = provider(&fake);
    let get = async || reads.live_session(call(), &provider, &room("r"), &Default::default()).await;
    get().await.unwrap();
    fake.set(|it| it.single = None);
    advance(ms(2001)).await;
    get().await.unwrap();
    settle().await;
    assert_eq!(get().await.unwrap_err().code, Code::SessionNotLive, "the background refresh replaced it");

    let id = SessionId::new("s").unwrap();
    let by_id = async || reads.session(call(), &provider, &id, false).await;
    fake.set(|it| it.single = Some(live("r", None)));
    by_id().await.unwrap();
    fake.set(|it| it.single = None);
    advance(ms(10_001)).await;
    assert_eq!(by_id().await.unwrap_err().code, Code::SessionNotFound);
    fake.set(|it| it.fail = Some(ErrorKind::ProviderError));
    assert_eq!(by_id().await.unwrap_err().code, Code::ProviderError, "and what was gone does not come back");
}

#[tokio::test(start_paused = true)]
async fn an_ended_session_is_kept_ended_for() {
    let mut ended = live("r", None);
    ended.status = SessionStatus::Ended;
    let fake = Scripted::new("p", Behaviour { single: Some(ended), ..Behaviour::default() });
    let reads = reads(&[&fake], CacheConfig::default());
    let (provider, id) = (provider(&fake), SessionId::new("s").unwrap());
    let get = async || reads.session(call(), &provider, &id, false).await.unwrap().cache_status;
    assert_eq!(get().await, MISS);
    advance(ms(3_599_000)).await;
    assert_eq!(get().await, CacheStatus::Hit { ttl: 1 });
    settle().await;
    assert_eq!(fake.calls(Operation::GetSession), 1);
    advance(ms(1000)).await;
    assert_eq!(get().await, MISS);
}

#[tokio::test(start_paused = true)]
async fn a_dear_answer_is_fresh_for_as_long_as_a_quarter_of_the_budget_pays_for_it() {
    let budget = BudgetState { remaining: 600, requests: 600, per: ms(300_000) };
    let fake = Scripted::new("p", Behaviour { exchanges: 5, budget: Some(budget), ..one_live() });
    let reads = reads(&[&fake], CacheConfig::default());
    let get = async || reads.live_sessions(call(), &everyone(), &list()).await.unwrap();
    get().await;
    advance(ms(10_000)).await;
    assert_eq!(get().await.cache_status, CacheStatus::Hit { ttl: 0 });
    settle().await;
    assert_eq!(fake.calls(Operation::ListLiveSessions), 1);
}

#[tokio::test(start_paused = true)]
async fn an_etag_survives_a_refresh_that_changed_nothing_and_no_other() {
    let fake = Scripted::new("p", Behaviour { sessions: vec![live("a", Some(1))], ..one_live() });
    let reads = reads(&[&fake], CacheConfig::default());
    let provider = provider(&fake);
    let single = async || reads.live_session(call(), &provider, &room("r"), &Default::default()).await.unwrap();
    let merged = async || reads.live_sessions(call(), &everyone(), &list()).await.unwrap();
    let before = (single().await, merged().await);
    advance(ms(11_000)).await;
    let after = (single().await, merged().await);
    assert_eq!((&before.0.etag, &before.1.etag), (&after.0.etag, &after.1.etag));
    assert_ne!((&before.0.body, &before.1.body), (&after.0.body, &after.1.body), "fetched_at has moved on");
    fake.set(|it| {
        it.single = Some(live("x", Some(6)));
        it.sessions = vec![live("a", Some(2))];
    });
    advance(ms(11_000)).await;
    let changed = (single().await, merged().await);
    assert!(changed.0.etag != after.0.etag && changed.1.etag != after.1.etag);
}

#[tokio::test(start_paused = true)]
async fn memory_is_bounded_by_bytes() {
    let mut fat = live("x", None);
    fat.title = Some("t".repeat(10_000));
    let fake = Scripted::new("p", Behaviour { single: Some(fat.clone()), sessions: vec![fat], ..Behaviour::default() });
    let max = ByteSize::kib(400);
    let reads = reads(&[&fake], CacheConfig { max_bytes: max, ..CacheConfig::default() });
    let provider = provider(&fake);
    for index in 0..100 {
        let room = room(&format!("r{index}"));
        let reply = reads.live_session(call(), &provider, &room, &Default::default()).await.unwrap();
        assert_eq!(reply.cache_status, MISS);
        reads.live_sessions(no_cache(), &everyone(), &list()).await.unwrap();
        let held = reads.cache().weight() + reads.pages().weight();
        assert!(held <= max.as_u64() && held > 0, "{held}");
    }
    let latest = reads.live_session(call(), &provider, &room("r99"), &Default::default()).await.unwrap();
    assert_eq!(latest.cache_status, CacheStatus::Hit { ttl: 2 }, "the latest answer is kept");
    let first = reads.live_session(call(), &provider, &room("r0"), &Default::default()).await.unwrap();
    assert_eq!(first.cache_status, MISS, "the oldest had to go");

    fake.set(|it| it.single.as_mut().unwrap().title = Some("t".repeat(1_000_000)));
    let huge = reads.live_session(call(), &provider, &room("huge"), &Default::default()).await.unwrap();
    assert_eq!(huge.cache_status, CacheStatus::Miss { collapsed: false, stored: false });
}

#[tokio::test(start_paused = true)]
async fn one_callers_spent_share_does_not_make_anothers_answer_stale() {
    let fake = Scripted::new("p", Behaviour { refuse: Some(Payer(1)), delay: ms(10), ..one_live() });
    let reads = reads(&[&fake], CacheConfig::default());
    let provider = provider(&fake);
    let (room, include) = (room("r"), Default::default());
    let get = |payer| reads.live_session(call_of(payer), &provider, &room, &include);
    let (refused, served) = tokio::join!(get(1), get(2));
    assert_eq!(refused.unwrap_err().code, Code::ProviderRateLimited);
    assert!(served.is_ok(), "it asked again on its own account");
    advance(ms(10_001)).await;
    assert_eq!(get(1).await.unwrap().cache_status, CacheStatus::Stale);
    assert_eq!(get(2).await.unwrap().cache_status, MISS);
}
