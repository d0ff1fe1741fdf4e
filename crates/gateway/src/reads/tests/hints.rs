//! What a hint does to answers that are held: they stop being fresh, and nothing else.

use std::time::Duration;

use rand::rngs::StdRng;
use rand::{Rng, SeedableRng};
use session_provider::{BudgetState, ErrorKind, Operation, ProviderId, SessionId};
use tokio::time::{advance, sleep};

use crate::changes::{Hint, LAG};
use crate::config::CacheConfig;
use crate::problem::Code;
use crate::reads::testing::*;
use crate::reads::{CacheStatus, Reads};
use crate::testing::{Behaviour, Scripted};

fn ms(ms: u64) -> Duration {
    Duration::from_millis(ms)
}

/// Answers stay fresh for long, so that only hints end it.
fn config() -> CacheConfig {
    let at = Duration::from_secs;
    CacheConfig { fresh_for: at(30), revalidate_for: at(60), stale_for: at(90), ..CacheConfig::default() }
}

fn hint(reads: &Reads, rooms: &[&str], session: Option<&str>) {
    reads.changes().hint(Hint {
        provider: ProviderId::new("p").unwrap(),
        rooms: rooms.iter().map(|name| room(name)).collect(),
        session: session.map(|id| SessionId::new(id).unwrap()),
    });
}

async fn settle() {
    sleep(ms(1)).await;
}

#[tokio::test(start_paused = true)]
async fn the_next_read_answers_at_once_and_refreshes() {
    let fake = Scripted::new("p", Behaviour { single: Some(live("x", Some(5))), ..Behaviour::default() });
    let reads = reads(&[&fake], config());
    let provider = provider(&fake);
    let get = async |name: &str| reads.live_session(call(), &provider, &room(name), &Default::default()).await.unwrap();
    get("r").await;
    get("other").await;
    advance(ms(5000)).await;
    fake.set(|it| it.single = Some(live("y", Some(6))));
    hint(&reads, &["r"], None);
    advance(ms(1500)).await;
    let old = get("r").await;
    assert_eq!(json(&old.body)["started_at"], "1970-01-01T00:00:00.005Z", "{old:?}");
    assert_eq!((old.cache_status, old.no_store), (CacheStatus::Hit { ttl: -2 }, false));
    assert_eq!(get("other").await.cache_status, CacheStatus::Hit { ttl: 23 }, "of another room nothing was said");
    settle().await;
    assert_eq!(fake.calls(Operation::GetLiveSession), 3);
    let new = get("r").await;
    assert_eq!(json(&new.body)["started_at"], "1970-01-01T00:00:00.006Z");
    assert_eq!(new.cache_status, CacheStatus::Hit { ttl: 0 }, "the provider's API may lag behind");
}

#[tokio::test(start_paused = true)]
async fn the_list_the_session_and_the_media_counts_are_refreshed_too() {
    let fake = Scripted::new("p", Behaviour::live("s"));
    let reads = reads(&[&fake], config());
    let (provider, session) = (provider(&fake), SessionId::new("s").unwrap());
    let read_all = async || {
        reads.live_sessions(call(), &everyone(), &list()).await.unwrap();
        let media = [crate::reads::Include::MediaCounts].into();
        reads.live_sessions(call(), &everyone(), &crate::reads::ListQuery { include: media, ..list() }).await.unwrap();
        reads.session(call(), &provider, &session, false).await.unwrap();
        reads.live_participants(call(), &provider, &room("room"), &page(10, None)).await.unwrap();
        settle().await;
    };
    let operations = [
        Operation::ListLiveSessions,
        Operation::CountLiveMedia,
        Operation::GetSession,
        Operation::ListLiveParticipants,
    ];
    let calls = || operations.map(|operation| fake.calls(operation));
    read_all().await;
    read_all().await;
    assert_eq!(calls(), [1, 1, 1, 1]);
    hint(&reads, &["room"], Some("s"));
    read_all().await;
    assert_eq!(calls(), [2, 2, 2, 2]);
    advance(LAG).await;
    read_all().await;
    assert_eq!(calls(), [3, 3, 3, 3], "what was fetched within the lag is looked at once more");
    advance(LAG).await;
    read_all().await;
    assert_eq!(calls(), [3, 3, 3, 3], "and then it is fresh for as long as ever");
    hint(&reads, &[], None);
    read_all().await;
    assert_eq!(calls(), [4, 4, 3, 3], "without a room it says something of the whole alone");
}

