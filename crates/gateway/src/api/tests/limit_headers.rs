//! `RateLimit` and `RateLimit-Policy` come where the document has them, and nowhere else.

use std::num::NonZeroU32;
use std::time::Duration;

use axum::body::Body;
use http::{Request, StatusCode};
use serde_json::Value;

use crate::api::tests::support::{Answer, Gateway, anonymous, caller, moderator, request};
use crate::config::{LimitsConfig, RateConfig};
use crate::limits::CallerLimits;

const ROOM: &str = "/v1/live-sessions/{provider}/{room_id}";

fn limited(requests: u32) -> Gateway {
    let requests = RateConfig { requests: NonZeroU32::new(requests).unwrap(), per: Duration::from_secs(60) };
    let config = LimitsConfig { requests: Some(requests), ..LimitsConfig::default() };
    Gateway::changed(|app| app.limits = CallerLimits::new(&config))
}

fn assert_as_documented(document: &Value, operation: (&str, &str), answer: &Answer, status: u16) {
    let (method, path) = operation;
    assert_eq!(answer.status.as_u16(), status, "{method} {path}");
    let documented = &document["paths"][path][method]["responses"][answer.status.as_str()]["headers"];
    for name in ["RateLimit", "RateLimit-Policy"] {
        let has = answer.headers.contains_key(name);
        assert_eq!(has, documented.get(name).is_some(), "{method} {path} {status} {name}");
    }
}

#[tokio::test]
async fn where_a_caller_is_known_and_nowhere_else() {
    let document: Value = serde_json::from_str(&crate::api::openapi_json()).unwrap();
    let document = document_conformance::inlined(&document);
    let gateway = limited(1000);
    let get = |path: &str, caller: &str| request("GET", path, caller).body(Body::empty()).unwrap();
    let all = moderator();
    let providers = gateway.send(get("/v1/providers", &all)).await;
    assert_as_documented(&document, ("get", "/v1/providers"), &providers, 200);
    let list = ("get", "/v1/live-sessions");
    let first = gateway.send(get(list.1, &all)).await;
    assert_as_documented(&document, list, &first, 200);
    let held = request("GET", list.1, &all).header("if-none-match", first.header("etag")).body(Body::empty()).unwrap();
    assert_as_documented(&document, list, &gateway.send(held).await, 304);
    assert_as_documented(&document, list, &gateway.send(anonymous("GET", list.1)).await, 401);
    for (path, caller, status) in [
        ("/v1/live-sessions?limit=0", all.clone(), 400),
        ("/v1/live-sessions", caller("sessions:moderate", None), 403),
        ("/v1/live-sessions?provider=nobody", all.clone(), 404),
    ] {
        assert_as_documented(&document, list, &gateway.send(get(path, &caller)).await, status);
    }
    assert_as_documented(&document, ("get", ROOM), &gateway.get("/v1/live-sessions/able/room").await, 404);
    let stream = gateway.send(request("HEAD", "/v1/events", &all).body(Body::empty()).unwrap()).await;
    assert_as_documented(&document, ("get", "/v1/events"), &stream, 200);

    let kick = format!("{ROOM}/kick");
    let post = |provider: &str, kind: &str, body: String| {
        let path = format!("/v1/live-sessions/{provider}/room/kick");
        request("POST", &path, &all).header("content-type", kind).body(Body::from(body)).unwrap()
    };
    let good = r#"{"participant_ids":["p1"]}"#;
    for (provider, kind, body, status) in [
        ("able", "application/json", good.to_owned(), 200),
        ("able", "text/plain", good.to_owned(), 415),
        ("able", "application/json", "x".repeat(70_000), 413),
        ("reading", "application/json", good.to_owned(), 501),
    ] {
        let answer = gateway.send(post(provider, kind, body)).await;
        assert_as_documented(&document, ("post", &kick), &answer, status);
    }
    let long = format!("/v1/live-sessions?x={}", "x".repeat(9000));
    assert_as_documented(&document, list, &gateway.send(get(&long, &all)).await, 414);
    for path in ["/healthz", "/readyz", "/openapi.json"] {
        let with_token = Request::builder().uri(path).header("authorization", &all).body(Body::empty()).unwrap();
        assert_as_documented(&document, ("get", path), &gateway.send(with_token).await, 200);
    }
}

#[tokio::test(start_paused = true)]
async fn who_is_over_the_limit_is_told_it() {
    let document: Value = serde_json::from_str(&crate::api::openapi_json()).unwrap();
    let document = document_conformance::inlined(&document);
    let gateway = limited(1);
    assert_eq!(gateway.get("/v1/providers").await.status, StatusCode::OK);
    let refused = gateway.get("/v1/providers").await;
    assert_as_documented(&document, ("get", "/v1/providers"), &refused, 429);
    assert!(refused.headers.contains_key("ratelimit"), "{:?}", refused.headers);
}
