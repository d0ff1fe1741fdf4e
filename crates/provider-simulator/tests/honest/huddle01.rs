//! Every implemented Huddle01 operation, answers and refusals.

use std::collections::BTreeSet;
use std::time::Duration;

use axum::Router;
use provider_simulator::{Credentials, Huddle01Options, RateLimit, Service, SimClock, Simulator, World};
use serde_json::{Value, json};

use crate::client::{call, call_as};
use crate::document::Document;

/// Not simulated: the recorder is another host, and these tokens play no part.
const ABSENT: [&str; 5] = ["joinRoomToken", "createGuestToken", "startRecorder", "stopRecorder", "getRecorderStatus"];
const SDK: &str = "/api/v2/sdk";

fn router(options: Huddle01Options) -> (Router, String, String) {
    let world = World::demo_with(1, SimClock::anchored(1_773_482_400_147));
    let room = world.rooms(Service::Huddle01)[0].id.clone();
    let ended = world.end_session(&room).unwrap();
    world.join(&room, "Back again").unwrap();
    (Simulator::huddle01_with(world, options).router(), room, ended)
}

#[tokio::test(start_paused = true)]
async fn every_answer_is_as_documented() {
    let document = Document::load("huddle01");
    let (router, room, ended) = router(Huddle01Options::default());
    let permissions = json!({
        "admin": false, "canConsume": true, "canProduce": true, "canSendData": true, "canRecvData": true,
        "canProduceSources": { "cam": true, "mic": true, "screen": true }, "canUpdateMetadata": true,
    });
    let token = |room: &str| json!({ "roomId": room, "permissions": permissions });
    let no = "aaa-bbbb-ccc";
    let cases: Vec<(&str, u16, String, Option<Value>)> = vec![
        ("sdkRoot", 200, "GET ".into(), None),
        ("listLiveSessions", 200, "GET /live-sessions".into(), None),
        ("getLiveSession", 200, format!("GET /live-sessions/{room}"), None),
        ("getLiveSession", 404, format!("GET /live-sessions/{no}"), None),
        ("listLivePeers", 200, format!("GET /live-sessions/participants/{room}"), None),
        ("listLivePeers", 404, format!("GET /live-sessions/participants/{no}"), None),
        ("listRoomSessions", 200, format!("GET /rooms/session-details?roomId={room}&limit=5&cursor=0"), None),
        ("listRoomSessions", 404, format!("GET /rooms/session-details?roomId={no}"), None),
        ("listRoomSessions", 400, "GET /rooms/session-details".into(), None),
        ("listRoomSessions", 400, format!("GET /rooms/session-details?roomId={room}&limit=21"), None),
        ("listSessionPeers", 200, format!("GET /rooms/participant-list?sessionId={ended}"), None),
        ("listSessionPeers", 404, format!("GET /rooms/participant-list?sessionId={no}"), None),
        ("listSessionPeers", 400, "GET /rooms/participant-list".into(), None),
        ("listSessionPeersPlural", 200, format!("GET /rooms/participant-lists?sessionId={ended}"), None),
        ("listSessionPeersPlural", 404, format!("GET /rooms/participant-lists?sessionId={no}"), None),
        ("getRoom", 200, format!("GET /rooms/room-details/{room}"), None),
        ("getRoom", 404, format!("GET /rooms/room-details/{no}"), None),
        ("listRooms", 200, "GET /rooms/get-rooms?limit=2".into(), None),
        ("listRooms", 200, "GET /rooms/get-rooms?limit=2&cursor=9".into(), None),
        ("listRooms", 400, "GET /rooms/get-rooms?limit=many".into(), None),
        ("createRoom", 201, "POST /rooms/create-room".into(), Some(json!({}))),
        ("createRoom", 201, "POST /rooms/create-room".into(), Some(json!({ "metadata": "text", "roomLocked": true }))),
        ("createRoom", 400, "POST /rooms/create-room".into(), Some(json!({ "roomLocked": "true" }))),
        ("getRoomMetadata", 200, format!("GET /rooms/metadata?roomId={room}"), None),
        ("getRoomMetadata", 404, format!("GET /rooms/metadata?roomId={no}"), None),
        ("setRoomMetadata", 200, format!("POST /rooms/metadata?roomId={room}"), Some(json!({ "metadata": "{}" }))),
        ("setRoomMetadata", 404, format!("POST /rooms/metadata?roomId={no}"), Some(json!({ "metadata": "{}" }))),
        ("setRoomMetadata", 400, format!("POST /rooms/metadata?roomId={room}"), Some(json!({ "metadata": 1 }))),
        ("getRoomMetadataByPath", 200, format!("GET /rooms/metadata/{room}"), None),
        ("setRoomMetadataByPath", 200, format!("POST /rooms/metadata/{room}"), Some(json!({ "metadata": "x" }))),
        ("getRoomMetadataDocs", 200, format!("GET /rooms/get-metadata/{room}"), None),
        ("getMetrics", 200, "GET /metrics".into(), None),
        ("listRecordings", 200, "GET /recordings?limit=1&cursor=0".into(), None),
        ("listRecordings", 200, format!("GET /recordings?sessionId={ended}"), None),
        ("validateRoom", 200, format!("GET /validate-room?roomId={room}"), None),
        ("validateRoom", 401, format!("GET /validate-room?roomId={no}"), None),
        ("getWhitelistedDomains", 200, "GET /get-whitelisted-domains".into(), None),
        ("createPeerToken", 200, "POST /create-peer-token".into(), Some(token(&room))),
        ("createPeerToken", 404, "POST /create-peer-token".into(), Some(token(no))),
        ("createPeerToken", 400, "POST /create-peer-token".into(), Some(json!({ "roomId": room }))),
    ];
    let mut seen: BTreeSet<String> = ABSENT.iter().map(|&id| id.to_owned()).collect();
    for (operation, status, request, body) in cases {
        let (method, path) = request.split_once(' ').unwrap();
        let answer = call(&router, &format!("{method} {SDK}{path}"), body.as_ref()).await;
        assert_eq!(answer.status, status, "{request} {}", answer.body);
        assert_eq!(document.objections(operation, status, &answer.body), [""; 0], "{request} {}", answer.body);
        seen.insert(operation.to_owned());
    }
    assert_eq!(seen, document.ids(), "every operation is in the table or named as absent");
}

