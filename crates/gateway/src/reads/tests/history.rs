//! The sessions of all times.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;
use std::time::Duration;

use rand::rngs::StdRng;
use rand::{Rng, SeedableRng};
use session_provider::{
    Capabilities, ErrorKind, Operation, PassedOfMoment, ProviderId, Session, SessionFilter, SessionId, SessionStatus,
    WantedStatus,
};
use tokio::time::advance;

use crate::config::CacheConfig;
use crate::problem::Code;
use crate::reads::testing::*;
use crate::reads::{CacheStatus, HistoryQuery, Reads};
use crate::testing::{Behaviour, Scripted};

fn ran(room_name: &str, id: &str, created: Option<i64>, status: SessionStatus) -> Session {
    let session_id = Some(SessionId::new(id).unwrap());
    Session { session_id, created_at: created.and_then(at), ..Session::of_room(room(room_name), status) }
}

fn over(id: &str, created: Option<i64>) -> Session {
    ran("r", id, created, SessionStatus::Ended)
}

fn with(history: Vec<Session>) -> Behaviour {
    Behaviour { history, ..Behaviour::default() }
}

/// One that lists the sessions of one room only.
fn of_rooms(id: &str, history: Vec<Session>) -> Arc<Scripted> {
    let capabilities = Capabilities::none().with(Operation::ListRoomSessions);
    Scripted::with_capabilities(id, with(history), capabilities)
}

fn query(limit: u16, cursor: Option<String>) -> HistoryQuery {
    let filter = SessionFilter::default();
    HistoryQuery { providers: None, filter, page: page(limit, cursor), forbid_partial: false }
}

async fn body(reads: &Reads, query: &HistoryQuery) -> serde_json::Value {
    json(&reads.sessions(call(), &everyone(), query).await.unwrap().body)
}

fn ids(body: &serde_json::Value) -> Vec<String> {
    body["data"].as_array().unwrap().iter().map(|row| row["session_id"].as_str().unwrap().to_owned()).collect()
}

fn cursor(body: &serde_json::Value) -> Option<String> {
    body["page"]["next_cursor"].as_str().map(str::to_owned)
}

#[tokio::test(start_paused = true)]
async fn providers_are_merged_newest_first_then_by_provider_then_by_id_and_what_is_unknown_comes_last() {
    let p = Scripted::new("p", with(vec![over("b", Some(5)), over("a", Some(5)), over("z", None), over("n", Some(9))]));
    let started = Session { started_at: at(5), ..over("a", None) };
    let q = Scripted::new("q", with(vec![over("m", Some(7)), started, over("y", None)]));
    let reads = reads(&[&p, &q], CacheConfig::default());
    let all = body(&reads, &query(50, None)).await;
    assert_eq!(ids(&all), ["n", "m", "a", "b", "a", "z", "y"]);
    assert_eq!((&all["complete"], &all["page"]["total_count"]), (&true.into(), &serde_json::Value::Null));
    assert_eq!((cursor(&all), &all["page"]["limit"]), (None, &50.into()));
    assert!(all["providers"].as_array().unwrap().iter().all(|part| part["session_count"].is_null()));
    let (mut walked, mut next) = (Vec::new(), None);
    loop {
        let page = body(&reads, &query(1, next)).await;
        walked.extend(ids(&page));
        next = cursor(&page);
        if next.is_none() {
            break;
        }
    }
    assert_eq!(walked, ids(&all));
    assert!(p.queries().iter().chain(&q.queries()).all(|query| query.limit == 1 || query.limit == 50));
}

