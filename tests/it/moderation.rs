//! Kicks and polls: visible in the next read, sent at most once, conditional, idempotent, audited.

use futures_util::future::join_all;
use http::{Method, StatusCode};
use provider_simulator::{Fault, Person, Service};
use rollcall_tests::{Stack, Token};
use serde_json::{Value, json};

fn kick_of(ids: &[&str]) -> Value {
    json!({ "participant_ids": ids, "custom_participant_ids": [] })
}

#[tokio::test]
async fn a_kick_is_visible_in_the_next_read() {
    let stack = Stack::start().await;
    let room = stack.live_room(Service::RealtimeKit, "Sync", &["Chen"]);
    let dora = stack.world.join(&room, Person::named("Dora").custom_id("user-dora")).expect("room");
    let base = format!("/v1/live-sessions/realtimekit/{room}");
    for path in [format!("{base}/participants"), base.clone(), "/v1/live-sessions".to_owned()] {
        let _ = stack.get(&path).await.expect(200);
    }

    let result = stack.post(&format!("{base}/kick"), &kick_of(&[&dora.participant_id])).await.expect(200);
    let kicked = result["kicked"].as_array().expect("kicked");
    assert_eq!((kicked.len(), &kicked[0]["participant_id"]), (1, &json!(dora.participant_id)));
    for key in ["display_name", "email", "picture_url", "created_at", "updated_at"] {
        assert!(kicked[0].get(key).is_some(), "{key}: {result}");
    }

    let people = stack.get(&format!("{base}/participants")).await.expect(200);
    assert_eq!(people["data"].as_array().map(Vec::len), Some(1), "{people}");
    assert_eq!(stack.get(&base).await.expect(200)["participant_count"], 1);
    assert_eq!(stack.get("/v1/live-sessions").await.expect(200)["data"][0]["participant_count"], 1);

    let sent = stack.realtimekit.log().matching("POST active-session/kick");
    assert_eq!(sent.len(), 1);
    let body = sent[0].body.as_ref().expect("a JSON body");
    assert_eq!(body, &json!({ "participant_ids": [dora.participant_id], "custom_participant_ids": [] }));
}

#[tokio::test]
async fn a_kick_by_the_customers_own_id_and_of_nobody() {
    let stack = Stack::start().await;
    let room = stack.live_room(Service::RealtimeKit, "Sync", &["Chen"]);
    stack.world.join(&room, Person::named("Dora").custom_id("dora@example.com / desk 4")).expect("room");
    let path = format!("/v1/live-sessions/realtimekit/{room}/kick");
    let body = json!({ "participant_ids": [], "custom_participant_ids": ["dora@example.com / desk 4"] });
    assert_eq!(stack.post(&path, &body).await.expect(200)["kicked"].as_array().map(Vec::len), Some(1));

    let nobody = kick_of(&["11111111-2222-4333-8444-555555555555"]);
    let problem = stack.post(&path, &nobody).await.problem(404, "participant_not_found");
    assert_eq!(problem["retryable"], false);
    let idle = stack.world.add_room(Service::RealtimeKit, "Idle");
    let _ = stack
        .post(&format!("/v1/live-sessions/realtimekit/{idle}/kick"), &nobody)
        .await
        .problem(404, "session_not_live");
}

#[tokio::test]
async fn a_kick_all_ends_the_session() {
    let stack = Stack::start().await;
    let room = stack.live_room(Service::RealtimeKit, "Sync", &["Chen", "Dora"]);
    let base = format!("/v1/live-sessions/realtimekit/{room}");
    let _ = stack.get(&base).await.expect(200);
    assert_eq!(stack.post_empty(&format!("{base}/kick-all")).await.expect(200), json!({ "kicked_count": 2 }));
    let _ = stack.get(&base).await.problem(404, "session_not_live");
    assert_eq!(stack.get("/v1/live-sessions").await.expect(200)["data"], json!([]));
    let _ = stack.post_empty(&format!("{base}/kick-all")).await.problem(404, "session_not_live");
}

