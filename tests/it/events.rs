//! Event streams over sockets.

use std::time::Duration;

use http::Method;
use provider_simulator::{Person, Service};
use rollcall_tests::{EventReader, Setup, Stack, Token};
use serde_json::json;

fn token() -> String {
    Token::default().sign()
}

async fn quick() -> Stack {
    Stack::start_with(Setup { events: "poll_for = \"100ms\"".to_owned(), ..Setup::default() }).await
}

#[tokio::test]
async fn what_happens_is_told_and_who_comes_back_has_missed_nothing() {
    let stack = quick().await;
    let first = stack.live_room(Service::RealtimeKit, "First", &["Ada"]);
    let mut events = EventReader::open(&stack, "/v1/events?provider=realtimekit", &token(), None).await;
    let snapshot = events.next().await.expect("an event");
    assert_eq!((snapshot.event.as_str(), &snapshot.data["data"][0]["room_id"]), ("snapshot", &json!(first)));
    assert_eq!(snapshot.data["entry"]["status"], "ok");
    let second = stack.live_room(Service::RealtimeKit, "Second", &["Grace"]);
    let started = events.until("session_started").await;
    assert_eq!(started.data["session"]["room_id"], json!(second));
    let id = started.id.expect("an id");
    drop(events);

    let path = format!("/v1/live-sessions/realtimekit/{first}/kick-all");
    let _ = stack.post_empty(&path).await.expect(200);
    let mut again = EventReader::open(&stack, "/v1/events?provider=realtimekit", &token(), Some(&id)).await;
    let ended = again.next().await.expect("an event");
    assert_eq!((ended.event.as_str(), &ended.data["room_id"]), ("session_ended", &json!(first)), "no snapshot");
    assert_eq!(ended.data["reason"], "ended");
    let list = stack.get("/v1/live-sessions?provider=realtimekit").await.expect(200);
    assert_eq!(list["page"]["total_count"], 1, "no older knowledge after an event");

    // An id is of use to a stream of the same providers alone.
    let mut other = EventReader::open(&stack, "/v1/events", &token(), ended.id.as_deref()).await;
    assert_eq!(other.next().await.expect("an event").event, "snapshot");
}

#[tokio::test]
async fn a_stream_says_that_it_is_one_and_head_opens_none() {
    let stack = quick().await;
    for method in [Method::GET, Method::HEAD] {
        let reply =
            stack.send(method.clone(), "/v1/events", Some(&token()), None, &[("accept-encoding", "gzip")]).await;
        assert_eq!(reply.status, 200);
        for (name, value) in
            [("content-type", "text/event-stream"), ("cache-control", "no-store"), ("x-accel-buffering", "no")]
        {
            assert_eq!(reply.header(name), value, "{method}");
        }
        assert_eq!((reply.header("content-encoding"), reply.header("content-length")), ("", ""), "{method}");
        assert_eq!(reply.text.is_empty(), method == Method::HEAD);
    }
    let only_head = quick().await;
    let _ = only_head.send(Method::HEAD, "/v1/events", Some(&token()), None, &[]).await;
    let _ = only_head.get("/v1/providers").await.expect(200);
    assert_eq!(only_head.upstream_requests(), 0);
}

#[tokio::test]
async fn a_caller_sees_its_own_providers_alone() {
    let stack = quick().await;
    let _ = stack.live_room(Service::RealtimeKit, "Secret", &["Ada"]);
    let narrow = Token::default().providers(&["huddle01"]).sign();
    let mut events = EventReader::open(&stack, "/v1/events", &narrow, None).await;
    assert_eq!(events.next().await.expect("an event").data["provider"], "huddle01");
    let _ = stack.live_room(Service::Huddle01, "Open", &["Ada"]);
    assert_eq!(events.next().await.expect("an event").data["provider"], "huddle01");
    let _ = stack.get_as("/v1/events?provider=realtimekit", Some(&narrow)).await.problem(404, "provider_not_found");
    let _ = stack.get("/v1/events?limit=5").await.problem(400, "invalid_request");
}

