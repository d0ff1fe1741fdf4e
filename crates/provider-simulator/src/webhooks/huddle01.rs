//! Webhooks as Huddle01 sends them (`docs/upstream/huddle01.md` §6).

use aws_lc_rs::hmac;
use serde_json::{Value, json};

use crate::state::{Connection, Happening, What};
use crate::webhooks::delivery::Delivery;

/// The webhook that tells it, signed with this secret at this time.
pub(super) fn delivery(happening: &Happening, id: &str, secret: &str, now_ms: i64) -> Delivery {
    let (event, payload) = told(happening);
    let body = json!({ "id": id, "event": event, "payload": payload }).to_string();
    let key = hmac::Key::new(hmac::HMAC_SHA256, secret.as_bytes());
    let tag = hmac::sign(&key, format!("{id}.{now_ms}.{body}").as_bytes());
    let hex: String = tag.as_ref().iter().map(|byte| format!("{byte:02x}")).collect();
    let headers =
        vec![("content-type", "text/plain".to_owned()), ("huddle01-signature", format!("t={now_ms},sha256={hex}"))];
    Delivery { headers, body }
}

fn told(happening: &Happening) -> (&'static str, Value) {
    let Happening { room_id, session_id, started_ms, at_ms, connections, .. } = happening;
    let seconds = at_ms.saturating_sub(*started_ms) / 1000;
    let recording = |id: &str, streams: Value| json!({ "id": id, "roomId": room_id, "sessionId": session_id, "files": [], "streams": streams });
    let stream = || json!([{ "duration": 0, "url": "rtmp://live.example.com/app/redacted-key", "startedAt": at_ms, "endedAt": 0 }]);
    match &happening.what {
        What::Started => {
            ("meeting:started", json!({ "sessionId": session_id, "roomId": room_id, "createdAt": started_ms }))
        }
        What::Ended => {
            let (participants, most) = connections;
            let payload = json!({
                "sessionId": session_id, "roomId": room_id, "createdAt": started_ms, "endedAt": at_ms,
                "duration": seconds, "participants": participants, "maxParticipants": most,
                "audioMinutes": 0, "videoMinutes": 0,
            });
            ("meeting:ended", payload)
        }
        What::Joined(peer) => {
            let mut payload = person(peer, happening);
            payload["joinedAt"] = json!(peer.joined_ms);
            payload["browser"] = json!({});
            payload["device"] = json!({});
            ("peer:joined", payload)
        }
        What::Left(peer) => {
            let mut payload = person(peer, happening);
            payload["leftAt"] = json!(at_ms);
            payload["duration"] = json!(at_ms.saturating_sub(peer.joined_ms) / 1000);
            ("peer:left", payload)
        }
        What::RecordingStarted(id, _) => ("recording:started", recording(id, json!([]))),
        What::RecordingStopped(id, _) => ("recording:ended", recording(id, json!([]))),
        // A live stream is a recording with streams.
        What::LivestreamStarted(id) => ("recording:updated", recording(id, stream())),
        What::LivestreamStopped(id) => ("recording:ended", recording(id, stream())),
    }
}

/// Metadata is a text here.
fn person(peer: &Connection, happening: &Happening) -> Value {
    json!({
        "id": peer.id, "sessionId": happening.session_id, "roomId": happening.room_id,
        "metadata": peer.metadata.to_string(), "role": peer.role,
    })
}
