//! Connections that come and go, on a paused clock.

use std::collections::VecDeque;
use std::sync::{Arc, Mutex};

use bytes::Bytes;
use futures_util::future::BoxFuture;
use serde_json::json;

use super::*;
use crate::events::testing::{entry, piece};

/// What the gateway does with one connection.
enum Script {
    /// Sends these pieces, each so long after the one before, and ends.
    Sends(Vec<(Duration, String)>),
    /// The same, and then neither sends nor ends.
    Hangs(Vec<(Duration, String)>),
    Refuses(Refusal),
    NeverAnswers,
}

/// A gateway that follows a script, and what it was asked for.
#[derive(Clone, Default)]
struct Scripted {
    scripts: Arc<Mutex<VecDeque<Script>>>,
    asked: Arc<Mutex<Vec<Option<String>>>>,
}

impl Open for Scripted {
    fn open(&self, last_event_id: Option<String>) -> BoxFuture<'static, Result<Bytestream, Refusal>> {
        self.asked.lock().unwrap().push(last_event_id);
        let script = self.scripts.lock().unwrap().pop_front().expect("no more connections were expected");
        Box::pin(async move {
            let (pieces, hangs) = match script {
                Script::Sends(pieces) => (pieces, false),
                Script::Hangs(pieces) => (pieces, true),
                Script::Refuses(refusal) => return Err(refusal),
                Script::NeverAnswers => std::future::pending().await,
            };
            let pieces = stream::iter(pieces).then(|(after, text)| async move {
                tokio::time::sleep(after).await;
                Ok(Bytes::from(text))
            });
            Ok(if hangs { pieces.chain(stream::pending()).boxed() } else { pieces.boxed() })
        })
    }
}

fn follower(scripts: Vec<Script>) -> (Follower, Scripted) {
    let gateway = Scripted { scripts: Arc::new(Mutex::new(scripts.into())), ..Scripted::default() };
    (Follower::new(Box::new(gateway.clone()), false, Duration::from_secs(45)), gateway)
}

fn event(name: &str, id: &str, data: &serde_json::Value) -> (Duration, String) {
    (Duration::ZERO, format!("event: {name}\ndata: {data}\nid: {id}\n\n"))
}

fn changed(id: &str) -> (Duration, String) {
    event("provider_changed", id, &json!({ "provider": "p", "entry": entry("ok") }))
}

/// The next so many things, each in a word with the seconds that had passed.
async fn said(follower: &mut Follower, count: usize) -> Vec<String> {
    let begin = Instant::now();
    let mut said = Vec::new();
    for _ in 0..count {
        let word = match follower.next().await {
            Ok(Followed::Connected) => "connected".to_owned(),
            Ok(Followed::Event(received)) => received.name,
            Ok(Followed::Disconnected { why, .. }) => why,
            Err(error) => format!("over: {error}"),
        };
        said.push(format!("{} {word}", begin.elapsed().as_secs()));
    }
    said
}

#[tokio::test(start_paused = true)]
async fn it_goes_on_behind_the_last_event_that_had_an_id() {
    let (_, unnumbered) = changed("");
    let unnumbered = (Duration::ZERO, unnumbered.replace("id: \n", ""));
    let (mut follower, gateway) = follower(vec![
        Script::Sends(vec![changed("1"), changed("2"), unnumbered]),
        Script::Sends(vec![]),
        Script::Hangs(vec![changed("3")]),
    ]);
    let found = said(&mut follower, 9).await;
    let words: Vec<_> = found.iter().map(|word| word.split_once(' ').unwrap().1).collect();
    let event = "provider_changed";
    let ended = "the connection ended";
    assert_eq!(words, ["connected", event, event, event, ended, "connected", ended, "connected", event]);
    assert_eq!(*gateway.asked.lock().unwrap(), [None, Some("2".to_owned()), Some("2".to_owned())]);
}

