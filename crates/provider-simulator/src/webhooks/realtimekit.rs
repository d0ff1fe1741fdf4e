//! Webhooks as RealtimeKit sends them (`docs/upstream/realtimekit.md` §6), and its published key.

use axum::Router;
use axum::response::IntoResponse;
use axum::routing::get;
use serde_json::{Value, json};

use crate::clock::iso;
use crate::state::{Connection, Happening, What};
use crate::webhooks::delivery::Delivery;
use crate::webhooks::realtimekit_key::RealtimeKitKey;
use crate::webhooks::signing::Signing;

/// `/.well-known/webhooks.json`, at the root of the host; it asks for no credential.
pub(crate) fn well_known(signing: Signing) -> Router {
    let answer = move || {
        signing.count_key_fetch();
        let key = signing.realtimekit_key().public_pem();
        std::future::ready(
            axum::Json(json!({ "success": true, "data": { "publicKey": key }, "message": "" })).into_response(),
        )
    };
    Router::new().route("/.well-known/webhooks.json", get(answer))
}

/// The webhook that tells it, signed.
pub(super) fn delivery(happening: &Happening, id: &str, key: &RealtimeKitKey) -> Delivery {
    let body = told(happening).to_string();
    let headers = vec![
        ("content-type", "application/json".to_owned()),
        ("rtk-signature", key.sign(body.as_bytes())),
        ("rtk-uuid", id.to_owned()),
        ("rtk-webhook-id", "0d1f069d-43bb-489a-ad8c-7eb95592ba8e".to_owned()),
    ];
    Delivery { headers, body }
}

fn told(happening: &Happening) -> Value {
    let at = iso(happening.at_ms);
    let meeting = || meeting(happening);
    match &happening.what {
        What::Started => json!({ "event": "meeting.started", "meeting": meeting() }),
        What::Ended => {
            let mut meeting = meeting();
            meeting["endedAt"] = json!(at);
            json!({ "event": "meeting.ended", "meeting": meeting, "reason": "ALL_PARTICIPANTS_LEFT" })
        }
        What::Joined(person) => json!({
            "event": "meeting.participantJoined", "meeting": meeting(), "participant": participant(person),
        }),
        What::Left(person) => json!({
            "event": "meeting.participantLeft", "meeting": meeting(), "participant": participant(person),
        }),
        What::RecordingStarted(id, started) => recording(happening, id, *started, "RECORDING"),
        What::RecordingStopped(id, started) => recording(happening, id, *started, "UPLOADING"),
        What::LivestreamStarted(id) => livestream(happening, id, "LIVE"),
        What::LivestreamStopped(id) => livestream(happening, id, "OFFLINE"),
    }
}

fn meeting(happening: &Happening) -> Value {
    json!({
        "id": happening.room_id, "sessionId": happening.session_id, "title": happening.title,
        "roomName": happening.room_id, "status": "LIVE", "createdAt": iso(happening.started_ms),
        "startedAt": iso(happening.started_ms),
        "organizedBy": { "id": "14a396e7-ca44-4937-bf1f-050a69118543", "name": "Example organization" },
    })
}

fn participant(person: &Connection) -> Value {
    let mut told = json!({
        "peerId": person.id, "userDisplayName": person.name, "customParticipantId": person.custom_id,
        "clientSpecificId": person.custom_id, "joinedAt": iso(person.joined_ms),
    });
    if let Some(left) = person.left_ms {
        told["leftAt"] = json!(iso(left));
    }
    told
}

/// `roomUUID` is the session; times have a space (quirk 12).
fn recording(happening: &Happening, id: &str, started_ms: i64, status: &str) -> Value {
    let spaced = |ms| iso(ms).replace('T', " ");
    let mut recording = json!({
        "id": id, "recordingId": id, "meetingId": happening.room_id, "roomUUID": happening.session_id,
        "organizationId": "14a396e7-ca44-4937-bf1f-050a69118543", "status": status, "startedTime": spaced(started_ms),
    });
    if status != "RECORDING" {
        recording["stoppedTime"] = json!(spaced(happening.at_ms));
    }
    json!({ "event": "recording.statusUpdate", "recording": recording, "meeting": meeting(happening) })
}

/// Its meeting has no `sessionId`.
fn livestream(happening: &Happening, id: &str, status: &str) -> Value {
    let mut meeting = meeting(happening);
    if let Some(meeting) = meeting.as_object_mut() {
        meeting.remove("sessionId");
    }
    json!({
        "event": "livestreaming.statusUpdate", "streamId": id, "status": status, "manualIngest": false,
        "playbackUrl": "https://example.com/live.m3u8", "ingestServer": "rtmps://example.com/live",
        "streamKey": "stream-key-redacted", "meeting": meeting,
    })
}
