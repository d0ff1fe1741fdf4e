//! Every implemented RealtimeKit operation, answers and refusals.

use std::collections::BTreeSet;
use std::time::Duration;

use axum::Router;
use provider_simulator::{Credentials, RateLimit, RealtimeKitOptions, Service, SimClock, Simulator, World};
use serde_json::{Value, json};

use crate::client::{call, call_as};
use crate::document::Document;

const KIT: &str =
    "/client/v4/accounts/023e105f4ecef8ad9ca31a8372d0c353/realtime/kit/14a396e7-ca44-4937-bf1f-050a69118543";
const NO: &str = "6bf2b8be-04dd-4191-b602-1128921a306b";
const SIMULATED: [&str; 18] = [
    "getActiveSession",
    "kickParticipants",
    "kickAllParticipants",
    "createPoll",
    "listSessions",
    "getSession",
    "listSessionParticipants",
    "getSessionParticipant",
    "listMeetings",
    "createMeeting",
    "getMeeting",
    "listMeetingParticipants",
    "addMeetingParticipant",
    "listRecordings",
    "getActiveRecording",
    "listLivestreams",
    "getMeetingActiveLivestream",
    "listApps",
];

struct Setting {
    router: Router,
    sync: String,
    /// Streamed, with a breakout room.
    hall: String,
    hall_session: String,
    ended: String,
}

fn setting(options: RealtimeKitOptions) -> Setting {
    let world = World::demo_with(1, SimClock::anchored(1_773_482_400_147));
    let rooms = world.rooms(Service::RealtimeKit);
    let room = |title: &str| rooms.iter().find(|r| r.title == title).unwrap().id.clone();
    let (sync, hall, interview) = (room("Weekly sync"), room("Town hall"), room("Interview room 4"));
    world.start_recording(&interview).unwrap();
    world.start_livestream(&interview).unwrap();
    let ended = world.end_session(&interview).unwrap();
    let gone = world.live_session(&sync).unwrap().connections[0].id.clone();
    world.leave(&sync, &gone).unwrap();
    let hall_session = world.live_session(&hall).unwrap().id;
    Setting { router: Simulator::realtimekit_with(world, options).router(), sync, hall, hall_session, ended }
}

