//! Every answer of every test is held against the document by the helper that made the call. These tests hold the helper.

use gateway::api::openapi_json;
use rollcall_tests::Stack;

/// A stack whose answers are held against the document with a change that makes it wrong.
async fn misled(from: &str, to: &str) -> Stack {
    let mut stack = Stack::start().await;
    let document = openapi_json();
    assert!(document.contains(from), "{from}");
    stack.hold_against(&document.replace(from, to));
    stack
}

#[tokio::test]
#[should_panic(expected = "the document does not allow this answer to GET /v1/live-sessions/huddle01/room")]
async fn a_code_under_another_name_is_seen() {
    misled("\"session_not_live\"", "\"SessionNotLive\"").await.get("/v1/live-sessions/huddle01/room").await;
}

#[tokio::test]
#[should_panic(expected = "\"whole\" is a required property")]
async fn a_field_under_another_name_is_seen() {
    misled("\"complete\"", "\"whole\"").await.get("/v1/live-sessions").await;
}

#[tokio::test]
#[should_panic(expected = "status 200 OK is not documented")]
async fn a_probe_of_the_operator_is_held_against_it_too() {
    misled("\"200\"", "\"299\"").await.get_admin("/healthz").await;
}
