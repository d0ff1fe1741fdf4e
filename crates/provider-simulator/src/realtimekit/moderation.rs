//! Kick, kick-all and polls.

use axum::body::Bytes;
use axum::extract::{Path, State};
use axum::response::Response;
use http::StatusCode;
use serde_json::{Value, json};

use crate::clock::iso;
use crate::realtimekit::answers::{absent, bad_request, no_active, success};
use crate::realtimekit::{AppAnd1, Shared, either};
use crate::state::{NewPoll, WorldError};

type Refusal = Box<Response>;

/// All or nobody: an id that is not present removes none.
pub(super) async fn kick(State(kit): Shared, Path((_, _, meeting)): AppAnd1, body: Bytes) -> Response {
    either((|| {
        let body = object(&body)?;
        let (ids, custom_ids) = (texts(&body, "participant_ids")?, texts(&body, "custom_participant_ids")?);
        if ids.is_empty() && custom_ids.is_empty() {
            let message = "\"value\" must contain at least one of [participant_ids, custom_participant_ids]";
            return Err(bad_request(message).into());
        }
        kit.active_session(&meeting)?;
        let kicked = kit.world.kick(&meeting, &ids, &custom_ids).map_err(|e| refused(&meeting, &e))?;
        let now = iso(kit.world.clock().now_ms());
        let rows: Vec<Value> = kicked
            .iter()
            .map(|c| {
                let mut row = json!({ "id": c.participant_id, "created_at": iso(c.joined_ms), "updated_at": now });
                if let Some(name) = &c.name {
                    row["name"] = json!(name);
                }
                row
            })
            .collect();
        Ok(success(StatusCode::OK, json!({ "action": "kick", "participants": rows })))
    })())
}

pub(super) async fn kick_all(State(kit): Shared, Path((_, _, meeting)): AppAnd1) -> Response {
    either((|| {
        kit.active_session(&meeting)?;
        let count = kit.world.kick_all(&meeting).map_err(|e| refused(&meeting, &e))?;
        Ok(success(StatusCode::OK, json!({ "action": "kick-all", "kicked_participants_count": count })))
    })())
}

pub(super) async fn poll(State(kit): Shared, Path((_, _, meeting)): AppAnd1, body: Bytes) -> Response {
    either((|| {
        let body = object(&body)?;
        let question = match body.get("question") {
            Some(Value::String(text)) if !text.is_empty() => text.clone(),
            None => return Err(bad_request("\"question\" is required").into()),
            Some(_) => return Err(bad_request("\"question\" must be a string").into()),
        };
        if body.get("options").is_none() {
            return Err(bad_request("\"options\" is required").into());
        }
        let options = texts(&body, "options")?;
        let (anonymous, hide_votes) = (flag(&body, "anonymous")?, flag(&body, "hide_votes")?);
        kit.active_session(&meeting)?;
        let new = NewPoll { question, options, anonymous, hide_votes };
        let poll = kit.world.create_poll(&meeting, new).map_err(|e| refused(&meeting, &e))?;
        let options: Vec<Value> =
            poll.options.iter().map(|text| json!({ "text": text, "count": 0, "votes": [] })).collect();
        let poll = json!({
            "id": poll.id,
            "question": poll.question,
            "options": options,
            "anonymous": poll.anonymous,
            "hide_votes": poll.hide_votes,
            "created_by": "API",
            "voted": [],
        });
        Ok(success(StatusCode::CREATED, json!({ "action": "poll", "poll": poll })))
    })())
}

fn refused(meeting: &str, error: &WorldError) -> Refusal {
    match error {
        WorldError::UnknownParticipant(id) => absent(&format!("No user found with id {id}")).into(),
        _ => no_active("session", meeting).into(),
    }
}

fn object(body: &[u8]) -> Result<Value, Refusal> {
    let value: Result<Value, _> = serde_json::from_slice(body);
    value.ok().filter(Value::is_object).ok_or_else(|| bad_request("\"value\" must be of type object").into())
}

fn texts(body: &Value, name: &str) -> Result<Vec<String>, Refusal> {
    let Some(value) = body.get(name) else { return Ok(Vec::new()) };
    let Some(items) = value.as_array() else {
        return Err(bad_request(&format!("\"{name}\" must be an array")).into());
    };
    let texts: Option<Vec<String>> = items.iter().map(|v| v.as_str().map(str::to_owned)).collect();
    texts.ok_or_else(|| bad_request(&format!("\"{name}[0]\" must be a string")).into())
}

fn flag(body: &Value, name: &str) -> Result<bool, Refusal> {
    match body.get(name) {
        None => Ok(false),
        Some(Value::Bool(value)) => Ok(*value),
        Some(_) => Err(bad_request(&format!("\"{name}\" must be a boolean")).into()),
    }
}