#[tokio::test(start_paused = true)]
async fn a_bye_is_told_and_its_retry_kept_to() {
    let (_, bye) = event("bye", "9", &json!({ "reason": "draining" }));
    let (mut follower, _) = follower(vec![
        Script::Sends(vec![(Duration::ZERO, format!("retry: 7000\n{bye}"))]),
        Script::Sends(vec![(Duration::ZERO, "retry: 900000\n\n".to_owned())]),
        Script::Sends(vec![]),
    ]);
    assert_eq!(
        said(&mut follower, 6).await,
        [
            "0 connected",
            "0 bye",
            "0 the gateway ended the stream: draining",
            "7 connected",
            "7 the connection ended",
            "67 connected"
        ]
    );
}

#[tokio::test(start_paused = true)]
async fn a_silent_connection_is_dead_and_a_heartbeat_keeps_it() {
    let heartbeats = vec![(Duration::from_secs(40), ":\n\n".to_owned()); 3];
    let (mut follower, _) = follower(vec![Script::Hangs(heartbeats), Script::NeverAnswers, Script::Sends(vec![])]);
    let found = said(&mut follower, 3).await;
    assert_eq!(found[..2], ["0 connected", "165 nothing came for 45 s"]);
    assert!(["195 it does not answer", "196 it does not answer"].contains(&found[2].as_str()), "{found:?}");
}

#[tokio::test(start_paused = true)]
async fn waits_grow_while_it_is_refused_and_what_the_gateway_says_counts() {
    let later = |wait: Option<u64>| {
        Script::Refuses(Refusal::Later { why: "no".to_owned(), wait: wait.map(Duration::from_secs) })
    };
    let (mut follower, _) = follower(vec![later(None), later(None), later(Some(100)), Script::Sends(vec![])]);
    let mut waits = Vec::new();
    while let Ok(Followed::Disconnected { wait, .. }) = follower.next().await {
        waits.push(wait.as_secs_f64());
    }
    assert!((0.5..=1.0).contains(&waits[0]) && (1.0..=2.0).contains(&waits[1]), "{waits:?}");
    assert_eq!(waits[2..], [100.0]);
}

#[tokio::test(start_paused = true)]
async fn what_would_be_refused_again_is_the_end() {
    let refusal = || Script::Refuses(Refusal::Final { why: "token expired".to_owned(), problem: None });
    let (follower, _) = follower(vec![Script::Sends(vec![changed("1")]), refusal()]);
    let all: Vec<_> = follower.into_stream().collect().await;
    assert_eq!(all.len(), 4);
    assert_eq!(all[3].as_ref().unwrap_err().to_string(), "token expired");
}

#[tokio::test(start_paused = true)]
async fn an_event_that_cannot_be_read_begins_anew() {
    let broken = event("snapshot", "2", &json!({ "provider": 7 }));
    let whole = event("snapshot", "3", &piece(&["a"], true, true, "ok"));
    let (mut follower, gateway) = follower(vec![Script::Hangs(vec![changed("1"), broken]), Script::Hangs(vec![whole])]);
    let found = said(&mut follower, 5).await;
    assert!(found[2].contains("an event cannot be read: snapshot"), "{found:?}");
    assert!(found[4].ends_with("snapshot"), "{found:?}");
    assert_eq!(*gateway.asked.lock().unwrap(), [None, None]);
}

#[tokio::test(start_paused = true)]
async fn who_stops_waiting_loses_nothing() {
    let slow = vec![
        (Duration::from_secs(5), "event: bye\nda".to_owned()),
        (Duration::from_secs(5), "ta: {\"reason\":\"too_slow\"}\n\n".to_owned()),
    ];
    let (mut follower, gateway) = follower(vec![Script::Sends(slow)]);
    let mut tries = 0;
    let received = loop {
        tries += 1;
        match tokio::time::timeout(Duration::from_secs(1), follower.next()).await {
            Ok(Ok(Followed::Event(received))) => break received,
            Ok(other) => assert_eq!(other, Ok(Followed::Connected)),
            Err(_) => {}
        }
    };
    assert_eq!(received.json, "{\"reason\":\"too_slow\"}");
    assert!(tries >= 10, "{tries}");
    assert_eq!(gateway.asked.lock().unwrap().len(), 1);
}
