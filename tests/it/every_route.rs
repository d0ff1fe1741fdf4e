//! Every route, on both providers.

use provider_simulator::{Fault, Person, Service};
use rollcall_tests::{Stack, Token};
use serde_json::{Value, json};

fn keys(value: &Value) -> Vec<&str> {
    value.as_object().expect("an object").keys().map(String::as_str).collect()
}

const SESSION_KEYS: [&str; 20] = [
    "breakout_rooms",
    "created_at",
    "ended_at",
    "extensions",
    "fetched_at",
    "kind",
    "livestream_count",
    "max_participant_count",
    "metadata",
    "minutes_consumed",
    "participant_count",
    "provider",
    "recording_count",
    "room_id",
    "session_id",
    "stale",
    "started_at",
    "status",
    "title",
    "type",
];

fn assert_session(session: &Value) {
    let mut found = keys(session);
    found.sort_unstable();
    let mut expected = SESSION_KEYS.to_vec();
    expected.push("updated_at");
    expected.sort_unstable();
    assert_eq!(found, expected);
    for time in ["created_at", "started_at", "ended_at", "updated_at", "fetched_at"] {
        if let Some(text) = session[time].as_str() {
            assert!(text.len() == 24 && text.ends_with('Z'), "{time}: {text}");
        }
    }
}

#[tokio::test]
async fn the_merged_list_shows_both_providers_newest_first() {
    let stack = Stack::start().await;
    let old = stack.live_room(Service::Huddle01, "Old", &["Ada"]);
    let new = stack.live_room(Service::RealtimeKit, "New", &["Grace", "Mary"]);
    stack.world.change_live(&old, |session| session.started_ms -= 60_000).expect("live");

    let list = stack.get("/v1/live-sessions").await.expect(200);
    let rows = list["data"].as_array().expect("data");
    assert_eq!(rows.len(), 2, "{list}");
    rows.iter().for_each(assert_session);
    assert_eq!((&rows[0]["room_id"], &rows[1]["room_id"]), (&json!(new), &json!(old)));
    assert_eq!((&rows[0]["provider"], &rows[0]["kind"]), (&json!("realtimekit"), &json!("realtimekit")));
    assert_eq!(rows[0]["participant_count"], 2);
    assert_eq!(rows[0]["title"], "New");
    assert_eq!(rows[0]["extensions"]["realtimekit"]["associated_id"], json!(new));
    assert_eq!(rows[1]["participant_count"], Value::Null, "Huddle01's list does not say");
    assert_eq!(rows[1]["session_id"], Value::Null);
    assert_eq!(rows[1]["extensions"], json!({ "realtimekit": null }));
    assert_eq!(list["page"], json!({ "limit": 100, "next_cursor": null, "total_count": 2 }));
    assert_eq!(list["complete"], true);
    let outcomes = list["providers"].as_array().expect("providers");
    assert_eq!(outcomes.len(), 2);
    for outcome in outcomes {
        assert_eq!((&outcome["status"], &outcome["session_count"]), (&json!("ok"), &json!(1)));
        assert_eq!(outcome["problem"], Value::Null);
    }
}

#[tokio::test]
async fn nothing_live_is_an_empty_complete_list() {
    let list = Stack::start().await.get("/v1/live-sessions").await.expect(200);
    assert_eq!((&list["data"], &list["complete"]), (&json!([]), &json!(true)));
    assert_eq!(list["page"]["total_count"], 0);
}

