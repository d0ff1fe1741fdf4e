//! Writes the document.

use serde_json::Value;
use utoipa::openapi::OpenApi;

use crate::api::document::headers::REQUIRED;

/// As text, keys sorted, so that its diffs are readable.
pub(super) fn finish(document: OpenApi) -> String {
    let mut document = serde_json::to_value(document).unwrap_or_default();
    tidy(&mut document);
    written(&document)
}

/// A document as its file has it: pretty-printed, with a final newline.
pub(crate) fn written(document: &Value) -> String {
    let mut text = serde_json::to_string_pretty(document).unwrap_or_default();
    text.push('\n');
    text
}

/// Sorts the keys of every object and says which headers are required. Arrays keep their order: it means something.
fn tidy(value: &mut Value) {
    match value {
        Value::Object(map) => {
            if let Some(required) = map.remove(REQUIRED) {
                map.insert("required".to_owned(), required);
            }
            map.values_mut().for_each(tidy);
            map.sort_keys();
        }
        Value::Array(items) => items.iter_mut().for_each(tidy),
        _ => {}
    }
}
