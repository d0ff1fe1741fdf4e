//! Schemas of bodies.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError};

use jsonschema::{Draft, Validator};
use serde_json::{Value, json};

use crate::SeenAnswer;

/// The schemas, compiled when first used.
#[derive(Debug)]
pub(crate) struct Schemas {
    components: Value,
    compiled: Mutex<HashMap<String, Arc<Validator>>>,
}

impl Schemas {
    /// Of the document's components. A property that a schema does not name is refused: it is not documented.
    pub(crate) fn new(mut components: Value) -> Self {
        for schema in components["schemas"].as_object_mut().into_iter().flat_map(serde_json::Map::values_mut) {
            if let Some(schema) = schema.as_object_mut().filter(|schema| schema.contains_key("properties")) {
                schema.entry("additionalProperties").or_insert(Value::Bool(false));
            }
        }
        Self { components, compiled: Mutex::default() }
    }

    /// Faults of a body that must be JSON of this schema.
    pub(crate) fn faults(&self, schema: &Value, body: &[u8]) -> Vec<String> {
        let value: Value = match serde_json::from_slice(body) {
            Ok(value) => value,
            Err(error) => return vec![format!("the body is not JSON: {error}")],
        };
        let validator = match self.compiled(schema) {
            Ok(validator) => validator,
            Err(fault) => return vec![fault],
        };
        validator.iter_errors(&value).map(|error| format!("body{}: {error}", error.instance_path)).collect()
    }

    fn compiled(&self, schema: &Value) -> Result<Arc<Validator>, String> {
        let key = schema.to_string();
        let mut compiled = self.compiled.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(validator) = compiled.get(&key) {
            return Ok(validator.clone());
        }
        let whole = json!({ "components": self.components, "allOf": [schema] });
        let validator = jsonschema::options()
            .with_draft(Draft::Draft202012)
            .should_validate_formats(true)
            .build(&whole)
            .map_err(|error| format!("the document's schema cannot be used: {error}"))?;
        let validator = Arc::new(validator);
        compiled.insert(key, validator.clone());
        Ok(validator)
    }
}

/// Faults of a request's body that was accepted all the same: whoever goes by the document could not have sent it. Where
/// bytes are documented, anything could be sent.
pub(crate) fn request_faults(answer: &SeenAnswer<'_>, operation: &Value, schemas: &Schemas) -> Vec<String> {
    let documented = &operation["requestBody"];
    if documented["content"].get("application/octet-stream").is_some() {
        return Vec::new();
    }
    let schema = &documented["content"]["application/json"]["schema"];
    if !answer.status.is_success() {
        return Vec::new();
    }
    let faults = match (answer.request_body, schema) {
        ([], _) if documented["required"] == true => vec!["there is none".to_owned()],
        ([], _) => Vec::new(),
        (_, Value::Null) => vec!["no body is documented".to_owned()],
        // A byte order mark before the JSON may be ignored (RFC 8259 §8.1).
        (body, schema) => schemas.faults(schema, body.strip_prefix(b"\xef\xbb\xbf").unwrap_or(body)),
    };
    faults.into_iter().map(|fault| format!("the request was accepted, but {fault}")).collect()
}

/// Faults of the body of an answer to a documented operation. A response without content may have any body, except
/// where there can be none.
pub(crate) fn faults(answer: &SeenAnswer<'_>, response: &Value, schemas: &Schemas) -> Vec<String> {
    if answer.has_no_body() && !answer.body.is_empty() {
        return vec!["there is a body".to_owned()];
    }
    let Some(content) = response["content"].as_object() else { return Vec::new() };
    let media_type = answer.media_type();
    let Some(declared) = content.get(media_type) else {
        return vec![format!(
            "Content-Type is {media_type:?}, documented are {:?}",
            content.keys().collect::<Vec<_>>()
        )];
    };
    if answer.has_no_body() || answer.headers.contains_key("content-encoding") || !media_type.ends_with("json") {
        return Vec::new();
    }
    schemas.faults(&declared["schema"], answer.body)
}
