//! Rubbish in every position gets a problem with the right code, and no provider sees any of it.

use http::Method;
use provider_simulator::Service;
use rollcall_tests::{SECRET, Stack, Token};
use serde_json::{Value, json};
use tokio::io::{AsyncReadExt, AsyncWriteExt};

#[tokio::test]
async fn rubbish_in_paths_and_queries() {
    let stack = Stack::start().await;
    let room = stack.live_room(Service::RealtimeKit, "Sync", &["Chen"]);
    let long = "x".repeat(5000);
    let base = "/v1/live-sessions/realtimekit";
    for (path, status, code) in [
        (format!("{base}/..%2f..%2fadmin"), 400, "invalid_request"),
        (format!("{base}/a%00b"), 400, "invalid_request"),
        (format!("{base}/{long}"), 400, "invalid_request"),
        (format!("{base}/%252e%252e"), 400, "invalid_request"),
        (format!("{base}/a%20b/participants"), 400, "invalid_request"),
        (format!("{base}/%ff"), 400, "invalid_request"),
        (format!("{base}/a.b"), 400, "invalid_request"),
        (format!("/v1/sessions/realtimekit/{}", "y".repeat(129)), 400, "invalid_request"),
        ("/v1/sessions/realtimekit/a%2Fb/participants".into(), 400, "invalid_request"),
        (format!("/v1/live-sessions/nobody/{room}"), 404, "provider_not_found"),
        (format!("{base}/{room}?fields=all"), 400, "invalid_request"),
        (format!("{base}/{room}?include=everything"), 400, "invalid_request"),
        ("/v1/live-sessions?limit=0".into(), 400, "invalid_request"),
        ("/v1/live-sessions?limit=1001".into(), 400, "invalid_request"),
        ("/v1/live-sessions?limit=-1".into(), 400, "invalid_request"),
        ("/v1/live-sessions?limit=ten".into(), 400, "invalid_request"),
        ("/v1/live-sessions?limit=10&limit=10".into(), 400, "invalid_request"),
        ("/v1/live-sessions?limit=".into(), 400, "invalid_request"),
        ("/v1/live-sessions?partial=maybe".into(), 400, "invalid_request"),
        ("/v1/live-sessions?Limit=10".into(), 400, "invalid_request"),
        ("/v1/live-sessions?cursor=rubbish".into(), 400, "invalid_cursor"),
        ("/v1/live-sessions?cursor=".into(), 400, "invalid_cursor"),
        ("/v1/live-sessions?cursor=%f0%9f".into(), 400, "invalid_request"),
        ("/v1/live-sessions?provider=nobody".into(), 404, "provider_not_found"),
        ("/v1/sessions/realtimekit/abc?include_breakout_rooms=yes".into(), 400, "invalid_request"),
        ("/v1/providers?x=1".into(), 400, "invalid_request"),
        ("/v1/live-session".into(), 404, "route_not_found"),
        ("/v2/live-sessions".into(), 404, "route_not_found"),
        ("/board/nothing.js".into(), 404, "route_not_found"),
        (format!("{base}/{room}/"), 404, "route_not_found"),
    ] {
        let reply = stack.get(&path).await;
        assert_eq!(reply.status.as_u16(), status, "{path}: {reply:?}");
        let problem = reply.problem(status, code);
        assert_eq!(problem["retryable"], false, "{path}");
    }
    let long_query = format!("/v1/live-sessions?cursor={}", "x".repeat(20_000));
    let _ = stack.get(&long_query).await.problem(414, "uri_too_long");
    assert_eq!(stack.upstream_requests(), 0);
}

#[tokio::test]
async fn the_parameter_at_fault_is_named() {
    let stack = Stack::start().await;
    for (path, name) in [
        ("/v1/live-sessions?limit=0", "limit"),
        ("/v1/live-sessions?colour=red", "colour"),
        ("/v1/live-sessions/realtimekit/a.b", "room_id"),
        ("/v1/sessions/realtimekit/a.b", "session_id"),
    ] {
        let problem = stack.get(path).await.problem(400, "invalid_request");
        assert_eq!(problem["errors"][0]["field"], name, "{problem}");
    }
}

