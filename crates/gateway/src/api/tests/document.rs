//! The OpenAPI document says what is served, in a form that client generators take.

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;

use axum::body::Body;
use http::{Request, StatusCode};
use serde_json::Value;

use crate::api::params::{Partial, SessionStatusFilter};
use crate::api::tests::support::{Gateway, anonymous, answer_as};
use crate::api::{openapi_30_json, openapi_json};
use crate::problem::Code;

/// The folder of the committed documents.
const COMMITTED: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/../../openapi");

/// With what is shared where it is referred to.
pub(super) fn document() -> Value {
    document_conformance::inlined(&published())
}

fn published() -> Value {
    serde_json::from_str(&openapi_json()).unwrap()
}

/// Every operation with its path and method.
pub(super) fn operations(document: &Value) -> Vec<(String, String, Value)> {
    let paths = document["paths"].as_object().unwrap().iter();
    paths
        .flat_map(|(path, item)| {
            let methods = item.as_object().unwrap().iter();
            methods.map(move |(method, operation)| (path.clone(), method.clone(), operation.clone()))
        })
        .collect()
}

#[test]
fn the_committed_documents_are_the_ones_generated() {
    for (name, generated) in [("rollcall.v1.json", openapi_json()), ("rollcall.v1.openapi30.json", openapi_30_json())] {
        let path = Path::new(COMMITTED).join(name);
        if std::env::var_os("UPDATE").is_some() {
            std::fs::create_dir_all(COMMITTED).unwrap();
            std::fs::write(&path, &generated).unwrap();
        }
        let committed = std::fs::read_to_string(&path).unwrap_or_default();
        assert!(
            committed == generated,
            "openapi/{name} is not what the code generates. If the change is meant, write it anew with\n\
             UPDATE=1 cargo test -p gateway the_committed_documents"
        );
    }
}

#[test]
fn every_route_of_the_contract_has_its_operation_id() {
    let found: BTreeMap<_, _> = operations(&document())
        .into_iter()
        .map(|(path, method, operation)| {
            (format!("{method} {path}"), operation["operationId"].as_str().unwrap().to_owned())
        })
        .collect();
    let room = "/v1/live-sessions/{provider}/{room_id}";
    let session = "/v1/sessions/{provider}/{session_id}";
    let expected = [
        ("get /v1/providers".to_owned(), "list_providers"),
        ("get /v1/live-sessions".to_owned(), "list_live_sessions"),
        ("get /v1/events".to_owned(), "stream_events"),
        (format!("get {room}"), "get_live_session"),
        (format!("get {room}/events"), "stream_room_events"),
        (format!("get {room}/participants"), "list_live_participants"),
        (format!("post {room}/kick"), "kick_participants"),
        (format!("post {room}/kick-all"), "kick_all_participants"),
        (format!("post {room}/polls"), "create_poll"),
        ("get /v1/sessions".to_owned(), "list_sessions"),
        (format!("get {session}"), "get_session"),
        (format!("get {session}/participants"), "list_session_participants"),
        ("post /v1/webhooks/{provider}".to_owned(), "receive_webhook"),
        ("get /healthz".to_owned(), "get_health"),
        ("get /readyz".to_owned(), "get_readiness"),
        ("get /openapi.json".to_owned(), "get_openapi"),
        ("get /problems/{code}".to_owned(), "get_problem_type"),
    ];
    assert_eq!(found, expected.map(|(route, id)| (route, id.to_owned())).into());
}

