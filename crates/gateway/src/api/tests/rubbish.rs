//! Rubbish in every position: the right code, and no provider sees it.

use axum::body::Body;

use crate::api::tests::support::{Gateway, anonymous, caller, moderator, request};

#[tokio::test]
async fn every_path_query_and_method() {
    let gateway = Gateway::new();
    let long = format!("/v1/live-sessions/able/{}", "x".repeat(5000));
    let longer = format!("/v1/live-sessions/able/{}", "x".repeat(9000));
    for (method, path, status, code, field) in [
        ("GET", "/v1/live-sessions/able/..%2f", 400, "invalid_request", "room_id"),
        ("GET", "/v1/live-sessions/able/..", 400, "invalid_request", "room_id"),
        ("GET", "/v1/live-sessions/able/%00", 400, "invalid_request", "room_id"),
        ("GET", "/v1/live-sessions/able/%ff", 400, "invalid_request", "room_id"),
        ("GET", "/v1/live-sessions/able/%252e", 400, "invalid_request", "room_id"),
        ("GET", "/v1/live-sessions/able/a%20b/participants", 400, "invalid_request", "room_id"),
        ("GET", "/v1/sessions/able/a%0d%0ab", 400, "invalid_request", "session_id"),
        ("GET", "/v1/sessions/able/..%2f/participants", 400, "invalid_request", "session_id"),
        ("GET", &long, 400, "invalid_request", "room_id"),
        ("GET", &longer, 414, "uri_too_long", ""),
        ("GET", "/v1/live-sessions/%ff/room", 400, "invalid_request", "provider"),
        // A bad id is told before an unknown provider: the caller can mend it without knowing who there is.
        ("GET", "/v1/live-sessions/nobody/..%2f", 400, "invalid_request", "room_id"),
        ("GET", "/v1/live-sessions/nobody/room?x=1", 400, "invalid_request", "x"),
        ("GET", "/v1/live-sessions/nobody/room", 404, "provider_not_found", ""),
        ("GET", "/v1/live-sessions/NO--BODY/room", 404, "provider_not_found", ""),
        ("GET", "/v1/live-sessions/..%2fable/room", 404, "provider_not_found", ""),
        ("GET", "/v1/live-sessions?provider=able&provider=nobody", 404, "provider_not_found", ""),
        ("GET", "/v1/live-sessions?provider=%00", 404, "provider_not_found", ""),
        ("GET", "/v1/live-sessions?provider=", 400, "invalid_request", "provider"),
        ("GET", "/v1/live-sessions?limit=0", 400, "invalid_request", "limit"),
        ("GET", "/v1/live-sessions?limit=1&limit=1", 400, "invalid_request", "limit"),
        ("GET", "/v1/live-sessions?partial=maybe", 400, "invalid_request", "partial"),
        ("GET", "/v1/live-sessions?include=all", 400, "invalid_request", "include"),
        ("GET", "/v1/live-sessions?status=live", 400, "invalid_request", "status"),
        ("GET", "/v1/providers?x", 400, "invalid_request", "x"),
        ("GET", "/v1/live-sessions/able/room?limit=5", 400, "invalid_request", "limit"),
        ("GET", "/v1/live-sessions/able/room/participants?limit=1001", 400, "invalid_request", "limit"),
        ("GET", "/v1/sessions/able/s?include_breakout_rooms=1", 400, "invalid_request", "include_breakout_rooms"),
        ("GET", "/v1/sessions/reading/s", 501, "capability_unsupported", ""),
        ("GET", "/v1/sessions/", 404, "route_not_found", ""),
        ("GET", "/v1/sessions?limit=201", 400, "invalid_request", "limit"),
        ("GET", "/v1/sessions?status=unknown", 400, "invalid_request", "status"),
        ("GET", "/v1/sessions?since=yesterday", 400, "invalid_request", "since"),
        ("GET", "/v1/sessions?until=2026-11-20", 400, "invalid_request", "until"),
        ("GET", "/v1/sessions?since=2026-11-20T10:00:00Z&until=2026-11-20T09:00:00Z", 400, "invalid_request", "until"),
        ("GET", "/v1/sessions?room_id=..%2f", 400, "invalid_request", "room_id"),
        ("GET", "/v1/sessions?room_id=a&room_id=b", 400, "invalid_request", "room_id"),
        ("GET", "/v1/sessions?include=session_id", 400, "invalid_request", "include"),
        ("GET", "/v1/sessions?cursor=", 400, "invalid_cursor", "cursor"),
        ("GET", "/v1/sessions?provider=nobody", 404, "provider_not_found", ""),
        ("GET", "/v1/sessions?provider=reading", 501, "capability_unsupported", ""),
        ("POST", "/v1/sessions", 405, "method_not_allowed", ""),
        ("GET", "/v1/live-sessions/", 404, "route_not_found", ""),
        ("GET", "/v1/live-sessions/able//participants", 400, "invalid_request", "room_id"),
        ("GET", "/metrics", 404, "route_not_found", ""),
        ("GET", "/docs/nothing.js", 404, "route_not_found", ""),
        ("GET", "/docs/%ff", 404, "route_not_found", ""),
        ("POST", "/v1/live-sessions", 405, "method_not_allowed", ""),
        ("GET", "/v1/live-sessions/able/room/kick", 405, "method_not_allowed", ""),
        ("TRACE", "/v1/live-sessions", 405, "method_not_allowed", ""),
        ("BREW", "/healthz", 405, "method_not_allowed", ""),
        ("POST", "/v1/live-sessions/able/room/kick?dry=1", 400, "invalid_request", "body"),
    ] {
        let answer = gateway.send(request(method, path, &moderator()).body(Body::empty()).unwrap()).await;
        assert_eq!((answer.status.as_u16(), answer.code().as_str()), (status, code), "{method} {path}");
        assert_eq!(answer.fields().first().map_or("", String::as_str), field, "{method} {path}");
        let instance = answer.json()["instance"].as_str().unwrap().to_owned();
        assert!(path.starts_with(&instance) && !instance.contains('?') && instance.len() <= 2048, "{instance}");
        assert_eq!(answer.headers.contains_key("allow"), status == 405, "{method} {path}");
    }
    gateway.assert_untouched("rubbish");
}