#[tokio::test]
async fn wrong_methods_say_which_are_right() {
    let stack = Stack::start().await;
    for (method, path, allow) in [
        (Method::DELETE, "/v1/live-sessions", "GET"),
        (Method::POST, "/v1/live-sessions/realtimekit/abc", "GET"),
        (Method::GET, "/v1/live-sessions/realtimekit/abc/kick", "POST"),
        (Method::PUT, "/healthz", "GET"),
    ] {
        for token in [None, Some(Token::default().sign())] {
            let reply = stack.send(method.clone(), path, token.as_deref(), None, &[]).await;
            let _ = reply.problem(405, "method_not_allowed");
            assert!(reply.header("allow").contains(allow), "{reply:?}");
        }
    }
    let _ = stack.get_as("/no/such/route", None).await.problem(404, "route_not_found");
}

#[tokio::test]
async fn tokens_that_are_not_good_enough() {
    let stack = Stack::start().await;
    let good = Token::default();
    let bad = [
        good.clone().secret("another-secret-that-is-also-32-bytes-long"),
        good.clone().claim("aud", json!("somebody-else")),
        good.clone().claim("aud", json!(["a", "b"])),
        good.clone().claim("iss", json!("https://evil.example")),
        good.clone().claim("aud", Value::Null),
        good.clone().claim("iss", Value::Null),
        good.clone().claim("sub", Value::Null),
        good.clone().claim("exp", Value::Null),
        good.clone().claim("iat", Value::Null),
        good.clone().claim("sub", json!(7)),
        good.clone().claim("exp", json!("soon")),
        good.clone().claim("exp", json!(1e18)),
        good.clone().claim("scope", json!(["sessions:read", 7])),
        good.clone().claim("scope", json!({ "sessions:read": true })),
        good.clone().claim("providers", json!("huddle01")),
        good.clone().claim("nbf", json!(9_999_999_999_u64)),
        good.clone().times(-600, -60),
        good.clone().times(60, 600),
        good.clone().times(0, 7200),
    ];
    let mut tokens: Vec<String> = bad.iter().map(Token::sign).collect();
    tokens.extend(["", "x", "a.b.c", "....", "eyJhbGciOiJub25lIn0.e30."].map(str::to_owned));
    tokens.push("x".repeat(9000));
    for token in tokens {
        let reply = stack.get_as("/v1/live-sessions", Some(&token)).await;
        let problem = reply.problem(401, "unauthenticated");
        assert!(reply.header("www-authenticate").starts_with("Bearer"), "{reply:?}");
        assert_eq!(problem["errors"], json!([]), "no hint why");
    }
    let _ = stack.get_as("/v1/live-sessions", None).await.problem(401, "unauthenticated");
    for header in ["Basic abc", &format!("Bearer\t{}", good.sign()), &format!("Bearer {} x", good.sign()), "Bearer"] {
        let reply = stack.send(Method::GET, "/v1/live-sessions", None, None, &[("authorization", header)]).await;
        let _ = reply.problem(401, "unauthenticated");
    }
    let lower = format!("bEARER {}", good.sign());
    let reply = stack.send(Method::GET, "/v1/live-sessions", None, None, &[("authorization", &lower)]).await;
    let _ = reply.expect(200);
    let twice = [("authorization", lower.as_str()), ("authorization", lower.as_str())];
    let _ = stack.send(Method::GET, "/v1/live-sessions", None, None, &twice).await.problem(401, "unauthenticated");
    let _ = stack
        .get_as("/v1/live-sessions", Some(&good.clone().scope("other").sign()))
        .await
        .problem(403, "insufficient_scope");
    assert!(SECRET.len() >= 32);
}

