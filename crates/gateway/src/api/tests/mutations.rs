//! The way of a mutation, seen from outside.

use std::sync::Arc;

use http::StatusCode;
use serde_json::json;
use session_provider::{Error, ErrorKind, Intent, Operation};
use tokio::sync::Semaphore;

use crate::api::tests::support::{Gateway, moderator, request};
use crate::testing::Behaviour;

const KICK: &str = "/v1/live-sessions/able/room/kick";
const KICK_ALL: &str = "/v1/live-sessions/able/room/kick-all";
const POLLS: &str = "/v1/live-sessions/able/room/polls";
const ONE: &str = r#"{"participant_ids":["p1"]}"#;

#[tokio::test]
async fn each_answers_as_the_contract_says() {
    let gateway = Gateway::new();
    let kick = gateway.post(KICK, ONE).await;
    assert_eq!((kick.status, kick.header("cache-control")), (StatusCode::OK, "no-store"));
    let nobody = json!({
        "participant_id": "p1", "display_name": null, "email": null, "picture_url": null, "created_at": null,
        "updated_at": null,
    });
    assert_eq!(kick.json(), json!({ "kicked": [nobody] }));
    for body in ["", "{}", r#"{"expected_session_id":null}"#] {
        let all = gateway.post(KICK_ALL, body).await;
        assert_eq!((all.status, all.json()), (StatusCode::OK, json!({ "kicked_count": 7 })), "{body}");
    }
    let bare = request("POST", KICK_ALL, &moderator()).body(axum::body::Body::empty()).unwrap();
    assert_eq!(gateway.send(bare).await.status, StatusCode::OK, "no body needs no content type");
    let poll = gateway.post(POLLS, r#"{"question":"Lunch?","options":["yes","no"],"anonymous":true}"#).await;
    assert_eq!(poll.status, StatusCode::CREATED);
    assert_eq!(
        poll.json(),
        json!({
            "poll_id": "poll-1", "question": "Lunch?",
            "options": [{ "text": "yes", "count": 0, "votes": [] }, { "text": "no", "count": 0, "votes": [] }],
            "anonymous": true, "hide_votes": null, "created_by": null, "voted": null,
        })
    );
}

#[tokio::test]
async fn every_failure_keeps_its_code_and_only_one_without_effect_is_retryable() {
    let gateway = Gateway::new();
    for kind in ErrorKind::ALL {
        for sent in [false, true] {
            let mut error = Error::new(kind);
            if sent {
                error = error.after_sending(Intent::Mutation);
            }
            gateway.able.does(Behaviour { mutations_fail: Some(error), ..Behaviour::idle() });
            let answer = gateway.post(KICK, ONE).await;
            let problem = answer.json();
            assert_eq!(answer.code(), kind.code());
            assert_eq!(problem["retryable"], kind.is_transient() && !sent, "{kind:?} {sent}");
            assert_eq!(problem["detail"].as_str().unwrap().contains("unknown"), sent, "{problem}");
            assert_eq!(problem["provider"], "able");
            assert_eq!(answer.headers.contains_key("retry-after"), answer.status == 503, "{problem}");
        }
    }
    assert_eq!(gateway.able.asked().len(), 2 * ErrorKind::ALL.len(), "each was sent once");
}

#[tokio::test]
async fn an_expected_session_is_looked_up_before_anything_is_sent() {
    let gateway = Gateway::new();
    let body = r#"{"participant_ids":["p1"],"expected_session_id":"s1"}"#;
    gateway.able.does(Behaviour::live("s2"));
    assert_eq!(gateway.post(KICK, body).await.code(), "session_changed");
    gateway.able.does(Behaviour::idle());
    assert_eq!(gateway.post(KICK, body).await.code(), "session_not_live");
    assert_eq!(gateway.able.asked(), [Operation::GetLiveSession; 2]);
    gateway.able.does(Behaviour::live("s1"));
    assert_eq!(gateway.post(KICK, body).await.status, StatusCode::OK);
    assert_eq!(gateway.able.asked()[2..], [Operation::GetLiveSession, Operation::KickParticipants]);
}

#[tokio::test]
async fn a_panic_of_a_provider_is_an_unknown_outcome() {
    let gateway = Gateway::new();
    gateway.able.does(Behaviour { panic: true, ..Behaviour::idle() });
    let answer = gateway.post(KICK, ONE).await;
    assert_eq!(answer.code(), "internal");
    assert!(answer.json()["detail"].as_str().unwrap().contains("unknown"));
}

#[tokio::test(start_paused = true)]
async fn a_provider_that_never_ends_is_an_unknown_outcome() {
    let gateway = Gateway::new();
    gateway.able.does(Behaviour { gate: Some(Arc::new(Semaphore::new(0))), ..Behaviour::idle() });
    let answer = gateway.post(KICK, ONE).await;
    assert_eq!((answer.code().as_str(), &answer.json()["retryable"]), ("provider_timeout", &json!(false)));
    assert_eq!(gateway.able.asked().len(), 1);
}

#[tokio::test]
async fn it_comes_to_its_end_when_the_caller_hangs_up() {
    let gateway = Gateway::new();
    let gate = Arc::new(Semaphore::new(0));
    gateway.able.does(Behaviour { gate: Some(gate.clone()), ..Behaviour::idle() });
    {
        let waiting = gateway.post(KICK, ONE);
        tokio::pin!(waiting);
        while gateway.able.asked().is_empty() {
            assert!(futures_util::poll!(&mut waiting).is_pending());
            tokio::task::yield_now().await;
        }
    }
    assert_eq!(gateway.app.tasks.len(), 1, "the caller is gone, the work is not");
    gate.add_permits(1);
    gateway.app.tasks.close();
    gateway.app.tasks.wait().await;
}