#[tokio::test(start_paused = true)]
async fn everything_is_refused_without_the_key_and_over_the_limit() {
    let document = Document::load("huddle01");
    let credentials = Credentials::Exactly("right".to_owned());
    let (keyed, ..) = router(Huddle01Options { credentials, ..Huddle01Options::default() });
    let rate_limit = Some(RateLimit { requests: 0, window: Duration::from_secs(60) });
    let (limited, ..) = router(Huddle01Options { rate_limit, ..Huddle01Options::default() });
    for operation in document.operations().iter().filter(|o| !ABSENT.contains(&o.id.as_str())) {
        let request = format!("{} {}", operation.method, operation.path.replace("{roomId}", "aaa-bbbb-ccc"));
        for credential in [None, Some(""), Some("wrong")] {
            let answer = call_as(&keyed, &request, None, credential).await;
            assert_eq!(answer.status, 401, "{request}");
            let expected = json!({ "message": "Incorrect or no API key provided", "ok": false, "validated": false });
            assert_eq!(answer.body, expected);
            assert_eq!(document.objections(&operation.id, 401, &answer.body), [""; 0]);
        }
        assert_ne!(call_as(&keyed, &request, None, Some("right")).await.body["validated"], json!(false), "{request}");
        let answer = call(&limited, &request, None).await;
        assert_eq!((answer.status, answer.headers["retry-after"].to_str().unwrap()), (429, "60"));
        assert_eq!(document.objections(&operation.id, 429, &answer.body), [""; 0]);
    }
}

#[tokio::test(start_paused = true)]
async fn other_paths_and_methods_are_the_frameworks_text() {
    let (router, room, _) = router(Huddle01Options::default());
    let paths = ["GET /", "GET /api/v1/live-meetings", "GET /api/v2/sdk/nope", "DELETE /api/v2/sdk/live-sessions"];
    for request in paths.map(str::to_owned).into_iter().chain([format!("POST {SDK}/live-sessions/{room}")]) {
        let answer = call(&router, &request, None).await;
        assert_eq!((answer.status, answer.is_json), (404, false), "{request}");
        assert_eq!(answer.body, json!("404 Not Found"));
    }
    for operation in Document::load("huddle01").operations().iter().filter(|o| ABSENT.contains(&o.id.as_str())) {
        let answer = call(&router, &format!("{} {}", operation.method, operation.path), None).await;
        assert_eq!((answer.status, answer.is_json), (404, false), "{} is not simulated", operation.id);
    }
}