#[tokio::test]
async fn the_list_filters_pages_and_includes() {
    let stack = Stack::start().await;
    stack.world.seed_live(Service::Huddle01, 3, 2);
    stack.world.seed_live(Service::RealtimeKit, 4, 1);

    let mut seen = Vec::new();
    let mut path = "/v1/live-sessions?limit=3".to_owned();
    loop {
        let list = stack.get(&path).await.expect(200);
        seen.extend(list["data"].as_array().expect("data").iter().map(|row| row["room_id"].to_string()));
        assert_eq!(list["page"]["total_count"], 7);
        match list["page"]["next_cursor"].as_str() {
            Some(cursor) => path = format!("/v1/live-sessions?limit=3&cursor={cursor}"),
            None => break,
        }
    }
    assert_eq!(seen.len(), 7);
    seen.sort();
    seen.dedup();
    assert_eq!(seen.len(), 7, "no session twice");

    let one = stack.get("/v1/live-sessions?provider=huddle01&include=participant_count&include=session_id").await;
    let one = one.expect(200);
    for row in one["data"].as_array().expect("data") {
        assert_eq!((&row["provider"], &row["participant_count"]), (&json!("huddle01"), &json!(2)), "{row}");
        assert!(row["session_id"].is_string(), "{row}");
    }
    assert_eq!(one["providers"].as_array().expect("providers").len(), 1);

    let room = stack.world.live_sessions(Service::RealtimeKit)[0].room_id.clone();
    stack.world.start_recording(&room).expect("live");
    let media = stack.get("/v1/live-sessions?provider=realtimekit&include=media_counts").await.expect(200);
    for row in media["data"].as_array().expect("data") {
        assert_eq!(row["recording_count"], json!(u8::from(row["room_id"] == room)), "{row}");
    }
}

#[tokio::test]
async fn one_live_session() {
    let stack = Stack::start().await;
    let huddle = stack.live_room(Service::Huddle01, "Call", &["Ada", "Bola"]);
    let meeting = stack.live_room(Service::RealtimeKit, "Sync", &["Chen"]);

    let session = stack.get(&format!("/v1/live-sessions/huddle01/{huddle}")).await.expect(200);
    assert_session(&session);
    assert_eq!((&session["room_id"], &session["participant_count"]), (&json!(huddle), &json!(2)));
    assert_eq!((&session["status"], &session["stale"]), (&json!("live"), &json!(false)));

    let session = stack.get(&format!("/v1/live-sessions/realtimekit/{meeting}")).await.expect(200);
    assert_session(&session);
    let live = stack.world.live_session(&meeting).expect("live");
    assert_eq!((&session["session_id"], &session["participant_count"]), (&json!(live.id), &json!(1)));

    for provider in ["huddle01", "realtimekit"] {
        let path = format!("/v1/live-sessions/{provider}/aaa-bbbb-ccc");
        let problem = stack.get(&path).await.problem(404, "session_not_live");
        assert_eq!((&problem["provider"], &problem["retryable"]), (&json!(provider), &json!(false)));
        assert_eq!(problem["instance"], json!(path));
    }
}

#[tokio::test]
async fn who_is_in_a_live_session() {
    let stack = Stack::start().await;
    let huddle = stack.live_room(Service::Huddle01, "Call", &["Ada", "Bola"]);
    let meeting = stack.live_room(Service::RealtimeKit, "Sync", &["Chen"]);
    let dora = stack.world.join(&meeting, Person::named("Dora").custom_id("user-dora")).expect("room");
    let gone = stack.world.join(&meeting, "Emeka").expect("room");
    stack.world.leave(&meeting, &gone.connection_id).expect("in the room");

    let list = stack.get(&format!("/v1/live-sessions/huddle01/{huddle}/participants")).await.expect(200);
    let rows = list["data"].as_array().expect("data");
    assert_eq!(rows.len(), 2, "{list}");
    assert_eq!(rows[0]["participant_id"], rows[0]["connection_id"]);
    assert_eq!(rows[0]["display_name"], "Ada");
    assert_eq!((&list["reported_count"], &list["page"]["total_count"]), (&json!(2), &json!(2)));

    let list = stack.get(&format!("/v1/live-sessions/realtimekit/{meeting}/participants")).await.expect(200);
    let rows = list["data"].as_array().expect("data");
    assert_eq!(rows.len(), 2, "who has left is not there: {list}");
    let row = rows.iter().find(|row| row["display_name"] == "Dora").expect("Dora");
    assert_eq!(row["participant_id"], json!(dora.participant_id));
    assert_eq!(row["connection_id"], json!(dora.connection_id));
    assert_eq!(row["custom_participant_id"], "user-dora");
    assert_eq!(row["left_at"], Value::Null);
    let mut found = keys(row);
    found.sort_unstable();
    assert_eq!(
        found,
        [
            "connection_id",
            "custom_participant_id",
            "display_name",
            "joined_at",
            "left_at",
            "metadata",
            "participant_id",
            "role"
        ]
    );
}

