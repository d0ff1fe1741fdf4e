//! Good answers, written as real services write them: they cost nobody a row, a digit or a call.

use http::StatusCode;
use provider_simulator::{Fault, RunningSimulator, Service, UnsetTime};
use rollcall_tests::{Setup, Stack};
use serde_json::{Value, json};

const PROVIDERS: [(Service, &str); 2] = [(Service::Huddle01, "huddle01"), (Service::RealtimeKit, "realtimekit")];

fn simulator<'a>(stack: &'a Stack, provider: &str) -> &'a RunningSimulator {
    if provider == "huddle01" { &stack.huddle01 } else { &stack.realtimekit }
}

/// Every people's list of the simulators, each with its row edited.
fn rows(edit: impl Fn(&mut Value) + Send + Sync + 'static) -> Fault {
    fn each(value: &mut Value, edit: &dyn Fn(&mut Value)) {
        let Value::Object(members) = value else { return };
        for (name, member) in members {
            match member {
                Value::Array(rows) if name == "participants" => rows.iter_mut().for_each(edit),
                _ => each(member, edit),
            }
        }
    }
    Fault::edited(move |body| each(body, &edit))
}

/// The bytes of every body, with one text in the place of another.
fn replacing(from: &'static str, to: &'static [u8]) -> Fault {
    Fault::rewritten(move |body| {
        let text = String::from_utf8_lossy(&body).into_owned();
        text.split(from).map(str::as_bytes).collect::<Vec<_>>().join(to)
    })
}

#[tokio::test]
async fn who_left_at_a_time_that_is_not_set_is_present() {
    for unset_time in
        [UnsetTime::Null, UnsetTime::NullText, UnsetTime::Zero, UnsetTime::InvalidDate, UnsetTime::YearOne]
    {
        let stack = Stack::start_with(Setup { unset_time, ..Setup::default() }).await;
        for (service, provider) in PROVIDERS {
            let room = stack.live_room(service, "Sync", &["Ada", "Grace"]);
            let list = stack.get(&format!("/v1/live-sessions/{provider}/{room}/participants")).await.expect(200);
            assert_eq!(list["page"]["total_count"], 2, "{unset_time:?}: {list}");
            for row in list["data"].as_array().expect("rows") {
                assert_eq!(row["left_at"], Value::Null, "{unset_time:?}: {row}");
                assert!(row["joined_at"].is_string(), "{unset_time:?}: {row}");
            }
            let session = stack.get(&format!("/v1/live-sessions/{provider}/{room}")).await.expect(200);
            assert_eq!((&session["status"], &session["ended_at"]), (&json!("live"), &Value::Null), "{unset_time:?}");
        }
        let session = stack.get("/v1/live-sessions?provider=huddle01&include=session_id").await.expect(200);
        assert!(session["data"][0]["session_id"].is_string(), "{unset_time:?}: {session}");
    }
}

#[tokio::test]
async fn times_before_2015_and_after_tomorrow_are_null_and_seconds_are_seconds() {
    for (written, shown) in [
        (json!(0), Value::Null),
        (json!(-1), Value::Null),
        (json!("1970-01-01T00:00:00Z"), Value::Null),
        (json!("9999-12-31T23:59:59Z"), Value::Null),
        (json!(99_999_999_999_i64), Value::Null),
        (json!(1_773_482_400), json!("2026-03-14T10:00:00.000Z")),
        (json!("1773482400147"), json!("2026-03-14T10:00:00.147Z")),
    ] {
        let stack = Stack::start().await;
        for (service, provider) in PROVIDERS {
            let room = stack.live_room(service, "Sync", &["Ada"]);
            let set = written.clone();
            let fault = Fault::edited(move |body| {
                for time in ["/liveSessions/startTime", "/data/started_at"] {
                    if let Some(time) = body.pointer_mut(time) {
                        *time = set.clone();
                    }
                }
            });
            simulator(&stack, provider).script().always("**", fault);
            let session = stack.get(&format!("/v1/live-sessions/{provider}/{room}")).await.expect(200);
            assert_eq!(session["started_at"], shown, "{provider}: {written}");
        }
    }
}

