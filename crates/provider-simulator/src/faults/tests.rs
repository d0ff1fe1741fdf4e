use std::io::Read;
use std::time::Duration;

use axum::Router;
use axum::body::{Body, to_bytes};
use axum::response::Response;
use futures_util::StreamExt;
use http::{HeaderValue, Request, StatusCode, header};
use serde_json::{Value, json};
use tokio::time::{Instant, timeout};
use tower::ServiceExt;

use super::*;
use crate::{Service, SimClock, Simulator, World};

const LIVE: &str = "/api/v2/sdk/live-sessions";

fn simulator() -> Simulator {
    let world = World::new(1, SimClock::anchored(0));
    world.seed_live(Service::Huddle01, 2, 1);
    Simulator::huddle01(world)
}

async fn get(router: &Router, path: &str) -> Response {
    let request = Request::get(path).header("x-api-key", "k").body(Body::empty()).unwrap();
    router.clone().oneshot(request).await.unwrap()
}

async fn bytes(response: Response) -> Vec<u8> {
    to_bytes(response.into_body(), usize::MAX).await.unwrap().to_vec()
}

/// The answer to the live list under a fault, and the answer without it.
async fn under(fault: Fault) -> (Response, Vec<u8>) {
    let simulator = simulator();
    let real = bytes(get(&simulator.router(), LIVE).await).await;
    simulator.script().once("live-sessions", fault);
    (get(&simulator.router(), LIVE).await, real)
}

#[tokio::test]
async fn answers_instead_of_the_real_one() {
    for (fault, status, content_type, body) in [
        (Fault::html(StatusCode::OK), 200, "text/html; charset=UTF-8", "<!DOCTYPE html>\n<html>"),
        (Fault::text(StatusCode::BAD_GATEWAY, "bad"), 502, "text/plain;charset=UTF-8", "bad"),
        (Fault::json(StatusCode::OK, &json!([1])), 200, "application/json", "[1]"),
        (Fault::body(StatusCode::OK, "{\"a\":"), 200, "application/json", "{\"a\":"),
        (Fault::unsuccessful(), 200, "application/json", "{\"errors\":[{\"code\":10000"),
        (Fault::status(StatusCode::GATEWAY_TIMEOUT), 504, "text/plain;charset=UTF-8", ""),
    ] {
        let (response, _) = under(fault).await;
        assert_eq!(
            (response.status().as_u16(), &response.headers()["content-type"]),
            (status, &content_type.parse().unwrap())
        );
        let answered = bytes(response).await;
        assert!(answered.starts_with(body.as_bytes()) && answered.is_empty() == body.is_empty(), "{answered:?}");
    }
    let (redirect, _) = under(Fault::redirect("http://example.com/x")).await;
    assert_eq!(redirect.status(), StatusCode::FOUND);
    assert_eq!(redirect.headers()["location"], "http://example.com/x");
    let (limited, _) = under(Fault::rate_limited(Some(7))).await;
    assert_eq!(limited.status(), StatusCode::TOO_MANY_REQUESTS);
    assert_eq!(limited.headers()["retry-after"], "7");
    assert_eq!(under(Fault::rate_limited(None)).await.0.headers().get("retry-after"), None);
}

#[tokio::test]
async fn changes_to_the_real_answer() {
    let (with_header, real) = under(Fault::none().header(header::AGE, HeaderValue::from_static("5"))).await;
    assert_eq!(with_header.headers()["age"], "5");
    assert_eq!(bytes(with_header).await, real);
    let truncated = bytes(under(Fault::truncated_json()).await.0).await;
    assert_eq!(truncated, real[..real.len() / 2]);
    let missing: Value = serde_json::from_slice(&bytes(under(Fault::missing_array()).await.0).await).unwrap();
    assert_eq!(missing, json!({}));
    let edited = under(Fault::edited(|v| v["liveSessions"] = json!([]))).await.0;
    assert_eq!(bytes(edited).await, b"{\"liveSessions\":[]}");
}

#[tokio::test]
async fn what_happens_after_an_answer_is_seen_by_the_next_one() {
    let simulator = simulator();
    let world = simulator.world().clone();
    let end_all = move || {
        for session in world.live_sessions(Service::Huddle01) {
            world.end_session(&session.room_id).unwrap();
        }
    };
    let before = bytes(get(&simulator.router(), LIVE).await).await;
    simulator.script().once("live-sessions", Fault::none().then(end_all));
    assert_eq!(bytes(get(&simulator.router(), LIVE).await).await, before);
    let after: Value = serde_json::from_slice(&bytes(get(&simulator.router(), LIVE).await).await).unwrap();
    assert_eq!(after, json!({ "liveSessions": [] }));
}

#[tokio::test]
async fn a_huge_body_is_valid_json_and_never_in_memory() {
    let (response, real) = under(Fault::huge()).await;
    let mut stream = response.into_body().into_data_stream();
    let (mut total, mut last) = (0, Vec::new());
    while let Some(chunk) = stream.next().await {
        let chunk = chunk.unwrap();
        assert!(chunk.len() <= 64 * 1024);
        total += chunk.len();
        last = chunk.to_vec();
    }
    assert_eq!((total, last), (300_000_000 + real.len(), real));
}

