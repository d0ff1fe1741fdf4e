//! The cache as callers see it.

use futures_util::future::join_all;
use http::Method;
use provider_simulator::{Fault, Service};
use rollcall_tests::{Setup, Stack};
use serde_json::json;

#[tokio::test]
async fn three_hundred_cold_reads_are_one_upstream_call_also_when_half_hang_up() {
    let stack = Stack::start().await;
    let room = stack.live_room(Service::RealtimeKit, "Sync", &["Chen"]);
    let path = format!("/v1/live-sessions/realtimekit/{room}");
    stack.realtimekit.script().always("**", Fault::none().delayed(std::time::Duration::from_millis(300)));
    let staying = join_all((0..150).map(|_| stack.get(&path)));
    // Sent, and given up once the one upstream call is under way.
    let hanging_up = join_all((0..150).map(|_| async {
        tokio::select! {
            _ = stack.get(&path) => panic!("answered before the upstream call was"),
            () = stack.realtimekit.log().wait_for_total(1) => (),
        }
    }));
    let (replies, _) = tokio::join!(staying, hanging_up);
    for reply in replies {
        assert_eq!(reply.expect(200)["room_id"], json!(room));
    }
    assert_eq!(stack.realtimekit.log().total(), 1);
}

#[tokio::test]
async fn a_second_read_is_a_hit_and_its_etag_a_304() {
    let stack = Stack::start().await;
    let room = stack.live_room(Service::RealtimeKit, "Sync", &["Chen"]);
    for path in [
        format!("/v1/live-sessions/realtimekit/{room}"),
        format!("/v1/live-sessions/realtimekit/{room}/participants"),
        "/v1/live-sessions".to_owned(),
    ] {
        let first = stack.get(&path).await;
        let _ = first.expect(200);
        assert!(first.header("cache-status").starts_with("rollcall; fwd=miss; stored"), "{first:?}");
        assert_eq!(first.header("cache-control"), "private, no-cache");
        assert!(first.header("vary").to_lowercase().contains("authorization"), "{first:?}");
        assert!(first.header("age").parse::<u64>().is_ok(), "{first:?}");
        let second = stack.get(&path).await;
        assert!(second.header("cache-status").starts_with("rollcall; hit; ttl="), "{second:?}");
        let etag = second.header("etag").to_owned();
        assert!(etag.starts_with("W/\"") && etag == first.header("etag"), "{etag}");
        let third = stack.get_with(&path, &[("if-none-match", &etag)]).await;
        assert_eq!((third.status.as_u16(), third.text.as_str()), (304, ""));
        for header in ["etag", "cache-control", "vary", "cache-status"] {
            assert!(!third.header(header).is_empty(), "{header}: {third:?}");
        }
        let other = stack.get_with(&path, &[("if-none-match", "W/\"other\"")]).await;
        assert_eq!(other.status, 200);
    }
}

#[tokio::test]
async fn not_live_is_remembered_and_failures_are_not() {
    let stack = Stack::start_with(Setup { cache: "not_live_for = \"30s\"".into(), ..Setup::default() }).await;
    let room = stack.world.add_room(Service::RealtimeKit, "Idle");
    let path = format!("/v1/live-sessions/realtimekit/{room}");
    for _ in 0..3 {
        let _ = stack.get(&path).await.problem(404, "session_not_live");
    }
    assert_eq!(stack.realtimekit.log().total(), 1);
    let rule = stack.realtimekit.script().always("**", Fault::status(http::StatusCode::BAD_GATEWAY));
    let fresh = stack.get_with(&path, &[("cache-control", "no-cache")]).await;
    let _ = fresh.problem(502, "provider_error");
    stack.realtimekit.script().remove(rule);

    let stack = Stack::start().await;
    let room = stack.live_room(Service::RealtimeKit, "Sync", &["Chen"]);
    let path = format!("/v1/live-sessions/realtimekit/{room}");
    let rule = stack.realtimekit.script().always("**", Fault::status(http::StatusCode::IM_A_TEAPOT));
    let _ = stack.get(&path).await.problem(502, "provider_bad_response");
    stack.realtimekit.script().remove(rule);
    let _ = stack.get(&path).await.expect(200);
}

