//! Checking answers against an OpenAPI 3.0 document, more strictly than it asks: an object with documented members has
//! no others.

use std::collections::BTreeSet;

use jsonschema::{Draft, Validator};
use serde_json::{Map, Value, json};

const METHODS: [&str; 5] = ["get", "post", "put", "patch", "delete"];

pub(crate) struct Document {
    root: Value,
}

/// One operation of the document.
pub(crate) struct Operation {
    pub(crate) id: String,
    pub(crate) method: String,
    pub(crate) path: String,
}

impl Document {
    pub(crate) fn load(name: &str) -> Self {
        let file = format!("{}/../../tests/fixtures/openapi/{name}.openapi.json", env!("CARGO_MANIFEST_DIR"));
        let mut root: Value = serde_json::from_str(&std::fs::read_to_string(file).unwrap()).unwrap();
        tighten(&mut root["components"]["schemas"]);
        tighten(&mut root["paths"]);
        Self { root }
    }

    pub(crate) fn operations(&self) -> Vec<Operation> {
        let mut found = Vec::new();
        for (path, item) in self.root["paths"].as_object().unwrap() {
            for (method, operation) in item.as_object().unwrap().iter().filter(|(m, _)| METHODS.contains(&m.as_str())) {
                let id = operation["operationId"].as_str().unwrap().to_owned();
                found.push(Operation { id, method: method.to_uppercase(), path: path.clone() });
            }
        }
        found
    }

    pub(crate) fn ids(&self) -> BTreeSet<String> {
        self.operations().into_iter().map(|o| o.id).collect()
    }

    /// Why a JSON body is not what the operation answers with this status; empty when it is.
    pub(crate) fn objections(&self, operation: &str, status: u16, body: &Value) -> Vec<String> {
        let found = self.operations().into_iter().find(|o| o.id == operation).unwrap();
        let response = &self.root["paths"][&found.path][found.method.to_lowercase()]["responses"][status.to_string()];
        let response = match response["$ref"].as_str() {
            Some(reference) => self.root.pointer(reference.trim_start_matches('#')).unwrap(),
            None => response,
        };
        match response.pointer("/content/application~1json/schema") {
            Some(schema) => self.violations(schema, body),
            None => vec![format!("{operation} has no JSON answer {status}")],
        }
    }

    /// Why a body does not fit a named schema; empty when it does.
    pub(crate) fn misfits(&self, schema: &str, body: &Value) -> Vec<String> {
        self.violations(&json!({ "$ref": format!("#/components/schemas/{schema}") }), body)
    }

    fn violations(&self, schema: &Value, body: &Value) -> Vec<String> {
        let whole = json!({ "components": { "schemas": self.root["components"]["schemas"] }, "allOf": [schema] });
        let options = jsonschema::options();
        let validator: Validator =
            options.with_draft(Draft::Draft202012).should_validate_formats(true).build(&whole).unwrap();
        validator.iter_errors(body).map(|e| format!("{e} at {}", e.instance_path)).collect()
    }
}

/// `nullable` becomes a type, and objects with named members admit no others.
fn tighten(value: &mut Value) {
    match value {
        Value::Array(items) => items.iter_mut().for_each(tighten),
        Value::Object(members) => {
            if members.remove("nullable") == Some(Value::Bool(true)) {
                allow_null(members);
            }
            if members.get("properties").is_some_and(Value::is_object) {
                members.insert("additionalProperties".to_owned(), Value::Bool(false));
            }
            members.values_mut().for_each(tighten);
        }
        _ => {}
    }
}

fn allow_null(members: &mut Map<String, Value>) {
    if let Some(kind @ Value::String(_)) = members.get_mut("type") {
        *kind = json!([kind.clone(), "null"]);
    }
    if let Some(Value::Array(allowed)) = members.get_mut("enum") {
        allowed.push(Value::Null);
    }
}

#[test]
fn the_check_can_fail() {
    let document = Document::load("huddle01");
    let row = |n: Value| json!({ "liveSessions": [{ "roomId": "a", "startTime": 1, "recordingCount": n }] });
    assert_eq!(document.objections("listLiveSessions", 200, &row(Value::Null)), [""; 0]);
    assert_ne!(document.objections("listLiveSessions", 200, &row(json!("1"))), [""; 0]);
    assert_ne!(document.objections("listLiveSessions", 200, &json!({ "liveSessions": [], "more": 1 })), [""; 0]);
    assert_ne!(document.objections("listLiveSessions", 200, &json!({})), [""; 0]);
    assert_ne!(document.objections("listLiveSessions", 404, &json!({})), [""; 0]);
}
