//! The shapes that deviate do so as the fixtures do: the same members of the same types.

use axum::Router;
use provider_simulator::{
    Counts, Huddle01Options, Metadata, Paging, Person, RealtimeKitOptions, Service, SessionDetails, SimClock,
    Simulator, SingleSession, UnsetTime, World,
};
use serde_json::{Map, Value, json};

use crate::client::call;

const KIT: &str = "/client/v4/accounts/a/realtime/kit/b";

/// A value with its scalars replaced by their types and its arrays by their first item.
fn shape(value: &Value) -> Value {
    match value {
        Value::Null => json!("null"),
        Value::Bool(_) => json!("boolean"),
        Value::Number(_) => json!("number"),
        Value::String(_) => json!("string"),
        Value::Array(items) => items.iter().take(1).map(shape).collect(),
        Value::Object(members) => {
            Value::Object(members.iter().map(|(k, v)| (k.clone(), shape(v))).collect::<Map<_, _>>())
        }
    }
}

fn fixture(name: &str) -> Value {
    let file = format!("{}/../../tests/fixtures/{name}", env!("CARGO_MANIFEST_DIR"));
    shape(&serde_json::from_str(&std::fs::read_to_string(file).unwrap()).unwrap())
}

#[tokio::test(start_paused = true)]
async fn huddle01_shapes_are_those_of_the_fixtures() {
    let world = World::new(1, SimClock::anchored(1_773_482_400_147));
    let room = world.add_room(Service::Huddle01, "Room");
    let metadata = json!({ "displayName": "akmo3.eth", "avatarUrl": "https://example.com/a.png" });
    world.join(&room, Person::named("akmo3.eth").metadata(metadata)).unwrap();
    let with = |change: fn(&mut Huddle01Options)| {
        let mut options = Huddle01Options::default();
        change(&mut options);
        Simulator::huddle01_with(world.clone(), options).router()
    };
    let (list, one) = ("live-sessions".to_owned(), format!("live-sessions/{room}"));
    let people = format!("live-sessions/participants/{room}");
    let table: [(&str, &String, Router); 9] = [
        ("live-sessions.200", &list, with(|_| {})),
        ("live-sessions.200.lowercase-keys", &list, with(|o| o.lowercase_keys = true)),
        ("live-sessions.200.null-counts", &list, with(|o| o.counts = Counts::Null)),
        ("live-sessions.200.string-numbers", &list, with(|o| o.counts = Counts::Text)),
        ("live-session.200.object", &one, with(|_| {})),
        ("live-session.200.array", &one, with(|o| o.single_session = SingleSession::Array)),
        ("live-session.200.array-lowercase", &one, with(|o| o.single_session = SingleSession::LowercaseArray)),
        ("participants.200", &people, with(|_| {})),
        ("participants.200.metadata-string", &people, with(|o| o.metadata = Metadata::Text)),
    ];
    for (name, path, router) in table {
        let answer = call(&router, &format!("GET /api/v2/sdk/{path}"), None).await;
        assert_eq!(shape(&answer.body), fixture(&format!("huddle01/{name}.json")), "{name}");
    }
}

#[tokio::test(start_paused = true)]
async fn realtimekit_shapes_are_those_of_the_fixtures() {
    let world = World::new(1, SimClock::anchored(1_773_482_400_147));
    let room = world.add_room(Service::RealtimeKit, "Room");
    let gone = world.join(&room, "Mark").unwrap();
    world.join(&room, "Henry").unwrap();
    world.leave(&room, &gone.connection_id).unwrap();
    world.add_breakout(&room, "Breakout").unwrap();
    let past = world.add_room(Service::RealtimeKit, "Past");
    let ended = world.join(&past, "Ada").unwrap().session_id;
    world.end_session(&past).unwrap();
    let with = |change: fn(&mut RealtimeKitOptions)| {
        let mut options = RealtimeKitOptions::default();
        change(&mut options);
        Simulator::realtimekit_with(world.clone(), options).router()
    };
    let session = &gone.session_id;
    let list = "sessions?status=LIVE".to_owned();
    let details = format!("sessions/{session}?include_breakout_rooms=true");
    let people = format!("sessions/{session}/participants");
    let table: [(&str, String, Router); 6] = [
        ("sessions.200.live", list.clone(), with(|_| {})),
        ("sessions.200.paging-inside-data", list.clone(), with(|o| o.paging = Paging::Inside)),
        ("sessions.200.no-paging", list, with(|o| o.paging = Paging::Absent)),
        ("session.200.flat", format!("sessions/{ended}"), with(|_| {})),
        ("session.200.breakout-rooms", details.clone(), with(|o| o.session_details = SessionDetails::Wrapped)),
        ("session-participants.200", people.clone(), with(|_| {})),
    ];
    for (name, path, router) in table {
        let answer = call(&router, &format!("GET {KIT}/{path}"), None).await;
        assert_eq!(shape(&answer.body), fixture(&format!("realtimekit/{name}.json")), "{name}");
    }
    for (options, name) in [
        (with(|o| o.unset_time = UnsetTime::Null), "active-session.200.ended-at-null"),
        (with(|o| o.unset_time = UnsetTime::NullText), "active-session.200.ended-at-null-text"),
    ] {
        let answer = call(&options, &format!("GET {KIT}/meetings/{room}/active-session"), None).await;
        let expected = fixture(&format!("realtimekit/{name}.json"))["data"]["ended_at"].clone();
        assert_eq!(shape(&answer.body)["data"]["ended_at"], expected, "{name}");
    }
    for place in [with(|o| o.paging = Paging::Beside), with(|o| o.paging = Paging::Absent)] {
        let answer = call(&place, &format!("GET {KIT}/{people}"), None).await;
        assert!(answer.body["data"].get("paging").is_none());
    }
}
