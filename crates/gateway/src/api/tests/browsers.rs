//! CORS, security headers, compression, the documentation page.

use axum::body::Body;
use http::{Request, StatusCode};

use crate::api::tests::support::{Answer, Gateway, anonymous};

const BFF: &str = "https://bff.example";

async fn from_origin(gateway: &Gateway, method: &str, path: &str, origin: &str) -> Answer {
    let builder = Request::builder().method(method).uri(path).header("origin", origin);
    let builder = builder.header("access-control-request-method", "GET");
    gateway.send(builder.body(Body::empty()).unwrap()).await
}

#[tokio::test]
async fn only_exact_origins_may_read_answers_and_problems_too() {
    let origins = [BFF.to_owned(), "*".to_owned()];
    let gateway = Gateway::changed(|app| app.cors_origins = origins.into());
    for (origin, allowed) in [(BFF, BFF), ("https://bff.example.evil", ""), ("http://bff.example", ""), ("null", "")] {
        for (method, path) in [("OPTIONS", "/v1/providers"), ("GET", "/v1/providers"), ("GET", "/healthz")] {
            let answer = from_origin(&gateway, method, path, origin).await;
            assert_eq!(answer.header("access-control-allow-origin"), allowed, "{origin} {method} {path}");
            assert!(!answer.headers.contains_key("access-control-allow-credentials"));
        }
    }
    let preflight = from_origin(&gateway, "OPTIONS", "/v1/providers", BFF).await;
    assert_eq!(preflight.status, StatusCode::OK);
    for header in ["idempotency-key", "last-event-id"] {
        assert!(preflight.header("access-control-allow-headers").contains(header), "{header}");
    }
    let refused = from_origin(&gateway, "GET", "/v1/providers", BFF).await;
    assert_eq!(refused.code(), "unauthenticated");
    assert!(refused.header("access-control-expose-headers").contains("x-request-id"));
}

#[tokio::test]
async fn without_origins_there_is_no_cors() {
    let gateway = Gateway::new();
    let preflight = from_origin(&gateway, "OPTIONS", "/v1/providers", BFF).await;
    assert_eq!(preflight.code(), "method_not_allowed");
    assert!(preflight.headers.keys().all(|name| !name.as_str().starts_with("access-control")));
}

#[tokio::test]
async fn every_answer_carries_the_security_headers() {
    let gateway = Gateway::new();
    for path in ["/healthz", "/v1/providers", "/nothing", "/docs", "/openapi.json"] {
        let answer = gateway.send(anonymous("GET", path)).await;
        assert_eq!(answer.header("x-content-type-options"), "nosniff", "{path}");
        assert_eq!(answer.header("x-frame-options"), "DENY", "{path}");
        assert_eq!(answer.header("referrer-policy"), "no-referrer", "{path}");
        let policy = answer.header("content-security-policy");
        assert!(policy.contains("default-src 'none'") && policy.contains("frame-ancestors 'none'"), "{path}");
        assert_eq!(policy.contains("script-src 'self'"), path == "/docs", "{path}");
    }
}

#[tokio::test]
async fn large_bodies_are_compressed_and_a_refused_plain_form_is_no_error() {
    let gateway = Gateway::new();
    for (path, accepts, encoding) in [
        ("/openapi.json", "gzip", "gzip"),
        ("/openapi.json", "br", "br"),
        ("/openapi.json", "", ""),
        ("/openapi.json", "identity;q=0", ""),
        ("/openapi.json", "*;q=0.0, deflate", ""),
        ("/healthz", "gzip", ""),
    ] {
        let request = Request::builder().uri(path).header("accept-encoding", accepts).body(Body::empty()).unwrap();
        let answer = gateway.send(request).await;
        assert_eq!((answer.status, answer.header("content-encoding")), (StatusCode::OK, encoding), "{path} {accepts}");
    }
    let vary = gateway.send(anonymous("GET", "/openapi.json")).await;
    assert_eq!(vary.header("vary"), "accept-encoding");
}

#[tokio::test]
async fn the_page_and_all_it_loads_are_served_here() {
    let gateway = Gateway::new();
    let page = gateway.send(anonymous("GET", "/docs")).await;
    assert!(page.header("content-type").starts_with("text/html"));
    let html = String::from_utf8(page.bytes).unwrap();
    assert!(!html.contains("://") && !html.contains("\"//"), "{html}");
    let loaded: Vec<_> = html.split(['"']).filter(|text| text.starts_with("docs/")).collect();
    assert!(loaded.len() >= 5, "{html}");
    assert_eq!(html.matches("href=").count() + html.matches("src=").count(), loaded.len(), "{html}");
    for file in loaded {
        let answer = gateway.send(anonymous("GET", &format!("/{file}"))).await;
        assert_eq!(answer.status, StatusCode::OK, "{file}");
        if file.ends_with("swagger-initializer.js") {
            let text = String::from_utf8(answer.bytes).unwrap();
            assert!(text.contains("/openapi.json") && !text.contains("://"), "{text}");
            assert!(text.contains("\"validatorUrl\": \"none\""), "{text}");
        }
    }
}
