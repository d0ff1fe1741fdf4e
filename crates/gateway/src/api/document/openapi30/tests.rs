//! The 3.0 document says what the 3.1 document says.

use std::collections::BTreeSet;

use rstest::rstest;
use serde_json::{Value, json};

use crate::api::document::openapi30::to_openapi_30;
use crate::api::{openapi_30_json, openapi_json};

const SCHEMA_OF_30: &str =
    include_str!(concat!(env!("CARGO_MANIFEST_DIR"), "/../../tests/fixtures/openapi/openapi-3.0.schema.json"));

/// Puts a schema into a document and takes it out of the converted one.
fn converted(schema: Value) -> Value {
    let document = json!({ "openapi": "3.1.0", "info": {}, "components": { "schemas": { "It": schema } } });
    to_openapi_30(document)["components"]["schemas"]["It"].take()
}

#[rstest]
#[case::null_type(json!({ "type": ["string", "null"], "format": "date-time" }),
    json!({ "type": "string", "format": "date-time", "nullable": true }))]
#[case::one_type(json!({ "type": ["string"] }), json!({ "type": "string" }))]
#[case::only_null(json!({ "type": "null" }), json!({ "enum": [null], "nullable": true }))]
#[case::several_types(json!({ "type": ["string", "integer", "null"] }),
    json!({ "allOf": [{ "anyOf": [{ "type": "string" }, { "type": "integer" }] }], "nullable": true }))]
#[case::null_or_reference(json!({ "oneOf": [{ "$ref": "#/components/schemas/X", "description": "an X" }, { "type": "null" }] }),
    json!({ "description": "an X", "allOf": [{ "$ref": "#/components/schemas/X" }], "nullable": true }))]
#[case::description_outside(json!({ "oneOf": [{ "$ref": "#/components/schemas/X", "description": "inside" }, { "type": "null" }], "description": "outside" }),
    json!({ "description": "outside", "allOf": [{ "$ref": "#/components/schemas/X" }], "nullable": true }))]
#[case::null_or_schema(json!({ "anyOf": [{ "type": "null" }, { "type": "string", "maxLength": 3 }] }),
    json!({ "type": "string", "maxLength": 3, "nullable": true }))]
#[case::null_or_colliding_schema(json!({ "type": "object", "oneOf": [{ "type": "null" }, { "type": "object", "maxProperties": 3 }] }),
    json!({ "type": "object", "allOf": [{ "type": "object", "maxProperties": 3 }], "nullable": true }))]
#[case::null_or_several(json!({ "oneOf": [{ "type": "string" }, { "type": "null" }, { "type": "boolean" }] }),
    json!({ "oneOf": [{ "type": "string" }, { "type": "boolean" }], "nullable": true }))]
#[case::union_without_null(json!({ "oneOf": [{ "$ref": "#/components/schemas/X", "description": "x" }] }),
    json!({ "oneOf": [{ "allOf": [{ "$ref": "#/components/schemas/X" }], "description": "x" }] }))]
#[case::overlapping_forms(json!({ "anyOf": [{ "$ref": "#/components/schemas/X" }, { "$ref": "#/components/schemas/Y" }] }),
    json!({ "oneOf": [{ "$ref": "#/components/schemas/X" }, { "$ref": "#/components/schemas/Y" }] }))]
#[case::reference_alone(json!({ "$ref": "#/components/schemas/X" }), json!({ "$ref": "#/components/schemas/X" }))]
#[case::constant(json!({ "const": "a" }), json!({ "enum": ["a"] }))]
#[case::closed_tuple(json!({ "type": "array", "prefixItems": [{ "type": "string" }, { "type": "string" }], "items": false }),
    json!({ "type": "array", "items": { "type": "string" }, "maxItems": 2 }))]
#[case::open_tuple(json!({ "prefixItems": [{ "type": "string" }], "items": { "type": "boolean" } }),
    json!({ "items": { "anyOf": [{ "type": "string" }, { "type": "boolean" }] } }))]
#[case::exclusive(json!({ "exclusiveMinimum": 0, "exclusiveMaximum": 9 }),
    json!({ "minimum": 0, "exclusiveMinimum": true, "maximum": 9, "exclusiveMaximum": true }))]
#[case::the_tighter_bound(json!({ "minimum": 1, "exclusiveMinimum": 0, "maximum": 9, "exclusiveMaximum": 8 }),
    json!({ "minimum": 1, "maximum": 8, "exclusiveMaximum": true }))]
#[case::examples(json!({ "type": "string", "examples": ["a", "b"] }), json!({ "type": "string", "example": "a" }))]
#[case::no_examples(json!({ "examples": [] }), json!({}))]
#[case::names_of_names(json!({ "type": "object", "propertyNames": { "type": "string" }, "additionalProperties": {} }),
    json!({ "type": "object", "additionalProperties": {} }))]
#[case::patterns_of_names(json!({ "patternProperties": { "^x-": {} }, "additionalProperties": false }), json!({}))]
#[case::booleans(json!({ "items": true, "properties": { "a": true, "b": false } }),
    json!({ "items": {}, "properties": { "a": {}, "b": { "not": {} } } }))]
