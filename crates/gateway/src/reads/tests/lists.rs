//! The merged list.

use std::collections::{BTreeMap, BTreeSet};
use std::time::Duration;

use caller_auth::{Caller, VisibleProviders};
use rand::rngs::StdRng;
use rand::{Rng, SeedableRng};
use session_provider::{ErrorKind, Operation, ProviderId, Session};
use tokio::time::{Instant, advance};

use crate::config::CacheConfig;
use crate::model;
use crate::problem::{self, Code};
use crate::reads::testing::*;
use crate::reads::{CacheStatus, ListQuery};
use crate::testing::{Behaviour, Scripted};

fn with(sessions: Vec<Session>) -> Behaviour {
    Behaviour { sessions, ..Behaviour::default() }
}

fn rooms(body: &serde_json::Value) -> Vec<&str> {
    body["data"].as_array().unwrap().iter().map(|row| row["room_id"].as_str().unwrap()).collect()
}

#[tokio::test(start_paused = true)]
async fn a_page_is_what_the_model_says_byte_for_byte_and_a_hit_copies_nothing() {
    let (one, two) = (vec![live("b", Some(1)), live("a", Some(3))], vec![live("d", None), live("c", Some(3))]);
    let (p, q) = (Scripted::new("p", with(one.clone())), Scripted::new("q", with(two.clone())));
    let reads = reads(&[&p, &q], CacheConfig::default());
    let reply = reads.live_sessions(call(), &everyone(), &list()).await.unwrap();
    let fetched_at = session_provider::Timestamp::parse_rfc3339("2026-11-20T10:00:00Z").unwrap();
    let (p_id, q_id) = (ProviderId::new("p").unwrap(), ProviderId::new("q").unwrap());
    let kind = session_provider::ProviderKind::new("realtimekit");
    let row = |id, session| model::SessionJson::new(id, kind, session, fetched_at, false);
    let outcome = |id: &ProviderId| problem::ProviderOutcome {
        provider: id.to_string(),
        status: problem::ProviderOutcomeStatus::Ok,
        session_count: Some(2),
        fetched_at: Some(fetched_at),
        problem: None,
    };
    let expected = model::LiveSessionPage {
        data: vec![row(&p_id, &one[1]), row(&q_id, &two[1]), row(&p_id, &one[0]), row(&q_id, &two[0])],
        page: model::PageJson { limit: 100, next_cursor: None, total_count: Some(4) },
        complete: true,
        providers: vec![outcome(&p_id), outcome(&q_id)],
    };
    assert_eq!(std::str::from_utf8(&reply.body).unwrap(), serde_json::to_string(&expected).unwrap());
    let again = reads.live_sessions(call(), &everyone(), &list()).await.unwrap();
    assert_eq!((again.body.as_ptr(), &again.etag), (reply.body.as_ptr(), &reply.etag));
}

#[tokio::test(start_paused = true)]
async fn the_deadline_counts_from_the_arrival_of_the_request() {
    let (good, bad) = (Scripted::new("good", with(vec![live("a", None)])), Scripted::new("bad", with(vec![])));
    bad.set(|it| it.hang = true);
    let reads = reads(&[&good, &bad], CacheConfig::default());
    let (call, came) = (call(), Instant::now());
    // Verifying the token took a while.
    advance(DEADLINE / 2).await;
    assert!(reads.live_sessions(call, &everyone(), &list()).await.is_ok());
    assert_eq!(came.elapsed(), DEADLINE);
}

#[tokio::test(start_paused = true)]
async fn one_provider_hangs_and_the_list_answers_by_its_deadline() {
    let (good, bad) = (Scripted::new("good", with(vec![live("a", None)])), Scripted::new("bad", with(vec![])));
    bad.set(|it| it.hang = true);
    let reads = reads(&[&good, &bad], CacheConfig::default());
    let began = Instant::now();
    let reply = reads.live_sessions(call(), &everyone(), &list()).await.unwrap();
    assert_eq!(began.elapsed(), DEADLINE);
    let body = json(&reply.body);
    assert_eq!((rooms(&body), reply.no_store), (vec!["a"], true));
    assert_eq!((&body["complete"], &body["page"]["total_count"]), (&false.into(), &serde_json::Value::Null));
    let failed = &body["providers"][0];
    assert_eq!((&failed["provider"], &failed["status"]), (&"bad".into(), &"failed".into()));
    assert_eq!(failed["problem"]["code"], "provider_timeout");
    assert!(failed["session_count"].is_null() && failed["fetched_at"].is_null());

    // Now with the breaker open: as fast as the good one alone.
    bad.set(|it| {
        it.hang = false;
        it.fail = Some(ErrorKind::ProviderUnavailable);
    });
    let began = Instant::now();
    let reply = reads.live_sessions(call(), &everyone(), &list()).await.unwrap();
    assert_eq!(
        (began.elapsed(), reply.cache_status),
        (Duration::ZERO, CacheStatus::Miss { collapsed: false, stored: false })
    );
}

