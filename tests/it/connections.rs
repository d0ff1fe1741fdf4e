//! Connections that say nothing or never finish, a thousand at once.

use std::process::Command;
use std::time::Duration;

use futures_util::future::join_all;
use gateway::server::ConnectionTimeouts;
use provider_simulator::Service;
use rollcall_tests::{Setup, Stack, Token};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;

#[tokio::test]
async fn a_body_that_never_comes_is_a_408_and_the_end_of_the_connection() {
    let setup = Setup {
        server: "request_timeout = \"1s\"".to_owned(),
        provider_timeout: Some("500ms".to_owned()),
        ..Setup::default()
    };
    let stack = Stack::start_with(setup).await;
    let mut socket = TcpStream::connect(stack.base_url().trim_start_matches("http://")).await.expect("accepted");
    let head = format!(
        "POST /v1/live-sessions/realtimekit/room/kick HTTP/1.1\r\nhost: x\r\ncontent-type: application/json\r\n\
         content-length: 50\r\nauthorization: Bearer {}\r\n\r\n{{",
        Token::default().sign()
    );
    socket.write_all(head.as_bytes()).await.expect("room in the buffers");
    let mut answer = String::new();
    let read = socket.read_to_string(&mut answer);
    tokio::time::timeout(Duration::from_secs(60), read).await.expect("it is closed").expect("in order");
    assert!(answer.starts_with("HTTP/1.1 408 ") && answer.contains("\"code\":\"request_timeout\""), "{answer}");
    assert_eq!((stack.upstream_requests(), stack.audit_lines().len()), (0, 0));
}

const CONNECTIONS: usize = 1000;

/// What strangers send before they fall silent.
const BEGINNINGS: [&str; 6] = [
    "",
    "G",
    "GET / HTTP/1.1\r\nhost: x\r\nx-slow: ",
    "PRI * HTTP/2.0\r\n\r\nSM",
    // Whole heads: of an open route and then silence, and of a body that never comes.
    "GET /healthz HTTP/1.1\r\nhost: x\r\n\r\n",
    "POST /v1/live-sessions/realtimekit/room/kick HTTP/1.1\r\nhost: x\r\ncontent-length: 50\r\n\r\n{",
];

/// Both ends of a thousand connections are more descriptors than many systems allow by default, and they are counted:
/// hence a process of its own, with the limit raised.
#[test]
fn a_thousand_silent_and_half_open_connections_are_closed_and_disturb_nobody() {
    let own = std::env::current_exe().expect("this test's binary");
    let script = "ulimit -n \"$(ulimit -H -n)\" && exec \"$@\"";
    let alone = ["--exact", "connections::alone_in_a_process", "--ignored", "--nocapture"];
    let output = Command::new("sh").args(["-c", script, "sh"]).arg(own).args(alone).output().expect("sh runs");
    let said = String::from_utf8_lossy(&output.stdout);
    assert!(
        output.status.success() && said.contains("1 passed"),
        "{said}\n{}",
        String::from_utf8_lossy(&output.stderr)
    );
}

fn open_descriptors() -> usize {
    std::fs::read_dir("/proc/self/fd").map_or(0, Iterator::count)
}

async fn last_in_the_queue(address: &str) {
    let mut socket = TcpStream::connect(address).await.expect("accepted");
    let request = "GET /healthz HTTP/1.1\r\nhost: x\r\nconnection: close\r\n\r\n";
    socket.write_all(request.as_bytes()).await.expect("room in the buffers");
    let mut answer = String::new();
    socket.read_to_string(&mut answer).await.expect("an answer");
    assert!(answer.starts_with("HTTP/1.1 200 "), "{answer}");
}

#[tokio::test]
#[ignore = "run by the test above, in a process of its own"]
async fn alone_in_a_process() {
    let patience = Duration::from_secs(2);
    let connections = ConnectionTimeouts {
        first_byte: patience,
        head: patience,
        idle: patience,
        answer: patience,
        ..ConnectionTimeouts::default()
    };
    let stack = Stack::start_with(Setup { connections, ..Setup::default() }).await;
    let room = stack.live_room(Service::RealtimeKit, "Sync", &["Chen"]);
    let path = format!("/v1/live-sessions/realtimekit/{room}");
    assert_eq!(stack.get(&path).await.status, 200);
    let before = open_descriptors();

    let address = stack.base_url().strip_prefix("http://").expect("an http URL").to_owned();
    let mut strangers = Vec::new();
    for n in 0..CONNECTIONS {
        let mut socket = TcpStream::connect(&address).await.expect("accepted");
        socket.write_all(BEGINNINGS[n % BEGINNINGS.len()].as_bytes()).await.expect("room in the buffers");
        strangers.push(socket);
        if n % 50 == 49 {
            // Answered in the order of arrival, so all before it have left the system's queue, which may be short.
            last_in_the_queue(&address).await;
        }
    }
    let during = open_descriptors();
    let closed = join_all(strangers.into_iter().map(|mut socket| async move {
        let mut rest = Vec::new();
        // A reset ends it too.
        let _ = socket.read_to_end(&mut rest).await;
    }));
    let friends = async {
        for _ in 0..50 {
            let reply = stack.get(&path).await;
            assert_eq!(reply.status, 200, "{reply:?}");
        }
    };
    let all = async { futures_util::join!(closed, friends) };
    tokio::time::timeout(Duration::from_secs(60), all).await.expect("every one of them is closed");
    // The clients' ends are dropped; the gateway's follow, and with them what its own client keeps open.
    let settled = async {
        while open_descriptors() > before + 2 {
            tokio::task::yield_now().await;
        }
    };
    tokio::time::timeout(Duration::from_secs(60), settled).await.expect("the descriptors are given back");
    println!("descriptors: {before} before, {during} during, {} after", open_descriptors());
    assert!(before == 0 || during > before + CONNECTIONS, "they were never open at once");
    assert_eq!(stack.get(&path).await.status, 200);
}
