//! What mutations leave in the audit log.

use std::path::PathBuf;
use std::sync::Arc;

use serde_json::Value;
use session_provider::{Error, ErrorKind, Intent};
use tokio::sync::Semaphore;

use crate::api::tests::support::Gateway;
use crate::testing::Behaviour;

const ROOM: &str = "/v1/live-sessions/able/room";
const KICK: &str = "/v1/live-sessions/able/room/kick";
const ONE: &str = r#"{"participant_ids":["p1"],"custom_participant_ids":["desk 4"]}"#;

/// A log in a file of its own, removed at the end.
struct Log(PathBuf);

impl Log {
    fn gateway() -> (Self, Gateway) {
        let log = Self(std::env::temp_dir().join(format!("rollcall-api-{}.jsonl", uuid::Uuid::new_v4())));
        let gateway = writing_to(log.0.clone());
        (log, gateway)
    }

    fn lines(&self) -> Vec<Value> {
        std::fs::read_to_string(&self.0).unwrap().lines().map(|line| serde_json::from_str(line).unwrap()).collect()
    }

    fn outcomes(&self) -> Vec<String> {
        self.lines().iter().map(|line| line["outcome"].as_str().unwrap_or("intent").to_owned()).collect()
    }
}

impl Drop for Log {
    fn drop(&mut self) {
        let _ = std::fs::remove_file(&self.0);
    }
}

fn writing_to(path: PathBuf) -> Gateway {
    Gateway::audited_to(path)
}

#[tokio::test]
async fn each_is_written_down_before_and_after() {
    let (log, gateway) = Log::gateway();
    let answer = gateway.post_with(KICK, ONE, &[("x-request-id", "req-1")]).await;
    assert_eq!(answer.status, 200);
    let unknown = Error::new(ErrorKind::ProviderTimeout).after_sending(Intent::Mutation);
    for error in [Error::new(ErrorKind::SessionNotLive), unknown] {
        gateway.able.does(Behaviour { mutations_fail: Some(error), ..Behaviour::idle() });
        gateway.post(KICK, ONE).await;
    }
    assert_eq!(log.outcomes(), ["intent", "done", "intent", "refused", "intent", "unknown"]);
    let intent = &log.lines()[0];
    assert_eq!(intent["targets"], serde_json::json!(["p1", "desk 4"]));
    assert_eq!((&intent["request_id"], &intent["sub"]), (&"req-1".into(), &"tester".into()));
}

#[tokio::test]
async fn what_is_refused_before_it_is_sent_leaves_no_intent() {
    let (log, gateway) = Log::gateway();
    gateway.post(KICK, "{}").await;
    gateway.post("/v1/live-sessions/reading/room/kick-all", "").await;
    gateway.post(KICK, r#"{"participant_ids":["p1"],"expected_session_id":"s1"}"#).await;
    assert_eq!(log.lines(), Vec::<Value>::new());
}

#[tokio::test]
async fn when_the_caller_hangs_up_the_outcome_is_written_and_the_cache_forgets() {
    let (log, gateway) = Log::gateway();
    let gate = Arc::new(Semaphore::new(0));
    gateway.able.does(Behaviour { gate: Some(gate.clone()), ..Behaviour::live("s1") });
    gateway.get(ROOM).await;
    {
        let waiting = gateway.post(KICK, ONE);
        tokio::pin!(waiting);
        while gateway.able.asked().len() < 2 {
            assert!(futures_util::poll!(&mut waiting).is_pending());
            tokio::task::yield_now().await;
        }
    }
    assert_eq!(log.outcomes(), ["intent"]);
    gate.add_permits(1);
    gateway.app.tasks.close();
    gateway.app.tasks.wait().await;
    assert_eq!(log.outcomes(), ["intent", "done"]);
    let read = gateway.get(ROOM).await;
    assert!(read.header("cache-status").starts_with("rollcall; fwd=miss"), "{}", read.header("cache-status"));
}

#[cfg(target_os = "linux")]
#[tokio::test]
async fn without_an_audit_log_nothing_is_sent() {
    let gateway = writing_to("/dev/full".into());
    let answer = gateway.post(KICK, ONE).await;
    assert_eq!((answer.code().as_str(), &answer.json()["retryable"]), ("audit_unavailable", &true.into()));
    assert_eq!((answer.status.as_u16(), answer.header("retry-after")), (503, "5"));
    gateway.assert_untouched("not audited");
    gateway.able.does(Behaviour::live("s1"));
    assert_eq!(gateway.get(ROOM).await.status, 200, "reads go on");
}