#[tokio::test]
async fn a_session_by_its_own_id_and_everybody_who_was_in_it() {
    let stack = Stack::start().await;
    let meeting = stack.live_room(Service::RealtimeKit, "Sync", &["Chen", "Dora"]);
    stack.world.add_breakout(&meeting, "Corner").expect("live");
    let session_id = stack.world.end_session(&meeting).expect("live");
    let path = format!("/v1/sessions/realtimekit/{session_id}");

    let session = stack.get(&path).await.expect(200);
    assert_session(&session);
    assert_eq!((&session["status"], &session["room_id"]), (&json!("ended"), &json!(meeting)));
    assert!(session["ended_at"].is_string());
    let with = stack.get(&format!("{path}?include_breakout_rooms=true")).await.expect(200);
    let breakouts = with["breakout_rooms"].as_array().expect("breakout rooms");
    assert_eq!((breakouts.len(), &breakouts[0]["title"]), (1, &json!("Corner")));

    let people = stack.get(&format!("{path}/participants")).await.expect(200);
    assert_eq!(people["data"].as_array().expect("data").len(), 2);
    assert!(people["data"][0]["left_at"].is_string());

    let huddle = stack.live_room(Service::Huddle01, "Call", &["Ada", "Bola", "Chen"]);
    let session_id = stack.world.end_session(&huddle).expect("live");
    let people = stack.get(&format!("/v1/sessions/huddle01/{session_id}/participants")).await.expect(200);
    assert_eq!(people["data"].as_array().expect("data").len(), 3);

    let nobody = "11111111-2222-4333-8444-555555555555";
    let problem = stack.get(&format!("/v1/sessions/realtimekit/{nobody}")).await;
    assert_eq!(problem.problem(404, "session_not_found")["provider"], "realtimekit");
    for provider in ["huddle01", "realtimekit"] {
        let reply = stack.get(&format!("/v1/sessions/{provider}/{nobody}/participants")).await;
        assert_eq!(reply.problem(404, "session_not_found")["provider"], provider);
    }
}

#[tokio::test]
async fn participants_of_more_than_one_upstream_page_come_in_order() {
    let stack = Stack::start().await;
    let meeting = stack.live_room(Service::RealtimeKit, "All hands", &[]);
    for n in 0..250 {
        stack.world.join(&meeting, Person::named(format!("Person {n}"))).expect("room");
    }
    let base = format!("/v1/live-sessions/realtimekit/{meeting}/participants?limit=100");
    let (mut path, mut seen) = (base.clone(), Vec::new());
    loop {
        let list = stack.get(&path).await.expect(200);
        assert_eq!(list["page"]["total_count"], 250);
        seen.extend(list["data"].as_array().expect("data").iter().map(|row| row["connection_id"].to_string()));
        match list["page"]["next_cursor"].as_str() {
            Some(cursor) => path = format!("{base}&cursor={cursor}"),
            None => break,
        }
    }
    assert_eq!(seen.len(), 250);
    seen.sort();
    seen.dedup();
    assert_eq!(seen.len(), 250);
}

#[tokio::test]
async fn a_connection_given_twice_is_one_row() {
    let stack = Stack::start().await;
    let twice = json!({ "count": 3, "participants": [
        { "peerId": "peerId-a" }, { "peerId": "peerId-b" }, { "peerId": "peerId-a", "metadata": null },
    ] });
    stack.huddle01.script().always("**", Fault::json(http::StatusCode::OK, &twice));
    let path = "/v1/live-sessions/huddle01/aaa-bbbb-ccc/participants?limit=1";
    let first = stack.get(path).await.expect(200);
    assert_eq!((&first["page"]["total_count"], &first["reported_count"]), (&json!(2), &json!(3)));
    let cursor = first["page"]["next_cursor"].as_str().expect("one more");
    let second = stack.get(&format!("{path}&cursor={cursor}")).await.expect(200);
    assert_eq!(second["data"][0]["connection_id"], "peerId-b");
    assert_eq!(second["page"]["next_cursor"], Value::Null);
}

