//! `/v1/sessions` in front of both services.

use std::collections::BTreeSet;

use provider_simulator::{Fault, Service};
use rollcall_tests::{Stack, Token};
use serde_json::{Value, json};

/// A session that is over, and its room.
fn over(stack: &Stack, service: Service, minutes_ago: i64) -> (String, String) {
    let room = stack.live_room(service, "Room", &["Ada"]);
    stack.world.change_live(&room, |session| session.started_ms -= minutes_ago * 60_000).expect("live");
    let session = stack.world.end_session(&room).expect("live");
    (room, session)
}

fn ids(list: &Value) -> Vec<String> {
    let rows = list["data"].as_array().expect("data").iter();
    rows.map(|row| row["session_id"].as_str().expect("an id").to_owned()).collect()
}

/// Takes page after page.
async fn walk(stack: &Stack, path: &str) -> Vec<String> {
    let (mut seen, mut cursor) = (Vec::new(), String::new());
    loop {
        let page = stack.get(&format!("{path}{cursor}")).await.expect(200);
        seen.extend(ids(&page));
        match page["page"]["next_cursor"].as_str() {
            Some(next) => cursor = format!("&cursor={next}"),
            None => return seen,
        }
    }
}

#[tokio::test]
async fn the_history_of_an_account_and_of_a_room() {
    let stack = Stack::start().await;
    let (room, old) = over(&stack, Service::RealtimeKit, 60);
    let (_, newer) = over(&stack, Service::RealtimeKit, 30);
    let live = stack.live_room(Service::RealtimeKit, "Now", &["Ada", "Bola"]);
    let running = stack.world.live_session(&live).expect("live").id;
    let (call, of_call) = over(&stack, Service::Huddle01, 20);

    let reply = stack.get("/v1/sessions").await;
    assert_eq!(reply.header("cache-control"), "private, no-cache", "what cannot be is no reason to ask again");
    let list = reply.expect(200);
    assert_eq!(ids(&list), [running.clone(), newer.clone(), old.clone()]);
    assert_eq!(list["page"], json!({ "limit": 50, "next_cursor": null, "total_count": null }));
    assert_eq!(list["complete"], false);
    let huddle = &list["providers"][0];
    assert_eq!((&huddle["provider"], &huddle["status"]), (&json!("huddle01"), &json!("unsupported")));
    assert_eq!(huddle["problem"]["code"], "capability_unsupported");
    assert_eq!(list["data"][0]["status"], "live");
    assert_eq!((&list["data"][1]["status"], &list["data"][1]["room_id"].is_string()), (&json!("ended"), &true));
    let _ = stack.get("/v1/sessions?partial=forbid").await.expect(200);
    let problem = stack.get("/v1/sessions?provider=huddle01").await.problem(501, "capability_unsupported");
    assert_eq!(problem["providers"][0]["status"], "unsupported");
    assert_eq!(stack.huddle01.log().total(), 0);

    let of_room = stack.get(&format!("/v1/sessions?room_id={call}")).await.expect(200);
    assert_eq!((ids(&of_room), &of_room["complete"]), (vec![of_call], &json!(true)));
    let row = &of_room["data"][0];
    for (name, value) in row.as_object().expect("a session") {
        let said = ["provider", "kind", "room_id", "session_id", "status", "started_at", "ended_at"];
        let ours = ["stale", "fetched_at", "extensions"];
        assert_eq!(!value.is_null(), said.contains(&&**name) || ours.contains(&&**name), "{name}: {row}");
    }
    assert_eq!(ids(&stack.get(&format!("/v1/sessions?room_id={room}")).await.expect(200)), vec![old.clone()]);
    let nobody = stack.get("/v1/sessions?room_id=no-such-room").await.expect(200);
    assert_eq!((ids(&nobody).len(), &nobody["complete"]), (0, &json!(true)));

    for (query, expected) in [("status=live", vec![&running]), ("status=ended", vec![&newer, &old])] {
        let list = stack.get(&format!("/v1/sessions?{query}")).await.expect(200);
        assert_eq!(ids(&list).iter().collect::<Vec<_>>(), expected, "{query}");
    }
    let moment = list["data"][1]["created_at"].as_str().expect("a time");
    let since = stack.get(&format!("/v1/sessions?since={moment}")).await.expect(200);
    assert_eq!(ids(&since), [running, newer]);
    assert_eq!(ids(&stack.get(&format!("/v1/sessions?until={moment}")).await.expect(200)), [old]);
    let query = stack.realtimekit.log().requests().pop().and_then(|request| request.query).expect("a query");
    assert!(query.contains("end_time=") && !query.contains(&moment.replace(':', "%3A")), "a day more: {query}");
}

