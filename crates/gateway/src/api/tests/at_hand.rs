//! What is answered at once is what the routes would have answered, and counts as much.

use std::time::Duration;

use axum::body::Body;
use http::{HeaderMap, Request, StatusCode};
use metrics_exporter_prometheus::PrometheusBuilder;

use crate::api::service::Answering;
use crate::api::state::ApiState;
use crate::api::tests::support::{Answer, Gateway, answer, caller, moderator, undocumented_answer};
use crate::api::{ApiService, layers, routes};
use crate::config::{LimitsConfig, RateConfig};
use crate::limits::CallerLimits;
use crate::testing::Behaviour;

const PATHS: &[&str] = &[
    "/v1/live-sessions",
    "/v1/live-sessions?limit=1",
    "/v1/live-sessions?provider=able&provider=reading&partial=forbid",
    "/v1/live-sessions?provider=nobody",
    "/v1/live-sessions?include=participant_count",
    "/v1/live-sessions?limit=0",
    "/v1/live-sessions?cursor=x",
    "/v1/live-sessions/",
    "/v1/live-sessions/able/room",
    "/v1/live-sessions/able/room?include=session_id",
    "/v1/live-sessions/able/room?unknown=1",
    "/v1/live-sessions/%61ble/room",
    "/v1/live-sessions/able/r%6Fom",
    "/v1/live-sessions/able/..%2f",
    "/v1/live-sessions//room",
    "/v1/live-sessions/nobody/room",
    "/v1/live-sessions/reading/room",
    "/v1/live-sessions/able/room/participants",
    "/v1/live-sessions/able/room/participants?limit=1",
    "/v1/live-sessions/able/room/participants/",
    "/v1/live-sessions/able/room/kick",
    "/v1/sessions/able/s1",
    "/v1/sessions/able/s1?include_breakout_rooms=true",
    "/v1/sessions/reading/s1",
    "/v1/sessions/able/s1/participants",
    "/v1/providers",
    "/healthz",
];