#[tokio::test]
async fn providers_are_listed_without_asking_them() {
    let stack = Stack::start().await;
    let list = stack.get("/v1/providers").await.expect(200);
    let rows = list["data"].as_array().expect("data");
    assert_eq!(rows.iter().map(|row| row["provider"].clone()).collect::<Vec<_>>(), ["huddle01", "realtimekit"]);
    let can = |row: &Value, what: &str| row["capabilities"][what].as_bool().expect("a flag");
    for what in ["list_live_sessions", "get_live_session", "list_live_participants", "list_session_participants"] {
        assert!(can(&rows[0], what) && can(&rows[1], what), "{what}");
    }
    for what in ["kick_participants", "kick_all_participants", "create_poll", "get_session", "expected_session_id"] {
        assert!(!can(&rows[0], what) && can(&rows[1], what), "{what}");
    }
    assert_eq!(rows[0]["health"]["status"], "unknown");
    assert_eq!(stack.upstream_requests(), 0);

    let _ = stack.get("/v1/live-sessions").await.expect(200);
    let list = stack.get("/v1/providers").await.expect(200);
    for row in list["data"].as_array().expect("data") {
        assert_eq!(row["health"]["status"], "ok", "{row}");
        assert!(row["health"]["last_success_at"].is_string(), "{row}");
    }
}

#[tokio::test]
async fn what_huddle01_cannot_do_is_501_and_never_sent() {
    let stack = Stack::start().await;
    let room = stack.live_room(Service::Huddle01, "Call", &["Ada"]);
    let base = format!("/v1/live-sessions/huddle01/{room}");
    let kick = json!({ "participant_ids": ["peerId-x"], "custom_participant_ids": [] });
    let poll = json!({ "question": "Lunch?", "options": ["Yes", "No"], "anonymous": false, "hide_votes": false });
    for reply in [
        stack.post(&format!("{base}/kick"), &kick).await,
        stack.post_empty(&format!("{base}/kick-all")).await,
        stack.post(&format!("{base}/polls"), &poll).await,
        stack.get("/v1/sessions/huddle01/11111111-2222-4333-8444-555555555555").await,
    ] {
        assert_eq!(reply.problem(501, "capability_unsupported")["provider"], "huddle01");
    }
    assert_eq!(stack.upstream_requests(), 0);
}

#[tokio::test]
async fn the_open_routes_need_no_token() {
    let stack = Stack::start().await;
    for path in ["/healthz", "/readyz", "/openapi.json", "/docs"] {
        let reply = stack.get_as(path, None).await;
        assert_eq!(reply.status, 200, "{path}: {reply:?}");
    }
    let metrics = stack.get_admin("/metrics").await;
    for line in
        ["rollcall_budget_remaining{provider=\"huddle01\"} ", "rollcall_breaker_open{provider=\"realtimekit\"} 0"]
    {
        assert!(metrics.text.contains(line), "{line}: {metrics:?}");
    }
    let _ = stack.get_as("/metrics", None).await.problem(404, "route_not_found");
    assert_eq!(stack.upstream_requests(), 0);
}

#[tokio::test]
async fn a_caller_sees_only_the_providers_of_the_token() {
    let stack = Stack::start().await;
    stack.live_room(Service::Huddle01, "Call", &["Ada"]);
    let meeting = stack.live_room(Service::RealtimeKit, "Sync", &["Chen"]);
    let token = Token::default().providers(&["huddle01"]).sign();

    let list = stack.get_as("/v1/live-sessions", Some(&token)).await.expect(200);
    assert_eq!((list["data"].as_array().map(Vec::len), &list["complete"]), (Some(1), &json!(true)));
    let providers = stack.get_as("/v1/providers", Some(&token)).await.expect(200);
    assert_eq!(providers["data"].as_array().map(Vec::len), Some(1));
    for path in [
        format!("/v1/live-sessions/realtimekit/{meeting}"),
        format!("/v1/live-sessions/nowhere/{meeting}"),
        "/v1/live-sessions?provider=realtimekit".to_owned(),
    ] {
        let _ = stack.get_as(&path, Some(&token)).await.problem(404, "provider_not_found");
    }
    let none = Token::default().providers(&[]).sign();
    let list = stack.get_as("/v1/live-sessions", Some(&none)).await.expect(200);
    assert_eq!((&list["data"], &list["complete"], &list["providers"]), (&json!([]), &json!(true), &json!([])));
    assert_eq!(stack.realtimekit.log().total(), 0);
}