#[case::no_required(json!({ "required": [] }), json!({}))]
#[case::bytes(json!({ "type": "string", "contentEncoding": "base64" }), json!({ "type": "string", "format": "byte" }))]
#[case::properties_are_names(
    json!({ "properties": { "const": { "const": 1 }, "type": { "type": ["string", "null"] }, "examples": {}, "webhooks": {}, "content": { "type": "object" }, "properties": { "properties": { "if": {} } } } }),
    json!({ "properties": { "const": { "enum": [1] }, "type": { "type": "string", "nullable": true }, "examples": {}, "webhooks": {}, "content": { "type": "object" }, "properties": { "properties": { "if": {} } } } }))]
#[case::data_is_data(json!({ "example": { "const": 1, "type": ["a", "null"] }, "default": { "examples": [1] }, "enum": [{ "if": 1 }], "x-own": { "then": 1 } }),
    json!({ "example": { "const": 1, "type": ["a", "null"] }, "default": { "examples": [1] }, "enum": [{ "if": 1 }], "x-own": { "then": 1 } }))]
#[case::nested(json!({ "items": { "allOf": [{ "additionalProperties": { "type": ["integer", "null"] } }] } }),
    json!({ "items": { "allOf": [{ "additionalProperties": { "type": "integer", "nullable": true } }] } }))]
fn a_schema_says_the_same(#[case] schema: Value, #[case] expected: Value) {
    assert_eq!(converted(schema), expected);
}

#[test]
fn what_surrounds_the_schemas_is_of_3_0_too() {
    let problem = json!({ "schema": { "$ref": "#/components/schemas/P", "description": "why" } });
    let document = json!({
        "openapi": "3.1.0",
        "info": { "title": "t", "version": "1", "summary": "s", "license": { "name": "A", "identifier": "Apache-2.0" } },
        "jsonSchemaDialect": "d",
        "webhooks": { "w": {} },
        "paths": { "/const": { "get": {
            "parameters": [{ "$ref": "#/components/parameters/P", "description": "another" }],
            "responses": {
                "200": { "content": { "text/event-stream": { "itemSchema": {}, "schema": { "type": "string" }, "examples": { "one": { "value": { "const": 1 } } } } } },
                "404": { "content": { "application/problem+json": problem } },
                "406": { "content": { "application/json": {}, "application/problem+json": {} } },
            },
        } } },
        "components": { "pathItems": {}, "responses": { "type": { "description": "d", "content": {} } } },
    });
    let named = json!({ "schema": { "allOf": [{ "$ref": "#/components/schemas/P" }], "description": "why" } });
    let expected = json!({
        "openapi": "3.0.3",
        "info": { "title": "t", "version": "1", "license": { "name": "A", "url": "https://spdx.org/licenses/Apache-2.0.html" } },
        "paths": { "/const": { "get": {
            "parameters": [{ "$ref": "#/components/parameters/P" }],
            "responses": {
                "200": { "content": { "text/event-stream": { "schema": { "type": "string" }, "examples": { "one": { "value": { "const": 1 } } } } } },
                "404": { "content": { "application/json": named } },
                "406": { "content": { "application/json": {}, "application/problem+json": {} } },
            },
        } } },
        "components": { "responses": { "type": { "description": "d", "content": {} } } },
    });
    assert_eq!(to_openapi_30(document), expected);
}

/// Every fault that the schema of 3.0 documents sees.
fn faults(document: &Value) -> Vec<String> {
    let schema = serde_json::from_str(SCHEMA_OF_30).unwrap();
    let validator = jsonschema::draft4::new(&schema).unwrap();
    validator.iter_errors(document).map(|error| format!("{}: {error}", error.instance_path)).collect()
}

#[test]
fn the_whole_is_a_3_0_document() {
    let document: Value = serde_json::from_str(&openapi_30_json()).unwrap();
    assert_eq!(faults(&document), [""; 0]);
    // The same schema sees what is of 3.1.
    assert!(!faults(&serde_json::from_str(&openapi_json()).unwrap()).is_empty());
}

fn collect(value: &Value, keyword: &str, found: &mut Vec<Value>) {
    match value {
        Value::Object(map) => {
            found.extend(map.get(keyword).cloned());
            map.values().for_each(|value| collect(value, keyword, found));
        }
        Value::Array(items) => items.iter().for_each(|value| collect(value, keyword, found)),
        _ => {}
    }
}

#[test]
fn nothing_is_lost() {
    let [old, new] = [openapi_30_json(), openapi_json()].map(|text| serde_json::from_str::<Value>(&text).unwrap());
    for keyword in
        ["operationId", "description", "$ref", "enum", "required", "pattern", "minimum", "additionalProperties"]
    {
        let [old, new] = [&old, &new].map(|document| {
            let mut found = Vec::new();
            collect(document, keyword, &mut found);
            found.iter().map(ToString::to_string).collect::<BTreeSet<_>>()
        });
        assert_eq!(old, new, "{keyword}");
        assert!(!old.is_empty(), "{keyword}");
    }
    let mut references = Vec::new();
    collect(&old, "$ref", &mut references);
    for reference in references {
        let pointer = reference.as_str().unwrap().trim_start_matches('#');
        assert!(old.pointer(pointer).is_some(), "{reference}");
    }
}