#[tokio::test]
async fn metadata_keeps_every_digit_in_a_text_too() {
    const METADATA: &str =
        r#"{"z":123456789012345678901234567890,"a":0.1000000000000000055511151231257827,"e":1.50E+2}"#;
    let in_a_text = serde_json::to_string(METADATA).expect("text");
    for written in [METADATA.to_owned(), in_a_text] {
        let stack = Stack::start().await;
        for (service, provider) in PROVIDERS {
            let room = stack.live_room(service, "Sync", &["Ada"]);
            let text = written.clone();
            simulator(&stack, provider).script().always(
                "**",
                Fault::rewritten(move |body| {
                    let mut body: Value = serde_json::from_slice(&body).expect("JSON");
                    for list in ["/participants", "/data/participants"] {
                        for row in body.pointer_mut(list).and_then(Value::as_array_mut).into_iter().flatten() {
                            row["metadata"] = json!("@");
                        }
                    }
                    body.to_string().replace("\"@\"", &text).into_bytes()
                }),
            );
            let path = format!("/v1/live-sessions/{provider}/{room}/participants");
            let (one, two) = (stack.get(&path).await, stack.get_with(&path, &[("cache-control", "no-cache")]).await);
            assert!(one.text.contains(&format!(r#""metadata":{METADATA}"#)), "{provider}: {one:?}");
            assert_eq!(one.header("etag"), two.header("etag"), "{provider}");
        }
    }
}

#[tokio::test]
async fn a_broken_character_costs_that_character() {
    for broken in [&b"\"Ad\\ud83d"[..], b"\"Ad\xff", b"\"Ad\\udc00"] {
        let stack = Stack::start().await;
        for (service, provider) in PROVIDERS {
            let room = stack.live_room(service, "Ada's", &["Ada", "Grace"]);
            simulator(&stack, provider).script().always("**", replacing("\"Ada", broken));
            let list = stack.get(&format!("/v1/live-sessions/{provider}/{room}/participants")).await.expect(200);
            let mut names: Vec<_> =
                list["data"].as_array().expect("rows").iter().map(|row| row["display_name"].clone()).collect();
            names.sort_by_key(Value::to_string);
            assert_eq!(names, [json!("Ad\u{fffd}"), json!("Grace")], "{list}");
        }
        let list = stack.get("/v1/live-sessions?provider=realtimekit").await.expect(200);
        assert_eq!(list["data"][0]["title"], "Ad\u{fffd}'s", "{list}");
    }
}

#[tokio::test]
async fn an_odd_id_costs_nobody_the_row() {
    let stack = Stack::start().await;
    for (service, provider) in PROVIDERS {
        let room = stack.live_room(service, "Sync", &["Ada", "Grace", "Mary"]);
        simulator(&stack, provider).script().always(
            "**",
            rows(|row| {
                row["joinTime"] = Value::Null;
                row["joined_at"] = Value::Null;
                for id in ["peerId", "id", "user_id"] {
                    if let Some(Value::String(id)) = row.get_mut(id) {
                        id.insert_str(0, &"long ".repeat(40));
                        id.push_str(".ü/ x");
                    }
                }
            }),
        );
        let list = stack.get(&format!("/v1/live-sessions/{provider}/{room}/participants")).await.expect(200);
        let data = list["data"].as_array().expect("rows");
        assert_eq!(data.len(), 3, "{list}");
        for row in data {
            assert_eq!(row["participant_id"], Value::Null, "{row}");
            assert!(row["connection_id"].as_str().expect("text").ends_with(".ü/ x"), "{row}");
        }
        // Page by page, each comes once.
        let (mut cursor, mut seen) = (String::new(), Vec::new());
        loop {
            let page = stack
                .get(&format!("/v1/live-sessions/{provider}/{room}/participants?limit=1{cursor}"))
                .await
                .expect(200);
            seen.extend(page["data"].as_array().expect("rows").iter().map(|row| row["connection_id"].to_string()));
            match page["page"]["next_cursor"].as_str() {
                Some(next) => cursor = format!("&cursor={next}"),
                None => break,
            }
        }
        seen.sort_unstable();
        seen.dedup();
        assert_eq!(seen.len(), 3, "{provider}");
    }
}

#[tokio::test]
async fn another_session_or_room_than_the_one_asked_for_is_refused_and_a_v1_name_is_taken() {
    let stack = Stack::start().await;
    let room = stack.live_room(Service::Huddle01, "Call", &["Ada"]);
    for edited in ["object", "array"] {
        stack.huddle01.script().clear();
        stack.huddle01.script().always(
            "**",
            Fault::edited(move |body| {
                let mut other = body["liveSessions"].clone();
                other["roomId"] = json!("oth-erro-oms");
                body["liveSessions"] = if edited == "object" { other } else { json!([other]) };
            }),
        );
        let _ = stack.get(&format!("/v1/live-sessions/huddle01/{room}")).await.problem(502, "provider_bad_response");
    }

    let room = stack.live_room(Service::RealtimeKit, "Sync", &["Chen"]);
    let live = stack.get(&format!("/v1/live-sessions/realtimekit/{room}")).await.expect(200);
    let path = format!("/v1/sessions/realtimekit/{}", live["session_id"].as_str().expect("an id"));
    stack.realtimekit.script().once("**", Fault::edited(|body| body["data"]["id"] = json!("another-session")));
    let _ = stack.get(&path).await.problem(502, "provider_bad_response");

    let other = stack.live_room(Service::RealtimeKit, "Old", &["Dora"]);
    stack.realtimekit.script().once("**", Fault::edited(|body| body["data"]["associated_id"] = json!("lcfvaa-absxch")));
    let session = stack.get(&format!("/v1/live-sessions/realtimekit/{other}")).await.expect(200);
    assert_eq!(session["room_id"], json!(other));
    assert_eq!(session["extensions"]["realtimekit"]["associated_id"], "lcfvaa-absxch");
}

#[tokio::test]
async fn what_the_answer_of_an_accepted_change_lacks_is_null() {
    let stack = Stack::start().await;
    let room = stack.live_room(Service::RealtimeKit, "Sync", &["Chen", "Dora"]);
    let base = format!("/v1/live-sessions/realtimekit/{room}");
    let poll = json!({ "question": "Ship?", "options": ["Yes", "No"] });
    let script = stack.realtimekit.script();
    let nothing = json!({
        "poll_id": null, "question": "Ship?", "anonymous": null, "hide_votes": null, "created_by": null, "voted": null,
        "options": [{ "text": "Yes", "count": null, "votes": null }, { "text": "No", "count": null, "votes": null }],
    });
    for answer in [
        json!({ "success": true }),
        json!({ "success": true, "data": null }),
        json!({ "success": true, "data": { "poll": {} } }),
    ] {
        script.once("POST active-session/poll", Fault::json(StatusCode::CREATED, &answer));
        assert_eq!(stack.post(&format!("{base}/polls"), &poll).await.expect(201), nothing, "{answer}");
    }
    let votes = json!([{ "text": "Yes", "votes": [{ "id": "u" }] }, { "text": "No", "count": 0 }]);
    let said = json!({ "success": true, "data": { "poll": { "id": "p", "question": "Ship?", "options": votes } } });
    script.once("POST active-session/poll", Fault::json(StatusCode::CREATED, &said));
    let made = stack.post(&format!("{base}/polls"), &poll).await.expect(201);
    assert_eq!(made["poll_id"], "p");
    assert_eq!(
        made["options"],
        json!([{ "text": "Yes", "count": null, "votes": [{ "id": "u", "name": null }] },
        { "text": "No", "count": 0, "votes": null }])
    );

    let kick = json!({ "custom_participant_ids": ["chen"] });
    for (answer, kicked) in [
        (json!({ "success": true, "data": {} }), json!([])),
        (
            json!({ "success": true, "data": { "participants": [{ "name": "Chen" }] } }),
            json!([{ "participant_id": null, "display_name": "Chen", "email": null, "picture_url": null,
                "created_at": null, "updated_at": null }]),
        ),
    ] {
        script.once("POST active-session/kick", Fault::json(StatusCode::OK, &answer));
        assert_eq!(stack.post(&format!("{base}/kick"), &kick).await.expect(200)["kicked"], kicked, "{answer}");
    }
    for answer in [Fault::json(StatusCode::OK, &json!({ "success": true })), Fault::status(StatusCode::NO_CONTENT)] {
        script.once("POST active-session/kick-all", answer);
        assert_eq!(stack.post_empty(&format!("{base}/kick-all")).await.expect(200), json!({ "kicked_count": null }));
    }
}