#[tokio::test(start_paused = true)]
async fn every_answer_is_as_documented() {
    let document = Document::load("realtimekit");
    let Setting { router, sync, hall, hall_session, ended } = setting(RealtimeKitOptions::default());
    let rows = call(&router, &format!("GET {KIT}/sessions/{ended}/participants"), None).await.body;
    let peer = rows["data"]["participants"][0]["id"].as_str().unwrap().to_owned();
    let people = call(&router, &format!("GET {KIT}/sessions/{hall_session}/participants"), None).await.body;
    let (one, two) = (&people["data"]["participants"][0], &people["data"]["participants"][1]);
    let both = json!({ "participant_ids": [one["user_id"]], "custom_participant_ids": [two["custom_participant_id"]] });
    let nobody = json!({ "participant_ids": [], "custom_participant_ids": [] });
    let poll = json!({ "question": "Ship?", "options": ["Yes", "No"] });
    let person = json!({ "custom_participant_id": "user-9", "preset_name": "host" });
    let live = |m: &str, tail: &str| format!("POST /meetings/{m}/active-session/{tail}");
    let cases: Vec<(&str, u16, String, Option<Value>)> = vec![
        ("getActiveSession", 200, format!("GET /meetings/{hall}/active-session"), None),
        ("getActiveSession", 404, format!("GET /meetings/{NO}/active-session"), None),
        ("kickParticipants", 200, live(&hall, "kick"), Some(both)),
        ("kickParticipants", 404, live(&hall, "kick"), Some(json!({ "participant_ids": [NO] }))),
        ("kickParticipants", 400, live(&hall, "kick"), Some(nobody)),
        ("kickParticipants", 400, live(&hall, "kick"), Some(json!({ "participant_ids": "x" }))),
        ("kickParticipants", 400, live(&hall, "kick"), None),
        ("kickParticipants", 404, live(NO, "kick"), Some(json!({ "participant_ids": [NO] }))),
        ("createPoll", 201, live(&hall, "poll"), Some(poll.clone())),
        ("createPoll", 400, live(&hall, "poll"), Some(json!({ "question": "Ship?" }))),
        ("createPoll", 400, live(&hall, "poll"), Some(json!({ "options": ["Yes", "No"] }))),
        ("createPoll", 404, live(NO, "poll"), Some(poll)),
        ("listSessions", 200, "GET /sessions?status=LIVE&per_page=2".into(), None),
        ("listSessions", 200, "GET /sessions?status=ENDED&sort_by=minutesConsumed&sort_order=ASC".into(), None),
        ("listSessions", 200, "GET /sessions?page_no=9".into(), None),
        ("listSessions", 400, "GET /sessions?page_no=x".into(), None),
        ("listSessions", 400, "GET /sessions?status=OPEN".into(), None),
        ("getSession", 200, format!("GET /sessions/{ended}"), None),
        ("getSession", 200, format!("GET /sessions/{hall_session}?include_breakout_rooms=true"), None),
        ("getSession", 404, format!("GET /sessions/{NO}"), None),
        ("listSessionParticipants", 200, format!("GET /sessions/{ended}/participants?per_page=1&page_no=2"), None),
        ("listSessionParticipants", 404, format!("GET /sessions/{NO}/participants"), None),
        ("listSessionParticipants", 400, format!("GET /sessions/{ended}/participants?per_page=-1"), None),
        ("getSessionParticipant", 200, format!("GET /sessions/{ended}/participants/{peer}"), None),
        ("getSessionParticipant", 404, format!("GET /sessions/{ended}/participants/{NO}"), None),
        ("listMeetings", 200, "GET /meetings?status=ACTIVE".into(), None),
        ("listMeetings", 200, "GET /meetings?status=INACTIVE".into(), None),
        ("createMeeting", 201, "POST /meetings".into(), Some(json!({ "title": "New" }))),
        ("createMeeting", 400, "POST /meetings".into(), Some(json!({ "title": 1 }))),
        ("getMeeting", 200, format!("GET /meetings/{hall}"), None),
        ("getMeeting", 404, format!("GET /meetings/{NO}"), None),
        ("listMeetingParticipants", 200, format!("GET /meetings/{hall}/participants"), None),
        ("listMeetingParticipants", 404, format!("GET /meetings/{NO}/participants"), None),
        ("addMeetingParticipant", 201, format!("POST /meetings/{hall}/participants"), Some(person.clone())),
        ("addMeetingParticipant", 400, format!("POST /meetings/{hall}/participants"), Some(json!({}))),
        ("addMeetingParticipant", 404, format!("POST /meetings/{NO}/participants"), Some(person)),
        ("listRecordings", 200, "GET /recordings?status=RECORDING,PAUSED".into(), None),
        ("listRecordings", 200, "GET /recordings?status=UPLOADED&status=ERRORED".into(), None),
        ("listRecordings", 400, "GET /recordings?status=OLD".into(), None),
        ("getActiveRecording", 200, format!("GET /recordings/active-recording/{sync}"), None),
        ("getActiveRecording", 404, format!("GET /recordings/active-recording/{hall}"), None),
        ("listLivestreams", 200, "GET /livestreams?status=LIVE".into(), None),
        ("listLivestreams", 200, "GET /livestreams?status=IDLE".into(), None),
        ("listLivestreams", 400, "GET /livestreams?sort_order=DESC".into(), None),
        ("getMeetingActiveLivestream", 200, format!("GET /meetings/{hall}/active-livestream"), None),
        ("getMeetingActiveLivestream", 404, format!("GET /meetings/{sync}/active-livestream"), None),
        ("kickAllParticipants", 200, live(&hall, "kick-all"), None),
        ("kickAllParticipants", 404, live(&hall, "kick-all"), None),
    ];
    let mut seen = BTreeSet::new();
    for (operation, status, request, body) in &cases {
        let (method, path) = request.split_once(' ').unwrap();
        let answer = call(&router, &format!("{method} {KIT}{path}"), body.as_ref()).await;
        assert_eq!(answer.status, *status, "{request} {}", answer.body);
        assert_eq!(document.objections(operation, *status, &answer.body), [""; 0], "{request} {}", answer.body);
        if *status >= 400 {
            assert_eq!(document.misfits("RtkError", &answer.body), [""; 0], "{request}");
            assert_eq!(answer.body["error"]["code"], json!(status), "the code repeats the status");
        }
        seen.insert(*operation);
    }
    let answer = call(&router, "GET /client/v4/accounts/a/realtime/kit/apps", None).await;
    assert_eq!((answer.status, document.objections("listApps", 200, &answer.body)), (200, vec![]));
    seen.insert("listApps");
    assert_eq!(seen, SIMULATED.into_iter().collect::<BTreeSet<_>>(), "every simulated operation is in the table");
}

