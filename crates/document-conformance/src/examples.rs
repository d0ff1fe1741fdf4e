//! Whether a document's examples are what its schemas allow.

use serde_json::Value;

use crate::body::Schemas;
use crate::references::{inlined, members};

/// What an example says and its schema does not allow, and which bodies have no example.
///
/// # Errors
/// The document is not JSON.
pub fn example_faults(document: &str) -> Result<Vec<String>, String> {
    let document: Value = serde_json::from_str(document).map_err(|error| error.to_string())?;
    let document = inlined(&document);
    let schemas = Schemas::new(document["components"].clone());
    let mut faults = Vec::new();
    for (path, item) in members(&document["paths"]) {
        for (method, operation) in members(item) {
            let at = format!("{method} {path}");
            for parameter in operation["parameters"].as_array().into_iter().flatten() {
                let examples = examples_of(parameter);
                check(&schemas, &format!("{at} {}", parameter["name"]), &parameter["schema"], &examples, &mut faults);
            }
            let requests = members(&operation["requestBody"]["content"]).map(|(kind, media)| ("request", kind, media));
            let answers = members(&operation["responses"]).flat_map(|(status, response)| {
                members(&response["content"]).map(move |(kind, media)| (status.as_str(), kind, media))
            });
            for (which, kind, media) in requests.chain(answers) {
                let at = format!("{at} {which} {kind}");
                let examples = examples_of(media);
                if examples.is_empty() {
                    faults.push(format!("{at}: there is no example"));
                }
                check(&schemas, &at, &media["schema"], &examples, &mut faults);
            }
        }
    }
    Ok(faults)
}

fn examples_of(described: &Value) -> Vec<&Value> {
    let named = members(&described["examples"]).map(|(_, example)| &example["value"]);
    described.get("example").into_iter().chain(named).collect()
}

fn check(schemas: &Schemas, at: &str, schema: &Value, examples: &[&Value], faults: &mut Vec<String>) {
    for example in examples {
        let found = schemas.faults(schema, example.to_string().as_bytes());
        faults.extend(found.into_iter().map(|fault| format!("{at}: {fault}")));
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn an_example_that_the_schema_does_not_allow_is_told_and_so_is_none() {
        let text = json!({ "type": "string" });
        let document = |example: Value, answer: Value| {
            let operation = json!({
                "parameters": [{ "name": "id", "in": "path", "schema": text, "example": example }],
                "responses": { "200": { "content": { "application/json": answer } } },
            });
            json!({ "paths": { "/a": { "get": operation } }, "components": {
                "examples": { "Good": { "value": "x" }, "Bad": { "value": 1 } },
            } })
        };
        let good = json!({ "schema": text, "examples": { "it": { "$ref": "#/components/examples/Good" } } });
        let bad = json!({ "schema": text, "examples": { "it": { "$ref": "#/components/examples/Bad" } } });
        for (document, told) in [
            (document(json!("x"), good.clone()), &[][..]),
            (document(json!(5), good), &["get /a \"id\": body: 5 is not of type \"string\""]),
            (document(json!("x"), bad), &["get /a 200 application/json: body: 1 is not of type \"string\""]),
            (document(json!("x"), json!({ "schema": text })), &["get /a 200 application/json: there is no example"]),
        ] {
            assert_eq!(example_faults(&document.to_string()).unwrap(), told);
        }
    }
}
