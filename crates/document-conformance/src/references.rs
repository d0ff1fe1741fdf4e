//! Parts that a document says once and refers to.

use serde_json::{Map, Value};

/// The document with its shared responses, headers, parameters, bodies and examples where they are referred to. Schemas
/// stay references: they may hold themselves.
#[must_use]
pub fn inlined(document: &Value) -> Value {
    let mut whole = document.clone();
    if let Some(paths) = whole.get_mut("paths") {
        inline(paths, document);
    }
    whole
}

fn inline(value: &mut Value, document: &Value) {
    if let Some(part) = value["$ref"].as_str().and_then(|reference| shared(document, reference)) {
        let mut part = part.clone();
        inline(&mut part, document);
        *value = part;
        return;
    }
    match value {
        Value::Object(map) => map.values_mut().for_each(|value| inline(value, document)),
        Value::Array(items) => items.iter_mut().for_each(|value| inline(value, document)),
        _ => {}
    }
}

/// What a reference leads to, unless it is a schema.
fn shared<'a>(document: &'a Value, reference: &str) -> Option<&'a Value> {
    let pointer = reference.strip_prefix('#')?;
    if pointer.starts_with("/components/schemas/") {
        return None;
    }
    document.pointer(pointer)
}

/// The members of an object; none of anything else.
pub(crate) fn members(value: &Value) -> impl Iterator<Item = (&String, &Value)> {
    value.as_object().into_iter().flat_map(Map::iter)
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn all_but_schemas_stand_where_they_are_referred_to() {
        let id = json!({ "required": true, "schema": { "type": "string" } });
        let schema = json!({ "$ref": "#/components/schemas/Thing" });
        let document = json!({
            "paths": { "/a": { "get": {
                "parameters": [{ "$ref": "#/components/parameters/Limit" }],
                "responses": { "200": { "$ref": "#/components/responses/Thing" }, "404": { "$ref": "#/nowhere" } },
            } } },
            "components": {
                "headers": { "X-Id": id },
                "parameters": { "Limit": { "name": "limit", "in": "query" } },
                "responses": { "Thing": {
                    "description": "One.",
                    "headers": { "X-Id": { "$ref": "#/components/headers/X-Id" } },
                    "content": { "application/json": { "schema": schema } },
                } },
                "schemas": { "Thing": { "properties": { "next": schema } } },
            },
        });
        let whole = inlined(&document);
        let operation = &whole["paths"]["/a"]["get"];
        assert_eq!(operation["parameters"][0]["name"], "limit");
        assert_eq!(operation["responses"]["200"]["headers"]["X-Id"], id);
        assert_eq!(operation["responses"]["200"]["content"]["application/json"]["schema"], schema);
        assert_eq!(operation["responses"]["404"]["$ref"], "#/nowhere");
        assert_eq!(whole["components"], document["components"]);
    }
}
