//! Three replicas over one real store act as one, and as three while it is away.

use futures_util::future::join_all;
use http::StatusCode;
use provider_simulator::{Fault, Person, Service};
use rollcall_tests::{EventReader, RedisServer, Setup, Stack, Token};
use serde_json::json;

const LIST: &str = "/v1/live-sessions?provider=realtimekit";

/// The store and the replicas, of which the first holds the simulators. `None` without a store to run.
async fn three(setup: impl Fn(&RedisServer) -> Setup) -> Option<(RedisServer, [Stack; 3])> {
    let store = RedisServer::start().await?;
    let first = Stack::start_with(setup(&store)).await;
    let (second, third) = (first.beside(setup(&store)).await, first.beside(setup(&store)).await);
    let replicas = [first, second, third];
    for replica in &replicas {
        replica.shares(true).await;
    }
    Some((store, replicas))
}

/// What is fetched stays fresh for as long as a test takes.
fn lasting(store: &RedisServer) -> Setup {
    Setup { cluster: store.cluster(), cache: "fresh_for = \"60s\"".to_owned(), ..Setup::default() }
}

#[tokio::test]
async fn a_cold_read_on_all_at_once_is_one_call_and_then_a_hit_for_all() {
    let Some((_store, replicas)) = three(lasting).await else { return };
    let room = replicas[0].live_room(Service::RealtimeKit, "Sync", &["Chen"]);
    for path in [LIST.to_owned(), format!("/v1/live-sessions/realtimekit/{room}")] {
        let before = replicas[0].upstream_requests();
        let answers = join_all(replicas.iter().map(|replica| replica.get(&path))).await;
        for answer in &answers {
            assert_eq!(answer.expect(200), answers[0].expect(200), "{path}");
        }
        assert_eq!(replicas[0].upstream_requests() - before, 1, "{path}");
        for replica in &replicas {
            let again = replica.get(&path).await;
            assert!(again.header("cache-status").starts_with("rollcall; hit"), "{}", again.header("cache-status"));
            assert_eq!(again.header("etag"), answers[0].header("etag"));
        }
        assert_eq!(replicas[0].upstream_requests() - before, 1, "{path}");
    }
}

#[tokio::test]
async fn what_is_changed_on_one_no_other_serves_from_before() {
    let Some((_store, replicas)) = three(lasting).await else { return };
    let room = replicas[0].live_room(Service::RealtimeKit, "Sync", &["Chen"]);
    let dora = replicas[0].world.join(&room, Person::named("Dora")).expect("room");
    let base = format!("/v1/live-sessions/realtimekit/{room}");
    for replica in &replicas {
        for path in [LIST.to_owned(), base.clone(), format!("{base}/participants")] {
            let _ = replica.get(&path).await.expect(200);
        }
    }
    let body = json!({ "participant_ids": [dora.participant_id], "custom_participant_ids": [] });
    let _ = replicas[1].post(&format!("{base}/kick"), &body).await.expect(200);
    // What no replica serves any more 100 ms later.
    tokio::time::sleep(std::time::Duration::from_millis(100)).await;
    for replica in &replicas {
        assert_eq!(replica.get(&base).await.expect(200)["participant_count"], 1);
        assert_eq!(replica.get(LIST).await.expect(200)["data"][0]["participant_count"], 1);
        let people = replica.get(&format!("{base}/participants")).await.expect(200);
        assert_eq!(people["data"].as_array().map(Vec::len), Some(1));
    }
}

#[tokio::test]
async fn a_mutation_with_a_key_is_sent_once_whichever_replica_is_asked() {
    let Some((_store, replicas)) = three(lasting).await else { return };
    let room = replicas[0].live_room(Service::RealtimeKit, "Sync", &["Chen"]);
    let path = format!("/v1/live-sessions/realtimekit/{room}/polls");
    let body = json!({ "question": "Lunch?", "options": ["yes", "no"] });
    let key = [("idempotency-key", "once")];
    let answers = join_all(replicas.iter().map(|replica| replica.post_with(&path, &body, &key))).await;
    for answer in &answers {
        assert_eq!(answer.expect(201), answers[0].expect(201));
    }
    assert_eq!(replicas[0].realtimekit.log().matching("POST active-session/poll").len(), 1);
    let other = json!({ "question": "Dinner?", "options": ["yes", "no"] });
    for replica in &replicas {
        let _ = replica.post_with(&path, &other, &key).await.problem(422, "idempotency_key_reused");
        assert_eq!(replica.post_with(&path, &body, &key).await.expect(201), answers[0].expect(201));
    }
    let refused = replicas[0].world.add_room(Service::RealtimeKit, "Idle");
    let path = format!("/v1/live-sessions/realtimekit/{refused}/polls");
    let first = replicas[0].post_with(&path, &body, &key).await.problem(404, "session_not_live");
    let second = replicas[2].post_with(&path, &body, &key).await.problem(404, "session_not_live");
    assert_eq!((&first["detail"], &first["upstream_status"]), (&second["detail"], &second["upstream_status"]));
}

