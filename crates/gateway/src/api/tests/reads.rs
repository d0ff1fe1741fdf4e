//! The reads over the real cache: what their headers say, and what a mutation makes of it.

use axum::body::Body;
use http::StatusCode;
use session_provider::Operation;

use crate::api::tests::support::{Answer, Gateway, moderator, request};
use crate::testing::Behaviour;

const ROOM: &str = "/v1/live-sessions/able/room";

async fn with(gateway: &Gateway, path: &str, name: &str, value: &str) -> Answer {
    gateway.send(request("GET", path, &moderator()).header(name, value).body(Body::empty()).unwrap()).await
}

fn live() -> Gateway {
    let gateway = Gateway::new();
    gateway.able.does(Behaviour::live("s1"));
    gateway
}

#[tokio::test]
async fn a_read_says_how_fresh_it_is_and_a_304_says_the_same() {
    let gateway = live();
    let first = gateway.get(ROOM).await;
    assert_eq!((first.status, first.json()["session_id"].as_str()), (StatusCode::OK, Some("s1")));
    assert_eq!(first.header("cache-status"), "rollcall; fwd=miss; stored");
    let second = gateway.get(ROOM).await;
    assert!(second.header("cache-status").starts_with("rollcall; hit; ttl="), "{}", second.header("cache-status"));
    assert_eq!(second.header("vary"), "authorization, accept-encoding");
    let held = with(&gateway, ROOM, "if-none-match", first.header("etag")).await;
    assert_eq!((held.status, held.bytes.len()), (StatusCode::NOT_MODIFIED, 0));
    for name in ["etag", "cache-control", "age", "vary"] {
        assert_eq!(held.header(name), second.header(name), "{name}");
    }
    assert_eq!(second.header("cache-control"), "private, no-cache");
    assert_eq!(gateway.able.asked(), [Operation::GetLiveSession]);
    let anew = with(&gateway, ROOM, "cache-control", "No-Cache").await;
    assert!(anew.header("cache-status").contains("fwd="), "{}", anew.header("cache-status"));
    assert_eq!(gateway.able.asked().len(), 2);
}

#[tokio::test]
async fn every_read_route_reaches_its_operation() {
    let gateway = live();
    for (path, status, operation) in [
        ("/v1/live-sessions?provider=able&limit=5&include=session_id", 200, Operation::ListLiveSessions),
        (ROOM, 200, Operation::GetLiveSession),
        ("/v1/live-sessions/able/room/participants?limit=1000", 200, Operation::ListLiveParticipants),
        ("/v1/sessions/able/s1?include_breakout_rooms=true", 200, Operation::GetSession),
        ("/v1/sessions/able/s1/participants", 200, Operation::ListSessionParticipants),
    ] {
        let before = gateway.able.asked().len();
        let answer = gateway.get(path).await;
        assert_eq!(answer.status.as_u16(), status, "{path}");
        assert_eq!(gateway.able.asked()[before..], [operation], "{path}");
    }
    assert_eq!(gateway.reading.asked(), []);
    gateway.able.does(Behaviour::idle());
    let other = gateway.get("/v1/live-sessions/able/empty").await;
    assert_eq!((other.code().as_str(), &other.json()["provider"]), ("session_not_live", &"able".into()));
    assert_eq!(gateway.get("/v1/live-sessions?cursor=rubbish").await.code(), "invalid_cursor");
}

#[tokio::test]
async fn nothing_fetched_before_a_mutation_is_served_after_it() {
    let gateway = live();
    for path in [ROOM, "/v1/live-sessions?provider=able"] {
        gateway.get(path).await;
        let before = gateway.able.asked().len();
        assert_eq!(gateway.post(&format!("{ROOM}/kick-all"), "").await.status, StatusCode::OK);
        gateway.get(path).await;
        assert_eq!(gateway.able.asked().len(), before + 2, "{path}: the mutation and the read anew");
    }
}

#[tokio::test]
async fn the_merged_list_takes_its_filters() {
    let gateway = live();
    let list = gateway.get("/v1/live-sessions").await;
    let whole = (list.status, list.header("cache-control"), list.json()["complete"].clone());
    assert_eq!(whole, (StatusCode::OK, "private, no-cache", true.into()));
    for (query, status) in [("partial=forbid&limit=1", 200), ("partial=allow", 200), ("partial=never", 400)] {
        assert_eq!(gateway.get(&format!("/v1/live-sessions?{query}")).await.status.as_u16(), status, "{query}");
    }
}
