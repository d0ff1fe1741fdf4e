//! An upstream that answers nonsense is never read as "nothing is live", and never costs much memory.

use std::time::Duration;

use http::StatusCode;
use provider_simulator::{Fault, Service};
use rollcall_tests::Stack;
use serde_json::json;

fn nonsense() -> Vec<(&'static str, Fault)> {
    vec![
        ("HTML under 200", Fault::html(StatusCode::OK)),
        ("success:false under 200", Fault::unsuccessful()),
        ("ok:false under 200", Fault::json(StatusCode::OK, &json!({ "ok": false, "message": "no" }))),
        ("no array", Fault::missing_array()),
        ("an empty object", Fault::json(StatusCode::OK, &json!({}))),
        ("a bare array", Fault::json(StatusCode::OK, &json!([]))),
        ("null", Fault::json(StatusCode::OK, &json!(null))),
        ("an empty body", Fault::body(StatusCode::OK, "")),
        ("truncated JSON", Fault::truncated_json()),
        ("a redirect", Fault::redirect("http://127.0.0.1:9/elsewhere")),
        ("a plain 404", Fault::text(StatusCode::NOT_FOUND, "404 Not Found")),
        ("an HTML 404", Fault::html(StatusCode::NOT_FOUND)),
        ("a teapot", Fault::status(StatusCode::IM_A_TEAPOT)),
        ("300 MB", Fault::huge()),
        ("a gzip bomb", Fault::gzip_bomb(256 << 20)),
        ("deep JSON", Fault::body(StatusCode::OK, "[".repeat(10_000))),
        (
            "rows without ids",
            Fault::json(
                StatusCode::OK,
                &json!({
                    "success": true, "liveSessions": [{ "startTime": 1 }], "data": { "sessions": [{ "status": "LIVE" }] },
                }),
            ),
        ),
    ]
}

fn resident_bytes() -> u64 {
    let statm = std::fs::read_to_string("/proc/self/statm").unwrap_or_default();
    statm.split_whitespace().nth(1).and_then(|pages| pages.parse::<u64>().ok()).unwrap_or(0) * 4096
}

#[tokio::test]
async fn nonsense_is_a_bad_response_and_never_an_empty_list() {
    for (what, fault) in nonsense() {
        let stack = Stack::start().await;
        stack.live_room(Service::Huddle01, "Call", &["Ada"]);
        stack.live_room(Service::RealtimeKit, "Sync", &["Chen"]);
        stack.huddle01.script().always("**", fault.clone());
        stack.realtimekit.script().always("**", fault);
        for provider in ["huddle01", "realtimekit"] {
            let reply = stack.get(&format!("/v1/live-sessions?provider={provider}")).await;
            let problem = reply.problem(502, "provider_bad_response");
            assert_eq!(problem["retryable"], false, "{what}: {problem}");
            assert_eq!(problem["providers"][0]["status"], "failed", "{what}: {problem}");
        }
    }
}

#[tokio::test]
async fn a_huge_body_costs_little_memory() {
    let stack = Stack::start().await;
    stack.huddle01.script().always("**", Fault::huge());
    let _ = stack.get("/v1/live-sessions?provider=huddle01").await;
    let before = resident_bytes();
    for n in 0..3 {
        let room = format!("aaa-bbbb-cc{}", char::from(b'a' + n));
        let _ = stack.get(&format!("/v1/live-sessions/huddle01/{room}")).await.problem(502, "provider_bad_response");
    }
    let grown = resident_bytes().saturating_sub(before);
    assert!(grown < 64 << 20, "300 MB bodies grew the process by {} MiB", grown >> 20);
}

#[tokio::test]
async fn broken_connections_are_the_providers_failure() {
    for fault in [Fault::reset(), Fault::reset_mid_body(), Fault::short_body()] {
        let stack = Stack::start().await;
        stack.live_room(Service::RealtimeKit, "Sync", &["Chen"]);
        stack.realtimekit.script().always("**", fault);
        let problem = stack.get("/v1/live-sessions?provider=realtimekit").await.problem(502, "provider_error");
        assert_eq!(problem["retryable"], true);
        assert_eq!(stack.realtimekit.log().total(), 2, "a read exchange is retried once");
    }
}

#[tokio::test]
async fn an_endless_drip_ends_in_time() {
    let stack = Stack::start().await;
    stack.live_room(Service::Huddle01, "Call", &["Ada"]);
    stack.huddle01.script().always("**", Fault::drip(Duration::from_millis(20)));
    let _ = stack.get("/v1/live-sessions?provider=huddle01").await.problem(504, "provider_timeout");
}

#[tokio::test]
async fn the_credential_is_not_carried_to_where_a_redirect_points() {
    let stack = Stack::start().await;
    let elsewhere = stack.realtimekit.base_url().to_owned();
    stack.huddle01.script().always("**", Fault::redirect(&elsewhere));
    let _ = stack.get("/v1/live-sessions?provider=huddle01").await.problem(502, "provider_bad_response");
    assert_eq!(stack.realtimekit.log().total(), 0);
}

#[tokio::test]
async fn a_provider_that_ignores_page_numbers_is_not_believed() {
    let stack = Stack::start().await;
    let row = |n: u8| json!({ "id": format!("session-{n}"), "associated_id": format!("room-{n}"), "status": "LIVE" });
    let same_page = json!({
        "success": true,
        "data": { "sessions": [row(1), row(2), row(3)] },
        "paging": { "total_count": 1_000_000, "start_offset": 1, "end_offset": 3 },
    });
    stack.realtimekit.script().always("GET sessions", Fault::json(StatusCode::OK, &same_page));
    let reply = stack.get("/v1/live-sessions?provider=realtimekit").await;
    let _ = reply.problem(502, "provider_bad_response");
    assert!(stack.realtimekit.log().total() <= 200, "bounded by max_pages");
}
