//! Request ids, probes, bounds of the head and of time, panics.

use std::convert::Infallible;
use std::time::Duration;

use axum::Router;
use axum::body::Body;
use axum::middleware;
use axum::routing::get;
use futures_util::stream;
use http::{Request, StatusCode};
use utoipa_axum::router::OpenApiRouter;

use crate::api::state::{Api, ApiState};
use crate::api::tests::support::{Gateway, anonymous, answer, moderator, request, undocumented_answer};
use crate::api::{ApiService, layers, timeout};
use crate::time_budget::TimeBudget;

#[tokio::test]
async fn a_good_request_id_is_kept_and_a_bad_one_replaced() {
    let gateway = Gateway::new();
    for (told, kept) in [(&["my.id_1-2"][..], true), (&["a b"], false), (&["a", "b"], false), (&[], false)] {
        let mut builder = Request::builder().uri("/healthz");
        for id in told {
            builder = builder.header("x-request-id", *id);
        }
        let answer = gateway.send(builder.body(Body::empty()).unwrap()).await;
        assert_eq!(answer.header("x-request-id") == told.first().copied().unwrap_or("-"), kept, "{told:?}");
        assert!(session_provider::RequestId::accept(answer.header("x-request-id")).is_some());
    }
}

#[tokio::test]
async fn probes_say_whether_it_runs_and_whether_to_send_requests() {
    let gateway = Gateway::new();
    for path in ["/healthz", "/readyz"] {
        let answer = gateway.send(anonymous("GET", path)).await;
        assert_eq!((answer.status, answer.header("cache-control")), (StatusCode::OK, "no-store"), "{path}");
    }
    gateway.app.draining.begin();
    assert_eq!(gateway.send(anonymous("GET", "/healthz")).await.json()["status"], "ok");
    let ready = gateway.send(anonymous("GET", "/readyz")).await;
    assert_eq!((ready.code().as_str(), ready.header("retry-after")), ("draining", "1"));
    // A request that comes too late, over a connection that was open already, is told to go elsewhere before anything is
    // done for it.
    let late = gateway.post("/v1/live-sessions/able/room/kick", r#"{"participant_ids":["a"]}"#).await;
    assert_eq!((late.code().as_str(), late.header("retry-after")), ("draining", "1"));
    assert_eq!(late.json()["retryable"], true);
    assert_eq!(gateway.get("/v1/providers").await.code(), "draining");
    gateway.assert_untouched("too late");
    assert_eq!(gateway.send(anonymous("GET", "/openapi.json")).await.status, StatusCode::OK);
}

#[tokio::test]
async fn the_admin_listener_has_probes_and_metrics_and_no_public_route() {
    let gateway = Gateway::changed(|app| app.cors_origins = ["https://bff.example".to_owned()].into());
    let recorder = metrics_exporter_prometheus::PrometheusBuilder::new().build_recorder();
    metrics::with_local_recorder(&recorder, || metrics::counter!("rollcall_test_total").increment(1));
    let admin = crate::api::admin(gateway.app.clone(), recorder.handle());
    let ask = |request: Request<Body>| answer(&admin, request);
    let metrics = undocumented_answer(&admin, anonymous("GET", "/metrics")).await;
    assert_eq!(metrics.header("content-type"), "text/plain; version=0.0.4; charset=utf-8");
    assert!(String::from_utf8_lossy(&metrics.bytes).contains("rollcall_test_total 1"));
    for path in ["/healthz", "/readyz", "/metrics"] {
        let request = Request::builder().uri(path).header("origin", "https://bff.example").body(Body::empty());
        let answer = undocumented_answer(&admin, request.unwrap()).await;
        assert_eq!((answer.status, answer.header("x-content-type-options")), (StatusCode::OK, "nosniff"), "{path}");
        assert!(!answer.headers.contains_key("access-control-allow-origin"), "{path}");
        assert_eq!(ask(anonymous("POST", path)).await.code(), "method_not_allowed", "{path}");
    }
    for path in ["/v1/providers", "/v1/live-sessions", "/openapi.json", "/docs", "/"] {
        let request = request("GET", path, &moderator()).body(Body::empty()).unwrap();
        assert_eq!(undocumented_answer(&admin, request).await.code(), "route_not_found");
    }
    assert_eq!(gateway.send(anonymous("GET", "/metrics")).await.code(), "route_not_found");
}

#[tokio::test]
async fn a_transfer_coding_that_others_may_read_otherwise_ends_the_connection() {
    let gateway = Gateway::new();
    let coded = |values: &[&str]| {
        let builder = Request::builder().uri("/healthz");
        let builder = values.iter().fold(builder, |builder, value| builder.header("transfer-encoding", *value));
        builder.body(Body::empty()).unwrap()
    };
    for good in [&[][..], &["chunked"], &["Chunked"]] {
        assert_eq!(gateway.send(coded(good)).await.status, StatusCode::OK, "{good:?}");
    }
    for bad in [&["chunked", "chunked"][..], &["chunked, chunked"], &["gzip, chunked"], &["identity"], &[""]] {
        let answer = gateway.send(coded(bad)).await;
        assert_eq!((answer.code().as_str(), answer.header("connection")), ("invalid_request", "close"), "{bad:?}");
    }
}

#[tokio::test]
async fn the_head_of_a_request_is_bounded() {
    let gateway = Gateway::new();
    let uri = |bytes: usize| format!("/healthz?{}", "x".repeat(bytes - "/healthz?".len()));
    assert_eq!(gateway.send(anonymous("GET", &uri(8192))).await.status, StatusCode::OK);
    assert_eq!(gateway.send(anonymous("GET", &uri(8193))).await.code(), "uri_too_long");
    let headers = |bytes: usize| {
        let builder = Request::builder().uri("/healthz").header("host", "h").header("x", "x".repeat(bytes - 9 - 5));
        builder.body(Body::empty()).unwrap()
    };
    assert_eq!(gateway.send(headers(32_768)).await.status, StatusCode::OK);
    assert_eq!(gateway.send(headers(32_769)).await.code(), "headers_too_large");
}

#[tokio::test(start_paused = true)]
async fn a_slow_body_is_not_waited_for() {
    let gateway = Gateway::new();
    let drip = stream::pending::<Result<&'static [u8], Infallible>>();
    let path = "/v1/live-sessions/able/room/kick";
    let kick = request("POST", path, &moderator()).header("content-type", "application/json");
    let started = tokio::time::Instant::now();
    let answer = gateway.send(kick.body(Body::from_stream(drip)).unwrap()).await;
    assert_eq!((answer.code().as_str(), answer.header("connection")), ("request_timeout", "close"));
    assert_eq!(started.elapsed(), Duration::from_secs(3));
    let broken = stream::iter([Err::<&'static [u8], _>(std::io::Error::other("gone"))]);
    let kick = request("POST", path, &moderator()).header("content-type", "application/json");
    assert_eq!(gateway.send(kick.body(Body::from_stream(broken)).unwrap()).await.fields(), ["body"]);
    gateway.assert_untouched("no body");
}

async fn panics() -> &'static str {
    panic!("with a secret")
}

async fn bare_error() -> (StatusCode, &'static str) {
    (StatusCode::IM_A_TEAPOT, "text of some library")
}

#[tokio::test]
async fn panics_and_bare_errors_become_problems() {
    let gateway = Gateway::new();
    let routes = OpenApiRouter::<Api>::new().route("/panics", get(panics)).route("/bare", get(bare_error));
    let state = ApiState::new(gateway.app.clone(), &crate::api::DOCUMENT);
    let router = ApiService::new(state.clone(), layers::around(routes, state));
    for (path, code) in [("/panics", "internal"), ("/bare", "invalid_request")] {
        let answer = answer(&router, anonymous("GET", path)).await;
        assert_eq!(answer.code(), code);
        let text = String::from_utf8(answer.bytes).unwrap();
        assert!(!text.contains("secret") && !text.contains("library"), "{text}");
    }
}

#[tokio::test(start_paused = true)]
async fn a_request_that_hangs_is_answered() {
    let hang = || async { std::future::pending::<()>().await };
    let router = Router::new()
        .route("/", get(hang).post(hang))
        .layer(middleware::from_fn_with_state(TimeBudget::new(Duration::from_secs(6)), timeout::bound_time));
    let router = ApiService::new(ApiState::new(Gateway::new().app, &crate::api::DOCUMENT), router);
    for (method, code, retryable) in [("GET", "overloaded", true), ("POST", "provider_timeout", false)] {
        let answer = answer(&router, anonymous(method, "/")).await;
        assert_eq!((answer.code().as_str(), &answer.json()["retryable"]), (code, &retryable.into()));
    }
}