#[tokio::test(start_paused = true)]
async fn absence_is_served_once_more_and_looked_at_again() {
    let fake = Scripted::new("p", Behaviour::idle());
    let reads = reads(&[&fake], config());
    let provider = provider(&fake);
    let get = async || reads.live_session(call(), &provider, &room("r"), &Default::default()).await;
    assert_eq!(get().await.unwrap_err().code, Code::SessionNotLive);
    fake.does(Behaviour::live("s"));
    assert_eq!(get().await.unwrap_err().code, Code::SessionNotLive, "kept for a moment");
    hint(&reads, &["r"], None);
    assert_eq!(get().await.unwrap_err().code, Code::SessionNotLive, "at once");
    settle().await;
    get().await.unwrap();
}

#[tokio::test(start_paused = true)]
async fn an_answer_that_was_under_way_when_the_hint_came_is_looked_at_again() {
    let fake = Scripted::new("p", Behaviour { delay: ms(100), ..Behaviour::live("s") });
    let reads = reads(&[&fake], config());
    let provider = provider(&fake);
    let get = async || reads.live_session(call(), &provider, &room("r"), &Default::default()).await.unwrap();
    let meanwhile = async {
        sleep(ms(50)).await;
        hint(&reads, &["r"], None);
    };
    let (first, ()) = tokio::join!(get(), meanwhile);
    assert!(matches!(first.cache_status, CacheStatus::Miss { .. }), "it is served all the same");
    assert_eq!(get().await.cache_status, CacheStatus::Hit { ttl: -1 });
    sleep(ms(101)).await;
    assert_eq!(fake.calls(Operation::GetLiveSession), 2);
    assert_eq!(get().await.cache_status, CacheStatus::Hit { ttl: 1 });
}

/// However many hints come, one answer takes at most a quarter of the budget.
#[tokio::test(start_paused = true)]
async fn a_flood_of_hints_costs_a_quarter_of_the_budget() {
    let budget = BudgetState { remaining: 600, requests: 600, per: Duration::from_secs(300) };
    let fake = Scripted::new("p", Behaviour { exchanges: 3, budget: Some(budget), ..Behaviour::live("s") });
    let reads = reads(&[&fake], config());
    let read = async || reads.live_sessions(call(), &everyone(), &list()).await.unwrap();
    read().await;
    for _ in 0..6000 {
        hint(&reads, &["room"], Some("s"));
        read().await;
        sleep(ms(10)).await;
    }
    // One that was waited for, one at the first hint, then one every 4 · 3 · 300 s / 600 = 6 s.
    let calls = fake.calls(Operation::ListLiveSessions);
    assert!((11..=12).contains(&calls), "{calls}");
}

#[tokio::test(start_paused = true)]
async fn polls_and_hints_share_one_pace() {
    let budget = BudgetState { remaining: 600, requests: 600, per: Duration::from_secs(300) };
    let fake = Scripted::new("p", Behaviour { exchanges: 3, budget: Some(budget), ..Behaviour::live("s") });
    let reads = reads(&[&fake], config());
    reads.poll_live_sessions(&provider(&fake), None).await;
    for (wait, calls) in [(0, 1), (5990, 1), (10, 2)] {
        advance(ms(wait)).await;
        hint(&reads, &["room"], None);
        reads.live_sessions(call(), &everyone(), &list()).await.unwrap();
        settle().await;
        let made = fake.calls(Operation::ListLiveSessions);
        assert_eq!(made, calls, "after {wait} ms more: 4 · 3 · 300 s / 600 = 6 s is the pace");
    }
}