#[tokio::test]
async fn one_budget_for_all_and_a_429_seen_by_one_stops_all() {
    let budget = |store: &RedisServer| Setup {
        cluster: store.cluster(),
        budget: Some("{ requests = 10, per = \"3600s\" }".to_owned()),
        cache: "fresh_for = \"0s\"\nrevalidate_for = \"0s\"\nnot_live_for = \"0s\"".to_owned(),
        ..Setup::default()
    };
    let Some((_store, replicas)) = three(budget).await else { return };
    let mut refused = 0;
    for read in 0..30 {
        let path = format!("/v1/live-sessions/realtimekit/room-{read}");
        refused += u32::from(replicas[read % 3].get(&path).await.status == StatusCode::SERVICE_UNAVAILABLE);
    }
    assert_eq!((replicas[0].realtimekit.log().total(), refused), (9, 21), "a tenth is kept for mutations");

    let room = replicas[0].live_room(Service::Huddle01, "Call", &["Ada"]);
    let path = format!("/v1/live-sessions/huddle01/{room}");
    replicas[0].huddle01.script().always("**", Fault::rate_limited(Some(30)));
    let _ = replicas[0].get(&path).await.problem(503, "provider_rate_limited");
    let asked = replicas[0].huddle01.log().total();
    for replica in &replicas[1..] {
        let _ = replica.get(&path).await.problem(503, "provider_rate_limited");
    }
    assert_eq!(replicas[0].huddle01.log().total(), asked, "the others did not ask");
}

#[tokio::test]
async fn no_request_fails_when_the_store_goes_and_nothing_old_appears_when_it_comes() {
    let Some((mut store, mut replicas)) = three(lasting).await else { return };
    let room = replicas[0].live_room(Service::RealtimeKit, "Sync", &["Chen"]);
    let base = format!("/v1/live-sessions/realtimekit/{room}");
    for replica in &replicas {
        let _ = replica.get(&base).await.expect(200);
    }
    store.kill();
    for _ in 0..5 {
        for replica in &replicas {
            let _ = replica.get(&base).await.expect(200);
            let _ = replica.get(LIST).await.expect(200);
        }
    }
    for replica in &replicas {
        replica.shares(false).await;
    }
    let _ = replicas[0].post_empty(&format!("{base}/kick-all")).await.expect(200);
    let _ = replicas[0].get(&base).await.problem(404, "session_not_live");
    store.restart().await;
    for replica in &replicas {
        replica.shares(true).await;
    }
    for replica in &replicas {
        let _ = replica.get(&base).await.problem(404, "session_not_live");
        assert_eq!(replica.get(LIST).await.expect(200)["data"], json!([]));
    }
    for replica in &mut replicas {
        replica.stop().await;
    }
}

#[tokio::test]
async fn two_deployments_on_one_store_do_not_see_each_other() {
    let Some(store) = RedisServer::start().await else { return };
    let (one, other) = (Stack::start_with(lasting(&store)).await, Stack::start_with(lasting(&store)).await);
    for stack in [&one, &other] {
        stack.shares(true).await;
    }
    let _ = one.live_room(Service::RealtimeKit, "Sync", &["Chen"]);
    assert_eq!(one.get(LIST).await.expect(200)["page"]["total_count"], 1);
    assert_eq!(other.get(LIST).await.expect(200)["page"]["total_count"], 0);
}