/// Lines of headers besides those of every request.
fn headers() -> Vec<Vec<(&'static str, String)>> {
    let of = |lines: &[(&'static str, &str)]| lines.iter().map(|(name, value)| (*name, (*value).to_owned())).collect();
    let mut headers: Vec<Vec<_>> = [
        &[][..],
        &[("if-none-match", "*")],
        &[("if-none-match", "\"other\", W/\"another\"")],
        &[("cache-control", "no-cache")],
        &[("accept-encoding", "gzip")],
        &[("accept-encoding", "identity;q=0, *;q=0")],
        &[("transfer-encoding", "gzip")],
        &[("host", "a"), ("host", "b")],
        &[("origin", "https://bff.example")],
        &[("traceparent", "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01")],
    ]
    .into_iter()
    .map(of)
    .collect();
    headers.push(vec![("x", "x".repeat(33_000))]);
    headers
}

fn callers() -> Vec<Option<String>> {
    vec![
        Some(moderator()),
        Some(caller("sessions:read", Some(&["reading"]))),
        Some(caller("sessions:moderate", None)),
        Some(caller("", Some(&[]))),
        Some("Bearer not.a.token".to_owned()),
        None,
    ]
}

fn request(method: &str, path: &str, caller: Option<&str>, lines: &[(&'static str, String)]) -> Request<Body> {
    let mut builder = Request::builder().method(method).uri(path).header("x-request-id", "the-same");
    if !lines.iter().any(|(name, _)| *name == "host") {
        builder = builder.header("host", "rollcall.example.internal");
    }
    if let Some(caller) = caller {
        builder = builder.header("authorization", caller);
    }
    lines.iter().fold(builder, |builder, (name, value)| builder.header(*name, value)).body(Body::empty()).unwrap()
}

/// A gateway where something is live, and its service without the short way.
fn gateway(change: impl FnOnce(&mut crate::app::App)) -> (Gateway, ApiService) {
    let gateway = Gateway::changed(change);
    for provider in [&gateway.able, &gateway.reading] {
        provider.does(Behaviour::live("s1"));
    }
    let state = ApiState::new(gateway.app.clone(), &crate::api::DOCUMENT);
    let routed = ApiService::new(state.clone(), layers::around(routes::public(), state));
    (gateway, routed)
}

/// What a caller sees. A length that is the body's own is left out: whoever does not write it leaves it to hyper.
fn seen(mut answer: Answer) -> (StatusCode, HeaderMap, String) {
    if answer.header("content-length") == answer.bytes.len().to_string() {
        answer.headers.remove("content-length");
    }
    let body = String::from_utf8_lossy(&answer.bytes).into_owned();
    let dated = body.split("\"fetched_at\":\"");
    // Asked for anew, it is fetched anew.
    let undated = dated.enumerate().map(|(at, part)| part.get(if at == 0 { 0 } else { 24 }..).unwrap_or_default());
    (answer.status, answer.headers, undated.collect())
}

#[tokio::test(start_paused = true)]
async fn every_answer_at_hand_is_what_the_routes_answer() {
    let cors = |app: &mut crate::app::App| app.cors_origins = ["https://bff.example".to_owned()].into();
    for (gateway, routed) in [gateway(|_| {}), gateway(cors)] {
        for path in PATHS {
            gateway.get(path).await;
        }
        let (plain, moderator) = (vec![], Some(moderator()));
        let (headers, callers) = (headers(), callers());
        let of_moderator = headers.iter().map(|lines| (&moderator, lines));
        let combinations: Vec<_> = of_moderator.chain(callers.iter().map(|caller| (caller, &plain))).collect();
        for age in [Duration::ZERO, Duration::from_millis(2_500)] {
            tokio::time::advance(age).await;
            for (path, (caller, lines)) in PATHS.iter().flat_map(|path| combinations.iter().map(move |c| (path, c))) {
                for method in ["GET", "HEAD"] {
                    let ask = || request(method, path, caller.as_deref(), lines);
                    let short = undocumented_answer(&gateway.router, ask()).await;
                    let long = undocumented_answer(&routed, ask()).await;
                    assert_eq!(seen(short), seen(long), "{method} {path} {lines:?}");
                }
            }
        }
    }
}

#[tokio::test(start_paused = true)]
async fn every_answer_that_is_waited_for_is_what_the_routes_answer() {
    let cors = |app: &mut crate::app::App| app.cors_origins = ["https://bff.example".to_owned()].into();
    for (gateway, routed) in [gateway(|_| {}), gateway(cors)] {
        for (path, lines) in PATHS.iter().flat_map(|path| headers().into_iter().map(move |lines| (path, lines))) {
            if lines.iter().any(|line| *line == ("accept-encoding", "gzip".to_owned())) {
                // Its date cannot be left out.
                continue;
            }
            let ask = || request("GET", path, Some(&moderator()), &lines);
            let mut answers = Vec::new();
            for router in [&gateway.router, &routed] {
                // By then nothing of it is kept.
                tokio::time::advance(Duration::from_secs(4_000)).await;
                answers.push(seen(undocumented_answer(router, ask()).await));
            }
            assert_eq!(answers[0], answers[1], "{path} {lines:?}");
        }
    }
}

#[tokio::test(start_paused = true)]
async fn what_is_in_memory_is_answered_without_waiting_and_nothing_else_is() {
    let (gateway, _) = gateway(|_| {});
    let is_at_hand =
        |path: &str| matches!(gateway.router.answer(request("GET", path, Some(&moderator()), &[])), Answering::Now(_));
    let reads = [
        "/v1/live-sessions",
        "/v1/live-sessions/able/room",
        "/v1/live-sessions/able/room/participants?limit=5",
        "/v1/sessions/able/s1",
        "/v1/sessions/able/s1/participants",
    ];
    for path in reads {
        assert!(!is_at_hand(path), "nothing is in memory yet: {path}");
        gateway.get(path).await;
        assert!(is_at_hand(path), "{path}");
    }
    assert!(!is_at_hand("/v1/live-sessions?include=session_id"));
    tokio::time::advance(Duration::from_secs(11)).await;
    for path in reads {
        assert!(!is_at_hand(path), "too old to be answered without asking: {path}");
    }
    gateway.app.draining.begin();
    assert!(!is_at_hand("/v1/live-sessions/able/room"));
}

#[tokio::test(start_paused = true)]
async fn a_request_counts_once_whichever_way_it_takes() {
    let rate = RateConfig { requests: 8.try_into().unwrap(), per: Duration::from_secs(60) };
    let limits = LimitsConfig { requests: Some(rate), concurrent: 2.try_into().ok(), ..LimitsConfig::default() };
    let counted = async |is_short: bool| {
        let recorder = PrometheusBuilder::new().build_recorder();
        let _guard = metrics::set_default_local_recorder(&recorder);
        let (gateway, routed) = gateway(|app| app.limits = CallerLimits::new(&limits));
        let service = if is_short { &gateway.router } else { &routed };
        let mut answers = Vec::new();
        for path in ["/v1/live-sessions?provider=able", "/v1/live-sessions", "/v1/live-sessions/able/room"].repeat(4) {
            let request = request("GET", path, Some(&moderator()), &[]);
            let Answer { status, mut headers, .. } = answer(service, request).await;
            answers.push((path, status, headers.remove("ratelimit"), headers.remove("cache-status")));
        }
        let lines = recorder.handle().render();
        let counters = lines.lines().filter(|line| line.contains("_total") && !line.starts_with('#'));
        let mut counters: Vec<_> = counters.map(ToOwned::to_owned).collect();
        counters.sort();
        (answers, counters, gateway.able.asked(), gateway.reading.asked())
    };
    let short = counted(true).await;
    assert_eq!(short, counted(false).await);
    assert!(short.0.iter().any(|(_, status, ..)| *status == StatusCode::TOO_MANY_REQUESTS));
    assert!(short.1.iter().any(|line| line.contains("rollcall_cache_reads_total")), "{:?}", short.1);
}