#[tokio::test]
async fn rubbish_in_bodies() {
    let stack = Stack::start().await;
    let room = stack.live_room(Service::RealtimeKit, "Sync", &["Chen"]);
    let kick = format!("/v1/live-sessions/realtimekit/{room}/kick");
    let token = Token::default().sign();
    let json_type = [("content-type", "application/json")];
    let many: Vec<String> = (0..101).map(|n| format!("p{n}")).collect();
    for (body, status, code) in [
        ("", 400, "invalid_request"),
        ("{", 400, "invalid_request"),
        ("[]", 400, "invalid_request"),
        ("null", 400, "invalid_request"),
        (r#"{"participant_ids":[],"custom_participant_ids":[]}"#, 400, "invalid_request"),
        (r#"{}"#, 400, "invalid_request"),
        (r#"{"participant_ids":["a/b"]}"#, 400, "invalid_request"),
        (r#"{"participant_ids":["a"],"participant_ids":["b"]}"#, 400, "invalid_request"),
        (r#"{"participant_ids":["a"],"force":true}"#, 400, "invalid_request"),
        (r#"{"participant_ids":"a"}"#, 400, "invalid_request"),
        (r#"{"participant_ids":[null]}"#, 400, "invalid_request"),
        ("{\"custom_participant_ids\":[\"a\\u0000b\"]}", 400, "invalid_request"),
        (r#"{"participant_ids":["a"]} trailing"#, 400, "invalid_request"),
        (&json!({ "participant_ids": many }).to_string(), 400, "invalid_request"),
        (&"[".repeat(10_000), 400, "invalid_request"),
        (&format!("{{\"participant_ids\":[\"{}\"]}}", "x".repeat(70_000)), 413, "payload_too_large"),
    ] {
        let reply = stack.send(Method::POST, &kick, Some(&token), Some(body.to_owned()), &json_type).await;
        assert_eq!(reply.status.as_u16(), status, "{}: {reply:?}", &body[..body.len().min(80)]);
        let _ = reply.problem(status, code);
    }
    for content_type in ["text/plain", "application/xml", "application/jsonx"] {
        let headers = [("content-type", content_type)];
        let body = Some(r#"{"participant_ids":["a"]}"#.to_owned());
        let reply = stack.send(Method::POST, &kick, Some(&token), body, &headers).await;
        let _ = reply.problem(415, "unsupported_media_type");
    }
    for bytes in [40_000, 130_000] {
        let huge = "x".repeat(bytes);
        let headers = [("x-padding", huge.as_str())];
        let reply = stack.send(Method::GET, "/v1/live-sessions", Some(&token), None, &headers).await;
        let _ = reply.problem(431, "headers_too_large");
    }
    assert_eq!(stack.upstream_requests(), 0);
    assert!(stack.audit_lines().is_empty(), "nothing was attempted");
}

#[tokio::test]
async fn request_ids_are_taken_when_well_formed_and_made_otherwise() {
    let stack = Stack::start().await;
    let id = |reply: &rollcall_tests::Reply| reply.header("x-request-id").to_owned();
    let token = Token::default().sign();
    let send = |value: &'static str| {
        let (stack, token) = (&stack, token.as_str());
        async move { stack.send(Method::GET, "/v1/providers", Some(token), None, &[("x-request-id", value)]).await }
    };
    assert_eq!(id(&send("abc-1.2_3").await), "abc-1.2_3");
    let made = id(&send("not ok!").await);
    assert!(!made.is_empty() && made != "not ok!");
    assert_ne!(id(&send("").await), made);
}

#[tokio::test]
async fn a_body_that_says_it_is_too_large_is_not_waited_for() {
    let stack = Stack::start().await;
    let address = stack.base_url().trim_start_matches("http://").to_owned();
    let mut socket = tokio::net::TcpStream::connect(address).await.expect("the gateway listens");
    let head = format!(
        "POST /v1/live-sessions/realtimekit/abc/kick HTTP/1.1\r\nhost: x\r\nauthorization: Bearer {}\r\n\
         content-type: application/json\r\nexpect: 100-continue\r\ncontent-length: 65537\r\n\r\n",
        Token::default().sign()
    );
    socket.write_all(head.as_bytes()).await.expect("sent");
    let mut answer = String::new();
    socket.read_to_string(&mut answer).await.expect("answered and closed");
    assert!(answer.starts_with("HTTP/1.1 413 "), "{answer}");
    assert!(answer.contains(r#""code":"payload_too_large""#), "{answer}");
}

#[tokio::test]
async fn the_admin_listener_answers_with_problems_too() {
    let stack = Stack::start().await;
    let _ = stack.get_admin("/v1/live-sessions").await.problem(404, "route_not_found");
    assert_eq!(stack.get_admin("/metrics").await.status, 200);
}
