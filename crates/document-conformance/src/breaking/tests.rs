//! Each change, and whether it breaks anybody.

use serde_json::json;

use super::*;

fn document() -> Value {
    let problem = |codes: &str| {
        json!({
            "description": codes,
            "content": { "application/problem+json": { "schema": { "$ref": "#/components/schemas/Problem" } } },
        })
    };
    json!({
        "paths": {
            "/things": { "get": {
                "operationId": "list_things", "security": [{}],
                "parameters": [
                    { "name": "limit", "in": "query", "schema": {
                        "type": "integer", "format": "int32", "minimum": 1, "maximum": 100, "default": 10,
                    } },
                    { "name": "colour", "in": "query", "schema": { "$ref": "#/components/schemas/ColourFilter" } },
                ],
                "responses": {
                    "200": {
                        "description": "All.",
                        "headers": { "ETag": { "required": true, "schema": { "type": "string" } } },
                        "content": { "application/json": { "schema": { "$ref": "#/components/schemas/Page" } } },
                    },
                    "404": problem("`no_thing`, `no_page`"),
                },
            } },
            "/things/{id}/paint": { "post": {
                "operationId": "paint_thing", "security": [{ "bearer": [] }],
                "requestBody": { "content": {
                    "application/json": { "schema": { "$ref": "#/components/schemas/PaintRequest" } },
                } },
                "responses": { "204": { "description": "Done." }, "404": problem("`no_thing`") },
            } },
        },
        "components": { "schemas": {
            "Page": { "type": "object", "required": ["data"], "properties": {
                "data": { "type": "array", "items": { "$ref": "#/components/schemas/Thing" } },
            } },
            "Thing": { "type": "object", "required": ["id", "colour", "parent"], "properties": {
                "id": { "type": "string", "maxLength": 9, "pattern": "^[a-z]+$" },
                "colour": { "$ref": "#/components/schemas/Colour" },
                "parent": { "oneOf": [{ "$ref": "#/components/schemas/Thing" }, { "type": "null" }] },
                "size": { "type": ["integer", "null"] },
            } },
            "Colour": { "type": "string", "enum": ["red", "blue"] },
            "ColourFilter": { "type": "string", "enum": ["red", "blue"] },
            "PaintRequest": { "type": "object", "required": ["colour"], "additionalProperties": false, "properties": {
                "colour": { "type": "string", "minLength": 1, "maxLength": 20 },
                "coats": { "type": ["integer", "null"] },
            } },
            "Problem": { "type": "object", "properties": { "code": { "type": "string" } } },
        } },
    })
}

/// What is told of a document in which the value at `pointer` is this one; null takes it away.
fn told(pointer: &str, value: Value) -> Vec<String> {
    let (released, mut current) = (document(), document());
    let (parent, key) = pointer.rsplit_once('/').unwrap();
    let key = key.replace("~1", "/");
    match current.pointer_mut(parent).unwrap_or_else(|| panic!("{parent}")) {
        Value::Object(map) if value.is_null() => assert!(map.remove(&key).is_some(), "{pointer}"),
        Value::Object(map) => drop(map.insert(key, value)),
        Value::Array(items) if value.is_null() => drop(items.remove(key.parse().unwrap())),
        Value::Array(items) => items.push(value),
        other => panic!("{other}"),
    }
    breaking_changes(&released.to_string(), &current.to_string()).unwrap()
}

const LIST: &str = "/paths/~1things/get";
const PAINT: &str = "/paths/~1things~1{id}~1paint/post";
const SCHEMAS: &str = "/components/schemas";

