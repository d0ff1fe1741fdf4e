//! The document for generators that know no 3.1: the same, as OpenAPI 3.0.3.

mod schema;

#[cfg(test)]
mod tests;

use serde_json::{Map, Value, json};

use crate::api::document::openapi30::schema::to_schema_30;

const VERSION: &str = "3.0.3";

/// What 3.0 does not know and nothing takes the place of.
const DROPPED: &[&str] = &["itemSchema", "jsonSchemaDialect", "pathItems", "webhooks"];

/// Members whose value is an object of names, chosen by us: they are no keywords.
const NAMES: &[&str] = &[
    "callbacks",
    "content",
    "encoding",
    "headers",
    "links",
    "parameters",
    "paths",
    "properties",
    "requestBodies",
    "responses",
    "schemas",
    "securitySchemes",
    "variables",
];

/// Members whose value is somebody's data, whatever it looks like.
const DATA: &[&str] = &["const", "default", "enum", "example", "examples", "mapping", "required", "security", "value"];

/// Turns a 3.1 document into a 3.0.3 one that says the same, as far as 3.0 has words for it. Errors are described as
/// `application/json`: generators of 3.0 make bytes of a media type that they do not know.
pub(crate) fn to_openapi_30(document: Value) -> Value {
    let mut document = any(document);
    document["openapi"] = json!(VERSION);
    if let Some(info) = document["info"].as_object_mut() {
        info.remove("summary");
    }
    if let Some(license) = document["info"]["license"].as_object_mut()
        && let Some(Value::String(identifier)) = license.remove("identifier")
    {
        license.entry("url").or_insert_with(|| json!(format!("https://spdx.org/licenses/{identifier}.html")));
    }
    document
}

/// Anything that is no object of names and no data: schemas, and all that has schemas somewhere in it.
fn any(value: Value) -> Value {
    match value {
        Value::Object(map) => Value::Object(to_schema_30(map).into_iter().filter_map(member).collect()),
        Value::Array(items) => items.into_iter().map(any).collect(),
        other => other,
    }
}

fn member((key, value): (String, Value)) -> Option<(String, Value)> {
    let name = key.as_str();
    if DROPPED.contains(&name) {
        return None;
    }
    let value = match value {
        value if DATA.contains(&name) || name.starts_with("x-") => value,
        Value::Object(map) if name == "content" => Value::Object(media_types(map)),
        Value::Object(map) if NAMES.contains(&name) => {
            map.into_iter().map(|(name, value)| (name, any(value))).collect()
        }
        value => any(value),
    };
    Some((key, value))
}

fn media_types(content: Map<String, Value>) -> Map<String, Value> {
    let is_named = content.contains_key("application/json");
    let renamed = |name: String| {
        if name == "application/problem+json" && !is_named { "application/json".to_owned() } else { name }
    };
    content.into_iter().map(|(name, value)| (renamed(name), any(value))).collect()
}
