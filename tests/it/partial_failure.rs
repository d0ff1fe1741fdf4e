//! One provider, or both, misbehave: what the merged list says.

use std::time::Duration;

use http::StatusCode;
use provider_simulator::{Fault, Service};
use rollcall_tests::Stack;
use serde_json::{Value, json};

fn outcome<'a>(list: &'a Value, provider: &str) -> &'a Value {
    let outcomes = list["providers"].as_array().expect("providers");
    outcomes.iter().find(|outcome| outcome["provider"] == provider).expect("an outcome per provider")
}

#[tokio::test]
async fn a_dead_provider_leaves_the_others_sessions() {
    let mut stack = Stack::start().await;
    stack.live_room(Service::Huddle01, "Call", &["Ada"]);
    stack.live_room(Service::RealtimeKit, "Sync", &["Chen"]);
    stack.stop_realtimekit().await;

    let reply = stack.get("/v1/live-sessions").await;
    let list = reply.expect(200);
    assert_eq!((list["data"].as_array().map(Vec::len), &list["complete"]), (Some(1), &json!(false)));
    assert_eq!(list["page"]["total_count"], Value::Null);
    assert_eq!(reply.header("cache-control"), "no-store");
    assert_eq!(outcome(&list, "huddle01")["status"], "ok");
    let failed = outcome(&list, "realtimekit");
    assert_eq!((&failed["status"], &failed["session_count"]), (&json!("failed"), &Value::Null));
    assert_eq!((&failed["problem"]["code"], &failed["problem"]["retryable"]), (&json!("provider_error"), &json!(true)));

    let strict = stack.get("/v1/live-sessions?partial=forbid").await;
    let problem = strict.problem(502, "provider_error");
    assert_eq!(outcome(&problem, "huddle01")["status"], "ok");
    assert_eq!(outcome(&problem, "realtimekit")["status"], "failed");
}

#[tokio::test]
async fn when_no_provider_is_usable_the_error_is_theirs() {
    let stack = Stack::start().await;
    let unavailable = || Fault::status(StatusCode::SERVICE_UNAVAILABLE);
    stack.huddle01.script().always("**", unavailable());
    stack.realtimekit.script().always("**", unavailable());
    let problem = stack.get("/v1/live-sessions").await.problem(502, "provider_error");
    assert_eq!(problem["providers"].as_array().map(Vec::len), Some(2));

    let stack = Stack::start().await;
    stack.huddle01.script().always("**", unavailable());
    stack.realtimekit.script().always("**", Fault::html(StatusCode::OK));
    let reply = stack.get("/v1/live-sessions").await;
    let _ = reply.problem(503, "provider_unavailable");
    assert!(reply.header("retry-after").parse::<u64>().is_ok(), "{reply:?}");
}

#[tokio::test]
async fn a_hanging_provider_delays_the_list_no_longer_than_its_own_deadline() {
    let stack = Stack::start().await;
    stack.live_room(Service::Huddle01, "Call", &["Ada"]);
    stack.realtimekit.script().always("**", Fault::hang());
    let list = tokio::time::timeout(Duration::from_secs(30), stack.get("/v1/live-sessions")).await.expect("an answer");
    let list = list.expect(200);
    assert_eq!(list["data"].as_array().map(Vec::len), Some(1));
    assert_eq!(outcome(&list, "realtimekit")["problem"]["code"], "provider_timeout");
}

#[tokio::test]
async fn what_the_upstream_refuses_us_is_the_operators_problem() {
    let stack = Stack::start().await;
    let envelope = |code: u32| json!({ "result": null, "success": false, "errors": [{ "code": code, "message": "no" }], "messages": [] });
    for fault in [
        Fault::json(StatusCode::UNAUTHORIZED, &envelope(10000)),
        Fault::json(StatusCode::FORBIDDEN, &envelope(9109)),
        Fault::json(StatusCode::NOT_FOUND, &envelope(7003)),
        Fault::json(StatusCode::BAD_REQUEST, &envelope(6003)),
    ] {
        let rule = stack.realtimekit.script().always("**", fault);
        let room = stack.world.add_room(Service::RealtimeKit, "Any");
        let reply = stack.get(&format!("/v1/live-sessions/realtimekit/{room}")).await;
        assert_eq!(reply.problem(502, "provider_auth_failed")["retryable"], false);
        stack.realtimekit.script().remove(rule);
    }
}

#[tokio::test]
async fn a_provider_that_answers_nonsense_is_not_healthy() {
    let stack = Stack::start().await;
    let health = async || stack.get("/v1/providers").await.expect(200)["data"][1]["health"].clone();
    let misrouted = json!({ "success": false, "errors": [{ "code": 7003, "message": "no" }], "result": null });
    for (fault, code) in [
        (Fault::html(StatusCode::OK), "provider_bad_response"),
        (Fault::json(StatusCode::NOT_FOUND, &misrouted), "provider_auth_failed"),
    ] {
        let rule = stack.realtimekit.script().always("**", fault);
        let _ = stack.get("/v1/live-sessions?provider=realtimekit").await.problem(502, code);
        let seen = health().await;
        assert_eq!((&seen["status"], &seen["last_error_code"]), (&json!("degraded"), &json!(code)), "{seen}");
        assert!(seen["last_error_at"].is_string(), "{seen}");
        stack.realtimekit.script().remove(rule);
        let fresh = [("cache-control", "no-cache")];
        let _ = stack.get_with("/v1/live-sessions?provider=realtimekit", &fresh).await.expect(200);
        assert_eq!(health().await["status"], "ok");
        let _ = stack.post_empty("/v1/live-sessions/realtimekit/idle/kick-all").await.problem(404, "session_not_live");
    }
}

#[tokio::test]
async fn a_throttling_provider_is_a_503_with_its_wait() {
    let stack = Stack::start().await;
    stack.huddle01.script().always("**", Fault::rate_limited(Some(9000)));
    let room = stack.world.add_room(Service::Huddle01, "Any");
    let reply = stack.get(&format!("/v1/live-sessions/huddle01/{room}")).await;
    let problem = reply.problem(503, "provider_rate_limited");
    assert_eq!((&problem["retryable"], &problem["upstream_status"]), (&json!(true), &json!(429)));
    assert_eq!(reply.header("retry-after"), "300", "clamped");
}