#[tokio::test(start_paused = true)]
async fn a_stale_part_keeps_its_rows_and_says_why() {
    let (p, q) = (Scripted::new("p", with(vec![live("a", None)])), Scripted::new("q", with(vec![live("b", None)])));
    let reads = reads(&[&p, &q], CacheConfig::default());
    reads.live_sessions(call(), &everyone(), &list()).await.unwrap();
    q.set(|it| it.fail = Some(ErrorKind::ProviderError));
    advance(Duration::from_secs(11)).await;
    let reply = reads.live_sessions(call(), &everyone(), &list()).await.unwrap();
    let body = json(&reply.body);
    assert_eq!((rooms(&body), reply.cache_status, reply.no_store), (vec!["a", "b"], CacheStatus::Stale, true));
    assert_eq!((&body["data"][0]["stale"], &body["data"][1]["stale"]), (&false.into(), &true.into()));
    let part = &body["providers"][1];
    assert_eq!((&part["status"], &part["session_count"]), (&"stale".into(), &1.into()));
    assert_eq!((&part["problem"]["code"], &body["complete"]), (&"provider_error".into(), &false.into()));
    assert_eq!(reply.age, Duration::from_secs(11));

    let forbid = ListQuery { forbid_partial: true, ..list() };
    let problem = reads.live_sessions(call(), &everyone(), &forbid).await.unwrap_err();
    assert_eq!((problem.code, problem.providers.unwrap().len()), (Code::ProviderError, 2));
    q.set(|it| it.fail = None);
    advance(Duration::from_secs(3)).await;
    let reply = reads.live_sessions(call(), &everyone(), &forbid).await.unwrap();
    assert!(!reply.no_store, "it waited for the refresh rather than take the stale answer");
}

#[tokio::test(start_paused = true)]
async fn when_none_is_usable_the_problem_has_the_common_code_or_provider_unavailable() {
    let fail = |kind| Behaviour { fail: Some(kind), ..Behaviour::default() };
    for (one, two, code, wait) in [
        (ErrorKind::ProviderTimeout, ErrorKind::ProviderTimeout, Code::ProviderTimeout, None),
        (ErrorKind::ProviderTimeout, ErrorKind::ProviderError, Code::ProviderUnavailable, Some(1)),
        (ErrorKind::ProviderRateLimited, ErrorKind::ProviderRateLimited, Code::ProviderRateLimited, Some(1)),
        (ErrorKind::CapabilityUnsupported, ErrorKind::CapabilityUnsupported, Code::CapabilityUnsupported, None),
    ] {
        let reads = reads(&[&Scripted::new("p", fail(one)), &Scripted::new("q", fail(two))], CacheConfig::default());
        let problem = reads.live_sessions(call(), &everyone(), &list()).await.unwrap_err();
        assert_eq!((problem.code, problem.retry_after_seconds), (code, wait), "{one:?} {two:?}");
        let parts = problem.providers.unwrap();
        assert_eq!(parts.iter().map(|part| part.provider.as_str()).collect::<Vec<_>>(), ["p", "q"]);
    }
}

#[tokio::test(start_paused = true)]
async fn a_caller_sees_only_theirs_and_none_is_an_empty_complete_list() {
    let (p, q) = (Scripted::new("p", with(vec![live("a", None)])), Scripted::new("q", with(vec![live("b", None)])));
    let reads = reads(&[&p, &q], CacheConfig::default());
    let only = |ids: &[&str]| {
        let ids = ids.iter().map(|id| (*id).to_owned()).collect();
        Caller::new("i".into(), "s".into(), BTreeSet::new(), VisibleProviders::Only(ids))
    };
    reads.live_sessions(call(), &everyone(), &list()).await.unwrap();
    let reply = reads.live_sessions(call(), &only(&["q"]), &list()).await.unwrap();
    let body = json(&reply.body);
    assert_eq!((rooms(&body), body["providers"].as_array().unwrap().len()), (vec!["b"], 1));
    let reply = reads.live_sessions(call(), &only(&[]), &list()).await.unwrap();
    let body = json(&reply.body);
    assert_eq!(
        (&body["data"], &body["providers"], &body["complete"]),
        (&serde_json::json!([]), &serde_json::json!([]), &true.into())
    );
    assert_eq!((&body["page"]["total_count"], reply.no_store), (&0.into(), false));

    let filter = ListQuery { providers: Some([ProviderId::new("p").unwrap()].into()), ..list() };
    let body = json(&reads.live_sessions(call(), &everyone(), &filter).await.unwrap().body);
    assert_eq!(rooms(&body), ["a"]);
}

