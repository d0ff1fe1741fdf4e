//! An example for each body, and a problem for each status. What they name is there in `rollcall demo`.

use std::sync::LazyLock;

use serde_json::{Map, Value};

use crate::api::document::component_names::codes_of;
use crate::problem::{Code, FieldError, Problem};

macro_rules! bodies {
    ($($schema:literal: $file:literal,)*) => {
        &[$(($schema, include_str!(concat!("examples/", $file)))),*]
    };
}

/// By the name of the schema.
const BODIES: &[(&str, &str)] = bodies! {
    "AccountEvent": "account_event.json",
    "CreatePollRequest": "create_poll_request.json",
    "KickAllRequest": "kick_all_request.json",
    "KickAllResult": "kick_all_result.json",
    "KickRequest": "kick_request.json",
    "KickResult": "kick_result.json",
    "LiveSessionPage": "live_session_page.json",
    "ParticipantPage": "participant_page.json",
    "Poll": "poll.json",
    "ProblemType": "problem_type.json",
    "ProviderList": "provider_list.json",
    "RoomEvent": "room_event.json",
    "Session": "session.json",
    "SessionPage": "session_page.json",
    "SystemStatus": "system_status.json",
};

/// What a path parameter is set to by whoever tries an operation. The room is the one with the most people in the demo.
static PATHS: LazyLock<Value> =
    LazyLock::new(|| serde_json::from_str(include_str!("example_parameters.json")).unwrap_or_default());

/// Adds them where a body is of that schema.
pub(super) fn add_examples(document: &mut Value) {
    let paths = document["paths"].as_object_mut().into_iter().flat_map(Map::values_mut);
    for operation in paths.filter_map(Value::as_object_mut).flat_map(Map::values_mut) {
        for parameter in operation.get_mut("parameters").and_then(Value::as_array_mut).into_iter().flatten() {
            let value = PATHS.get(parameter["name"].as_str().unwrap_or_default());
            if let Some(value) = value.filter(|_| parameter["in"] == "path") {
                parameter["example"] = value.clone();
            }
        }
        if let Some(request) = operation.get_mut("requestBody") {
            add_to_body(request);
        }
        let responses = operation.get_mut("responses").and_then(Value::as_object_mut);
        for response in responses.into_iter().flat_map(Map::values_mut) {
            match telling(&codes_of(response)) {
                Some(code) => add_problem(response, code),
                None => add_to_body(response),
            }
        }
    }
}

fn add_to_body(body: &mut Value) {
    let content = body.get_mut("content").and_then(Value::as_object_mut);
    for media in content.into_iter().flat_map(Map::values_mut) {
        let schema = &media["schema"];
        let reference = schema["$ref"].as_str().or_else(|| schema["oneOf"][0]["$ref"].as_str()).unwrap_or_default();
        let name = reference.rsplit('/').next().unwrap_or_default();
        if let Some((_, text)) = BODIES.iter().find(|(schema, _)| *schema == name) {
            // Of these files a test has read every one.
            media["example"] = serde_json::from_str(text).unwrap_or_default();
        }
    }
}

fn add_problem(response: &mut Value, code: Code) {
    response["content"]["application/problem+json"]["example"] =
        serde_json::to_value(problem(code)).unwrap_or_default();
}

/// Of the codes that a response may have, the one to show: the same for as many responses as can be.
fn telling(codes: &[&str]) -> Option<Code> {
    let codes: Vec<_> = codes.iter().copied().filter_map(Code::named).collect();
    let often = [Code::SessionNotLive, Code::Overloaded, Code::ProviderError, Code::ProviderNotFound];
    often.into_iter().find(|code| codes.contains(code)).or_else(|| codes.first().copied())
}

/// A problem as a caller would get it.
fn problem(code: Code) -> Problem {
    let text = |name: &str| PATHS[name].as_str().unwrap_or_default().to_owned();
    let mut problem = Problem::new(code, code.meaning());
    problem.instance = match code {
        Code::SessionNotLive => format!("/v1/live-sessions/{}/{}", text("provider"), text("room_id")),
        _ => "/v1/live-sessions".to_owned(),
    };
    "ab12".clone_into(&mut problem.request_id);
    if matches!(code.status().as_u16(), 429 | 503) {
        problem.retry_after_seconds = Some(1);
    }
    let of_rooms =
        [Code::SessionNotLive, Code::SessionNotFound, Code::ParticipantNotFound, Code::CapabilityUnsupported];
    let of_a_provider = code.as_str().starts_with("provider_") && code != Code::ProviderNotFound;
    if of_a_provider || of_rooms.contains(&code) {
        problem.provider = Some(text("provider"));
    }
    if code == Code::InvalidRequest {
        let (field, detail) = ("limit".to_owned(), "must be a whole number from 1 to 1000".to_owned());
        problem.errors = vec![FieldError { field, detail }];
    }
    problem
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_file_of_the_folder_is_read_and_is_json() {
        let folder = concat!(env!("CARGO_MANIFEST_DIR"), "/src/api/document/examples");
        assert_eq!(std::fs::read_dir(folder).unwrap().count(), BODIES.len());
        for (schema, text) in BODIES {
            assert!(serde_json::from_str::<Value>(text).is_ok_and(|value| value.is_object()), "{schema}");
        }
    }
}
