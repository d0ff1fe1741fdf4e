use axum::Router;
use axum::body::{Body, to_bytes};
use http::Request;
use serde_json::{Value, json};
use tower::ServiceExt;

use crate::{Person, RealtimeKitOptions, Service, SimClock, Simulator, World};

async fn call(router: &Router, method: &str, path: &str, body: Value) -> (u16, Value) {
    let request = Request::builder()
        .method(method)
        .uri(format!("/client/v4/accounts/a/realtime/kit/b{path}"))
        .header("authorization", "Bearer t")
        .body(if body.is_null() { Body::empty() } else { Body::from(body.to_string()) })
        .unwrap();
    let response = router.clone().oneshot(request).await.unwrap();
    let status = response.status().as_u16();
    (status, serde_json::from_slice(&to_bytes(response.into_body(), usize::MAX).await.unwrap()).unwrap())
}

async fn get(router: &Router, path: &str) -> (u16, Value) {
    call(router, "GET", path, Value::Null).await
}

fn world() -> World {
    World::new(1, SimClock::anchored(1_773_482_400_147))
}

#[tokio::test(start_paused = true)]
async fn a_mutation_is_seen_by_the_next_read() {
    let world = world();
    let router = Simulator::realtimekit(world.clone()).router();
    let room = world.add_room(Service::RealtimeKit, "Room");
    let ada = world.join(&room, Person::named("Ada").custom_id("a")).unwrap();
    world.join(&room, Person::named("Bola").custom_id("b")).unwrap();
    let active = format!("/meetings/{room}/active-session");
    let people = format!("/sessions/{}/participants", ada.session_id);

    let (status, kicked) =
        call(&router, "POST", &format!("{active}/kick"), json!({ "participant_ids": [ada.participant_id] })).await;
    assert_eq!((status, &kicked["data"]["participants"][0]["id"]), (200, &json!(ada.participant_id)));
    assert_eq!(get(&router, &active).await.1["data"]["live_participants"], 1);
    let (_, rows) = get(&router, &people).await;
    assert_eq!(rows["data"]["participants"][0]["left_at"], "2026-03-14T10:00:00.147Z");
    assert_eq!(rows["data"]["participants"][1].get("left_at"), None);

    let new = json!({ "question": "Q", "options": ["A", "B"], "hide_votes": true });
    let (status, poll) = call(&router, "POST", &format!("{active}/poll"), new).await;
    let stored = world.live_session(&room).unwrap().polls;
    assert_eq!((status, &poll["data"]["poll"]["id"]), (201, &json!(stored[0].id)));
    assert_eq!((stored[0].options.as_slice(), stored[0].hide_votes), (&["A".to_owned(), "B".to_owned()][..], true));

    let (_, all) = call(&router, "POST", &format!("{active}/kick-all"), Value::Null).await;
    assert_eq!(all["data"], json!({ "action": "kick-all", "kicked_participants_count": 1 }));
    assert_eq!(get(&router, &active).await.0, 404);
    assert_eq!(get(&router, "/sessions?status=LIVE").await.1["paging"]["total_count"], 0);
    let (_, ended) = get(&router, &format!("/sessions/{}", ada.session_id)).await;
    assert_eq!(
        (&ended["data"]["status"], &ended["data"]["ended_at"]),
        (&json!("ENDED"), &json!("2026-03-14T10:00:00.147Z"))
    );
    assert_eq!(get(&router, &people).await.1["data"]["participants"].as_array().unwrap().len(), 2);
}

#[tokio::test(start_paused = true)]
async fn absences_are_told_apart_by_their_messages() {
    let world = world();
    let router = Simulator::realtimekit(world.clone()).router();
    let room = world.seed_live(Service::RealtimeKit, 1, 1).remove(0);
    let message = |(status, body): (u16, Value)| (status, body["error"]["message"].as_str().unwrap().to_owned());
    let kick = json!({ "participant_ids": ["x"] });
    let kicked = call(&router, "POST", &format!("/meetings/{room}/active-session/kick"), kick.clone()).await;
    assert_eq!(message(kicked), (404, "No user found with id x".to_owned()));
    let idle = call(&router, "POST", "/meetings/m/active-session/kick", kick).await;
    assert_eq!(message(idle), (404, "No active session found for meeting_id m".to_owned()));
    let empty = call(&router, "POST", "/meetings/m/active-session/kick", json!({ "participant_ids": [] })).await;
    assert_eq!(empty.0, 400, "the body is judged before the meeting");
    let huddle01 = world.seed_live(Service::Huddle01, 1, 1).remove(0);
    assert_eq!(get(&router, &format!("/meetings/{huddle01}/active-session")).await.0, 404);
    let other = world.live_session(&huddle01).unwrap().id;
    assert_eq!(get(&router, &format!("/sessions/{other}")).await.0, 404);
}