fn request(method: &str, path: &str) -> String {
    let path = path.replace("{account_id}", "acc").replace("{app_id}", "app");
    let filled: Vec<&str> = path.split('/').map(|s| if s.starts_with('{') { NO } else { s }).collect();
    format!("{method} /client/v4{}", filled.join("/"))
}

#[tokio::test(start_paused = true)]
async fn everything_is_refused_by_credential_account_app_and_limit() {
    let document = Document::load("realtimekit");
    let options = RealtimeKitOptions {
        credentials: Credentials::Exactly("right".to_owned()),
        account_id: Some("acc".to_owned()),
        app_id: Some("app".to_owned()),
        ..RealtimeKitOptions::default()
    };
    let strict = setting(options).router;
    let rate_limit = Some(RateLimit { requests: 0, window: Duration::from_secs(60) });
    let limited = setting(RealtimeKitOptions { rate_limit, ..RealtimeKitOptions::default() }).router;
    for operation in document.operations().iter().filter(|o| SIMULATED.contains(&o.id.as_str())) {
        let right = request(&operation.method, &operation.path);
        let other_account = right.replace("/acc/", "/other/");
        for (request, credential, status, code) in [
            (&right, None, 401, 10000),
            (&right, Some("wrong"), 401, 10000),
            (&right, Some(""), 400, 6003),
            (&other_account, Some("right"), 404, 7003),
            (&right.replace("/kit/app/", "/kit/other/"), Some("right"), 404, 7003),
        ] {
            if *request == right && code == 7003 {
                continue; // The apps list is below no app.
            }
            let answer = call_as(&strict, request, None, credential).await;
            assert_eq!((answer.status, &answer.body["errors"][0]["code"]), (status, &json!(code)), "{request}");
            assert_eq!(document.objections(&operation.id, status, &answer.body), [""; 0], "{request}");
            assert_eq!(document.misfits("V4Error", &answer.body), [""; 0], "{request}");
            assert!(answer.headers.contains_key("ratelimit"), "{request}");
        }
        let let_in = call_as(&strict, &right, None, Some("right")).await;
        assert!(let_in.body.get("errors").is_none(), "{right} is let in: {}", let_in.body);
        let answer = call(&limited, &right, None).await;
        assert_eq!((answer.status, answer.headers["retry-after"].to_str().unwrap()), (429, "60"));
        assert_eq!(answer.headers["ratelimit"], "\"default\";r=0;t=60");
        assert_eq!(answer.headers["ratelimit-policy"], "\"default\";q=0;w=60");
        assert_eq!(document.misfits("V4Error", &answer.body), [""; 0]);
    }
}

#[tokio::test(start_paused = true)]
async fn other_paths_and_operations_cannot_be_routed() {
    let document = Document::load("realtimekit");
    let router = setting(RealtimeKitOptions::default()).router;
    let other = document.operations().into_iter().filter(|o| !SIMULATED.contains(&o.id.as_str()));
    let requests = other.map(|o| request(&o.method, &o.path)).chain(["GET /".to_owned(), "GET /client/v4".to_owned()]);
    for request in requests {
        let answer = call(&router, &request, None).await;
        assert_eq!((answer.status, &answer.body["errors"][0]["code"]), (404, &json!(7003)), "{request}");
    }
}
