//! `Idempotency-Key`, seen from outside.

use std::sync::Arc;
use std::time::Duration;

use http::StatusCode;
use session_provider::{Error, ErrorKind, Intent};
use tokio::sync::Semaphore;

use crate::api::tests::support::{Answer, Gateway};
use crate::testing::Behaviour;

const KICK: &str = "/v1/live-sessions/able/room/kick";
const ONE: &str = r#"{"participant_ids":["p1"]}"#;

async fn keyed(gateway: &Gateway, path: &str, body: &str) -> Answer {
    gateway.post_with(path, body, &[("idempotency-key", "key-1")]).await
}

#[tokio::test(start_paused = true)]
async fn the_first_answer_is_given_again_for_ten_minutes() {
    let gateway = Gateway::new();
    let first = keyed(&gateway, KICK, ONE).await;
    assert_eq!((first.status, first.header("idempotency-replayed")), (StatusCode::OK, ""));
    let again = keyed(&gateway, KICK, "  {\"custom_participant_ids\":[], \"participant_ids\":[\"p1\"]}").await;
    assert_eq!((again.status, again.header("idempotency-replayed")), (StatusCode::OK, "true"));
    assert_eq!(first.bytes, again.bytes);
    assert_eq!(keyed(&gateway, KICK, r#"{"participant_ids":["p2"]}"#).await.code(), "idempotency_key_reused");
    assert_eq!(gateway.able.asked().len(), 1);
    let elsewhere = keyed(&gateway, "/v1/live-sessions/able/other/kick", ONE).await;
    assert_eq!(elsewhere.header("idempotency-replayed"), "", "another room is another request");
    tokio::time::advance(Duration::from_secs(600)).await;
    assert_eq!(keyed(&gateway, KICK, ONE).await.header("idempotency-replayed"), "");
    assert_eq!(gateway.able.asked().len(), 3);
}

#[tokio::test]
async fn concurrent_repeats_share_one_call() {
    let gateway = Gateway::new();
    let gate = Arc::new(Semaphore::new(0));
    gateway.able.does(Behaviour { gate: Some(gate.clone()), ..Behaviour::idle() });
    let many = futures_util::future::join_all((0..20).map(|_| keyed(&gateway, KICK, ONE)));
    let open = async {
        while gateway.able.asked().is_empty() {
            tokio::task::yield_now().await;
        }
        gate.add_permits(20);
    };
    let (answers, ()) = futures_util::join!(many, open);
    assert_eq!(gateway.able.asked().len(), 1);
    assert!(answers.iter().all(|answer| answer.status == StatusCode::OK && answer.bytes == answers[0].bytes));
    let replayed = answers.iter().filter(|answer| answer.header("idempotency-replayed") == "true").count();
    assert_eq!(replayed, 19);
}

#[tokio::test]
async fn a_retryable_failure_is_not_remembered_and_an_unknown_one_is() {
    let gateway = Gateway::new();
    gateway.able.does(Behaviour { mutations_fail: Some(Error::new(ErrorKind::Overloaded)), ..Behaviour::idle() });
    assert_eq!(keyed(&gateway, KICK, ONE).await.code(), "overloaded");
    let unknown = Error::new(ErrorKind::ProviderTimeout).after_sending(Intent::Mutation);
    gateway.able.does(Behaviour { mutations_fail: Some(unknown), ..Behaviour::idle() });
    assert_eq!(keyed(&gateway, KICK, ONE).await.code(), "provider_timeout");
    gateway.able.does(Behaviour::idle());
    let again = keyed(&gateway, KICK, ONE).await;
    assert_eq!((again.code().as_str(), again.header("idempotency-replayed")), ("provider_timeout", "true"));
    assert_eq!(gateway.able.asked().len(), 2);
}

#[tokio::test]
async fn what_was_refused_before_it_began_does_not_use_the_key_up() {
    let gateway = Gateway::new();
    assert_eq!(keyed(&gateway, KICK, "{}").await.code(), "invalid_request");
    assert_eq!(keyed(&gateway, KICK, ONE).await.status, StatusCode::OK);
}
