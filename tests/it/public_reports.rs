//! What people report of other gateways, token libraries and HTTP servers, tried here. Each test names the report.

use http::Method;
use provider_simulator::Service;
use rollcall_tests::{Setup, Stack, Token};
use serde_json::{Value, json};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;

const LIST: &str = "/v1/live-sessions";

/// Sends these bytes and reads until the gateway closes the connection.
async fn until_closed(stack: &Stack, request: &str) -> String {
    let mut socket = TcpStream::connect(stack.base_url().trim_start_matches("http://")).await.expect("it listens");
    socket.write_all(request.as_bytes()).await.expect("room in the buffers");
    let mut answer = Vec::new();
    socket.read_to_end(&mut answer).await.expect("answered and closed");
    String::from_utf8_lossy(&answer).into_owned()
}

/// A request to read the list, with these headers beside the token.
fn read_with(headers: &str) -> String {
    format!("GET {LIST} HTTP/1.1\r\n{headers}authorization: Bearer {}\r\n\r\n", Token::default().sign())
}

fn answers(text: &str) -> usize {
    text.matches("HTTP/1.1 ").count()
}

/// hyperium/hyper#3777: the server allows a missing and a repeated `Host`.
#[tokio::test]
async fn a_request_names_its_host_once() {
    let stack = Stack::start().await;
    for headers in ["", "host: a\r\nhost: b\r\n", "host: a\r\nhost: a\r\n", "host: a b\r\n", "host: a/b\r\n"] {
        let answer = until_closed(&stack, &read_with(headers)).await;
        assert!(answer.starts_with("HTTP/1.1 400 ") && answer.contains("\"code\":\"invalid_request\""), "{answer}");
    }
    for host in ["", "a", "a:8080", "[::1]:8080", "sub_domain.example", "%C3%A4"] {
        let answer = until_closed(&stack, &read_with(&format!("host: {host}\r\nconnection: close\r\n"))).await;
        assert!(answer.starts_with("HTTP/1.1 200 "), "{host:?}: {answer}");
    }
    let old = until_closed(&stack, "GET /healthz HTTP/1.0\r\n\r\n").await;
    assert!(old.contains(" 200 OK"), "{old}");
}

/// hyperium/hyper#4123, pgjones/hypercorn#279, ohler55/agoo#88: bodies whose end two servers see at different places.
#[tokio::test]
async fn no_request_is_smuggled_behind_a_body_of_doubtful_length() {
    let stack = Stack::start().await;
    for lengths in [
        "content-length: 4\r\ntransfer-encoding: chunked\r\n",
        "transfer-encoding: chunked\r\ncontent-length: 4\r\n",
        "content-length: 47\r\ncontent-length: 0\r\n",
        "content-length: 6\r\ntransfer-encoding : chunked\r\n",
        "content-length: +5\r\n",
        "transfer-encoding: chunked\r\ntransfer-encoding: identity\r\n",
        "transfer-encoding: xchunked\r\n",
    ] {
        let token = Token::default().sign();
        let smuggled = format!(
            "POST {LIST}/realtimekit/room/kick HTTP/1.1\r\nhost: x\r\nauthorization: Bearer {token}\r\n\
             content-type: application/json\r\n{lengths}\r\n0\r\n\r\nGET /healthz HTTP/1.1\r\nhost: x\r\n\r\n"
        );
        let answer = until_closed(&stack, &smuggled).await;
        assert_eq!(answers(&answer), 1, "{lengths:?}: {answer}");
        assert!(answer.starts_with("HTTP/1.1 400 "), "{lengths:?}: {answer}");
    }
    assert_eq!(stack.upstream_requests(), 0);
}

/// gravitee-io/issues#8394: a GET that announces a body and sends none hangs, or is a 502.
#[tokio::test]
async fn a_body_that_nobody_wants_is_not_waited_for() {
    let stack = Stack::start().await;
    let answer = until_closed(&stack, &read_with("host: x\r\ncontent-length: 13\r\n")).await;
    assert!(answer.starts_with("HTTP/1.1 200 ") && answers(&answer) == 1, "{answer}");
}

/// lalinsky/dusty#163: a client that waits for `100 Continue` waits although its request is refused.
#[tokio::test]
async fn a_refusal_does_not_ask_for_the_body_first() {
    let stack = Stack::start().await;
    let head = "POST /v1/live-sessions/realtimekit/room/kick HTTP/1.1\r\nhost: x\r\ncontent-type: application/json\r\n\
                content-length: 10\r\nexpect: 100-continue\r\n\r\n";
    let answer = until_closed(&stack, head).await;
    assert!(answer.starts_with("HTTP/1.1 401 "), "{answer}");
}