#[tokio::test]
async fn streams_are_bounded_for_each_caller_and_for_all() {
    let setup = Setup {
        limits: "streams = 2\nconcurrent = 1".to_owned(),
        events: "max_streams = 3".to_owned(),
        ..Setup::default()
    };
    let stack = Stack::start_with(setup).await;
    let of = |name: &str| Token::default().claim("sub", json!(name)).sign();
    let mut held = Vec::new();
    for name in ["one", "one", "other"] {
        held.push(EventReader::open(&stack, "/v1/events", &of(name), None).await);
    }
    let refused = stack.get_as("/v1/events", Some(&of("one"))).await;
    let _ = refused.problem(429, "rate_limited");
    assert!(!refused.header("retry-after").is_empty());
    let _ = stack.get_as("/v1/events", Some(&of("other"))).await.problem(503, "overloaded");
    // Streams take none of the requests that a caller may have under way.
    let _ = stack.get_as("/v1/live-sessions", Some(&of("one"))).await.expect(200);
    drop(held);
    for _ in 0..100 {
        if stack.get_as("/v1/events", Some(&of("one"))).await.status == 200 {
            return;
        }
        tokio::time::sleep(Duration::from_millis(20)).await;
    }
    panic!("no place came free");
}

#[tokio::test]
async fn a_stream_ends_with_its_token() {
    let stack = quick().await;
    // The tests' leeway is 5 s.
    let short = Token::default().times(-1, -4).sign();
    let short = if stack.get_as("/v1/providers", Some(&short)).await.status == 200 {
        short
    } else {
        Token::default().times(-6, 1).sign()
    };
    let mut events = EventReader::open(&stack, "/v1/events", &short, None).await;
    let bye = tokio::time::timeout(Duration::from_secs(10), events.until("bye")).await.expect("in time");
    assert_eq!(bye.data["reason"], "token_expired");
    assert!(bye.retry.is_some_and(|ms| ms < 10_000));
    assert!(events.next().await.is_none());
}

#[tokio::test]
async fn a_drain_says_goodbye_to_streams_at_once() {
    let mut stack = quick().await;
    let mut events = EventReader::open(&stack, "/v1/events", &token(), None).await;
    let _ = events.until("snapshot").await;
    // Far less than the time of a drain.
    tokio::time::timeout(Duration::from_secs(10), stack.stop()).await.expect("a stream does not hold the drain up");
    assert_eq!(events.until("bye").await.data["reason"], "draining");
    assert!(events.next().await.is_none());
}

#[tokio::test]
async fn a_provider_that_is_gone_is_told_and_nothing_ends() {
    let mut stack = Stack::start_with(Setup {
        events: "poll_for = \"100ms\"".to_owned(),
        cache: "fresh_for = \"50ms\"\nrevalidate_for = \"100ms\"\nstale_for = \"1s\"".to_owned(),
        ..Setup::default()
    })
    .await;
    let _ = stack.live_room(Service::RealtimeKit, "Stays", &["Ada"]);
    let mut events = EventReader::open(&stack, "/v1/events?provider=realtimekit", &token(), None).await;
    let _ = events.until("snapshot").await;
    stack.stop_realtimekit().await;
    for status in ["stale", "failed"] {
        let changed = events.next().await.expect("an event");
        assert_eq!((changed.event.as_str(), &changed.data["entry"]["status"]), ("provider_changed", &json!(status)));
    }
}

#[tokio::test]
async fn a_room_tells_who_comes_and_who_goes() {
    let stack = quick().await;
    for (service, provider) in [(Service::Huddle01, "huddle01"), (Service::RealtimeKit, "realtimekit")] {
        let room = stack.live_room(service, "Sync", &["Ada", "Grace"]);
        let path = format!("/v1/live-sessions/{provider}/{room}/events");
        let mut events = EventReader::open(&stack, &path, &token(), None).await;
        let snapshot = events.next().await.expect("an event");
        assert_eq!((snapshot.event.as_str(), &snapshot.data["session"]["room_id"]), ("snapshot", &json!(room)));
        assert_eq!(snapshot.data["participants"].as_array().map(Vec::len), Some(2), "{}", snapshot.data);
        let _ = stack.world.join(&room, Person::named("Mary")).expect("live");
        let joined = events.until("participant_joined").await;
        assert_eq!(joined.data["participant"]["display_name"], "Mary");
        if provider == "realtimekit" {
            let kick = format!("/v1/live-sessions/{provider}/{room}/kick");
            let body = json!({ "participant_ids": [joined.data["participant"]["participant_id"]] });
            let _ = stack.post(&kick, &body).await.expect(200);
            let left = events.until("participant_left").await;
            assert_eq!(left.data["connection_id"], joined.data["participant"]["connection_id"]);
            let _ = stack.post_empty(&format!("{kick}-all")).await.expect(200);
            let _ = events.until("session_ended").await;
        }
    }
    let idle = EventReader::open(&stack, "/v1/live-sessions/realtimekit/nobody-here/events", &token(), None)
        .await
        .next()
        .await;
    assert_eq!(idle.expect("an event").data["session"], json!(null));
    let _ = stack.get("/v1/live-sessions/realtimekit/r/events?limit=5").await.problem(400, "invalid_request");
}