#[test]
fn whatever_breaks_a_client_is_told() {
    for (at, member, value, fault) in [
        ("/paths", "/~1things", json!(null), "GET /things is gone"),
        ("/paths/~1things", "/get", json!(null), "GET /things is gone"),
        (
            LIST,
            "/operationId",
            json!("all_things"),
            "GET /things its operation id was \"list_things\", is \"all_things\"",
        ),
        (LIST, "/security", json!([{ "bearer": [] }]), "GET /things needs a token now"),
        (LIST, "/parameters/0", json!(null), "GET /things parameter limit is gone"),
        (
            LIST,
            "/parameters/-",
            json!({ "name": "page", "in": "query", "required": true }),
            "GET /things parameter page is new and must be sent",
        ),
        (LIST, "/parameters/0/required", json!(true), "GET /things parameter limit must be sent now"),
        (LIST, "/parameters/0/schema/maximum", json!(50), "GET /things parameter limit its maximum was 100, is 50"),
        (LIST, "/parameters/0/schema/minimum", json!(2), "GET /things parameter limit its minimum was 1, is 2"),
        (LIST, "/parameters/0/schema/default", json!(20), "GET /things parameter limit its default was 10, is 20"),
        (
            LIST,
            "/parameters/0/schema/format",
            json!("int64"),
            "GET /things parameter limit its format was \"int32\", is \"int64\"",
        ),
        (
            LIST,
            "/parameters/0/schema/type",
            json!("string"),
            "GET /things parameter limit must not be of type integer any more",
        ),
        (LIST, "/responses/200", json!(null), "GET /things 200 is gone"),
        (LIST, "/responses/404", json!(null), "GET /things 404 is gone"),
        (LIST, "/responses/202", json!({ "description": "Later." }), "GET /things may succeed with 202 now"),
        (LIST, "/responses/404/description", json!("`no_thing`"), "GET /things 404 no longer has the code no_page"),
        (LIST, "/responses/200/headers/ETag", json!(null), "GET /things 200 header ETag is gone"),
        (LIST, "/responses/200/headers/ETag/required", json!(false), "GET /things 200 header ETag may be missing now"),
        (LIST, "/responses/200/content/application~1json", json!(null), "GET /things 200 application/json is gone"),
        (PAINT, "/requestBody", json!(null), "POST /things/{id}/paint body is gone"),
        (PAINT, "/requestBody/required", json!(true), "POST /things/{id}/paint body must be sent now"),
        (SCHEMAS, "/ColourFilter/enum/0", json!(null), "ColourFilter no longer has the value \"red\""),
        (SCHEMAS, "/Colour/enum/0", json!(null), "Colour no longer has the value \"red\""),
        (SCHEMAS, "/Colour/enum/-", json!("green"), "Colour may have the value \"green\" now, and was closed"),
        (SCHEMAS, "/Colour/enum", json!(null), "Colour may have any value now"),
        (SCHEMAS, "/Thing/properties/id", json!(null), "Thing.id is gone"),
        (SCHEMAS, "/Thing/required/0", json!(null), "Thing.id may be missing now"),
        (SCHEMAS, "/Thing/properties/id/type", json!(["string", "null"]), "Thing.id may be of type null now"),
        (SCHEMAS, "/Thing/properties/id/maxLength", json!(10), "Thing.id its maxLength was 9, is 10"),
        (SCHEMAS, "/Thing/properties/id/pattern", json!(null), "Thing.id its pattern was \"^[a-z]+$\", is none"),
        (SCHEMAS, "/Thing/properties/size/type", json!(["number", "null"]), "Thing.size may be of type number now"),
        (
            SCHEMAS,
            "/Page/properties/data/items/$ref",
            json!("#/components/schemas/Colour"),
            "Page.data[] was a Thing, is a Colour",
        ),
        (SCHEMAS, "/Page/properties/data/items", json!({ "type": "string" }), "Page.data[] may be of type string now"),
        (SCHEMAS, "/PaintRequest/properties/coats", json!(null), "PaintRequest.coats is gone"),
        (SCHEMAS, "/PaintRequest/required/-", json!("coats"), "PaintRequest.coats must be sent now"),
        (
            SCHEMAS,
            "/PaintRequest/properties/colour/maxLength",
            json!(10),
            "PaintRequest.colour its maxLength was 20, is 10",
        ),
        (
            SCHEMAS,
            "/PaintRequest/properties/colour/pattern",
            json!("^r"),
            "PaintRequest.colour its pattern was none, is \"^r\"",
        ),
        (
            SCHEMAS,
            "/PaintRequest/properties/colour/enum",
            json!(["red"]),
            "PaintRequest.colour takes only some values now",
        ),
        (
            SCHEMAS,
            "/PaintRequest/properties/coats/type",
            json!("integer"),
            "PaintRequest.coats must not be of type null any more",
        ),
    ] {
        let told = told(&format!("{at}{member}"), value);
        assert!(told.contains(&fault.to_owned()), "{member}: {told:?}");
    }
    let told = told("/components/schemas/ColourFilter", json!(null));
    assert!(told[0].starts_with("schema ColourFilter is gone"), "{told:?}");
}

