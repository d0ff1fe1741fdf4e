//! Sessions and providers for the tests.

use rollcall_client::types::{ProviderOutcome, Session};
use serde_json::{Value, json};

pub(crate) fn session(fields: &Value) -> Session {
    let mut session = json!({
        "provider": "huddle01", "kind": "huddle01", "room_id": "abc-defg-hij", "session_id": null, "status": "live",
        "type": null, "title": null, "created_at": null, "started_at": null, "ended_at": null, "updated_at": null,
        "participant_count": null, "max_participant_count": null, "minutes_consumed": null, "recording_count": null,
        "livestream_count": null, "breakout_rooms": null, "metadata": null, "extensions": { "realtimekit": null },
        "stale": false, "fetched_at": "2026-11-20T10:00:00Z",
    });
    for (name, value) in fields.as_object().unwrap() {
        session[name] = value.clone();
    }
    serde_json::from_value(session).unwrap()
}

pub(crate) fn entry(status: &str, detail: Option<&str>) -> ProviderOutcome {
    let problem = detail.map(|detail| {
        json!({ "code": "provider_timeout", "detail": detail, "retryable": true, "retry_after_seconds": null })
    });
    serde_json::from_value(json!({
        "provider": "rtk-eu", "status": status, "session_count": null, "fetched_at": "2026-11-20T09:59:00Z", "problem": problem,
    }))
    .unwrap()
}
