//! Long snapshots, readers that do not read, limits and the end, over sockets.

use std::collections::BTreeSet;
use std::time::Duration;

use provider_simulator::Service;
use rollcall_tests::{EventReader, Setup, Stack, StreamEvent, Token};
use serde_json::json;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpSocket, TcpStream};

const MAX_PIECE: usize = 256 * 1024;

fn token_of(name: &str) -> String {
    Token::default().claim("sub", json!(name)).sign()
}

fn token() -> String {
    token_of("reader")
}

async fn with_rooms(setup: Setup, count: usize, title: &str) -> (Stack, Vec<String>) {
    let stack = Stack::start_with(setup).await;
    let rooms = (0..count).map(|_| stack.live_room(Service::RealtimeKit, title, &[])).collect();
    (stack, rooms)
}

/// The rooms that a snapshot shows, whose first piece comes next.
async fn snapshot(mut next: impl AsyncFnMut() -> StreamEvent) -> BTreeSet<String> {
    let mut rooms = BTreeSet::new();
    for piece in 0.. {
        let StreamEvent { event, data, id, .. } = next().await;
        assert_eq!(event, "snapshot", "nothing comes between the pieces");
        assert_eq!((&data["first"], &data["last"]), (&json!(piece == 0), &json!(id.is_some())));
        let sessions = data["data"].as_array().expect("sessions");
        assert!(sessions.len() <= 100 && data.to_string().len() <= MAX_PIECE);
        rooms.extend(sessions.iter().map(|session| session["room_id"].as_str().expect("an id").to_owned()));
        if id.is_some() {
            break;
        }
    }
    rooms
}

#[tokio::test]
async fn a_long_snapshot_comes_in_pieces() {
    let setup = Setup { events: "poll_for = \"100ms\"".to_owned(), ..Setup::default() };
    let (stack, rooms) = with_rooms(setup, 350, "Room").await;
    for client in [stack.http1_client(), stack.http2_client()] {
        let path = "/v1/events?provider=realtimekit";
        let mut events = EventReader::open_by(&client, &stack, path, &token(), None).await;
        let shown = snapshot(async || events.next().await.expect("an event")).await;
        assert_eq!(shown, rooms.iter().cloned().collect());
    }
}

/// A reader of a socket with as small a buffer as there is, so that what is not read is not sent either.
struct SlowReader {
    socket: TcpStream,
    text: String,
}

impl SlowReader {
    async fn open(stack: &Stack, path: &str) -> Self {
        let socket = TcpSocket::new_v4().expect("a socket");
        socket.set_recv_buffer_size(4096).expect("an option");
        let host = stack.base_url().trim_start_matches("http://");
        let mut socket = socket.connect(host.parse().expect("an address")).await.expect("accepted");
        let head = format!("GET {path} HTTP/1.0\r\nhost: {host}\r\nauthorization: Bearer {}\r\n\r\n", token());
        socket.write_all(head.as_bytes()).await.expect("room in the buffers");
        Self { socket, text: String::new() }
    }

    async fn next(&mut self) -> StreamEvent {
        loop {
            while let Some((block, rest)) = self.text.split_once("\n\n") {
                let field = |name: &str| {
                    let mut lines = block.lines();
                    lines.find_map(|line| line.strip_prefix(name)?.strip_prefix(": ")).map(str::to_owned)
                };
                let event = field("event").map(|event| {
                    let data = serde_json::from_str(&field("data").expect("data")).expect("JSON");
                    StreamEvent { event, data, id: field("id"), retry: None }
                });
                self.text = rest.to_owned();
                if let Some(event) = event {
                    return event;
                }
            }
            let mut bytes = vec![0; 256 * 1024];
            let read = self.socket.read(&mut bytes).await.expect("the stream goes on");
            assert_ne!(read, 0, "the stream ended");
            self.text.push_str(std::str::from_utf8(&bytes[..read]).expect("ASCII"));
        }
    }
}

#[tokio::test]
async fn who_does_not_read_falls_out_of_the_log_and_gets_a_snapshot_of_now() {
    let events = "poll_for = \"500ms\"\nkeep = { for = \"60s\", events = 12 }".to_owned();
    // More than the buffers of both sockets take.
    let title = "x".repeat(20_000);
    let (stack, rooms) = with_rooms(Setup { events, ..Setup::default() }, 230, &title).await;
    let path = "/v1/events?provider=realtimekit";
    let mut slow = SlowReader::open(&stack, path).await;
    let mut quick = EventReader::open(&stack, path, &token(), None).await;
    let _ = snapshot(async || quick.next().await.expect("an event")).await;
    let (gone, stay) = rooms.split_at(20);
    // No more at once than are kept: who reads does not fall out.
    for some in gone.chunks(10) {
        for room in some {
            let _ = stack.world.end_session(room).expect("it is live");
        }
        for _ in some {
            assert_eq!(quick.next().await.expect("an event").event, "session_ended");
        }
    }
    let before = snapshot(async || slow.next().await).await;
    assert_eq!(before, rooms.iter().cloned().collect(), "what it had begun to read");
    let now = snapshot(async || slow.next().await).await;
    assert_eq!(now, stay.iter().cloned().collect());
}

#[tokio::test]
async fn streams_of_rooms_are_bounded_for_each_caller_and_for_all() {
    let setup = Setup { events: "max_rooms = 6".to_owned(), ..Setup::default() };
    let stack = Stack::start_with(setup).await;
    let path = |room: usize| format!("/v1/live-sessions/realtimekit/room-{room}/events");
    let mut held = Vec::new();
    for room in 0..5 {
        held.push(EventReader::open(&stack, &path(room), &token(), None).await);
    }
    let refused = stack.get_as(&path(5), Some(&token())).await;
    let _ = refused.problem(429, "rate_limited");
    held.push(EventReader::open(&stack, "/v1/events", &token(), None).await);
    held.push(EventReader::open(&stack, &path(0), &token_of("other"), None).await);
    held.push(EventReader::open(&stack, &path(5), &token_of("other"), None).await);
    let refused = stack.get_as(&path(6), Some(&token_of("other"))).await;
    let _ = refused.problem(503, "overloaded");
    assert!(!refused.header("retry-after").is_empty());
}

#[tokio::test]
async fn the_end_is_said_over_both_versions_of_http_whatever_is_followed() {
    let mut stack = Stack::start_with(Setup::default()).await;
    let nothing = Token::default().claim("providers", json!([])).sign();
    let mut readers = Vec::new();
    for client in [stack.http1_client(), stack.http2_client()] {
        for (path, token) in [
            ("/v1/events", token()),
            ("/v1/events", nothing.clone()),
            ("/v1/live-sessions/realtimekit/room/events", token()),
        ] {
            readers.push(EventReader::open_by(&client, &stack, path, &token, None).await);
        }
    }
    let ended = stack.begin_to_stop();
    for reader in &mut readers {
        assert_eq!(reader.until("bye").await.data["reason"], "draining");
        assert!(reader.next().await.is_none());
    }
    // Far less than the time of a drain, which nobody holds up.
    tokio::time::timeout(Duration::from_secs(10), ended).await.expect("in time").expect("no panic");
}
