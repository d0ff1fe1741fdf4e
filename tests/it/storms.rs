//! Providers that fail a lot: the API stays up, costs them little, and never lies.

use std::collections::BTreeSet;
use std::time::Duration;

use futures_util::StreamExt;
use futures_util::stream;
use http::StatusCode;
use provider_simulator::{Fault, Service, Times};
use rollcall_tests::{Reply, Setup, Stack};
use serde_json::{Value, json};

const REQUESTS: usize = 10_000;
const AT_ONCE: usize = 32;
const ROOMS: usize = 8;

/// Short windows, so that the storm meets fresh, revalidated, expired and stale answers; nothing becomes too old to serve.
fn stormy() -> Setup {
    let cache = "fresh_for = \"20ms\"\nrevalidate_for = \"60ms\"\nstale_for = \"10m\"";
    Setup { cache: cache.into(), ..Setup::default() }
}

fn rooms_of(list: &Value, provider: &str) -> BTreeSet<String> {
    let rows = list["data"].as_array().expect("data").iter().filter(|row| row["provider"] == provider);
    rows.map(|row| row["room_id"].as_str().expect("a room").to_owned()).collect()
}

/// What is said of a provider in a list is true: all its rooms, or none and a reason.
fn assert_true_list(list: &Value, provider: &str, rooms: &BTreeSet<String>) {
    let outcomes = list["providers"].as_array().expect("providers");
    let outcome = outcomes.iter().find(|outcome| outcome["provider"] == provider).expect("an outcome");
    let shown = rooms_of(list, provider);
    if outcome["status"] == "failed" {
        assert!(shown.is_empty() && outcome["problem"].is_object() && list["complete"] == false, "{outcome}");
    } else {
        assert_eq!((&shown, &outcome["session_count"]), (rooms, &json!(rooms.len())), "{outcome}");
        assert_eq!(outcome["status"] == "stale", outcome["problem"].is_object(), "{outcome}");
    }
}

#[tokio::test]
async fn thirty_percent_random_failures_never_lie_and_hardly_show() {
    let stack = Stack::start_with(stormy()).await;
    let services = [("huddle01", Service::Huddle01), ("realtimekit", Service::RealtimeKit)];
    let rooms = services.map(|(_, service)| stack.world.seed_live(service, ROOMS, 2));
    let known = rooms.each_ref().map(|rooms| rooms.iter().cloned().collect::<BTreeSet<_>>());
    let mut paths = vec!["/v1/live-sessions".to_owned()];
    for ((provider, _), rooms) in services.iter().zip(&rooms) {
        for room in rooms {
            let session = stack.world.live_session(room).expect("live").id;
            paths.push(format!("/v1/live-sessions/{provider}/{room}"));
            paths.push(format!("/v1/live-sessions/{provider}/{room}/participants"));
            paths.push(format!("/v1/sessions/{provider}/{session}/participants"));
        }
    }
    for path in &paths {
        let _ = stack.get(path).await.expect(200);
    }
    for (seed, simulator) in [(1, &stack.huddle01), (2, &stack.realtimekit)] {
        let random = |fault, seed| simulator.script().add("**", Times::Chance { probability: 0.1, seed }, fault);
        random(Fault::status(StatusCode::BAD_GATEWAY), seed);
        random(Fault::reset(), seed + 10);
        random(Fault::html(StatusCode::OK), seed + 20);
    }

    let check = |path: &str, reply: &Reply| {
        if !reply.status.is_success() {
            assert!(reply.status.is_server_error(), "{path}: {reply:?}");
            return false;
        }
        let body = reply.json();
        if path == "/v1/live-sessions" {
            for ((provider, _), rooms) in services.iter().zip(&known) {
                assert_true_list(&body, provider, rooms);
            }
        } else if path.ends_with("/participants") {
            assert_eq!(body["data"].as_array().map(Vec::len), Some(2), "{path}: {body}");
        } else {
            assert!(path.ends_with(body["room_id"].as_str().expect("a room")), "{path}: {body}");
        }
        true
    };
    let storm = stream::iter((0..REQUESTS).map(|n| &paths[n % paths.len()]))
        .map(|path| async { check(path, &stack.get(path).await) })
        .buffer_unordered(AT_ONCE)
        .fold(0, |failed, good| async move { failed + usize::from(!good) });
    let failed = tokio::time::timeout(Duration::from_secs(300), storm).await.expect("no request hangs");
    assert!(failed * 1000 <= REQUESTS, "{failed} of {REQUESTS} failed although everything was in memory");
}

#[tokio::test]
async fn a_dead_provider_is_hardly_called() {
    let stack = Stack::start().await;
    let rooms = stack.world.seed_live(Service::Huddle01, 500, 0);
    stack.live_room(Service::RealtimeKit, "Sync", &["Chen"]);
    stack.huddle01.script().always("**", Fault::status(StatusCode::INTERNAL_SERVER_ERROR));
    // One after the other until the breaker opens, then all at once.
    for room in &rooms[..5] {
        let _ = stack.get(&format!("/v1/live-sessions/huddle01/{room}")).await.problem(502, "provider_error");
        if stack.huddle01.log().total() >= 5 {
            break;
        }
    }
    let opened = stack.huddle01.log().total();
    assert!((5..=6).contains(&opened), "{opened} calls opened the breaker");
    let everybody = &stack;
    let refused = stream::iter(&rooms[5..])
        .map(|room| async move { everybody.get(&format!("/v1/live-sessions/huddle01/{room}")).await })
        .buffer_unordered(AT_ONCE)
        .collect::<Vec<_>>()
        .await;
    let open = refused.iter().filter(|reply| reply.json()["code"] == "provider_unavailable").count();
    let calls = stack.huddle01.log().total() - opened;
    // A probe every five seconds or more, however slow this machine is; every other read was refused without a call.
    assert_eq!(open + usize::try_from(calls).expect("few"), refused.len(), "{calls} calls");
    assert!(refused.iter().all(|reply| reply.header("retry-after").parse::<u64>().is_ok() || reply.status == 502));
    let health = stack.get("/v1/providers").await.expect(200);
    assert_eq!(health["data"][0]["health"]["status"], "unavailable", "{health}");
    let list = stack.get("/v1/live-sessions").await.expect(200);
    assert_eq!((list["data"].as_array().map(Vec::len), &list["complete"]), (Some(1), &json!(false)));
}