#[test]
fn a_new_member_that_must_be_sent_is_told() {
    let (released, mut current) = (document(), document());
    let request = &mut current["components"]["schemas"]["PaintRequest"];
    request["properties"]["brush"] = json!({ "type": "string" });
    let compare = |current: &Value| breaking_changes(&released.to_string(), &current.to_string()).unwrap();
    assert_eq!(compare(&current), [""; 0]);
    current["components"]["schemas"]["PaintRequest"]["required"] = json!(["colour", "brush"]);
    assert_eq!(compare(&current), ["PaintRequest has a new member brush, which must be sent"]);
}

#[test]
fn whatever_clients_bear_is_not_told() {
    for (at, member, value) in [
        ("/paths", "/~1more", json!({ "get": {} })),
        (LIST, "/description", json!("Otherwise said.")),
        (LIST, "/parameters/-", json!({ "name": "page", "in": "query", "schema": { "type": "string" } })),
        (LIST, "/parameters/0/schema/maximum", json!(200)),
        (LIST, "/parameters/0/schema/minimum", json!(null)),
        (LIST, "/responses/500", json!({ "description": "`internal`" })),
        (LIST, "/responses/404/description", json!("`no_page`, `no_thing`, `no_more`")),
        (LIST, "/responses/200/headers/Age", json!({ "schema": { "type": "integer" } })),
        (PAINT, "/security", json!([{}])),
        (SCHEMAS, "/ColourFilter/enum/-", json!("green")),
        (SCHEMAS, "/Thing/properties/weight", json!({ "type": "number" })),
        (SCHEMAS, "/Thing/properties/id/maxLength", json!(5)),
        (SCHEMAS, "/Thing/properties/size/type", json!("integer")),
        (SCHEMAS, "/Thing/required/-", json!("size")),
        (SCHEMAS, "/PaintRequest/properties/coats/type", json!(["integer", "null", "string"])),
        (SCHEMAS, "/PaintRequest/properties/colour/minLength", json!(null)),
        (SCHEMAS, "/PaintRequest/required/0", json!(null)),
        (SCHEMAS, "/New", json!({ "type": "string" })),
    ] {
        assert_eq!(told(&format!("{at}{member}"), value), [""; 0], "{member}");
    }
}

#[test]
fn a_union_may_grow_and_not_shrink() {
    let union = |forms: &[&str]| {
        let forms: Vec<_> =
            forms.iter().map(|name| json!({ "$ref": format!("#/components/schemas/{name}") })).collect();
        let mut document = document();
        document["components"]["schemas"]["Problem"]["properties"]["code"] = json!({ "oneOf": forms });
        document.to_string()
    };
    let compare = |was: &[&str], is: &[&str]| breaking_changes(&union(was), &union(is)).unwrap();
    assert_eq!(compare(&["Page", "Thing"], &["Thing", "Page", "PaintRequest"]), [""; 0]);
    let told = compare(&["Page", "Thing", "PaintRequest"], &["Page", "Thing"]);
    assert_eq!(told, ["Problem.code no longer has the form \"#/components/schemas/PaintRequest\""]);
}
