//! What public reports say about other servers and gateways, sent to this one as the reports have it. Each test names its
//! report.

use std::time::Duration;

use rollcall_tests::{Stack, Token};
use serde_json::json;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;

const KICK: &str = "/v1/live-sessions/realtimekit/room/kick";

async fn connect(stack: &Stack) -> TcpStream {
    TcpStream::connect(stack.base_url().trim_start_matches("http://")).await.expect("accepted")
}

/// All that comes back for these bytes, until the gateway ends the connection.
async fn exchange(stack: &Stack, sent: &str) -> String {
    let mut socket = connect(stack).await;
    socket.write_all(sent.as_bytes()).await.expect("room in the buffers");
    let mut answers = Vec::new();
    let read = socket.read_to_end(&mut answers);
    tokio::time::timeout(Duration::from_secs(60), read).await.expect("it is closed").expect("in order");
    String::from_utf8_lossy(&answers).into_owned()
}

/// The statuses of all answers in `text`, in order.
fn statuses(text: &str) -> Vec<&str> {
    let status = |(at, _)| text.get(at + 9..at + 12).filter(|status| status.bytes().all(|byte| byte.is_ascii_digit()));
    text.match_indices("HTTP/1.").filter_map(status).collect()
}

/// hyperium/hyper#3777: hyper takes HTTP/1.1 requests without a Host, with several and with nonsense, where RFC 9112 §3.2
/// demands a 400.
#[tokio::test]
async fn an_http_1_1_request_names_one_host() {
    let stack = Stack::start().await;
    for (hosts, status) in [
        ("host: x\r\n", "200"),
        ("host: rollcall.example:8080\r\n", "200"),
        ("host: 127.0.0.1:8080\r\n", "200"),
        ("host: [::1]:8080\r\n", "200"),
        ("host:\r\n", "200"),
        ("", "400"),
        ("host: a\r\nhost: b\r\n", "400"),
        ("host: a\r\nhost: a\r\n", "400"),
        ("host: a b\r\n", "400"),
        ("host: a/b\r\n", "400"),
        ("host: http://a\r\n", "400"),
        ("host: user@a\r\n", "400"),
        ("host: a, b\r\n", "400"),
    ] {
        for target in ["/healthz", "http://a/healthz"] {
            let request = format!("GET {target} HTTP/1.1\r\n{hosts}connection: close\r\n\r\n");
            let answer = exchange(&stack, &request).await;
            assert_eq!(statuses(&answer), [status], "{request}{answer}");
            assert_eq!(answer.contains(r#""code":"invalid_request""#), status == "400", "{request}{answer}");
        }
    }
    // HTTP/1.0 knew no Host; probes of some load balancers still have none.
    assert_eq!(statuses(&exchange(&stack, "GET /healthz HTTP/1.0\r\n\r\n").await), ["200"]);
    let twice = "GET /healthz HTTP/1.0\r\nhost: a\r\nhost: b\r\n\r\n";
    assert_eq!(statuses(&exchange(&stack, twice).await), ["400"]);
}

/// hyperium/hyper#4123: with both a Content-Length and a Transfer-Encoding, one server may see the body end where another
/// does not, and what follows may be a smuggled request. RFC 9112 §6.1 demands that the connection ends.
#[tokio::test]
async fn two_lengths_end_the_connection() {
    let stack = Stack::start().await;
    for lengths in [
        "content-length: 5\r\ntransfer-encoding: chunked\r\n",
        "transfer-encoding: chunked\r\ncontent-length: 5\r\n",
        "content-length: 0\r\ncontent-length: 5\r\n",
        "content-length: +5\r\n",
        "content-length: 5, 5\r\n",
    ] {
        let next = "GET /smuggled HTTP/1.1\r\nhost: x\r\n\r\n";
        let answers =
            exchange(&stack, &format!("GET /healthz HTTP/1.1\r\nhost: x\r\n{lengths}\r\n0\r\n\r\n{next}")).await;
        assert_eq!(statuses(&answers).len(), 1, "{lengths}{answers}");
        assert!(!answers.contains("route_not_found"), "{lengths}{answers}");
    }
}

/// nesquena/hermes-webui#7550: the body of a request that was refused unread was taken for the next request.
#[tokio::test]
async fn an_unread_body_is_no_next_request() {
    let stack = Stack::start().await;
    let body = "GET /smuggled HTTP/1.1\r\nhost: x\r\n\r\n";
    let refused = format!("POST {KICK} HTTP/1.1\r\nhost: x\r\ncontent-length: {}\r\n\r\n{body}", body.len());
    let next = "GET /healthz HTTP/1.1\r\nhost: x\r\nconnection: close\r\n\r\n";
    let answers = exchange(&stack, &format!("{refused}{next}")).await;
    // It may also have been closed behind the refusal.
    assert!(matches!(statuses(&answers)[..], ["401"] | ["401", "200"]), "{answers}");
    assert!(!answers.contains("route_not_found"), "{answers}");
}

/// rwf2/Rocket#2783: a client that is still sending what nobody reads finds its connection reset and never sees the answer.
#[tokio::test]
async fn who_sends_too_much_can_read_that_it_is_too_much() {
    let stack = Stack::start().await;
    let token = Token::default().sign();
    let good = format!("authorization: Bearer {token}\r\ncontent-type: application/json\r\n");
    for (head, status) in [("", "401"), (good.as_str(), "413")] {
        for length in ["content-length: 16000000", "transfer-encoding: chunked"] {
            let mut socket = connect(&stack).await;
            let head = format!("POST {KICK} HTTP/1.1\r\nhost: x\r\n{head}{length}\r\n\r\n");
            socket.write_all(head.as_bytes()).await.expect("room in the buffers");
            let mut chunk = b"10000\r\n".to_vec();
            chunk.resize(7 + 0x10000, b'x');
            chunk.extend(b"\r\n");
            for _ in 0..200 {
                if socket.write_all(&chunk).await.is_err() {
                    break;
                }
            }
            let mut answer = Vec::new();
            let read = socket.read_to_end(&mut answer);
            // How it ends does not matter, what came before does.
            drop(tokio::time::timeout(Duration::from_secs(60), read).await.expect("it is closed"));
            let answer = String::from_utf8_lossy(&answer);
            assert_eq!(statuses(&answer), [status], "{length}: {answer}");
        }
    }
    assert_eq!((stack.upstream_requests(), stack.audit_lines().len()), (0, 0));
}

/// netty/netty#5382: a compressed answer went out in chunks also to HTTP/1.0, which knows none.
#[tokio::test]
async fn http_1_0_gets_no_chunks() {
    let stack = Stack::start().await;
    for connection in ["", "connection: keep-alive\r\n"] {
        let request = format!("GET /openapi.json HTTP/1.0\r\naccept-encoding: gzip\r\n{connection}\r\n");
        let answer = exchange(&stack, &request).await;
        let (head, body) = answer.split_once("\r\n\r\n").expect("a head and a body");
        assert!(head.starts_with("HTTP/1.0 200 ") && head.contains("content-encoding: gzip"), "{head}");
        assert!(!head.contains("transfer-encoding"), "{head}");
        assert!(body.starts_with("\u{1f}"), "it begins as gzip does");
    }
}

/// zoxy-io/zoxy#233 and Field-of-Dream-Studio/hotaru#80: `GET http://host/path`, as clients with a proxy set send it, was
/// refused or found no route.
#[tokio::test]
async fn a_whole_url_as_the_target_is_its_path() {
    let stack = Stack::start().await;
    let token = Token::default().sign();
    for (target, status) in [
        ("http://rollcall.example/v1/live-sessions?limit=1", "200"),
        ("https://rollcall.example:8443/v1/live-sessions?limit=1", "200"),
        ("http://rollcall.example/v1/live-sessions?limit=0", "400"),
        ("http://rollcall.example", "404"),
    ] {
        let head = format!("GET {target} HTTP/1.1\r\nhost: rollcall.example\r\nconnection: close\r\n");
        let answer = exchange(&stack, &format!("{head}authorization: Bearer {token}\r\n\r\n")).await;
        assert_eq!(statuses(&answer), [status], "{target}: {answer}");
        let without = exchange(&stack, &format!("{head}\r\n")).await;
        assert_eq!(statuses(&without), [if status == "404" { "404" } else { "401" }], "{target}: {without}");
    }
}

/// golang-jwt/jwt#526: `nbf: 1e19` overflowed into the past, so that a token of the far future was good today.
#[tokio::test]
async fn times_beyond_all_time_are_not_good() {
    let stack = Stack::start().await;
    for claim in ["nbf", "iat", "exp"] {
        for time in [json!(1e19), json!(1e300), json!(-1e19), json!(u64::MAX), json!(i64::MAX), json!(i64::MIN)] {
            let token = Token::default().claim(claim, time.clone()).sign();
            let reply = stack.get_as("/v1/providers", Some(&token)).await;
            assert_eq!(reply.status, 401, "{claim}: {time}");
        }
    }
}
