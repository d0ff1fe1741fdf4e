//! The OpenAPI document as a product: examples, sizes, bounds, order, codes, and clients of the released one.

use std::path::Path;

use crate::api::tests::document::{document, operations};
use crate::api::{openapi_30_json, openapi_json};

#[test]
fn an_example_of_every_body_is_one_that_its_schema_allows() {
    assert_eq!(document_conformance::example_faults(&openapi_json()).unwrap(), [""; 0]);
}

#[test]
fn clients_of_the_released_document_go_on_working() {
    let released = include_str!(concat!(env!("CARGO_MANIFEST_DIR"), "/../../openapi/released/rollcall.v1.json"));
    let broken = document_conformance::breaking_changes(released, &openapi_json()).unwrap();
    assert!(broken.is_empty(), "this breaks clients; see CONTRIBUTING.md:\n  {}", broken.join("\n  "));
}

#[test]
fn the_document_is_small_enough_to_read() {
    for bytes in [openapi_json().len(), openapi_30_json().len()] {
        assert!(bytes < 100_000, "{bytes} bytes");
    }
}

#[test]
fn what_is_optional_says_what_holds_without_it_and_what_is_sent_has_bounds() {
    let document = document();
    for (path, method, operation) in operations(&document) {
        for parameter in operation["parameters"].as_array().unwrap() {
            let at = format!("{method} {path} {}", parameter["name"]);
            let schema = &parameter["schema"];
            if schema["type"] == "integer" {
                assert!(schema["minimum"].is_u64() && schema["maximum"].is_u64() && schema["default"].is_u64(), "{at}");
            }
            assert!(schema["type"] != "boolean" || schema["default"].is_boolean(), "{at}");
            assert!(parameter["in"] != "path" || parameter["example"].is_string(), "{at}");
        }
    }
    let schemas = &document["components"]["schemas"];
    assert_eq!(schemas["PartialPolicy"]["default"], "allow");
    for name in ["KickRequest", "KickAllRequest", "CreatePollRequest"] {
        for (field, schema) in schemas[name]["properties"].as_object().unwrap() {
            let text = schema.to_string();
            let bound = if text.contains("array") { "\"maxItems\"" } else { "\"maxLength\"" };
            let is_bounded = text.contains("Id\"") || text.contains("\"default\"") || text.contains(bound);
            assert!(is_bounded && schema["description"].is_string(), "{name}.{field}: {schema}");
        }
    }
    for id in ["ProviderId", "RoomId", "SessionId", "ParticipantId", "CustomParticipantId"] {
        assert!(schemas[id]["maxLength"].is_u64(), "{id}");
    }
}

#[test]
fn properties_stand_in_the_order_of_their_declaration() {
    let text = openapi_json();
    let session = text.split("\n \"Session\":{\n  \"description\"").nth(1).unwrap();
    let places: Vec<_> =
        ["provider", "kind", "room_id", "session_id", "status", "type", "title", "stale", "fetched_at"]
            .map(|name| session.find(&format!("\n   \"{name}\":")).unwrap())
            .into();
    assert!(places.is_sorted(), "{places:?}");
}

/// Which set of problems each handler names, as its file says: `operation_id` and the set.
fn named_sets() -> Vec<(String, String)> {
    let folder = concat!(env!("CARGO_MANIFEST_DIR"), "/src/api");
    let mut named = Vec::new();
    for entry in std::fs::read_dir(folder).unwrap() {
        let text = std::fs::read_to_string(entry.unwrap().path()).unwrap_or_default();
        for attribute in text.split("#[utoipa::path(").skip(1).filter_map(|rest| rest.split(")]").next()) {
            let id = attribute.split("operation_id = \"").nth(1).and_then(|rest| rest.split('"').next()).unwrap();
            let words = attribute.split(|c: char| !c.is_alphanumeric());
            let sets: Vec<_> = words.filter(|word| word.ends_with("Problems")).collect();
            assert!(sets.len() < 2, "{id}: of two sets that share a status one is lost: {sets:?}");
            named.extend(sets.first().map(|set| (id.to_owned(), (*set).to_owned())));
        }
    }
    named
}

#[test]
fn no_code_of_a_set_is_lost() {
    let document = document();
    let operations = operations(&document);
    let named = named_sets();
    assert_eq!(named.len(), operations.len() - 2, "all but /healthz and /openapi.json have one");
    for (id, set) in named {
        let (_, codes) = crate::api::problem_sets::ALL.iter().find(|(name, _)| *name == set).unwrap();
        let (_, _, operation) = operations.iter().find(|(_, _, operation)| operation["operationId"] == id).unwrap();
        for code in codes.iter().copied().flatten() {
            let told = &operation["responses"][code.status().as_str()]["description"];
            let count = told.as_str().unwrap_or_default().matches(&format!("`{}`", code.as_str())).count();
            assert_eq!(count, 1, "{id}: {code:?}: {told}");
        }
    }
}

#[test]
fn the_docs_have_the_table_of_all_codes() {
    let path = Path::new(concat!(env!("CARGO_MANIFEST_DIR"), "/../../docs/problems.md"));
    let text = format!(
        "# Problems\n\nEvery 4xx and 5xx of Rollcall is `application/problem+json` (RFC 9457). Decide by `code`. Its `type` is \
         `/problems/<code>`, where the\nrunning gateway tells the same. Whether to repeat a request the problem itself says in \
         `retryable`; here is what holds of a read.\n\n<!-- Generated: UPDATE=1 cargo test -p gateway the_docs_have -->\n\n{}",
        crate::problem::ProblemType::table()
    );
    if std::env::var_os("UPDATE").is_some() {
        std::fs::write(path, &text).unwrap();
    }
    assert_eq!(std::fs::read_to_string(path).unwrap_or_default(), text, "write it anew with UPDATE=1");
}