#[tokio::test(start_paused = true)]
async fn a_cursor_says_each_provider_where_the_walk_is_and_gives_it_its_own_position() {
    let p = Scripted::new("p", with(vec![over("b", Some(5)), over("d", Some(5))]));
    let q = Scripted::new("q", with(vec![over("c", Some(5)), over("a", Some(5)), over("e", Some(5))]));
    let r = Scripted::new("r", with(vec![over("f", Some(5))]));
    let reads = reads(&[&p, &q, &r], CacheConfig::default());
    let first = body(&reads, &query(3, None)).await;
    assert_eq!(ids(&first), ["b", "d", "a"]);
    assert_eq!(ids(&body(&reads, &query(9, cursor(&first))).await), ["c", "e", "f"]);
    let of = |fake: &Arc<Scripted>| {
        let query = fake.queries().pop().unwrap();
        let passed = query.passed.unwrap();
        assert_eq!(passed.moment, at(5));
        (passed.of_moment, query.position.numbers().to_vec())
    };
    assert_eq!(of(&p), (PassedOfMoment::All, vec![2]));
    assert_eq!(of(&q), (PassedOfMoment::UpTo(SessionId::new("a").unwrap()), vec![1]));
    assert_eq!(of(&r), (PassedOfMoment::None, vec![0]));
}

#[tokio::test(start_paused = true)]
async fn one_that_lists_rooms_only_is_unsupported_without_a_room_and_that_is_no_failure() {
    let p = Scripted::new("p", with(vec![over("a", Some(5))]));
    let h = of_rooms("h", vec![over("h1", Some(4)), ran("s", "h2", Some(6), SessionStatus::Live)]);
    let reads = reads(&[&p, &h], CacheConfig::default());
    for forbid_partial in [false, true] {
        let query = HistoryQuery { forbid_partial, ..query(50, None) };
        let reply = reads.sessions(call(), &everyone(), &query).await.unwrap();
        let body = json(&reply.body);
        assert_eq!((ids(&body), reply.no_store, &body["complete"]), (vec!["a".to_owned()], false, &false.into()));
        let entry = &body["providers"][0];
        assert_eq!((&entry["provider"], &entry["status"]), (&"h".into(), &"unsupported".into()));
        assert_eq!(
            (&entry["problem"]["code"], &entry["problem"]["retryable"]),
            (&"capability_unsupported".into(), &false.into())
        );
        assert!(matches!(reply.cache_status, CacheStatus::Miss { stored: true, .. } | CacheStatus::Hit { .. }));
    }
    assert!(h.asked().is_empty());
    let only = HistoryQuery { providers: Some([ProviderId::new("h").unwrap()].into()), ..query(50, None) };
    let problem = reads.sessions(call(), &everyone(), &only).await.unwrap_err();
    assert_eq!(
        (problem.code, problem.status, problem.provider.as_deref()),
        (Code::CapabilityUnsupported, 501, Some("h"))
    );
    assert_eq!(problem.providers.unwrap().len(), 1);

    let mut of_room = query(1, None);
    of_room.filter.room = Some(room("r"));
    let first = body(&reads, &of_room).await;
    assert_eq!((ids(&first), &first["complete"]), (vec!["a".to_owned()], &true.into()));
    of_room.page.cursor = cursor(&first);
    let last = body(&reads, &of_room).await;
    assert_eq!((ids(&last), cursor(&last)), (vec!["h1".to_owned()], None));
    assert_eq!(h.calls(Operation::ListRoomSessions), 1, "the whole room is one answer, for every page");
    p.set(|it| it.fail = Some(ErrorKind::ProviderTimeout));
    advance(Duration::from_secs(100)).await;
    let problem = reads.sessions(call(), &everyone(), &query(50, None)).await.unwrap_err();
    assert_eq!(problem.code, Code::ProviderTimeout, "what failed is told, not what cannot be");
}

