//! Limits per caller, over HTTP.

use futures_util::{FutureExt, StreamExt, stream::FuturesUnordered};
use provider_simulator::{Fault, Service};
use rollcall_tests::{Reply, Setup, Stack, Token};
use serde_json::{Value, json};

async fn limited(limits: &str) -> Stack {
    Stack::start_with(Setup { limits: limits.to_owned(), ..Setup::default() }).await
}

fn refused(reply: &Reply) {
    let problem = reply.problem(429, "rate_limited");
    let wait: u64 = reply.header("retry-after").parse().expect("whole seconds");
    assert!((1..=60).contains(&wait), "{wait}");
    assert_eq!((&problem["retryable"], &problem["retry_after_seconds"]), (&json!(true), &json!(wait)));
}

#[tokio::test]
async fn a_caller_over_its_rate_is_told_when_to_come_back_and_others_are_not_touched() {
    let stack = limited("requests = { requests = 3, per = \"60s\" }").await;
    for left in [2, 1, 0] {
        let reply = stack.get("/v1/providers").await;
        assert_eq!(reply.status, 200);
        assert_eq!(reply.header("ratelimit-policy"), "\"default\";q=3;w=60");
        assert!(reply.header("ratelimit").starts_with(&format!("\"default\";r={left};t=")), "{reply:?}");
    }
    let reply = stack.get("/v1/live-sessions").await;
    refused(&reply);
    assert!(reply.header("ratelimit").starts_with("\"default\";r=0;t="), "{reply:?}");
    assert_eq!(reply.header("ratelimit-policy"), "\"default\";q=3;w=60");
    assert_eq!(stack.upstream_requests(), 0);

    let fresh_token = Token::default().times(-1, 500).sign();
    refused(&stack.get_as("/v1/providers", Some(&fresh_token)).await);
    let stranger = Token::default().claim("sub", json!("somebody-else")).sign();
    assert_eq!(stack.get_as("/v1/providers", Some(&stranger)).await.status, 200);
    for _ in 0..10 {
        let _ = stack.get_as("/v1/providers", Some("x.y.z")).await.problem(401, "unauthenticated");
        assert_eq!(stack.get_as("/healthz", None).await.header("ratelimit"), "", "open routes have no caller");
    }
}

#[tokio::test]
async fn moderation_is_limited_more_tightly_and_reads_go_on() {
    let limits = "requests = { requests = 100, per = \"60s\" }\nmoderation = { requests = 1, per = \"60s\" }";
    let stack = limited(limits).await;
    let room = stack.live_room(Service::RealtimeKit, "Sync", &["Chen"]);
    let path = format!("/v1/live-sessions/realtimekit/{room}/polls");
    let poll = json!({ "question": "Lunch?", "options": ["Yes", "No"] });
    let first = stack.post(&path, &poll).await;
    let _ = first.expect(201);
    assert!(first.header("ratelimit").contains("\"moderation\";r=0;t="), "{first:?}");
    assert_eq!(first.header("ratelimit-policy"), "\"default\";q=100;w=60, \"moderation\";q=1;w=60");
    refused(&stack.post(&path, &poll).await);
    assert_eq!(stack.realtimekit.log().count("POST active-session/poll"), 1);
    assert_eq!(stack.audit_lines().len(), 2, "what is refused is not an intent");
    assert_eq!(stack.get("/v1/live-sessions").await.status, 200);
}

#[tokio::test]
async fn requests_at_once_are_bounded_and_one_that_ends_makes_room() {
    let stack = limited("concurrent = 2").await;
    stack.realtimekit.script().always("GET active-session", Fault::hang());
    let path = |n| format!("/v1/live-sessions/realtimekit/room-{n}");
    let paths = [path(1), path(2)];
    let mut held: FuturesUnordered<_> = paths.iter().map(|path| stack.get(path)).collect();
    while stack.realtimekit.log().count("GET active-session") < 2 {
        assert!(held.next().now_or_never().is_none(), "it hangs");
        tokio::task::yield_now().await;
    }
    refused(&stack.get("/v1/providers").await);
    let stranger = Token::default().claim("sub", json!("somebody-else")).sign();
    assert_eq!(stack.get_as("/v1/providers", Some(&stranger)).await.status, 200);
    drop(held);
    // The gateway sees the hang-ups when they come.
    while stack.get("/v1/providers").await.status != 200 {
        tokio::task::yield_now().await;
    }
}

#[tokio::test]
async fn without_limits_there_are_no_such_headers() {
    let stack = Stack::start().await;
    let reply = stack.post_as("/v1/live-sessions/huddle01/r/kick-all", None, &Value::Null, &[]).await;
    let _ = reply.problem(401, "unauthenticated");
    let reply = stack.get("/v1/providers").await;
    assert_eq!((reply.header("ratelimit"), reply.header("ratelimit-policy")), ("", ""));
}
