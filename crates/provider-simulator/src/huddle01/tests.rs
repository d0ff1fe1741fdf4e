use axum::Router;
use axum::body::{Body, to_bytes};
use http::Request;
use serde_json::{Value, json};
use tower::ServiceExt;

use crate::{Service, SimClock, Simulator, World};

async fn get(router: &Router, path: &str) -> (u16, Value) {
    let request = Request::get(format!("/api/v2/sdk{path}")).header("x-api-key", "k").body(Body::empty()).unwrap();
    let response = router.clone().oneshot(request).await.unwrap();
    let status = response.status().as_u16();
    (status, serde_json::from_slice(&to_bytes(response.into_body(), usize::MAX).await.unwrap()).unwrap())
}

#[tokio::test(start_paused = true)]
async fn reads_agree_while_people_come_and_go() {
    let world = World::new(1, SimClock::anchored(1_000));
    let router = Simulator::huddle01(world.clone()).router();
    let room = world.add_room(Service::Huddle01, "Room");
    let ada = world.join(&room, "Ada").unwrap();
    world.join(&room, "Bola").unwrap();
    world.start_recording(&room).unwrap();
    world.seed_live(Service::RealtimeKit, 2, 1);
    let live = json!({ "roomId": room, "startTime": 1_000, "livestreamCount": 0, "recordingCount": 1 });
    assert_eq!(get(&router, "/live-sessions").await, (200, json!({ "liveSessions": [live] })));
    world.leave(&room, &ada.connection_id).unwrap();
    let (_, one) = get(&router, &format!("/live-sessions/{room}")).await;
    assert_eq!(one["liveSessions"]["currentPeerCount"], 1);
    let (_, people) = get(&router, &format!("/live-sessions/participants/{room}")).await;
    assert_eq!(
        (&people["count"], &people["participants"][0]["metadata"]),
        (&json!(1), &json!({ "displayName": "Bola" }))
    );
    let (_, sessions) = get(&router, &format!("/rooms/session-details?roomId={room}")).await;
    let running = json!({ "sessionId": ada.session_id, "startTime": 1_000, "endTime": null });
    assert_eq!(sessions, json!({ "sessions": [running] }));
    let (_, everybody) = get(&router, &format!("/rooms/participant-list?sessionId={}", ada.session_id)).await;
    let left: Vec<bool> =
        everybody["participants"].as_array().unwrap().iter().map(|p| p.get("exitTime").is_some()).collect();
    assert_eq!(left, [true, false]);
    world.end_session(&room).unwrap();
    assert_eq!(get(&router, "/live-sessions").await.1, json!({ "liveSessions": [] }));
    assert_eq!(get(&router, &format!("/live-sessions/{room}")).await.0, 404);
    assert_eq!(get(&router, &format!("/live-sessions/participants/{room}")).await.0, 404);
    assert_eq!(get(&router, &format!("/rooms/session-details?roomId={room}")).await.1["sessions"][0]["endTime"], 1_000);
    assert_eq!(get(&router, "/recordings").await.1["recordings"].as_array().unwrap().len(), 1);
}

#[tokio::test(start_paused = true)]
async fn a_meeting_of_the_other_service_is_unknown() {
    let world = World::new(1, SimClock::anchored(0));
    let router = Simulator::huddle01(world.clone()).router();
    let room = world.seed_live(Service::RealtimeKit, 1, 1).remove(0);
    let session = world.live_session(&room).unwrap().id;
    for path in [
        format!("/live-sessions/{room}"),
        format!("/live-sessions/participants/{room}"),
        format!("/rooms/session-details?roomId={room}"),
        format!("/rooms/participant-list?sessionId={session}"),
        format!("/rooms/room-details/{room}"),
        format!("/rooms/metadata/{room}"),
    ] {
        assert_eq!(get(&router, &path).await.0, 404, "{path}");
    }
}

#[tokio::test(start_paused = true)]
async fn session_details_skip_cursor_times_limit_rows() {
    let world = World::new(1, SimClock::anchored(0));
    let router = Simulator::huddle01(world.clone()).router();
    let room = world.add_room(Service::Huddle01, "Room");
    let mut newest_first = Vec::new();
    for _ in 0..5 {
        newest_first.insert(0, world.start_session(&room).unwrap());
        world.end_session(&room).unwrap();
    }
    let mut walked = Vec::new();
    for (cursor, rows) in [(0, 2), (1, 2), (2, 1), (3, 0)] {
        let path = format!("/rooms/session-details?roomId={room}&limit=2&cursor={cursor}");
        let (_, page) = get(&router, &path).await;
        let ids = page["sessions"].as_array().unwrap().iter().map(|s| s["sessionId"].as_str().unwrap().to_owned());
        let before = walked.len();
        walked.extend(ids);
        assert_eq!(walked.len() - before, rows);
    }
    assert_eq!(walked, newest_first);
}
