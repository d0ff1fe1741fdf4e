use std::io;

use http::StatusCode;
use serde_json::Value;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;

use crate::{Credential, Credentials, Fault, Huddle01Options, RunningSimulator, Service, SimClock, Simulator, World};

fn world() -> World {
    let world = World::new(1, SimClock::anchored(0));
    world.seed_live(Service::Huddle01, 3, 2);
    world
}

async fn connect(simulator: &RunningSimulator) -> TcpStream {
    TcpStream::connect(simulator.addr()).await.unwrap()
}

async fn send(stream: &mut TcpStream, close: bool) {
    let connection = if close { "close" } else { "keep-alive" };
    let head = format!(
        "GET /api/v2/sdk/live-sessions?x=1 HTTP/1.1\r\nhost: h\r\nx-api-key: canary\r\nconnection: {connection}\r\n\r\n"
    );
    stream.write_all(head.as_bytes()).await.unwrap();
}

/// What comes until the connection ends, and how it ends.
async fn until_the_end(mut stream: TcpStream) -> (String, io::Result<()>) {
    let mut got = Vec::new();
    let ended = stream.read_to_end(&mut got).await.map(drop);
    (String::from_utf8_lossy(&got).into_owned(), ended)
}

/// One request on a connection that stays open unless the fault ends it.
async fn under(fault: Fault) -> (String, io::Result<()>) {
    let simulator = Simulator::huddle01(world()).start().await.unwrap();
    simulator.script().once("**", fault);
    let mut stream = connect(&simulator).await;
    send(&mut stream, false).await;
    until_the_end(stream).await
}

fn announced(answer: &str) -> (usize, &str) {
    let (head, body) = answer.split_once("\r\n\r\n").unwrap();
    let length = head.lines().find_map(|l| l.strip_prefix("content-length: ")).unwrap();
    (length.parse().unwrap(), body)
}

#[tokio::test]
async fn a_reset_gives_no_byte() {
    let (answer, ended) = under(Fault::reset()).await;
    assert_eq!((answer.as_str(), ended.unwrap_err().kind()), ("", io::ErrorKind::ConnectionReset));
}

#[tokio::test]
async fn a_reset_mid_body_breaks_the_connection() {
    let (answer, ended) = under(Fault::reset_mid_body()).await;
    assert_eq!(ended.unwrap_err().kind(), io::ErrorKind::ConnectionReset);
    // A reset may overtake bytes that were sent before it.
    if !answer.is_empty() {
        let (length, body) = announced(&answer);
        assert!(body.len() < length, "{answer}");
    }
}

#[tokio::test]
async fn a_short_body_ends_in_order_but_early() {
    let (answer, ended) = under(Fault::short_body()).await;
    ended.unwrap();
    let (length, body) = announced(&answer);
    assert_eq!(length, body.len() + 100);
    serde_json::from_str::<Value>(body).unwrap();
}

#[tokio::test]
async fn truncated_json_is_a_complete_body() {
    let simulator = Simulator::huddle01(world()).start().await.unwrap();
    simulator.script().once("**", Fault::truncated_json());
    let mut stream = connect(&simulator).await;
    send(&mut stream, true).await;
    let (answer, ended) = until_the_end(stream).await;
    ended.unwrap();
    let (length, body) = announced(&answer);
    assert_eq!(length, body.len());
    serde_json::from_str::<Value>(body).unwrap_err();
}

#[tokio::test]
async fn shutdown_ends_hanging_and_idle_connections_and_frees_the_port() {
    let simulator = Simulator::huddle01(world()).start().await.unwrap();
    let address = simulator.addr();
    simulator.script().always("**", Fault::hang());
    let (mut hanging, log) = (connect(&simulator).await, simulator.log().clone());
    send(&mut hanging, false).await;
    log.wait_for_total(1).await;
    assert_eq!(simulator.connections(), 1);
    simulator.shutdown().await;
    let (answer, _) = until_the_end(hanging).await;
    assert_eq!(answer, "");
    assert_eq!(TcpStream::connect(address).await.unwrap_err().kind(), io::ErrorKind::ConnectionRefused);
}

#[tokio::test]
async fn requests_are_recorded_without_the_credential() {
    let credentials = Credentials::Exactly("right".to_owned());
    let options = Huddle01Options { credentials, ..Huddle01Options::default() };
    let simulator = Simulator::huddle01_with(world(), options).start().await.unwrap();
    let mut stream = connect(&simulator).await;
    send(&mut stream, true).await;
    until_the_end(stream).await.1.unwrap();
    let [request] = simulator.log().requests().try_into().unwrap();
    assert_eq!((request.path.as_str(), request.query.as_deref()), ("/api/v2/sdk/live-sessions", Some("x=1")));
    assert_eq!((request.credential, request.status), (Credential::Wrong, Some(StatusCode::UNAUTHORIZED)));
    assert_eq!(request.headers["host"], "h");
    assert!(!format!("{:?} {simulator:?}", simulator.log()).contains("canary"));
    assert!(!format!("{simulator:?}").contains("right"));
    assert_eq!((simulator.log().count("GET live-sessions"), simulator.log().count("POST **")), (1, 0));
}

#[tokio::test]
async fn the_base_url_ends_with_the_apis_path() {
    let huddle01 = Simulator::huddle01(world()).start().await.unwrap();
    assert_eq!(huddle01.base_url(), format!("{}/api/v2/sdk", huddle01.origin()));
    let kit = Simulator::realtimekit(world()).start().await.unwrap();
    assert_eq!(kit.base_url(), format!("http://{}/client/v4", kit.addr()));
}