#[tokio::test(start_paused = true)]
async fn a_cursor_of_other_filters_is_refused_before_anybody_is_asked() {
    let p = Scripted::new("p", with(vec![live("a", None), live("b", None)]));
    let reads = reads(&[&p], CacheConfig::default());
    let first = ListQuery { page: page(1, None), ..list() };
    let body = json(&reads.live_sessions(call(), &everyone(), &first).await.unwrap().body);
    let cursor = body["page"]["next_cursor"].as_str().map(str::to_owned);
    let next = ListQuery { page: page(7, cursor.clone()), forbid_partial: true, ..list() };
    assert_eq!(rooms(&json(&reads.live_sessions(call(), &everyone(), &next).await.unwrap().body)), ["b"]);
    advance(Duration::from_secs(100)).await;
    let filtered = ListQuery { providers: Some([ProviderId::new("p").unwrap()].into()), ..next.clone() };
    let garbage = ListQuery { page: page(1, Some("no!".into())), ..list() };
    for query in [filtered, garbage] {
        let problem = reads.live_sessions(call(), &everyone(), &query).await.unwrap_err();
        assert_eq!(problem.code, Code::InvalidCursor);
    }
    assert_eq!(p.calls(Operation::ListLiveSessions), 1);
}

/// Sessions of two providers, some with equal or unknown starts, as (provider, room) to start.
type World = BTreeMap<(usize, String), Option<i64>>;

#[tokio::test(start_paused = true)]
async fn a_walk_over_ten_thousand_sessions_under_churn_repeats_none_and_skips_no_stayer() {
    let mut rng = StdRng::seed_from_u64(7);
    let start = |rng: &mut StdRng| rng.random_bool(0.9).then(|| rng.random_range(0..500_i64));
    let mut world: World = (0..10_000).map(|n| ((n % 2, format!("r{n}")), start(&mut rng))).collect();
    let fakes = [Scripted::new("p0", Behaviour::default()), Scripted::new("p1", Behaviour::default())];
    let publish = |world: &World| {
        for (index, fake) in fakes.iter().enumerate() {
            let own = world.iter().filter(|((provider, _), _)| *provider == index);
            let sessions = own.map(|((_, name), started)| live(name, *started)).collect();
            fake.set(|it| it.sessions = sessions);
        }
    };
    publish(&world);
    let reads = reads(&[&fakes[0], &fakes[1]], CacheConfig::default());
    let mut stayers: BTreeSet<(usize, String)> = world.keys().cloned().collect();
    let (mut seen, mut cursor, mut pages) = (BTreeSet::new(), None, 0_usize);
    loop {
        let limit = rng.random_range(200..700);
        let query = ListQuery { page: page(limit, cursor), ..list() };
        let body = json(&reads.live_sessions(call(), &everyone(), &query).await.unwrap().body);
        for row in body["data"].as_array().unwrap() {
            let provider = usize::from(row["provider"] == "p1");
            let key = (provider, row["room_id"].as_str().unwrap().to_owned());
            assert!(seen.insert(key.clone()), "{key:?} came twice");
        }
        cursor = body["page"]["next_cursor"].as_str().map(str::to_owned);
        if cursor.is_none() {
            break;
        }
        // About one in a hundred ends between two pages, as many start: 20 % over the walk of some twenty pages.
        world.retain(|_, _| !rng.random_bool(0.01));
        stayers.retain(|key| world.contains_key(key));
        for n in 0..100 {
            world.insert((n % 2, format!("new-{pages}-{n}")), start(&mut rng));
        }
        publish(&world);
        pages += 1;
        advance(Duration::from_secs(11)).await;
    }
    assert!((15..60).contains(&pages), "{pages} pages");
    assert!((7000..9000).contains(&stayers.len()), "{} stayed", stayers.len());
    assert_eq!(stayers.difference(&seen).count(), 0, "no stayer was skipped");
}