#[tokio::test]
async fn every_body() {
    let gateway = Gateway::new();
    let large = format!(r#"{{"participant_ids":["{}"]}}"#, "x".repeat(70_000));
    let kick = "/v1/live-sessions/able/room/kick";
    let poll = "/v1/live-sessions/able/room/polls";
    for (path, body, status, code, field) in [
        (kick, "", 400, "invalid_request", "body"),
        (kick, "{", 400, "invalid_request", "body"),
        (kick, "[]", 400, "invalid_request", "body"),
        (kick, "{}", 400, "invalid_request", "participant_ids"),
        (kick, r#"{"participant_ids":["ok","a/b"]}"#, 400, "invalid_request", "participant_ids[1]"),
        (kick, r#"{"participant_ids":["a"],"participant_ids":["b"]}"#, 400, "invalid_request", "participant_ids"),
        (kick, r#"{"participant_ids":["a"],"force":true}"#, 400, "invalid_request", "force"),
        (kick, r#"{"participant_ids":["a"],"expected_session_id":""}"#, 400, "invalid_request", "expected_session_id"),
        (kick, &large, 413, "payload_too_large", ""),
        (poll, r#"{"question":"?"}"#, 400, "invalid_request", "options"),
        (poll, r#"{"question":"?","options":["a"]}"#, 400, "invalid_request", "options"),
        (poll, r#"{"question":"?","options":["a","b"],"anonymous":"no"}"#, 400, "invalid_request", "anonymous"),
        (kick, "null", 400, "invalid_request", "body"),
        (kick, r#"{"participant_ids":null}"#, 400, "invalid_request", "participant_ids"),
        ("/v1/live-sessions/reading/room/kick-all", " null ", 501, "capability_unsupported", ""),
        ("/v1/live-sessions/able/room/kick-all", "[]", 400, "invalid_request", "body"),
        ("/v1/live-sessions/able/room/kick-all", r#"{"x":1}"#, 400, "invalid_request", "x"),
        ("/v1/live-sessions/able/%2e/kick-all", "", 400, "invalid_request", "room_id"),
        ("/v1/live-sessions/reading/room/kick-all", "", 501, "capability_unsupported", ""),
        ("/v1/live-sessions/nobody/room/kick-all", "", 404, "provider_not_found", ""),
    ] {
        let answer = gateway.post(path, body).await;
        assert_eq!((answer.status.as_u16(), answer.code().as_str()), (status, code), "{path} {}", answer.json());
        assert_eq!(answer.fields().first().map_or("", String::as_str), field, "{path} {}", answer.json());
    }
    let typed = |content_type: &str| {
        let body = Body::from(r#"{"participant_ids":["a"]}"#);
        request("POST", kick, &moderator()).header("content-type", content_type).body(body).unwrap()
    };
    for content_type in ["text/plain", "application/x-www-form-urlencoded", "application/json; charset=utf-16", ""] {
        assert_eq!(gateway.send(typed(content_type)).await.code(), "unsupported_media_type", "{content_type}");
    }
    for key in ["", "a b", &"k".repeat(129)] {
        let answer = gateway.post_with(kick, r#"{"participant_ids":["a"]}"#, &[("idempotency-key", key)]).await;
        assert_eq!(answer.fields(), ["Idempotency-Key"], "{key}");
    }
    gateway.assert_untouched("rubbish");
}

#[tokio::test]
async fn who_may_not_is_told_before_anything_else() {
    let gateway = Gateway::new();
    for (method, path, status, code) in [
        ("GET", "/v1/live-sessions/able/..%2f?x=1", 401, "unauthenticated"),
        ("POST", "/v1/live-sessions/able/room/kick", 401, "unauthenticated"),
        ("HEAD", "/v1/providers", 401, ""),
        ("GET", "/v1/nothing", 404, "route_not_found"),
        ("DELETE", "/v1/providers", 405, "method_not_allowed"),
    ] {
        let answer = gateway.send(anonymous(method, path)).await;
        assert_eq!(answer.status.as_u16(), status, "{method} {path}");
        assert_eq!(answer.header("www-authenticate"), if status == 401 { "Bearer" } else { "" });
        if method == "HEAD" {
            assert!(answer.bytes.is_empty());
            assert_eq!(answer.header("content-type"), "application/problem+json");
        } else {
            assert_eq!(answer.code(), code);
        }
    }
    let reader = caller("sessions:read", None);
    let kick = request("POST", "/v1/live-sessions/nobody/..%2f/kick", &reader).body(Body::from("rubbish")).unwrap();
    assert_eq!(gateway.send(kick).await.code(), "insufficient_scope");
    let other = caller("sessions:moderate", None);
    let list = request("GET", "/v1/live-sessions?limit=0", &other).body(Body::empty()).unwrap();
    assert_eq!(gateway.send(list).await.code(), "insufficient_scope");
    gateway.assert_untouched("no leave");
}

#[tokio::test]
async fn an_invisible_provider_and_an_unknown_one_look_alike() {
    let gateway = Gateway::new();
    let narrow = caller("sessions:read sessions:moderate", Some(&["reading"]));
    let mut bodies = vec![];
    for provider in ["able", "nobody"] {
        let path = format!("/v1/live-sessions/{provider}/room/kick-all");
        let request = request("POST", &path, &narrow).header("x-request-id", "same").body(Body::empty()).unwrap();
        let answer = gateway.send(request).await;
        assert_eq!(answer.code(), "provider_not_found");
        let mut problem = answer.json();
        problem["instance"].take();
        bodies.push(problem);
    }
    assert_eq!(bodies[0], bodies[1]);
    gateway.assert_untouched("invisible");
}