#[tokio::test]
async fn a_poll_is_created() {
    let stack = Stack::start().await;
    let room = stack.live_room(Service::RealtimeKit, "Sync", &["Chen"]);
    let path = format!("/v1/live-sessions/realtimekit/{room}/polls");
    let poll = stack.post(&path, &json!({ "question": "Ship on Friday?", "options": ["Yes", "No"] })).await.expect(201);
    assert!(poll["poll_id"].is_string());
    assert_eq!(poll["question"], "Ship on Friday?");
    assert_eq!(
        poll["options"],
        json!([
            { "text": "Yes", "count": 0, "votes": [] },
            { "text": "No", "count": 0, "votes": [] },
        ])
    );
    for (body, field) in [
        (json!({ "question": "One?", "options": ["Only"] }), "options"),
        (json!({ "question": "", "options": ["a", "b"] }), "question"),
        (json!({ "question": "Q?", "options": ["a", "b"], "colour": "red" }), "colour"),
        (json!({ "options": ["a", "b"] }), "question"),
    ] {
        let problem = stack.post(&path, &body).await.problem(400, "invalid_request");
        assert!(problem["errors"].to_string().contains(field), "{problem}");
    }
    assert_eq!(stack.realtimekit.log().count("POST active-session/poll"), 1);
}

#[tokio::test]
async fn a_mutation_whose_answer_is_lost_is_sent_once_and_its_outcome_is_unknown() {
    for (fault, status, code) in [
        (Fault::reset().after_effect(), 502, "provider_error"),
        (Fault::hang().after_effect(), 504, "provider_timeout"),
        (Fault::html(StatusCode::OK).after_effect(), 502, "provider_bad_response"),
        (Fault::status(StatusCode::INTERNAL_SERVER_ERROR), 502, "provider_error"),
    ] {
        let stack = Stack::start().await;
        let room = stack.live_room(Service::RealtimeKit, "Sync", &["Chen", "Dora"]);
        let base = format!("/v1/live-sessions/realtimekit/{room}");
        let _ = stack.get(&base).await.expect(200);
        stack.realtimekit.script().always("POST active-session/kick-all", fault);

        let problem = stack.post_empty(&format!("{base}/kick-all")).await.problem(status, code);
        assert_eq!(problem["retryable"], false, "{problem}");
        assert!(problem["detail"].as_str().expect("text").contains("unknown"), "{problem}");
        assert_eq!(stack.realtimekit.log().count("POST active-session/kick-all"), 1);
        let before = stack.realtimekit.log().total();
        let _ = stack.get(&base).await;
        assert!(
            stack.realtimekit.log().total() > before,
            "what was cached is dropped also when the outcome is unknown"
        );
        let lines = stack.audit_lines();
        assert_eq!(lines.len(), 2, "{lines:?}");
        assert_eq!((&lines[0]["phase"], &lines[1]["phase"]), (&json!("intent"), &json!("outcome")));
        assert_eq!(lines[1]["outcome"], "unknown");
    }
}

#[tokio::test]
async fn a_refused_mutation_surely_had_no_effect() {
    let stack = Stack::start().await;
    let room = stack.live_room(Service::RealtimeKit, "Sync", &["Chen"]);
    stack.realtimekit.script().once("POST active-session/kick-all", Fault::rate_limited(Some(7)));
    let reply = stack.post_empty(&format!("/v1/live-sessions/realtimekit/{room}/kick-all")).await;
    let problem = reply.problem(503, "provider_rate_limited");
    assert_eq!((&problem["retryable"], &problem["retry_after_seconds"]), (&json!(true), &json!(7)));
    assert_eq!(reply.header("retry-after"), "7");
}