#[tokio::test(start_paused = true)]
async fn pages_cover_every_row_once_in_order() {
    let world = world();
    let options = RealtimeKitOptions { max_per_page: 10, ..RealtimeKitOptions::default() };
    let router = Simulator::realtimekit_with(world.clone(), options).router();
    let mut rooms = world.seed_live(Service::RealtimeKit, 23, 1);
    rooms.reverse();
    let mut walked = Vec::new();
    for (page_no, start, end) in [(1, 1, 10), (2, 11, 20), (3, 21, 23), (4, 0, 0)] {
        let (_, page) = get(&router, &format!("/sessions?status=LIVE&per_page=99&page_no={page_no}")).await;
        let paging = json!({ "total_count": 23, "start_offset": start, "end_offset": end });
        assert_eq!(page["paging"], paging);
        let rows = page["data"]["sessions"].as_array().unwrap();
        walked.extend(rows.iter().map(|s| s["associated_id"].as_str().unwrap().to_owned()));
    }
    assert_eq!(walked, rooms, "newest first");
    let (_, first) = get(&router, "/sessions?status=LIVE&sort_order=ASC&per_page=1&page_no=0").await;
    assert_eq!(first["data"]["sessions"][0]["associated_id"], json!(rooms[22]));
    let (_, of_one) = get(&router, &format!("/sessions?associated_id={}", rooms[5])).await;
    assert_eq!(of_one["paging"]["total_count"], 1);
}

#[tokio::test(start_paused = true)]
async fn ids_are_checked_only_when_asked() {
    let world = world();
    world.add_room_as(Service::RealtimeKit, "abcdef-ghijkl", "V1").unwrap();
    world.join("abcdef-ghijkl", "Ada").unwrap();
    let path = "/meetings/abcdef-ghijkl/active-session";
    let lenient = Simulator::realtimekit(world.clone()).router();
    assert_eq!(get(&lenient, path).await.1["data"]["associated_id"], "abcdef-ghijkl");
    let options = RealtimeKitOptions { validate_ids: true, ..RealtimeKitOptions::default() };
    let strict = Simulator::realtimekit_with(world, options).router();
    let (status, body) = get(&strict, path).await;
    assert_eq!((status, &body["error"]["message"]), (400, &json!("BAD_REQUEST: \"id\" must be a valid GUID")));
}

#[tokio::test(start_paused = true)]
async fn the_history_keeps_what_has_ended_until_it_is_forgotten_and_is_filtered_by_time() {
    let world = world();
    let router = Simulator::realtimekit(world.clone()).router();
    let mut sessions = Vec::new();
    for _ in 0..3 {
        let room = world.add_room(Service::RealtimeKit, "Room");
        sessions.push(world.join(&room, "Ada").unwrap().session_id);
        world.end_session(&room).unwrap();
        tokio::time::advance(std::time::Duration::from_secs(60)).await;
    }
    let ids = async |query: &str| -> Vec<String> {
        let (status, list) = get(&router, &format!("/sessions?sort_by=createdAt&sort_order=DESC{query}")).await;
        assert_eq!(status, 200, "{list}");
        let rows = list["data"]["sessions"].as_array().unwrap().iter();
        rows.map(|row| row["id"].as_str().unwrap().to_owned()).collect()
    };
    let newest_first: Vec<String> = sessions.iter().rev().cloned().collect();
    assert_eq!(ids("").await, newest_first);
    assert_eq!(ids("&status=ENDED&per_page=2&page_no=2").await, sessions[..1]);
    assert_eq!(ids("&start_time=2026-03-14T10:01:00.000Z&end_time=2026-03-14T10:01:30.000Z").await, sessions[1..2]);
    assert_eq!(get(&router, "/sessions?start_time=soon").await.0, 400);

    world.forget_session(&sessions[1]).unwrap();
    assert_eq!(ids("").await, [sessions[2].clone(), sessions[0].clone()]);
    assert!(world.forget_session(&sessions[1]).is_err());
    let room = world.add_room(Service::RealtimeKit, "Room");
    let running = world.join(&room, "Ada").unwrap().session_id;
    assert!(world.forget_session(&running).is_err(), "it runs");
}