/// What a counter says of all replicas in this process.
async fn lots_taken(replica: &Stack) -> u64 {
    let metrics = replica.get_admin("/metrics").await.text;
    let ours = metrics.lines().filter(|line| {
        line.starts_with("rollcall_cluster_steps_total{") && line.contains("take_lot") && line.contains("\"ok\"")
    });
    ours.filter_map(|line| line.split_whitespace().last()?.parse::<u64>().ok()).sum()
}

#[tokio::test]
async fn a_caller_has_one_quota_for_all_and_the_store_is_asked_seldom() {
    let limited = |store: &RedisServer| Setup {
        limits: "requests = { requests = 1000, per = \"3600s\" }".to_owned(),
        ..lasting(store)
    };
    let Some((_store, replicas)) = three(limited).await else { return };
    let before = lots_taken(&replicas[0]).await;
    let asking = replicas.iter().cycle().take(12).map(|replica| async move {
        let mut passed = 0;
        for _ in 0..110 {
            let answer = replica.get("/v1/providers").await;
            passed += usize::from(answer.status == StatusCode::OK);
            assert_eq!(answer.header("ratelimit-policy"), "\"default\";q=1000;w=3600");
            if answer.status != StatusCode::OK {
                let _ = answer.problem(429, "rate_limited");
            }
        }
        passed
    });
    let passed: usize = join_all(asking).await.into_iter().sum();
    assert!((900..=1100).contains(&passed), "{passed} of 1000");
    let steps = lots_taken(&replicas[0]).await - before;
    assert!(steps <= 100, "{steps} steps for 1320 requests");
}

#[tokio::test]
async fn a_small_quota_holds_to_the_request_over_all() {
    let limited = |store: &RedisServer| Setup {
        limits: "requests = { requests = 100, per = \"3600s\" }\nmoderation = { requests = 5, per = \"3600s\" }"
            .to_owned(),
        ..lasting(store)
    };
    let Some((_store, replicas)) = three(limited).await else { return };
    let room = replicas[0].live_room(Service::RealtimeKit, "Sync", &["Chen"]);
    let path = format!("/v1/live-sessions/realtimekit/{room}/polls");
    let body = json!({ "question": "Lunch?", "options": ["yes", "no"] });
    let asked = (0..15).map(|n| replicas[n % 3].post(&path, &body));
    let answers = join_all(asked).await;
    let created = answers.iter().filter(|answer| answer.status == StatusCode::CREATED).count();
    assert_eq!(created, 5, "{:?}", answers.iter().map(|answer| answer.status).collect::<Vec<_>>());
    assert_eq!(replicas[0].realtimekit.log().matching("POST active-session/poll").len(), 5);
}

#[tokio::test]
async fn one_polls_for_the_streams_of_all_and_another_goes_on_when_it_is_gone() {
    let Some((_store, replicas)) = three(lasting).await else { return };
    const EVENTS: &str = "/v1/events?provider=realtimekit";
    let token = Token::default().sign();
    let mut readers = Vec::new();
    for replica in &replicas[..2] {
        let mut reader = EventReader::open(replica, EVENTS, &token, None).await;
        assert_eq!(reader.until("snapshot").await.data["data"], json!([]));
        readers.push(reader);
    }
    let (before, begun) = (replicas[0].upstream_requests(), tokio::time::Instant::now());
    let room = replicas[0].live_room(Service::RealtimeKit, "Sync", &["Chen"]);
    let mut ids = Vec::new();
    for reader in &mut readers {
        let event = reader.until("session_started").await;
        assert_eq!(event.data["session"]["room_id"], room.as_str());
        ids.push(event.id);
    }
    assert_eq!(ids[0], ids[1], "one numbering");
    let (polls, time) = (replicas[0].upstream_requests() - before, begun.elapsed());
    assert!(polls <= time.as_secs() / 2 + 2, "{polls} in {time:?}");

    // The reader of the one that led, which gives its place to the other, goes on at the third.
    drop(readers.remove(0));
    let mut third = EventReader::open(&replicas[2], EVENTS, &token, ids[0].as_deref()).await;
    let other = replicas[0].live_room(Service::RealtimeKit, "Standup", &["Dora"]);
    for reader in readers.iter_mut().chain([&mut third]) {
        let event = loop {
            let event = reader.next().await.expect("it goes on");
            if event.event != "session_updated" {
                break event;
            }
        };
        assert_eq!(event.event, "session_started");
        assert_eq!(event.data["session"]["room_id"], other.as_str());
    }
}