#[tokio::test]
async fn a_mutation_can_be_conditional_on_the_session() {
    let stack = Stack::start().await;
    let room = stack.live_room(Service::RealtimeKit, "Sync", &["Chen"]);
    let path = format!("/v1/live-sessions/realtimekit/{room}/kick-all");
    let other = json!({ "expected_session_id": "11111111-2222-4333-8444-555555555555" });
    let _ = stack.post(&path, &other).await.problem(409, "session_changed");
    assert_eq!(stack.realtimekit.log().count("POST active-session/kick-all"), 0);
    let session = stack.world.live_session(&room).expect("live").id;
    let result = stack.post(&path, &json!({ "expected_session_id": session })).await.expect(200);
    assert_eq!(result["kicked_count"], 1);
}

#[tokio::test]
async fn an_idempotency_key_gets_the_first_answer_again() {
    let stack = Stack::start().await;
    let room = stack.live_room(Service::RealtimeKit, "Sync", &["Chen"]);
    let path = format!("/v1/live-sessions/realtimekit/{room}/polls");
    let body = json!({ "question": "Lunch?", "options": ["Yes", "No"] });
    let key = [("idempotency-key", "lunch-1")];
    let replies = join_all((0..10).map(|_| stack.post_with(&path, &body, &key))).await;
    let first = replies[0].expect(201);
    for reply in &replies {
        assert_eq!(reply.expect(201), first);
    }
    assert_eq!(stack.realtimekit.log().count("POST active-session/poll"), 1);

    let other = json!({ "question": "Dinner?", "options": ["Yes", "No"] });
    let _ = stack.post_with(&path, &other, &key).await.problem(422, "idempotency_key_reused");
    let _ = stack.post_with(&path, &body, &[("idempotency-key", "not ok")]).await.problem(400, "invalid_request");
    let stranger = Token::default().claim("sub", json!("somebody-else")).sign();
    let reply = stack.post_as(&path, Some(&stranger), &body, &key).await;
    assert_ne!(reply.expect(201)["poll_id"], first["poll_id"], "a key is the caller's own");
}

#[tokio::test]
async fn moderation_needs_its_scope_and_leaves_two_audit_lines() {
    let stack = Stack::start().await;
    let room = stack.live_room(Service::RealtimeKit, "Sync", &["Chen"]);
    let path = format!("/v1/live-sessions/realtimekit/{room}/kick-all");
    let reader = Token::default().scope("sessions:read").sign();
    let reply = stack.post_as(&path, Some(&reader), &Value::Null, &[]).await;
    let _ = reply.problem(403, "insufficient_scope");
    assert!(stack.audit_lines().is_empty());

    let reply = stack.post_empty(&path).await;
    let _ = reply.expect(200);
    let lines = stack.audit_lines();
    assert_eq!(lines.len(), 2);
    for line in &lines {
        assert_eq!((&line["sub"], &line["provider"]), (&json!("black-box"), &json!("realtimekit")));
        assert_eq!((&line["room"], &line["action"]), (&json!(room), &json!("kick_all_participants")));
        assert_eq!(line["request_id"], reply.header("x-request-id"));
    }
    assert_eq!(lines[1]["outcome"], "done");
}

#[tokio::test]
async fn null_in_a_body_is_as_if_it_were_left_out() {
    let stack = Stack::start().await;
    let json = [("content-type", "application/json")];
    let token = Token::default().sign();
    for (route, body, status) in [
        ("kick-all", "null", 200),
        ("kick-all", " null\n", 200),
        ("kick-all", r#"{"expected_session_id":null}"#, 200),
        ("polls", r#"{"question":" ","options":["a","b"],"anonymous":null,"hide_votes":null}"#, 201),
        ("kick", r#"{"participant_ids":["someone"],"custom_participant_ids":null,"expected_session_id":null}"#, 404),
        ("kick", r#"{"participant_ids":null,"custom_participant_ids":null}"#, 400),
        ("kick", "null", 400),
    ] {
        let room = stack.live_room(Service::RealtimeKit, "Sync", &["Chen"]);
        let path = format!("/v1/live-sessions/realtimekit/{room}/{route}");
        let reply = stack.send(Method::POST, &path, Some(&token), Some(body.to_owned()), &json).await;
        assert_eq!(reply.status.as_u16(), status, "{route} {body}: {reply:?}");
    }
}
