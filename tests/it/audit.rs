//! Mutations and an audit log that cannot be written.

use provider_simulator::{Fault, Service};
use rollcall_tests::{Setup, Stack};
use serde_json::{Value, json};

fn phases(stack: &Stack) -> Vec<(String, Value)> {
    stack.audit_lines().into_iter().map(|line| (line["phase"].to_string(), line["outcome"].clone())).collect()
}

#[tokio::test]
async fn an_intent_that_cannot_be_written_stops_the_mutation_and_reads_go_on() {
    let stack = Stack::start().await;
    let room = stack.live_room(Service::RealtimeKit, "Sync", &["Chen"]);
    let base = format!("/v1/live-sessions/realtimekit/{room}");
    stack.remove_audit_folder();
    let key = [("idempotency-key", "once")];
    let reply = stack.post_with(&format!("{base}/kick-all"), &json!({}), &key).await;
    let problem = reply.problem(503, "audit_unavailable");
    assert_eq!((&problem["retryable"], reply.header("retry-after")), (&json!(true), "5"));
    assert_eq!(stack.realtimekit.log().total(), 0, "nothing was sent");
    assert_eq!(stack.get(&base).await.status, 200);
    assert_eq!(stack.get("/v1/live-sessions").await.status, 200);

    stack.restore_audit_folder();
    let again = stack.post_with(&format!("{base}/kick-all"), &json!({}), &key).await;
    assert_eq!(again.expect(200)["kicked_count"], 1, "the refusal did not use the key up");
}

/// A gateway whose one mutation was sent, got no answer, and could not be written down; and the path of the room.
async fn with_an_outcome_owed() -> (Stack, String) {
    let stack = Stack::start_with(Setup { provider_timeout: Some("500ms".to_owned()), ..Setup::default() }).await;
    let room = stack.live_room(Service::RealtimeKit, "Sync", &["Chen"]);
    let base = format!("/v1/live-sessions/realtimekit/{room}");
    let rule = stack.realtimekit.script().always("POST active-session/kick-all", Fault::hang().after_effect());
    let path = format!("{base}/kick-all");
    let sent = async {
        while stack.realtimekit.log().count("POST active-session/kick-all") == 0 {
            tokio::task::yield_now().await;
        }
        stack.remove_audit_folder();
    };
    let (reply, ()) = futures_util::join!(stack.post_empty(&path), sent);
    let problem = reply.problem(504, "provider_timeout");
    assert!(problem["detail"].as_str().expect("text").contains("unknown"), "its own answer stands: {problem}");
    stack.realtimekit.script().remove(rule);
    (stack, base)
}

#[tokio::test]
async fn an_outcome_that_cannot_be_written_stops_later_mutations_until_it_can() {
    let (stack, base) = with_an_outcome_owed().await;
    stack.world.start_session(base.rsplit('/').next().expect("a room")).expect("it ended");
    let _ = stack.post_empty(&format!("{base}/kick-all")).await.problem(503, "audit_unavailable");
    assert_eq!(stack.realtimekit.log().count("POST active-session/kick-all"), 1);
    assert_eq!(stack.get(&base).await.status, 200, "reads go on");

    stack.restore_audit_folder();
    assert_eq!(stack.post_empty(&format!("{base}/kick-all")).await.status, 200);
    let expected =
        [("intent", Value::Null), ("outcome", json!("unknown")), ("intent", Value::Null), ("outcome", json!("done"))];
    assert_eq!(phases(&stack), expected.map(|(phase, outcome)| (json!(phase).to_string(), outcome)));
}

#[tokio::test]
async fn an_outcome_that_is_owed_when_the_gateway_ends_is_written_then() {
    let (mut stack, _) = with_an_outcome_owed().await;
    stack.restore_audit_folder();
    assert_eq!(stack.audit_lines().len(), 1);
    stack.stop().await;
    assert_eq!(stack.audit_lines()[1]["outcome"], "unknown");
}