#[tokio::test(start_paused = true)]
async fn filters_are_judged_here_for_a_room_that_is_read_whole() {
    let h = of_rooms(
        "h",
        vec![
            over("a", Some(10)),
            ran("r", "b", Some(20), SessionStatus::Live),
            over("c", Some(30)),
            over("d", None),
            Session { started_at: at(15), ..over("e", None) },
        ],
    );
    let reads = reads(&[&h], CacheConfig::default());
    for (status, since, until, expected) in [
        (None, None, None, vec!["c", "b", "e", "a", "d"]),
        (Some(WantedStatus::Live), None, None, vec!["b"]),
        (Some(WantedStatus::Ended), Some(10), Some(30), vec!["e", "a"]),
        (None, Some(15), None, vec!["c", "b", "e"]),
        (None, Some(40), Some(50), vec![]),
    ] {
        let mut query = query(50, None);
        query.filter =
            SessionFilter { room: Some(room("r")), status, since: since.and_then(at), until: until.and_then(at) };
        assert_eq!(ids(&body(&reads, &query).await), expected);
    }
    let mut unknown = query(50, None);
    unknown.filter.room = Some(room("unknown"));
    let empty = body(&reads, &unknown).await;
    assert_eq!((ids(&empty).len(), &empty["complete"]), (0, &true.into()));
}

#[tokio::test(start_paused = true)]
async fn with_a_cursor_a_provider_that_fails_fails_the_page_and_the_cursor_stays_good() {
    let p = Scripted::new("p", with(vec![over("a", Some(5)), over("b", Some(3))]));
    let q = Scripted::new("q", with(vec![over("c", Some(4))]));
    let reads = reads(&[&p, &q], CacheConfig::default());
    let first = body(&reads, &query(1, None)).await;
    q.set(|it| it.fail = Some(ErrorKind::ProviderError));
    let next = query(5, cursor(&first));
    let problem = reads.sessions(call(), &everyone(), &next).await.unwrap_err();
    assert_eq!(
        (problem.code, problem.providers.unwrap()[1].status),
        (Code::ProviderError, crate::problem::ProviderOutcomeStatus::Failed)
    );
    // Without one, whoever answers is enough.
    let partial = reads.sessions(call(), &everyone(), &query(5, None)).await.unwrap();
    assert_eq!((ids(&json(&partial.body)), partial.no_store), (vec!["a".to_owned(), "b".to_owned()], true));
    q.set(|it| it.fail = None);
    assert_eq!(ids(&body(&reads, &next).await), ["c", "b"]);

    // An older answer to the same page goes on well.
    q.set(|it| it.fail = Some(ErrorKind::ProviderError));
    advance(Duration::from_secs(11)).await;
    let stale = reads.sessions(call(), &everyone(), &next).await.unwrap();
    assert_eq!((ids(&json(&stale.body)), stale.no_store), (vec!["c".to_owned(), "b".to_owned()], true));
    assert_eq!(json(&stale.body)["data"][0]["stale"], true);
    let forbid = HistoryQuery { forbid_partial: true, ..next };
    assert_eq!(reads.sessions(call(), &everyone(), &forbid).await.unwrap_err().code, Code::ProviderError);
}

#[tokio::test(start_paused = true)]
async fn a_page_is_kept_like_any_other_answer_and_a_cursor_of_other_filters_is_refused() {
    let p = Scripted::new("p", with(vec![over("a", Some(5)), over("b", Some(3))]));
    let reads = reads(&[&p], CacheConfig::default());
    let first = reads.sessions(call(), &everyone(), &query(1, None)).await.unwrap();
    let again = reads.sessions(call(), &everyone(), &query(1, None)).await.unwrap();
    assert_eq!((&again.body, &again.etag), (&first.body, &first.etag));
    assert_eq!((again.cache_status, p.calls(Operation::ListSessions)), (CacheStatus::Hit { ttl: 2 }, 1));
    advance(Duration::from_secs(100)).await;
    let later = reads.sessions(call(), &everyone(), &query(1, None)).await.unwrap();
    assert_ne!(later.body, first.body, "another time");
    assert_eq!(later.etag, first.etag);

    let cursor = cursor(&json(&first.body));
    let mut filtered = query(1, cursor.clone());
    filtered.filter.status = Some(WantedStatus::Live);
    let mut of_room = query(1, cursor.clone());
    of_room.filter.room = Some(room("r"));
    let mut since = query(1, cursor.clone());
    since.filter.since = at(0);
    let named = HistoryQuery { providers: Some([ProviderId::new("p").unwrap()].into()), ..query(1, cursor) };
    for query in [filtered, of_room, since, named, query(1, Some("no!".into()))] {
        let problem = reads.sessions(call(), &everyone(), &query).await.unwrap_err();
        assert_eq!(problem.code, Code::InvalidCursor);
    }
    assert_eq!(p.calls(Operation::ListSessions), 2);
}