/// jshttp/fresh#17, hapijs/hapi#3956, ggml-org/llama.cpp#23849: behind a proxy that compresses, and so weakens or
/// strengthens an `ETag`, nothing is ever a 304.
#[tokio::test]
async fn an_etag_matches_however_a_proxy_has_weakened_it() {
    let stack = Stack::start().await;
    let _room = stack.live_room(Service::RealtimeKit, "Sync", &["Chen"]);
    let etag = stack.get(LIST).await.header("etag").to_owned();
    let strong = etag.trim_start_matches("W/");
    for sent in [etag.as_str(), strong, &format!("\"other\", {etag}"), &format!("{strong},"), "*"] {
        let reply = stack.get_with(LIST, &[("if-none-match", sent)]).await;
        assert_eq!((reply.status.as_u16(), reply.header("etag")), (304, etag.as_str()), "{sent}");
    }
}

/// Keats/jsonwebtoken#212, benmcollins/libjwt#188, int128/kubelogin#1653: times with a fraction.
/// auth0/node-jsonwebtoken#764: times as text, which RFC 7519 does not allow.
#[tokio::test]
async fn times_of_tokens_may_have_a_fraction_but_are_numbers() {
    let stack = Stack::start().await;
    let token = Token::default();
    let at = |name: &str| token.claims()[name].as_f64().expect("a number");
    let fractions = token.clone().claim("iat", json!(at("iat") - 0.75)).claim("exp", json!(at("exp") - 0.25));
    let _ = stack.get_as(LIST, Some(&fractions.sign())).await.expect(200);
    for name in ["iat", "exp"] {
        let text = token.clone().claim(name, Value::String(at(name).to_string()));
        let _ = stack.get_as(LIST, Some(&text.sign())).await.problem(401, "unauthenticated");
    }
}

/// jpadilla/pyjwt#854, tymondesigns/jwt-auth#1053, Kitura/Swift-JWT#31: an identity provider whose clock is a second
/// ahead locks everybody out.
#[tokio::test]
async fn a_clock_that_is_a_little_ahead_locks_nobody_out() {
    let stack = Stack::start().await;
    let _ = stack.get_as(LIST, Some(&Token::default().times(2, 600).sign())).await.expect(200);
    let _ = stack.get_as(LIST, Some(&Token::default().times(60, 600).sign())).await.problem(401, "unauthenticated");
}

/// 18F/18f.gsa.gov#1796, jolibrain/deepdetect#176: compressed although the client refuses it, or said to be so.
#[tokio::test]
async fn only_what_the_client_takes_is_compressed() {
    let stack = Stack::start().await;
    for n in 0..20 {
        stack.live_room(Service::RealtimeKit, &format!("Room {n}"), &["Ada"]);
    }
    let client = stack.http1_client();
    for (accepted, coding) in [
        ("gzip;q=0", ""),
        ("identity", ""),
        ("gzip;q=0, br;q=0", ""),
        ("deflate", ""),
        ("", ""),
        ("*;q=0", ""),
        ("GZIP", "gzip"),
        ("gzip;q=0.001", "gzip"),
    ] {
        let reply = stack.send_by(&client, Method::GET, "/openapi.json", &[("accept-encoding", accepted)]).await;
        assert_eq!(reply.header("content-encoding"), coding, "{accepted:?}");
    }
}

/// elastic/apm-server#676, UpCloudLtd/upcloud-python-api#60: `charset=UTF-8` is refused.
/// CenterEdge/Yardarm#130: .NET clients begin their UTF-8 with a byte order mark.
#[tokio::test]
async fn json_may_say_that_it_is_utf_8_and_begin_with_a_mark() {
    let stack = Stack::start().await;
    let room = stack.live_room(Service::RealtimeKit, "Sync", &["Chen"]);
    let path = format!("{LIST}/realtimekit/{room}/polls");
    let body = r#"{"question":"Tea?","options":["yes","no"]}"#;
    let token = Token::default().sign();
    for (content_type, body, status) in [
        ("application/json; charset=utf-8", body, 201),
        ("application/json;charset=\"UTF-8\"", body, 201),
        ("application/json", &format!("\u{feff}{body}"), 201),
        ("application/json", &format!("\u{feff}\u{feff}{body}"), 400),
        ("application/json; charset=iso-8859-1", body, 415),
    ] {
        let headers = [("content-type", content_type)];
        let reply = stack.send(Method::POST, &path, Some(&token), Some(body.to_owned()), &headers).await;
        assert_eq!(reply.status, status, "{content_type}: {reply:?}");
    }
}

