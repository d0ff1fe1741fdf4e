//! What is sent, and that it is sent again.

use std::sync::{Arc, Mutex};
use std::time::Duration;

use aws_lc_rs::hmac;
use aws_lc_rs::signature::{RSA_PKCS1_2048_8192_SHA256, UnparsedPublicKey};
use axum::Router;
use axum::extract::State;
use axum::routing::post;
use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use http::{HeaderMap, StatusCode};
use serde_json::Value;
use tokio::net::TcpListener;
use tokio::sync::mpsc::{UnboundedReceiver, UnboundedSender, unbounded_channel};
use tokio::task::JoinSet;

use crate::{Service, Simulator, World};

type Got = (HeaderMap, String);

#[derive(Clone)]
struct Hook {
    got: UnboundedSender<Got>,
    answers: Arc<Mutex<Vec<u16>>>,
}

struct Desk {
    url: String,
    got: UnboundedReceiver<Got>,
    /// Of the next requests, the last first; then 204.
    answers: Arc<Mutex<Vec<u16>>>,
    _tasks: JoinSet<()>,
}

impl Desk {
    async fn open() -> Self {
        let (sender, got) = unbounded_channel();
        let answers = Arc::new(Mutex::default());
        let hook = Hook { got: sender, answers: Arc::clone(&answers) };
        let take = |State(hook): State<Hook>, headers: HeaderMap, body: String| async move {
            hook.got.send((headers, body)).unwrap();
            StatusCode::from_u16(hook.answers.lock().unwrap().pop().unwrap_or(204)).unwrap()
        };
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let url = format!("http://{}/hook", listener.local_addr().unwrap());
        let mut tasks = JoinSet::new();
        let router = Router::new().route("/hook", post(take)).with_state(hook);
        tasks.spawn(async move { axum::serve(listener, router).await.unwrap() });
        Self { url, got, answers, _tasks: tasks }
    }

    async fn next(&mut self) -> (HeaderMap, Value, String) {
        let (headers, text) = tokio::time::timeout(Duration::from_secs(20), self.got.recv()).await.unwrap().unwrap();
        (headers, serde_json::from_str(&text).unwrap(), text)
    }

    async fn events(&mut self, count: usize) -> Vec<String> {
        let mut events = Vec::new();
        for _ in 0..count {
            events.push(self.next().await.1["event"].as_str().unwrap().to_owned());
        }
        events
    }
}

/// A session from its beginning to its end.
fn live(world: &World, service: Service) -> String {
    let room = world.add_room(service, "Room");
    let ada = world.join(&room, "Ada").unwrap();
    world.join(&room, "Bola").unwrap();
    world.start_recording(&room).unwrap();
    world.start_livestream(&room).unwrap();
    world.leave(&room, &ada.connection_id).unwrap();
    world.stop_recordings(&room).unwrap();
    world.end_session(&room).unwrap();
    room
}

#[tokio::test]
async fn huddle01_tells_everything_in_its_words() {
    let mut desk = Desk::open().await;
    let world = World::empty();
    let sender = Simulator::huddle01(world.clone()).send_webhooks(&desk.url).unwrap();
    let room = live(&world, Service::Huddle01);
    live(&world, Service::RealtimeKit);
    let (headers, body, text) = desk.next().await;
    assert_eq!(headers["content-type"], "text/plain");
    assert_eq!((&body["event"], &body["payload"]["roomId"]), (&"meeting:started".into(), &room.into()));
    let signature = headers["huddle01-signature"].to_str().unwrap();
    let (t, hex) = signature.strip_prefix("t=").unwrap().split_once(",sha256=").unwrap();
    let key = hmac::Key::new(hmac::HMAC_SHA256, b"demo");
    let tag: Vec<u8> = (0..32).map(|i| u8::from_str_radix(&hex[2 * i..2 * i + 2], 16).unwrap()).collect();
    hmac::verify(&key, format!("{}.{t}.{text}", body["id"].as_str().unwrap()).as_bytes(), &tag).unwrap();
    let rest = [
        "peer:joined",
        "peer:joined",
        "recording:started",
        "recording:updated",
        "peer:left",
        "recording:ended",
        "peer:left",
        "recording:ended",
        "meeting:ended",
    ];
    assert_eq!(desk.events(rest.len()).await, rest);
    sender.shutdown().await;
    live(&world, Service::Huddle01);
    assert!(desk.got.try_recv().is_err(), "nothing is sent after the end");
}

#[tokio::test]
async fn realtimekit_tells_everything_in_its_words_and_publishes_its_key() {
    let mut desk = Desk::open().await;
    let world = World::empty();
    let simulator = Simulator::realtimekit(world.clone()).start().await.unwrap();
    let _sender = simulator.send_webhooks(&desk.url).unwrap();
    let room = live(&world, Service::RealtimeKit);
    let (headers, body, text) = desk.next().await;
    assert_eq!((&body["event"], &body["meeting"]["id"]), (&"meeting.started".into(), &room.into()));
    let pem = simulator.webhook_public_key();
    let der: String = pem.lines().filter(|line| !line.starts_with('-')).collect();
    let key = UnparsedPublicKey::new(&RSA_PKCS1_2048_8192_SHA256, STANDARD.decode(der).unwrap());
    key.verify(text.as_bytes(), &STANDARD.decode(&headers["rtk-signature"]).unwrap()).unwrap();
    let rest = [
        "meeting.participantJoined",
        "meeting.participantJoined",
        "recording.statusUpdate",
        "livestreaming.statusUpdate",
        "meeting.participantLeft",
        "recording.statusUpdate",
        "meeting.participantLeft",
        "livestreaming.statusUpdate",
        "meeting.ended",
    ];
    assert_eq!(desk.events(rest.len()).await, rest);
}

#[tokio::test]
async fn a_server_error_is_followed_by_another_try_and_a_refusal_is_the_end() {
    let mut desk = Desk::open().await;
    let world = World::empty();
    let _sender = Simulator::huddle01(world.clone()).send_webhooks(&desk.url).unwrap();
    *desk.answers.lock().unwrap() = vec![401, 503];
    let room = world.add_room(Service::Huddle01, "Room");
    world.start_session(&room).unwrap();
    world.end_session(&room).unwrap();
    let (first, again) = (desk.next().await.1, desk.next().await.1);
    assert_eq!((&first["id"], &first["event"]), (&again["id"], &again["event"]));
    assert_eq!(desk.events(1).await, ["meeting:ended"]);
}

#[test]
fn only_plain_http_can_be_sent_to() {
    let runtime = tokio::runtime::Builder::new_current_thread().build().unwrap();
    let _inside = runtime.enter();
    let simulator = Simulator::huddle01(World::empty());
    for url in ["https://127.0.0.1/x", "/x", "", "127.0.0.1:80"] {
        assert!(simulator.send_webhooks(url).is_err(), "{url}");
    }
}