#[tokio::test(start_paused = true)]
async fn a_refresh_that_fails_is_not_repeated_for_each_hint_and_the_answer_stays() {
    let fake = Scripted::new("p", Behaviour { exchanges: 1, ..Behaviour::live("s") });
    let reads = reads(&[&fake], config());
    let provider = provider(&fake);
    let get = async || reads.live_session(call(), &provider, &room("r"), &Default::default()).await.unwrap();
    get().await;
    fake.set(|it| it.fail = Some(ErrorKind::ProviderError));
    for _ in 0..100 {
        hint(&reads, &["r"], None);
        let reply = get().await;
        assert!(!reply.no_store && matches!(reply.cache_status, CacheStatus::Hit { ttl: ..0 }), "{reply:?}");
        sleep(ms(10)).await;
    }
    assert_eq!(fake.calls(Operation::GetLiveSession), 2);
}

/// A world that changes and says so by a hint, while the provider's API lags up to [`LAG`] behind and may fail. However
/// reads fall in between: once the lag is over and a refresh is due, the second read is current, long before the answer is
/// old by itself. Every read is answered without waiting, and none goes back behind an earlier one.
async fn hinted_history(seed: u64) {
    let mut rng = StdRng::seed_from_u64(seed);
    let first = live("r", Some(0));
    let fake = Scripted::new("p", Behaviour { exchanges: 1, single: Some(first), ..Behaviour::default() });
    let budget = BudgetState { remaining: 600, requests: 600, per: Duration::from_secs(300) };
    fake.set(|it| it.budget = rng.random_bool(0.5).then_some(budget));
    let hour = Duration::from_secs(3600);
    let config =
        CacheConfig { fresh_for: hour, revalidate_for: 2 * hour, stale_for: 3 * hour, ..CacheConfig::default() };
    let reads = reads(&[&fake], config);
    let provider = provider(&fake);
    let see = async || {
        let before = tokio::time::Instant::now();
        let reply = reads.live_session(call(), &provider, &room("r"), &Default::default()).await.unwrap();
        assert_eq!(before.elapsed(), Duration::ZERO, "seed {seed}");
        json(&reply.body)["started_at"].as_str().unwrap().to_owned()
    };
    let mut latest = see().await;
    // What the API does not show yet, and from when on it will.
    let mut hidden: Vec<(tokio::time::Instant, i64)> = Vec::new();
    let (may_fail, mut version, mut shown) = (rng.random_bool(0.3), 0, 0);
    for _ in 0..rng.random_range(5..40) {
        let now = tokio::time::Instant::now();
        shown = hidden.extract_if(.., |(from, _)| *from <= now).map(|(_, version)| version).fold(shown, i64::max);
        fake.set(|it| it.single.as_mut().unwrap().started_at = at(shown));
        match rng.random_range(0..4) {
            0 => {
                version += 1000;
                hidden.push((now + ms(rng.random_range(0..2000)), version));
                hint(&reads, &["r"], None);
            }
            1 if may_fail => fake.set(|it| it.fail = rng.random_bool(0.3).then_some(ErrorKind::ProviderError)),
            _ => {
                let seen = see().await;
                assert!(seen >= latest, "seed {seed}: {seen} after {latest}");
                latest = seen;
            }
        }
        sleep(ms(rng.random_range(1..1500))).await;
    }
    fake.set(|it| {
        it.fail = None;
        it.single.as_mut().unwrap().started_at = at(version);
    });
    // A refresh that has failed is not tried again before an hour is over.
    sleep(if may_fail { hour } else { 2 * LAG }).await;
    see().await;
    settle().await;
    assert_eq!(see().await, at(version).unwrap().to_string(), "seed {seed}");
}

#[tokio::test(start_paused = true)]
async fn a_thousand_histories_of_hints_end_in_what_is_so() {
    for seed in 0..1000 {
        hinted_history(seed).await;
    }
}