#[tokio::test]
async fn a_walk_lasts_while_sessions_begin_and_vanish_and_each_page_costs_little() {
    let stack = Stack::start().await;
    let sessions: Vec<String> = (0..420).map(|n| over(&stack, Service::RealtimeKit, n).1).collect();
    let (mut seen, mut cursor, mut number) = (Vec::new(), String::new(), 0);
    let mut gone = BTreeSet::new();
    loop {
        let before = stack.upstream_requests();
        let page = stack.get(&format!("/v1/sessions?limit=40{cursor}")).await.expect(200);
        let calls = stack.upstream_requests() - before;
        assert!(calls <= 4, "page {number}: {calls} calls");
        seen.extend(ids(&page));
        let Some(next) = page["page"]["next_cursor"].as_str() else { break };
        cursor = format!("&cursor={next}");
        // Some that were given vanish, some that were not, and others begin.
        for session in sessions.iter().skip(number * 37 % 400).step_by(13).take(4) {
            if stack.world.forget_session(session).is_ok() {
                gone.insert(session.clone());
            }
        }
        stack.live_room(Service::RealtimeKit, "New", &["Ada"]);
        number += 1;
    }
    let found: BTreeSet<&String> = seen.iter().collect();
    assert_eq!(found.len(), seen.len(), "a session came twice");
    let lost: Vec<_> = sessions.iter().filter(|id| !gone.contains(*id) && !found.contains(id)).collect();
    assert!(lost.is_empty(), "{} were skipped", lost.len());
    assert!(!gone.is_empty() && number > 8);
}

#[tokio::test]
async fn with_a_cursor_a_provider_that_fails_fails_the_page_and_the_cursor_stays_good() {
    let stack = Stack::start().await;
    let expected: Vec<String> = (0..3).map(|n| over(&stack, Service::RealtimeKit, n).1).collect();
    let first = stack.get("/v1/sessions?limit=1").await.expect(200);
    let cursor = first["page"]["next_cursor"].as_str().expect("more");
    let path = format!("/v1/sessions?limit=2&cursor={cursor}");
    stack.realtimekit.script().always("**/sessions", Fault::html(http::StatusCode::BAD_GATEWAY));
    let problem = stack.get(&path).await.problem(502, "provider_error");
    assert_eq!(problem["providers"][1]["status"], "failed");
    stack.realtimekit.script().clear();
    assert_eq!(ids(&stack.get(&path).await.expect(200)), expected[1..]);
    let _ = stack.get(&format!("/v1/sessions?status=live&cursor={cursor}")).await.problem(400, "invalid_cursor");
    let _ = stack.get(&format!("/v1/live-sessions?cursor={cursor}")).await.problem(400, "invalid_cursor");
}

#[tokio::test]
async fn a_room_of_many_sessions_is_paged_whatever_the_service_pages_like() {
    let stack = Stack::start().await;
    let room = stack.live_room(Service::Huddle01, "Stand-up", &["Ada"]);
    let mut expected = vec![stack.world.end_session(&room).expect("live")];
    for _ in 0..64 {
        stack.world.join(&room, "Ada").expect("a room");
        expected.push(stack.world.end_session(&room).expect("live"));
    }
    let mut seen = walk(&stack, &format!("/v1/sessions?provider=huddle01&limit=25&room_id={room}")).await;
    seen.sort();
    expected.sort();
    assert_eq!(seen, expected);
}

#[tokio::test]
async fn a_caller_sees_only_the_providers_of_the_token() {
    let stack = Stack::start().await;
    over(&stack, Service::RealtimeKit, 1);
    let token = Token::default().providers(&[]).sign();
    let list = stack.get_as("/v1/sessions", Some(&token)).await.expect(200);
    assert_eq!((ids(&list).len(), &list["complete"], &list["providers"]), (0, &json!(true), &json!([])));
    let token = Token::default().providers(&["huddle01"]).sign();
    let _ = stack.get_as("/v1/sessions?provider=realtimekit", Some(&token)).await.problem(404, "provider_not_found");
    assert_eq!(stack.realtimekit.log().total(), 0);
}