/// NousResearch/hermes-agent#104104, http4s/http4s#1039: refusals without the headers that let a browser read them.
#[tokio::test]
async fn a_browser_may_read_why_it_was_refused() {
    let origin = "https://app.example";
    let server = format!("cors_origins = [\"{origin}\"]");
    let stack = Stack::start_with(Setup { server, ..Setup::default() }).await;
    let from = [("origin", origin)];
    for (method, path, token, status) in [
        (Method::GET, LIST, None, 401),
        (Method::GET, LIST, Some("rubbish"), 401),
        (Method::GET, "/nowhere", None, 404),
        (Method::DELETE, LIST, None, 405),
    ] {
        let reply = stack.send(method, path, token, None, &from).await;
        assert_eq!(reply.status, status);
        assert_eq!(reply.header("access-control-allow-origin"), origin, "{path}");
        assert!(reply.header("access-control-expose-headers").contains("x-request-id"), "{path}");
    }
}

/// nesquena/hermes-webui#7550: the body of a request that was refused unread was taken for the next request.
#[tokio::test]
async fn an_unread_body_is_no_next_request() {
    let stack = Stack::start().await;
    let body = "GET /smuggled HTTP/1.1\r\nhost: x\r\n\r\n";
    let head =
        format!("POST {LIST}/realtimekit/room/kick HTTP/1.1\r\nhost: x\r\ncontent-length: {}\r\n\r\n", body.len());
    let next = "GET /healthz HTTP/1.1\r\nhost: x\r\nconnection: close\r\n\r\n";
    let answer = until_closed(&stack, &format!("{head}{body}{next}")).await;
    assert!(answer.starts_with("HTTP/1.1 401 ") && !answer.contains("route_not_found"), "{answer}");
}

/// rwf2/Rocket#2783: whoever still sends what nobody reads finds the connection reset and never sees why.
#[tokio::test]
async fn who_sends_too_much_can_read_that_it_is_too_much() {
    let stack = Stack::start().await;
    let token = format!("authorization: Bearer {}\r\ncontent-type: application/json\r\n", Token::default().sign());
    for (headers, status) in [("", "401"), (token.as_str(), "413")] {
        let mut socket = TcpStream::connect(stack.base_url().trim_start_matches("http://")).await.expect("it listens");
        let path = format!("{LIST}/realtimekit/room/kick");
        let head = format!("POST {path} HTTP/1.1\r\nhost: x\r\n{headers}content-length: 16000000\r\n\r\n");
        socket.write_all(head.as_bytes()).await.expect("room in the buffers");
        // How both end does not matter, what came before does.
        let _ = socket.write_all(&vec![b'x'; 16_000_000]).await;
        let mut answer = Vec::new();
        let _ = socket.read_to_end(&mut answer).await;
        assert!(answer.starts_with(format!("HTTP/1.1 {status} ").as_bytes()), "{}", String::from_utf8_lossy(&answer));
    }
}

/// netty/netty#5382: a compressed answer went out in chunks to HTTP/1.0 too, which knows none.
#[tokio::test]
async fn http_1_0_gets_no_chunks() {
    let stack = Stack::start().await;
    let request = "GET /openapi.json HTTP/1.0\r\naccept-encoding: gzip\r\nconnection: keep-alive\r\n\r\n";
    let answer = until_closed(&stack, request).await;
    let (head, body) = answer.split_once("\r\n\r\n").expect("a head and a body");
    assert!(head.contains("content-encoding: gzip") && !head.contains("transfer-encoding"), "{head}");
    assert!(body.starts_with('\u{1f}'), "it begins as gzip does");
}

/// zoxy-io/zoxy#233, cloudfoundry/gorouter#106: a whole URL as the target, as clients with a proxy send it, found no route.
#[tokio::test]
async fn a_whole_url_as_the_target_is_its_path() {
    let stack = Stack::start().await;
    let head = read_with("host: rollcall.example\r\nconnection: close\r\n");
    for (query, status) in [("limit=1", "200"), ("limit=0", "400")] {
        let answer = until_closed(&stack, &head.replace(LIST, &format!("http://rollcall.example{LIST}?{query}"))).await;
        assert!(answer.starts_with(&format!("HTTP/1.1 {status} ")), "{answer}");
    }
}

/// golang-jwt/jwt#526: `nbf: 1e19` overflowed into the past, so that a token of the far future was good today.
#[tokio::test]
async fn times_beyond_all_time_are_not_good() {
    let stack = Stack::start().await;
    for claim in ["nbf", "iat", "exp"] {
        for time in [json!(1e19), json!(-1e19), json!(u64::MAX), json!(i64::MAX), json!(i64::MIN)] {
            let token = Token::default().claim(claim, time).sign();
            let _ = stack.get_as(LIST, Some(&token)).await.problem(401, "unauthenticated");
        }
    }
}
