//! What is shown to whom: browsers, strangers, operators, and callers whose answer is in memory already.

use http::Method;
use provider_simulator::Service;
use rollcall_tests::{Reply, Setup, Stack, Token};
use serde_json::Value;

const BFF: &str = "https://bff.example";

async fn with_cors() -> Stack {
    let server = format!("cors_origins = [\"{BFF}\"]");
    Stack::start_with(Setup { server, ..Setup::default() }).await
}

async fn preflight(stack: &Stack, path: &str, origin: &str, method: &str) -> Reply {
    let headers = [
        ("origin", origin),
        ("access-control-request-method", method),
        ("access-control-request-headers", "authorization,idempotency-key,content-type"),
    ];
    stack.send(Method::OPTIONS, path, None, None, &headers).await
}

#[tokio::test]
async fn a_browser_of_an_allowed_origin_may_call_and_no_other() {
    let stack = with_cors().await;
    for (path, method) in [("/v1/live-sessions", "GET"), ("/v1/live-sessions/realtimekit/room/kick", "POST")] {
        let allowed = preflight(&stack, path, BFF, method).await;
        assert_eq!((allowed.status.as_u16(), allowed.header("access-control-allow-origin")), (200, BFF));
        for header in ["authorization", "idempotency-key", "content-type", "if-none-match"] {
            assert!(allowed.header("access-control-allow-headers").contains(header), "{header}");
        }
        assert!(allowed.header("access-control-allow-methods").contains(method));
        for origin in ["https://evil.example", "https://bff.example.evil.example", "http://bff.example", "null"] {
            let other = preflight(&stack, path, origin, method).await;
            assert_eq!(other.header("access-control-allow-origin"), "", "{origin}");
        }
    }
    let answer = stack.get_with("/v1/providers", &[("origin", BFF)]).await;
    assert_eq!((answer.status.as_u16(), answer.header("access-control-allow-origin")), (200, BFF));
    assert!(
        answer.header("vary").to_lowercase().contains("origin") || all_vary(&answer).contains("origin"),
        "{answer:?}"
    );
    let problem = stack.send(Method::GET, "/v1/providers", None, None, &[("origin", BFF)]).await;
    assert_eq!(problem.header("access-control-allow-origin"), BFF, "it may read why it was refused");
    let admin = stack.send_admin(Method::GET, "/metrics", &[("origin", BFF)]).await;
    assert_eq!(admin.header("access-control-allow-origin"), "");

    let without = Stack::start().await;
    let refused = preflight(&without, "/v1/live-sessions", BFF, "GET").await;
    let _ = refused.problem(405, "method_not_allowed");
    assert!(refused.headers.keys().all(|name| !name.as_str().starts_with("access-control")));
}

fn all_vary(reply: &Reply) -> String {
    let values = reply.headers.get_all("vary").iter().filter_map(|value| value.to_str().ok());
    values.collect::<Vec<_>>().join(",").to_lowercase()
}

fn assert_secured(reply: &Reply, what: &str) {
    assert_eq!(reply.header("x-content-type-options"), "nosniff", "{what}: {reply:?}");
    assert_eq!(reply.header("x-frame-options"), "DENY", "{what}");
    assert_eq!(reply.header("referrer-policy"), "no-referrer", "{what}");
    assert!(reply.header("content-security-policy").contains("default-src 'none'"), "{what}");
    assert_ne!(reply.header("x-request-id"), "", "{what}");
}