#[tokio::test]
async fn an_old_answer_is_served_as_stale_when_the_refresh_fails() {
    let cache = "fresh_for = \"0s\"\nrevalidate_for = \"0s\"\nstale_for = \"60s\"";
    let stack = Stack::start_with(Setup { cache: cache.into(), ..Setup::default() }).await;
    let room = stack.live_room(Service::Huddle01, "Call", &["Ada"]);
    let path = format!("/v1/live-sessions/huddle01/{room}");
    assert_eq!(stack.get(&path).await.expect(200)["stale"], false);
    let _ = stack.get("/v1/live-sessions").await.expect(200);
    stack.huddle01.script().always("**", Fault::status(http::StatusCode::BAD_GATEWAY));
    let reply = stack.get(&path).await;
    let session = reply.expect(200);
    assert_eq!((&session["stale"], &session["participant_count"]), (&json!(true), &json!(1)));
    assert_eq!(reply.header("cache-status"), "rollcall; fwd=stale");
    assert_eq!(reply.header("cache-control"), "no-store");

    let list = stack.get("/v1/live-sessions").await.expect(200);
    assert_eq!((&list["complete"], &list["data"][0]["stale"]), (&json!(false), &json!(true)), "{list}");
}

#[tokio::test]
async fn no_cache_asks_the_provider() {
    let stack = Stack::start().await;
    let room = stack.live_room(Service::RealtimeKit, "Sync", &["Chen"]);
    let path = format!("/v1/live-sessions/realtimekit/{room}");
    let _ = stack.get(&path).await.expect(200);
    stack.world.join(&room, "Dora").expect("room");
    assert_eq!(stack.get(&path).await.expect(200)["participant_count"], 1, "from memory");
    let fresh = stack.get_with(&path, &[("cache-control", "no-cache")]).await;
    assert_eq!(fresh.expect(200)["participant_count"], 2);
    assert!(fresh.header("cache-status").starts_with("rollcall; fwd=miss"), "{fresh:?}");
}

#[tokio::test]
async fn what_leaves_its_body_out_has_no_length_of_nothing() {
    let stack = Stack::start().await;
    let room = stack.live_room(Service::RealtimeKit, "Sync", &["Chen"]);
    let path = format!("/v1/live-sessions/realtimekit/{room}");
    for (way, http2) in [("HTTP/1.1", false), ("HTTP/2", true)] {
        let client = if http2 { stack.http2_client() } else { stack.http1_client() };
        for path in [path.as_str(), "/v1/live-sessions", "/openapi.json"] {
            let full = stack.send_by(&client, Method::GET, path, &[("accept-encoding", "identity")]).await;
            let length = full.header("content-length").to_owned();
            assert_eq!(length, full.text.len().to_string(), "{way} {path}");
            let etag = full.header("etag").to_owned();
            let head = stack.send_by(&client, Method::HEAD, path, &[("accept-encoding", "identity")]).await;
            assert_eq!((head.status.as_u16(), head.header("content-length")), (200, length.as_str()), "{way} {path}");
            let head = stack.send_by(&client, Method::HEAD, path, &[("accept-encoding", "gzip")]).await;
            let packed = stack.send_by(&client, Method::GET, path, &[("accept-encoding", "gzip")]).await;
            if head.headers.contains_key("content-length") {
                assert_eq!(head.header("content-length"), packed.header("content-length"), "{way} {path}: {head:?}");
            }
            for method in [Method::GET, Method::HEAD] {
                let same = stack.send_by(&client, method.clone(), path, &[("if-none-match", &etag)]).await;
                assert_eq!((same.status.as_u16(), same.text.as_str()), (304, ""), "{way} {method} {path}");
                assert!(!same.headers.contains_key("content-length"), "{way} {method} {path}: {same:?}");
                assert_eq!(same.header("etag"), etag);
            }
        }
    }
}
