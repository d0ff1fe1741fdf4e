//! What several operations have in common is said once, in `components`: headers, responses, parameters.

use std::collections::BTreeMap;

use serde_json::{Map, Value, json};

use crate::api::document::component_names::{header_names, parameter_names, response_names};

/// Looks at each part of one kind: its key (a header's name, a response's status) and the part.
type Visit<'a> = &'a mut dyn FnMut(&str, &mut Value);

/// Moves every part that occurs more than once to `components`, under the first of its names that is free, and leaves
/// references. The part that occurs most often chooses first. Headers go first: they make responses equal.
pub(super) fn share(document: &mut Value) {
    share_one("headers", document, each_header, header_names);
    share_one("responses", document, each_response, response_names);
    share_one("parameters", document, each_parameter, parameter_names);
}

/// A part that occurs, and where it did first.
struct SharedPart {
    text: String,
    names: Vec<String>,
    value: Value,
    times: usize,
}

fn share_one(
    section: &str,
    document: &mut Value,
    each: fn(&mut Value, Visit<'_>),
    names: fn(&str, &Value) -> Vec<String>,
) {
    let mut parts: Vec<SharedPart> = Vec::new();
    each(document, &mut |key, part| {
        if part.get("$ref").is_some() {
            return;
        }
        let text = part.to_string();
        match parts.iter_mut().find(|known| known.text == text) {
            Some(known) => known.times += 1,
            None => parts.push(SharedPart { text, names: names(key, part), value: part.clone(), times: 1 }),
        }
    });
    parts.retain(|part| part.times > 1);
    if parts.is_empty() {
        return;
    }
    parts.sort_by_key(|part| std::cmp::Reverse(part.times));
    let mut shared = Map::new();
    let mut references = BTreeMap::new();
    for SharedPart { text, names, value, .. } in parts {
        let name = free_name(&names, &shared);
        references.insert(text, json!({ "$ref": format!("#/components/{section}/{name}") }));
        shared.insert(name, value);
    }
    each(document, &mut |_, part| {
        if let Some(reference) = references.get(&part.to_string()) {
            *part = reference.clone();
        }
    });
    document["components"][section] = Value::Object(shared);
}

fn free_name(names: &[String], taken: &Map<String, Value>) -> String {
    let last = names.last().map_or("Part", String::as_str);
    let numbered = (2..).map(|number| format!("{last}{number}"));
    let mut all = names.iter().cloned().chain(numbered);
    all.find(|name| !taken.contains_key(name)).unwrap_or_default()
}

fn each_operation(document: &mut Value, mut visit: impl FnMut(&mut Value)) {
    let paths = document["paths"].as_object_mut().into_iter().flat_map(Map::values_mut);
    paths.filter_map(Value::as_object_mut).flat_map(Map::values_mut).for_each(&mut visit);
}

fn each_response(document: &mut Value, visit: Visit<'_>) {
    each_operation(document, |operation| {
        let responses = operation.get_mut("responses").and_then(Value::as_object_mut);
        responses.into_iter().flatten().for_each(|(status, response)| visit(status, response));
    });
}

fn each_header(document: &mut Value, visit: Visit<'_>) {
    each_response(document, &mut |_, response| {
        let headers = response.get_mut("headers").and_then(Value::as_object_mut);
        headers.into_iter().flatten().for_each(|(name, header)| visit(name, header));
    });
}

fn each_parameter(document: &mut Value, visit: Visit<'_>) {
    each_operation(document, |operation| {
        let parameters = operation.get_mut("parameters").and_then(Value::as_array_mut);
        parameters.into_iter().flatten().for_each(|parameter| visit("", parameter));
    });
}

#[cfg(test)]
mod tests {
    use super::*;

    fn problem(codes: &str, headers: &[&str]) -> Value {
        let headers: Map<_, _> =
            headers.iter().map(|name| ((*name).to_owned(), json!({ "description": name }))).collect();
        json!({ "description": codes, "headers": headers, "content": { "application/problem+json": {} } })
    }

    fn reference(section: &str, name: &str) -> Value {
        json!({ "$ref": format!("#/components/{section}/{name}") })
    }

    #[test]
    fn equal_parts_are_moved_and_what_occurs_once_stays() {
        let limit = json!({ "name": "limit", "in": "query" });
        let path_id = json!({ "name": "id", "in": "path", "required": true });
        let query_id = json!({ "name": "id", "in": "query" });
        let mut document = json!({ "components": { "schemas": {} }, "paths": {
            "/a": { "get": {
                "parameters": [limit, path_id],
                "responses": { "404": problem("`not_here`", &["X-Id"]), "500": problem("`internal`", &["X-Id"]) },
            } },
            "/b": { "get": {
                "parameters": [path_id, query_id],
                "responses": { "404": problem("`not_here`", &["X-Id"]), "500": problem("`internal`", &[]) },
            } },
            "/c": { "get": { "parameters": [path_id, query_id], "responses": { "500": problem("`internal`", &[]) } } },
        } });
        share(&mut document);
        let a = &document["paths"]["/a"]["get"];
        assert_eq!(a["parameters"], json!([limit, reference("parameters", "Id")]));
        assert_eq!(a["responses"]["404"], reference("responses", "NotHere"));
        assert_eq!(a["responses"]["500"]["headers"]["X-Id"], reference("headers", "X-Id"), "the only one with it");
        let b = &document["paths"]["/b"]["get"];
        assert_eq!(b["parameters"], json!([reference("parameters", "Id"), reference("parameters", "IdQuery")]));
        assert_eq!(b["responses"]["500"], reference("responses", "Internal"));
        let components = &document["components"];
        assert_eq!(components["parameters"], json!({ "Id": path_id, "IdQuery": query_id }));
        assert_eq!(components["headers"], json!({ "X-Id": { "description": "X-Id" } }));
        assert_eq!(components["responses"]["NotHere"]["headers"]["X-Id"], reference("headers", "X-Id"));
        let once = document.clone();
        share(&mut document);
        assert_eq!(document["paths"], once["paths"], "what is shared stays so");
    }

    #[test]
    fn who_finds_no_name_free_is_numbered() {
        let taken =
            Map::from_iter([("A".to_owned(), json!(1)), ("B".to_owned(), json!(1)), ("B2".to_owned(), json!(1))]);
        let names = ["A".to_owned(), "B".to_owned()];
        assert_eq!(free_name(&names, &taken), "B3");
        assert_eq!(free_name(&names[1..], &Map::new()), "B");
    }
}