#[tokio::test]
async fn every_answer_of_both_listeners_carries_the_security_headers() {
    let stack = with_cors().await;
    let room = stack.live_room(Service::RealtimeKit, "Sync", &["Chen"]);
    let base = format!("/v1/live-sessions/realtimekit/{room}");
    let etag = stack.get(&base).await.header("etag").to_owned();
    let long = format!("/healthz?{}", "x".repeat(9000));
    let big = format!("{{\"participant_ids\":[\"{}\"]}}", "x".repeat(70_000));
    let json = ("content-type", "application/json");
    let token = Token::default().sign();
    let token = Some(token.as_str());
    for (what, reply, status) in [
        ("hit", stack.get(&base).await, 200),
        ("304", stack.get_with(&base, &[("if-none-match", &etag)]).await, 304),
        ("page", stack.get_as("/docs", None).await, 200),
        ("asset", stack.get_as("/docs/swagger-ui.css", None).await, 200),
        ("document", stack.get_as("/openapi.json", None).await, 200),
        ("probe", stack.get_as("/healthz", None).await, 200),
        ("preflight", preflight(&stack, "/v1/providers", BFF, "GET").await, 200),
        ("no token", stack.get_as(&base, None).await, 401),
        ("no route", stack.get_as("/nothing", None).await, 404),
        ("method", stack.send(Method::PATCH, "/healthz", None, None, &[]).await, 405),
        ("bad id", stack.get("/v1/live-sessions/realtimekit/a%2fb").await, 400),
        ("not able", stack.post_empty("/v1/live-sessions/huddle01/room/kick-all").await, 501),
        ("long URI", stack.get_as(&long, None).await, 414),
        ("large head", stack.send(Method::GET, "/healthz", None, None, &[("x", &"x".repeat(33_000))]).await, 431),
        ("large body", stack.send(Method::POST, &format!("{base}/kick"), token, Some(big), &[json]).await, 413),
        ("media type", stack.send(Method::POST, &format!("{base}/kick"), token, Some("x".into()), &[]).await, 415),
        ("metrics", stack.get_admin("/metrics").await, 200),
        ("admin probe", stack.get_admin("/readyz").await, 200),
        ("admin route", stack.get_admin("/v1/providers").await, 404),
        ("admin method", stack.send_admin(Method::DELETE, "/metrics", &[]).await, 405),
    ] {
        assert_eq!(reply.status.as_u16(), status, "{what}: {reply:?}");
        assert_secured(&reply, what);
    }
}

#[tokio::test]
async fn neither_listener_has_the_routes_of_the_other() {
    let stack = Stack::start().await;
    for path in ["/v1/providers", "/v1/live-sessions", "/openapi.json", "/docs", "/docs/swagger-ui.css", "/"] {
        let token = format!("Bearer {}", Token::default().sign());
        let reply = stack.send_admin(Method::GET, path, &[("authorization", &token)]).await;
        let _ = reply.problem(404, "route_not_found");
    }
    let kick = stack.send_admin(Method::POST, "/v1/live-sessions/realtimekit/room/kick-all", &[]).await;
    let _ = kick.problem(404, "route_not_found");
    for path in ["/metrics", "/metrics/", "//metrics", "/%6detrics"] {
        let _ = stack.get(path).await.problem(404, "route_not_found");
    }
    assert_eq!(stack.get_admin("/metrics").await.header("content-type"), "text/plain; version=0.0.4; charset=utf-8");
}

#[tokio::test]
async fn what_is_in_memory_is_given_only_to_those_who_may_have_it() {
    let stack = Stack::start().await;
    let room = stack.live_room(Service::RealtimeKit, "Secret meeting", &["Chen"]);
    let session = stack.world.live_session(&room).expect("live").id;
    let paths = [
        "/v1/live-sessions".to_owned(),
        format!("/v1/live-sessions/realtimekit/{room}"),
        format!("/v1/live-sessions/realtimekit/{room}/participants"),
        format!("/v1/sessions/realtimekit/{session}"),
        format!("/v1/sessions/realtimekit/{session}/participants"),
    ];
    let (other, blind) = (Token::default().providers(&["huddle01"]).sign(), Token::default().providers(&[]).sign());
    let (scopeless, expired) =
        (Token::default().scope("sessions:moderate").sign(), Token::default().times(-700, -10).sign());
    for path in &paths {
        let held = stack.get(path).await;
        assert_eq!(held.status, 200, "{path}");
        let upstream = stack.upstream_requests();
        let etag = held.header("etag").to_owned();
        for (token, status, code) in [
            (None, 401, "unauthenticated"),
            (Some(expired.as_str()), 401, "unauthenticated"),
            (Some(scopeless.as_str()), 403, "insufficient_scope"),
            (Some(other.as_str()), 404, "provider_not_found"),
            (Some(blind.as_str()), 404, "provider_not_found"),
        ] {
            for headers in [&[][..], &[("if-none-match", etag.as_str())], &[("if-none-match", "*")]] {
                let reply = stack.send(Method::GET, path, token, None, headers).await;
                assert!(!reply.text.contains("Secret") && !reply.text.contains("Chen"), "{reply:?}");
                if path == "/v1/live-sessions" && status == 404 {
                    assert!(reply.status == 200 || (reply.status == 304 && headers[0].1 == "*"), "{reply:?}");
                    assert_ne!(reply.header("etag"), etag);
                    if reply.status == 200 {
                        assert_eq!(reply.json()["data"], Value::Array(Vec::new()));
                    }
                } else {
                    let _ = reply.problem(status, code);
                }
            }
        }
        assert!(path == "/v1/live-sessions" || stack.upstream_requests() == upstream, "{path}");
    }
}
