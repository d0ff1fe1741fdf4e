//! What is changed in the document before a client is made of it.

use std::collections::BTreeSet;

use serde_json::{Map, Value, json};

/// Enums that a gateway newer than the client may have more of. They become `Known` or any other text.
const OPEN_ENUMS: &[&str] = &["ProblemCode"];

/// Leaves out what no caller of the API calls, and what makes a client worse than it need be.
pub fn prepare(mut document: Value) -> Value {
    if let Some(paths) = document["paths"].as_object_mut() {
        // Pages for people, probes, and what only providers call.
        paths.retain(|path, _| path.starts_with("/v1/") && !path.starts_with("/v1/webhooks/"));
        let operations = paths.values_mut().filter_map(Value::as_object_mut).flat_map(Map::values_mut);
        for responses in operations.filter_map(|operation| operation["responses"].as_object_mut()) {
            // Without a body it would be a second type of error beside the problem.
            responses.remove("304");
        }
    }
    let mut schemas = document["components"]["schemas"].take();
    if let Value::Object(schemas) = &mut schemas {
        open_enums(schemas);
        let texts = take_texts(schemas);
        for schema in schemas.values_mut() {
            simplify(schema, &texts);
        }
        simplify(&mut document, &texts);
    }
    document["components"]["schemas"] = schemas;
    document
}

fn open_enums(schemas: &mut Map<String, Value>) {
    for name in OPEN_ENUMS {
        let Some(closed) = schemas.remove(*name) else { continue };
        let known = format!("Known{name}");
        let description = closed["description"].clone();
        let members = json!([
            { "title": "Known", "allOf": [{ "$ref": format!("#/components/schemas/{known}") }] },
            { "title": "Other", "type": "string" },
        ]);
        schemas.insert((*name).to_owned(), json!({ "description": description, "oneOf": members }));
        schemas.insert(known, closed);
    }
}

/// Takes out the schemas that are a text and nothing more; answers the references to them.
fn take_texts(schemas: &mut Map<String, Value>) -> BTreeSet<String> {
    let is_text = |schema: &Value| schema["type"] == "string" && schema["enum"].is_null() && schema["format"].is_null();
    let texts = schemas.iter().filter(|(_, schema)| is_text(schema)).map(|(name, _)| name.clone()).collect::<Vec<_>>();
    for name in &texts {
        schemas.remove(name);
    }
    texts.into_iter().map(|name| format!("#/components/schemas/{name}")).collect()
}

/// Ids are texts, not a type for each place that has one: the gateway says what it refuses. A count is a plain number.
fn simplify(value: &mut Value, texts: &BTreeSet<String>) {
    match value {
        Value::Object(map) => {
            if map.get("$ref").and_then(Value::as_str).is_some_and(|target| texts.contains(target)) {
                map.remove("$ref");
                map.insert("type".to_owned(), json!("string"));
            }
            if let Some([only]) = map.get("allOf").and_then(Value::as_array).map(Vec::as_slice)
                && only["$ref"].as_str().is_some_and(|target| texts.contains(target))
            {
                map.remove("allOf");
                map.insert("type".to_owned(), json!("string"));
            }
            if map.get("type").is_some_and(|it| it == "string") {
                for bound in ["pattern", "minLength", "maxLength"] {
                    map.remove(bound);
                }
            }
            // As `NonZero` it could not be given as a literal.
            if map.get("minimum").is_some_and(|least| *least == 1) {
                map.insert("minimum".to_owned(), json!(0));
            }
            map.values_mut().for_each(|value| simplify(value, texts));
        }
        Value::Array(items) => items.iter_mut().for_each(|value| simplify(value, texts)),
        _ => {}
    }
}