#[tokio::test(start_paused = true)]
async fn a_page_is_not_older_than_what_was_told_of_any_room() {
    let p = Scripted::new("p", with(vec![]));
    let reads = reads(&[&p], CacheConfig::default());
    let mut of_room = query(9, None);
    of_room.filter.room = Some(room("r"));
    for query in [&query(9, None), &of_room] {
        p.set(|it| it.history = vec![]);
        assert!(ids(&body(&reads, query).await).is_empty());
        // A list has shown it, and an event says so: who has read it asks for the history.
        p.set(|it| it.history = vec![over("new", Some(5))]);
        let id = SessionId::new("new").unwrap();
        reads.changes().seen(reads.changes().tick(), &ProviderId::new("p").unwrap(), [&room("r")], Some(&id));
        assert_eq!(ids(&body(&reads, query).await), ["new"]);
    }
    assert_eq!(p.calls(Operation::ListSessions), 4);
}

#[tokio::test(start_paused = true)]
async fn a_walk_under_churn_repeats_none_and_skips_no_stayer() {
    let mut rng = StdRng::seed_from_u64(11);
    let created = |rng: &mut StdRng| rng.random_bool(0.95).then(|| rng.random_range(0..900_i64));
    let mut world: BTreeMap<(usize, String), Option<i64>> =
        (0..3_000).map(|n| ((n % 3, format!("s{n}")), created(&mut rng))).collect();
    let fakes = [Scripted::new("p0", with(vec![])), Scripted::new("p1", with(vec![])), of_rooms("p2", vec![])];
    let publish = |world: &BTreeMap<(usize, String), Option<i64>>| {
        for (index, fake) in fakes.iter().enumerate() {
            let own = world.iter().filter(|((provider, _), _)| *provider == index);
            fake.set(|it| it.history = own.map(|((_, id), created)| over(id, *created)).collect());
        }
    };
    publish(&world);
    let reads = reads(&[&fakes[0], &fakes[1], &fakes[2]], CacheConfig::default());
    let mut stayers: BTreeSet<(usize, String)> = world.keys().cloned().collect();
    let (mut seen, mut next, mut pages) = (BTreeSet::new(), None, 0_i64);
    loop {
        let mut query = query(rng.random_range(1..=200), next);
        query.filter.room = Some(room("r"));
        let page = body(&reads, &query).await;
        for row in page["data"].as_array().unwrap() {
            let provider = row["provider"].as_str().unwrap()[1..].parse::<usize>().unwrap();
            let key = (provider, row["session_id"].as_str().unwrap().to_owned());
            assert!(seen.insert(key.clone()), "{key:?} came twice");
        }
        next = cursor(&page);
        if next.is_none() {
            break;
        }
        world.retain(|_, _| !rng.random_bool(0.005));
        stayers.retain(|key| world.contains_key(key));
        for n in 0..20 {
            world.insert((n % 3, format!("new-{pages}-{n}")), Some(1_000 + pages));
        }
        publish(&world);
        pages += 1;
        advance(Duration::from_secs(11)).await;
    }
    assert!((15..80).contains(&pages) && stayers.len() > 2_000, "{pages} pages, {} stayed", stayers.len());
    assert_eq!(stayers.difference(&seen).count(), 0, "no stayer was skipped");
}
