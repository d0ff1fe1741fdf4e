//! What holds for every operation, written once: headers of answers, the 304 of reads, problems of all sets together.

use serde_json::{Map, Value, json};
use utoipa::openapi::OpenApi;

/// Finishes the document and writes it, keys sorted, so that its diffs are readable.
pub(super) fn finish(document: OpenApi) -> String {
    let mut document = serde_json::to_value(document).unwrap_or_default();
    if let Some(paths) = document["paths"].as_object_mut() {
        for (path, item) in paths {
            for (method, operation) in item.as_object_mut().into_iter().flatten() {
                finish_operation(path, method, operation);
            }
        }
    }
    sort(&mut document);
    let mut text = serde_json::to_string_pretty(&document).unwrap_or_default();
    text.push('\n');
    text
}

fn finish_operation(path: &str, method: &str, operation: &mut Value) {
    let is_api = path.starts_with("/v1/");
    let is_cached = is_api && method == "get" && path != "/v1/providers";
    if path.ends_with("/kick-all") {
        operation["requestBody"]["required"] = Value::Bool(false);
    }
    if let Some(parameters) =
        operation.as_object_mut().and_then(|it| it.entry("parameters").or_insert_with(|| json!([])).as_array_mut())
    {
        parameters.push(json!({
            "name": "X-Request-Id", "in": "header", "required": false,
            "description": "The caller's own id of the request; one is made when it is left out or ill-formed.",
            "schema": { "type": "string", "pattern": "^[A-Za-z0-9._-]{1,128}$" },
        }));
    }
    let Some(responses) = operation["responses"].as_object_mut() else { return };
    if is_cached || path == "/openapi.json" {
        let description = "The caller holds the answer already (`If-None-Match`). No body.";
        responses.insert("304".to_owned(), json!({ "description": description }));
    }
    for (status, response) in responses {
        let mut headers = vec![("X-Request-Id", "string", "The id of the request.")];
        if is_cached && matches!(status.as_str(), "200" | "304") {
            headers.extend([
                ("ETag", "string", "Weak; over the body without `fetched_at`."),
                ("Cache-Control", "string", "`private, no-cache`, or `no-store` when stale or incomplete."),
                ("Age", "integer", "Seconds since the provider answered."),
                ("Cache-Status", "string", "How the cache took part (RFC 9211)."),
                ("Vary", "string", "`Authorization`, among others."),
            ]);
        }
        match status.as_str() {
            "401" => headers.push(("WWW-Authenticate", "string", "`Bearer`")),
            "429" | "503" => headers.push(("Retry-After", "integer", "Seconds to wait before another try.")),
            _ => {}
        }
        if is_api && status != "401" {
            headers.extend([
                ("RateLimit", "string", "What is left of the caller's limit, where there is one."),
                ("RateLimit-Policy", "string", "The caller's limit, where there is one."),
            ]);
        }
        if method == "post" && is_api && status.starts_with('2') {
            headers.push(("Idempotency-Replayed", "string", "`true` when this is the first answer again."));
        }
        let headers: Map<_, _> = headers
            .into_iter()
            .map(|(name, kind, text)| (name.to_owned(), json!({ "description": text, "schema": { "type": kind } })))
            .collect();
        response["headers"] = Value::Object(headers);
    }
}

/// Sorts the keys of every object. Arrays keep their order: it means something.
fn sort(value: &mut Value) {
    match value {
        Value::Object(map) => {
            map.values_mut().for_each(sort);
            map.sort_keys();
        }
        Value::Array(items) => items.iter_mut().for_each(sort),
        _ => {}
    }
}