#[test]
fn every_operation_is_told_in_full() {
    let document = document();
    assert_eq!(document["openapi"], "3.1.0");
    let tags: BTreeSet<_> = document["tags"]
        .as_array()
        .unwrap()
        .iter()
        .map(|tag| &tag["name"])
        .collect::<Vec<_>>()
        .into_iter()
        .map(ToString::to_string)
        .collect();
    for (path, method, operation) in operations(&document) {
        let at = format!("{method} {path}");
        for text in ["summary", "description"] {
            assert!(operation[text].as_str().is_some_and(|text| !text.is_empty()), "{at}: {text}");
        }
        assert_eq!(operation["tags"].as_array().unwrap().len(), 1, "{at}");
        assert!(tags.contains(&operation["tags"][0].to_string()), "{at}");
        let is_webhook = path.starts_with("/v1/webhooks/");
        let is_open = !path.starts_with("/v1/") || is_webhook;
        let security = operation["security"].to_string();
        assert_eq!(security, if is_open { "[{}]" } else { r#"[{"bearer":[]}]"# }, "{at}");
        for parameter in operation["parameters"].as_array().unwrap() {
            assert!(parameter["description"].as_str().is_some_and(|text| !text.is_empty()), "{at}: {parameter}");
            assert_eq!(parameter["required"] == true, parameter["in"] == "path", "{at}: {parameter}");
            assert!(!parameter["schema"].to_string().contains("null"), "{at}: {parameter}");
        }
        let responses = operation["responses"].as_object().unwrap();
        for (status, response) in responses {
            assert!(response["headers"]["X-Request-Id"].is_object(), "{at} {status}");
            if status.starts_with(['4', '5']) {
                let content = response["content"].as_object().unwrap();
                assert_eq!(content.keys().collect::<Vec<_>>(), ["application/problem+json"], "{at} {status}");
                let schema = &content["application/problem+json"]["schema"];
                assert_eq!(schema.to_string(), r##"{"$ref":"#/components/schemas/Problem"}"##, "{at} {status}");
            }
        }
        let needed: &[&str] =
            if is_open { &["414", "431", "500"] } else { &["400", "401", "403", "414", "429", "431", "500"] };
        for status in needed {
            assert!(responses.contains_key(*status), "{at} {status}");
        }
        if is_webhook {
            for status in ["204", "401", "404", "408", "413", "503"] {
                assert!(responses.contains_key(status), "{at} {status}");
            }
            assert!(responses["401"]["headers"].get("WWW-Authenticate").is_none(), "{at}: no token helps");
        } else if method == "post" {
            for status in ["404", "408", "409", "413", "415", "422", "501", "502", "503", "504"] {
                assert!(responses.contains_key(status), "{at} {status}");
            }
        }
    }
}

fn walk(value: &Value, visit: &mut impl FnMut(&serde_json::Map<String, Value>)) {
    match value {
        Value::Object(map) => {
            visit(map);
            map.values().for_each(|value| walk(value, visit));
        }
        Value::Array(items) => items.iter().for_each(|value| walk(value, visit)),
        _ => {}
    }
}

#[test]
fn every_reference_resolves_and_no_schema_is_unused_or_unfit() {
    let document = published();
    let mut used = BTreeSet::new();
    walk(&document, &mut |map| {
        if let Some(Value::String(reference)) = map.get("$ref") {
            let pointer = reference.strip_prefix('#').unwrap();
            assert!(document.pointer(pointer).is_some(), "{reference}");
            used.insert(pointer.to_owned());
        }
        assert!(!map.contains_key("prefixItems"), "a tuple: {map:?}");
        if let Some(Value::String(format)) = map.get("format") {
            assert!(["int32", "int64", "date-time", "double", "binary"].contains(&format.as_str()), "{format}");
        }
    });
    let components =
        document["components"].as_object().unwrap().iter().filter(|(section, _)| *section != "securitySchemes");
    let parts: BTreeSet<_> = components
        .flat_map(|(section, parts)| {
            parts.as_object().unwrap().keys().map(move |name| format!("/components/{section}/{name}"))
        })
        .collect();
    assert_eq!(parts, used);
}

#[test]
fn what_is_always_sent_is_required_and_what_may_be_null_says_so() {
    let document = document();
    for (name, schema) in document["components"]["schemas"].as_object().unwrap() {
        let Some(properties) = schema["properties"].as_object() else { continue };
        if name.ends_with("Request") {
            continue;
        }
        let required: BTreeSet<_> =
            schema["required"].as_array().unwrap().iter().map(|v| v.as_str().unwrap()).collect();
        assert_eq!(required, properties.keys().map(String::as_str).collect(), "{name}");
    }
    let session = &document["components"]["schemas"]["Session"]["properties"];
    assert_eq!(session.as_object().unwrap().len(), 21);
    for (field, schema) in session.as_object().unwrap() {
        let not_null = ["provider", "kind", "room_id", "status", "extensions", "stale", "fetched_at"];
        let says_null = schema.to_string().contains("\"null\"") || field == "metadata";
        assert_eq!(says_null, !not_null.contains(&field.as_str()), "{field}: {schema}");
    }
    assert_eq!(session["title"]["type"], serde_json::json!(["string", "null"]));
    assert_eq!(session["participant_count"]["format"], "int64");
    assert!(session["metadata"].get("type").is_none(), "any JSON: {}", session["metadata"]);
    let codes = &document["components"]["schemas"]["ProblemCode"]["enum"];
    assert_eq!(*codes, serde_json::to_value(Code::ALL).unwrap());
}

/// That an enum's values in the document are these, in their order, as they are sent.
fn assert_words<T: serde::Serialize>(name: &str, variants: &[T]) {
    let document = document();
    let schema = &document["components"]["schemas"][name];
    let documented = &schema["enum"];
    let about = schema["description"].as_str().unwrap();
    assert!(about.contains(" Closed: ") != about.contains(" Open: "), "{name} says whether there may be more: {about}");
    assert_eq!(*documented, serde_json::to_value(variants).unwrap(), "{name}");
}

#[test]
fn every_enum_is_documented_as_it_is_sent() {
    use crate::model::{
        ByeReasonJson as Bye, KindName, ProviderHealthStatus as Health, SessionEndReason as End,
        SessionStatusJson as SessionStatus, SessionTypeJson as SessionType, SystemState,
    };
    use crate::problem::ProviderOutcomeStatus as Outcome;
    use crate::reads::Include;

    assert_words("ByeReason", &[Bye::Draining, Bye::TokenExpired, Bye::Unauthorized, Bye::TooSlow]);
    assert_words("ProblemCode", Code::ALL);
    assert_words("SessionInclude", &[Include::ParticipantCount, Include::SessionId, Include::MediaCounts]);
    assert_words("PartialPolicy", &[Partial::Allow, Partial::Forbid]);
    assert_words("ProviderHealthStatus", &[Health::Ok, Health::Degraded, Health::Unavailable, Health::Unknown]);
    assert_words("ProviderOutcomeStatus", &[Outcome::Ok, Outcome::Stale, Outcome::Failed, Outcome::Unsupported]);
    assert_words("SessionStatusFilter", &[SessionStatusFilter::Live, SessionStatusFilter::Ended]);
    assert_words("SessionEndReason", &[End::Ended, End::Replaced]);
    assert_words("SessionStatus", &[SessionStatus::Live, SessionStatus::Ended, SessionStatus::Unknown]);
    let types = [SessionType::Meeting, SessionType::Livestream, SessionType::Participant, SessionType::Unknown];
    assert_words("SessionType", &types);
    assert_words("SystemState", &[SystemState::Ok, SystemState::Ready]);
    let document = document();
    let schemas = document["components"]["schemas"].as_object().unwrap();
    let enums = schemas.values().filter(|schema| schema.get("enum").is_some()).count();
    assert_eq!(enums, 11, "one more belongs above");
    let kinds: Vec<_> = crate::providers::KINDS.iter().map(|kind| KindName(kind.name)).collect();
    assert_eq!(schemas["ProviderKind"]["examples"], serde_json::to_value(kinds).unwrap());
}

#[tokio::test]
async fn the_document_is_served_and_can_be_kept() {
    let gateway = Gateway::new();
    let answer = gateway.send(anonymous("GET", "/openapi.json")).await;
    assert_eq!(String::from_utf8(answer.bytes).unwrap(), openapi_json());
    assert_eq!(answer.headers["cache-control"], "public, max-age=300");
    let etag = answer.headers["etag"].to_str().unwrap();
    let head = gateway.send(anonymous("HEAD", "/openapi.json")).await;
    assert_eq!((head.status, head.header("etag"), head.bytes.len()), (StatusCode::OK, etag, 0));
    assert_eq!(head.headers["cache-control"], "public, max-age=300");
    let again = Request::builder().uri("/openapi.json").header("if-none-match", etag).body(Body::empty()).unwrap();
    let again = gateway.send(again).await;
    assert_eq!((again.status, again.bytes.len()), (StatusCode::NOT_MODIFIED, 0));
}

#[tokio::test]
#[should_panic(expected = "the document does not allow this answer to GET /v1/providers")]
async fn every_answer_of_these_tests_is_held_against_it() {
    let wrong = openapi_json().replace("\"unauthenticated\"", "\"Unauthenticated\"");
    let wrong = document_conformance::OpenApiDocument::parse(&wrong).unwrap();
    answer_as(&wrong, &Gateway::new().router, anonymous("GET", "/v1/providers")).await;
}
