//! What utoipa cannot say, or says where readers do not look for it.

use serde_json::{Map, Value, json};

use crate::api::document::headers::REQUIRED;

/// Says which headers are required, puts descriptions beside a `oneOf` with null rather than inside, makes a line of each
/// paragraph (they were broken for the source), and leaves out what holds without being said.
pub(super) fn tidy(value: &mut Value) {
    match value {
        Value::Object(map) => {
            map.values_mut().for_each(tidy);
            if let Some(required) = map.remove(REQUIRED) {
                map.insert("required".to_owned(), required);
            }
            leave_out_defaults(map);
            describe_beside(map);
            allow_overlap(map);
            if let Some(Value::String(text)) = map.get_mut("description") {
                *text = unwrapped(text);
            }
        }
        Value::Array(items) => items.iter_mut().for_each(tidy),
        _ => {}
    }
}

/// That a parameter need not be sent, that it is repeated for each value, and that the names of members are texts.
fn leave_out_defaults(map: &mut Map<String, Value>) {
    let is_query = map.get("in").is_some_and(|place| place == "query");
    let is_parameter = map.contains_key("in");
    map.retain(|name, value| match name.as_str() {
        "required" => !(is_parameter && *value == json!(false)),
        "explode" => !(is_query && *value == json!(true)),
        "propertyNames" => *value != json!({ "type": "string" }),
        _ => true,
    });
}

/// `oneOf: [{$ref, description}, {type: null}]` describes one of two forms, and the property not at all.
fn describe_beside(schema: &mut Map<String, Value>) {
    let Some(Value::Array(forms)) = schema.get_mut("oneOf") else { return };
    let is_null = |form: &Value| form["type"] == "null";
    if forms.len() != 2 || !forms.iter().any(is_null) {
        return;
    }
    let inner = forms.iter_mut().filter_map(Value::as_object_mut).find_map(|form| form.remove("description"));
    if let Some(inner) = inner {
        schema.entry("description").or_insert(inner);
    }
}

/// Events have no member that tells one from the other, and readers must bear members that they do not know: what is one
/// of them may look like another too.
fn allow_overlap(schema: &mut Map<String, Value>) {
    let all_named = |forms: &Value| {
        let forms = forms.as_array().map(Vec::as_slice).unwrap_or_default();
        forms.len() > 1 && forms.iter().all(|form| form.get("$ref").is_some())
    };
    if schema.get("oneOf").is_some_and(all_named)
        && let Some(forms) = schema.remove("oneOf")
    {
        schema.insert("anyOf".to_owned(), forms);
    }
}

/// Lines of a list, a table or a heading go on standing alone.
fn unwrapped(text: &str) -> String {
    let stands_alone = |line: &str| line.is_empty() || line.starts_with(['|', '-', '*', '#']);
    let mut unwrapped = String::with_capacity(text.len());
    let mut joins = false;
    for line in text.lines() {
        if !unwrapped.is_empty() {
            unwrapped.push(if joins && !stands_alone(line) { ' ' } else { '\n' });
        }
        unwrapped.push_str(line);
        joins = !stands_alone(line);
    }
    unwrapped
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_thing_is_put_where_readers_look() {
        let reference = json!({ "$ref": "#/x" });
        let or_null = json!({ "type": "null" });
        for (before, after) in [
            (json!({ REQUIRED: true, "schema": {} }), json!({ "required": true, "schema": {} })),
            (
                json!({ "oneOf": [{ "$ref": "#/x", "description": "It." }, or_null] }),
                json!({ "description": "It.", "oneOf": [reference, or_null] }),
            ),
            (
                json!({ "description": "Own.", "oneOf": [or_null, { "$ref": "#/x", "description": "It." }] }),
                json!({ "description": "Own.", "oneOf": [or_null, reference] }),
            ),
            (
                json!({ "oneOf": [{ "$ref": "#/x", "description": "A." }, { "$ref": "#/y", "description": "B." }] }),
                json!({ "anyOf": [{ "$ref": "#/x", "description": "A." }, { "$ref": "#/y", "description": "B." }] }),
            ),
            (json!({ "in": "query", "required": false, "explode": true }), json!({ "in": "query" })),
            (json!({ "in": "header", "explode": true }), json!({ "in": "header", "explode": true })),
            (json!({ "in": "path", "required": true }), json!({ "in": "path", "required": true })),
            (json!({ "propertyNames": { "type": "string" }, "type": "object" }), json!({ "type": "object" })),
            (json!([{ "description": "a\nb\n\nc" }]), json!([{ "description": "a b\n\nc" }])),
        ] {
            let mut value = before.clone();
            tidy(&mut value);
            assert_eq!(value, after, "{before}");
        }
    }

    #[test]
    fn a_paragraph_is_a_line_and_what_stands_alone_goes_on_doing_so() {
        for (text, expected) in [
            ("one", "one"),
            ("one\ntwo\n`three` four\nfive", "one two `three` four five"),
            ("one\n\ntwo\nthree", "one\n\ntwo three"),
            ("## Head\ntext\nmore", "## Head\ntext more"),
            ("| a | b |\n|---|---|\n| c | d |", "| a | b |\n|---|---|\n| c | d |"),
            ("text\n- one\n- two", "text\n- one\n- two"),
        ] {
            assert_eq!(unwrapped(text), expected);
        }
    }
}
