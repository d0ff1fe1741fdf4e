//! An example that several bodies have is said once.

use std::collections::BTreeMap;

use serde_json::{Map, Value, json};

use crate::api::document::component_names::example_name;

/// What is shorter than a reference to it is said again.
const SHORT: usize = 80;

/// Moves every longer example that occurs more than once to `components`. After responses are shared: an example that one shared
/// response has stays there, where its readers are.
pub(super) fn share_examples(document: &mut Value) {
    let mut times: BTreeMap<String, usize> = BTreeMap::new();
    each_body(document, &mut |media| {
        if let Some(example) = media.get("example").map(Value::to_string).filter(|text| text.len() > SHORT) {
            *times.entry(example).or_default() += 1;
        }
    });
    let mut shared = Map::new();
    each_body(document, &mut |media| {
        if media.get("example").is_some_and(|example| times.get(&example.to_string()) > Some(&1)) {
            let name = example_name(media);
            let example = media.as_object_mut().and_then(|media| media.remove("example"));
            media["examples"] = json!({ "demo": { "$ref": format!("#/components/examples/{name}") } });
            shared.insert(name, json!({ "value": example }));
        }
    });
    if !shared.is_empty() {
        document["components"]["examples"] = Value::Object(shared);
    }
}

/// Looks at each media type of each body, where it is described.
fn each_body(document: &mut Value, visit: &mut impl FnMut(&mut Value)) {
    fn members(value: Option<&mut Value>) -> impl Iterator<Item = &mut Value> {
        value.and_then(Value::as_object_mut).into_iter().flat_map(Map::values_mut)
    }
    let mut bodies: Vec<&mut Value> = Vec::new();
    let Some(document) = document.as_object_mut() else { return };
    for (section, value) in document {
        match section.as_str() {
            "components" => bodies.extend(members(value.get_mut("responses"))),
            "paths" => {
                for operation in members(Some(value)).flat_map(|item| members(Some(item))) {
                    let Some(operation) = operation.as_object_mut() else { continue };
                    for (part, value) in operation {
                        match part.as_str() {
                            "requestBody" => bodies.push(value),
                            "responses" => bodies.extend(members(Some(value))),
                            _ => {}
                        }
                    }
                }
            }
            _ => {}
        }
    }
    bodies.into_iter().flat_map(|body| members(body.get_mut("content"))).for_each(visit);
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_several_bodies_show_is_moved_and_what_one_shows_stays() {
        let body = |schema: &str, example: Value| {
            json!({ "content": { "application/json": {
                "schema": { "$ref": format!("#/components/schemas/{schema}") }, "example": example,
            } } })
        };
        let shared = |schema: &str, name: &str| {
            json!({ "content": { "application/json": {
                "schema": { "$ref": format!("#/components/schemas/{schema}") },
                "examples": { "demo": { "$ref": format!("#/components/examples/{name}") } },
            } } })
        };
        let long = "x".repeat(SHORT);
        let problem = |code: &str| body("Problem", json!({ "code": code, "detail": long }));
        let mut document = json!({
            "components": { "responses": { "Often": problem("a_b"), "Once": problem("c") } },
            "paths": { "/a": { "post": {
                "requestBody": body("Thing", json!({ "id": long })),
                "responses": { "200": body("Thing", json!({ "id": long })), "500": problem("a_b"), "204": {} },
            }, "get": { "responses": { "200": body("Short", json!(1)), "201": body("Short", json!(1)) } } } },
        });
        share_examples(&mut document);
        assert_eq!(
            document["components"],
            json!({
                "responses": { "Often": shared("Problem", "AB"), "Once": problem("c") },
                "examples": { "AB": { "value": { "code": "a_b", "detail": long } }, "Thing": { "value": { "id": long } } },
            })
        );
        let thing = shared("Thing", "Thing");
        assert_eq!(
            document["paths"]["/a"]["post"],
            json!({
                "requestBody": thing,
                "responses": { "200": thing, "500": shared("Problem", "AB"), "204": {} },
            })
        );
        let short = &document["paths"]["/a"]["get"]["responses"];
        assert_eq!((&short["200"], &short["201"]), (&body("Short", json!(1)), &body("Short", json!(1))));
        let once = document.clone();
        share_examples(&mut document);
        assert_eq!(document["paths"], once["paths"], "what is shared stays so");
    }
}