#[tokio::test]
async fn a_gzip_bomb_decodes_to_padded_json() {
    let (response, real) = under(Fault::gzip_bomb(4 * 1024 * 1024)).await;
    assert_eq!(response.headers()["content-encoding"], "gzip");
    let compressed = bytes(response).await;
    assert!(compressed.len() < 16 * 1024, "{}", compressed.len());
    let mut decoded = Vec::new();
    flate2::read::GzDecoder::new(&compressed[..]).read_to_end(&mut decoded).unwrap();
    assert_eq!(decoded.len(), 4 * 1024 * 1024 + real.len());
    assert_eq!(decoded.trim_ascii_start(), real);
}

#[tokio::test(start_paused = true)]
async fn a_drip_gives_a_byte_at_a_time_for_ever() {
    let (response, real) = under(Fault::drip(Duration::from_secs(1))).await;
    let start = Instant::now();
    let stream = response.into_body().into_data_stream();
    let some: Vec<u8> =
        stream.take(real.len() + 50).flat_map(|b| futures_util::stream::iter(b.unwrap())).collect().await;
    assert_eq!((&some[..real.len()], &some[real.len()..]), (&real[..], &[b' '; 50][..]));
    assert_eq!(start.elapsed().as_secs() as usize, real.len() + 50);
}

#[tokio::test(start_paused = true)]
async fn delays_and_hangs_follow_tokios_time() {
    let simulator = simulator();
    let router = simulator.router();
    simulator.script().once("live-sessions", Fault::none().delayed(Duration::from_secs(9)));
    let start = Instant::now();
    assert_eq!(get(&router, LIVE).await.status(), StatusCode::OK);
    assert_eq!(start.elapsed(), Duration::from_secs(9));
    let rule = simulator.script().always("live-sessions", Fault::hang());
    assert!(timeout(Duration::from_secs(86_400), get(&router, LIVE)).await.is_err());
    let statuses: Vec<_> = simulator.log().requests().iter().map(|r| r.status).collect();
    assert_eq!(statuses, [Some(StatusCode::OK), None]);
    assert!(simulator.script().remove(rule) && !simulator.script().remove(rule));
    assert_eq!(get(&router, LIVE).await.status(), StatusCode::OK);
}

#[tokio::test(start_paused = true)]
async fn a_lost_answer_leaves_its_effect() {
    let world = World::new(1, SimClock::anchored(0));
    let room = world.seed_live(Service::RealtimeKit, 1, 3).remove(0);
    let simulator = Simulator::realtimekit(world.clone());
    let path = format!("/client/v4/accounts/a/realtime/kit/b/meetings/{room}/active-session/kick-all");
    let kick_all = || {
        let request = Request::post(&path).header("authorization", "Bearer t").body(Body::empty()).unwrap();
        timeout(Duration::from_secs(60), simulator.router().oneshot(request))
    };
    simulator.script().once("POST kick-all", Fault::hang());
    assert!(kick_all().await.is_err());
    assert!(world.live_session(&room).is_some(), "nothing was done");
    simulator.script().clear();
    simulator.script().once("POST kick-all", Fault::hang().after_effect());
    assert!(kick_all().await.is_err());
    assert_eq!(world.live_session(&room), None, "it was done, only nobody heard");
}

#[tokio::test]
async fn rules_take_the_requests_they_name() {
    let simulator = simulator();
    let (router, script) = (simulator.router(), simulator.script());
    let statuses = async |count: usize| {
        let mut seen = Vec::new();
        for _ in 0..count {
            seen.push(get(&router, LIVE).await.status().as_u16());
        }
        seen
    };
    let fails = |status: u16| Fault::status(StatusCode::from_u16(status).unwrap());

    let next = script.add("GET live-sessions", Times::Next(2), fails(503));
    assert_eq!(statuses(3).await, [503, 503, 200]);
    assert_eq!(script.hits(next), 2);
    script.clear();
    assert_eq!(script.hits(next), 0);

    script.add("live-sessions", Times::Nth(2), fails(503));
    script.always("POST **", fails(500));
    script.always("get-rooms", fails(500));
    assert_eq!(statuses(3).await, [200, 503, 200]);
    script.clear();

    script.add("**", Times::Next(1), fails(501));
    script.always("**", fails(502));
    assert_eq!(statuses(2).await, [501, 502], "the first rule that takes the request decides");
    script.clear();

    let mut draws = Vec::new();
    for _ in 0..2 {
        script.add("**", Times::Chance { probability: 0.3, seed: 4 }, fails(500));
        draws.push(statuses(200).await);
        script.clear();
    }
    let failed = draws[0].iter().filter(|s| **s == 500).count();
    assert!((35..=85).contains(&failed), "{failed} of 200");
    assert_eq!(draws[0], draws[1], "the same seed draws the same");
}
