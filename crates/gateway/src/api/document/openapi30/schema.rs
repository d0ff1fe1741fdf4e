//! What a schema of 3.1 says otherwise in 3.0.

use serde_json::{Map, Value, json};

type Schema = Map<String, Value>;

/// Keywords that 3.0 has no word for. Without them a schema allows more, never less.
const DROPPED: &[&str] = &[
    "$anchor",
    "$comment",
    "$id",
    "$schema",
    "contains",
    "contentSchema",
    "dependentRequired",
    "dependentSchemas",
    "else",
    "if",
    "maxContains",
    "minContains",
    "propertyNames",
    "then",
    "unevaluatedItems",
    "unevaluatedProperties",
];

/// Rewrites the keywords of this schema; those inside of it stay as they are. Of what is no schema it changes nothing but a
/// reference, which stands alone in 3.0.
pub(super) fn to_schema_30(mut schema: Schema) -> Schema {
    schema.retain(|keyword, _| !DROPPED.contains(&keyword.as_str()));
    named_forms(&mut schema);
    unions(&mut schema);
    types(&mut schema);
    constants(&mut schema);
    arrays(&mut schema);
    objects(&mut schema);
    bounds(&mut schema);
    texts(&mut schema);
    examples(&mut schema);
    reference(&mut schema);
    schema
}

fn is_null(schema: &Value) -> bool {
    schema["type"] == "null"
}

/// Generators of 3.0 make a union of `oneOf`, and of `anyOf` one type with everything in it.
fn named_forms(schema: &mut Schema) {
    let all_named = |forms: &Value| {
        let forms = forms.as_array().map(Vec::as_slice).unwrap_or_default();
        forms.len() > 1 && forms.iter().all(|form| form.get("$ref").is_some())
    };
    if schema.get("anyOf").is_some_and(all_named)
        && let Some(forms) = schema.remove("anyOf")
    {
        schema.insert("oneOf".to_owned(), forms);
    }
}

/// `oneOf: [X, null]` is an X that is `nullable`.
fn unions(schema: &mut Schema) {
    for keyword in ["oneOf", "anyOf"] {
        let Some(Value::Array(members)) = schema.get_mut(keyword) else { continue };
        let before = members.len();
        members.retain(|member| !is_null(member));
        if members.len() == before {
            continue;
        }
        if members.len() == 1
            && let Some(Value::Object(only)) = members.pop()
        {
            schema.remove(keyword);
            take_in(schema, only);
        }
        schema.insert("nullable".to_owned(), json!(true));
    }
}

/// Puts what another schema says into this one.
fn take_in(schema: &mut Schema, mut other: Schema) {
    // What is said outside is said of this place.
    if schema.contains_key("description") {
        other.remove("description");
    }
    if other.keys().any(|keyword| schema.contains_key(keyword)) {
        also(schema, Value::Object(other));
    } else {
        schema.append(&mut other);
    }
}

/// Demands something more.
fn also(schema: &mut Schema, other: Value) {
    if let Value::Array(all) = schema.entry("allOf").or_insert_with(|| json!([])) {
        all.push(other);
    }
}

fn types(schema: &mut Schema) {
    let names = match schema.get("type") {
        Some(Value::Array(names)) => names.clone(),
        Some(null) if null == "null" => vec![null.clone()],
        _ => return,
    };
    let (nulls, others): (Vec<_>, Vec<_>) = names.into_iter().partition(|name| name == "null");
    match others.as_slice() {
        [] => {
            schema.remove("type");
            schema.insert("enum".to_owned(), json!([null]));
        }
        [one] => {
            schema.insert("type".to_owned(), one.clone());
        }
        several => {
            schema.remove("type");
            let any_of: Value = several.iter().map(|name| json!({ "type": name })).collect();
            also(schema, json!({ "anyOf": any_of }));
        }
    }
    if !nulls.is_empty() {
        schema.insert("nullable".to_owned(), json!(true));
    }
}

fn constants(schema: &mut Schema) {
    if let Some(value) = schema.remove("const") {
        schema.insert("enum".to_owned(), json!([value]));
    }
}

/// `true` and `false` as schemas, where 3.0 wants an object.
fn written_out(schema: Value) -> Value {
    match schema {
        Value::Bool(true) => json!({}),
        Value::Bool(false) => json!({ "not": {} }),
        schema => schema,
    }
}

/// A tuple is an array of any of its items' schemas.
fn arrays(schema: &mut Schema) {
    let Some(Value::Array(tuple)) = schema.remove("prefixItems") else {
        if let Some(items) = schema.get_mut("items") {
            *items = written_out(items.take());
        }
        return;
    };
    let rest = schema.remove("items").unwrap_or(Value::Bool(true));
    let is_closed = rest == false;
    if is_closed {
        schema.entry("maxItems").or_insert_with(|| json!(tuple.len()));
    }
    let mut kinds: Vec<Value> = Vec::new();
    for kind in tuple.into_iter().chain((!is_closed).then_some(rest)).map(written_out) {
        if !kinds.contains(&kind) {
            kinds.push(kind);
        }
    }
    let items = if kinds.len() == 1 { kinds.remove(0) } else { json!({ "anyOf": kinds }) };
    schema.insert("items".to_owned(), items);
}

fn objects(schema: &mut Schema) {
    // Names that fit a pattern would be refused without it.
    if schema.remove("patternProperties").is_some() && schema.get("additionalProperties") == Some(&json!(false)) {
        schema.remove("additionalProperties");
    }
    if let Some(Value::Object(properties)) = schema.get_mut("properties") {
        properties.values_mut().for_each(|property| *property = written_out(property.take()));
    }
    // 3.0 wants one name at least.
    if schema.get("required") == Some(&json!([])) {
        schema.remove("required");
    }
}

/// An exclusive bound is a number of its own in 3.1, and a remark on the bound in 3.0.
fn bounds(schema: &mut Schema) {
    for (exclusive, inclusive, sign) in [("exclusiveMinimum", "minimum", 1.0), ("exclusiveMaximum", "maximum", -1.0)] {
        let Some(open) = schema.get(exclusive).filter(|bound| bound.is_number()).cloned() else { continue };
        schema.remove(exclusive);
        let of = |bound: &Value| bound.as_f64().map(|number| number * sign);
        let is_tighter = schema.get(inclusive).is_some_and(|closed| of(closed) > of(&open));
        if !is_tighter {
            schema.insert(inclusive.to_owned(), open);
            schema.insert(exclusive.to_owned(), json!(true));
        }
    }
}

/// Bytes in a text have formats in 3.0.
fn texts(schema: &mut Schema) {
    let encoding = schema.remove("contentEncoding");
    let format = match (encoding, schema.remove("contentMediaType")) {
        (Some(encoding), _) if encoding == "base64" => "byte",
        (None, Some(_)) => "binary",
        _ => return,
    };
    schema.entry("format").or_insert_with(|| json!(format));
}

/// Of several examples the first; a map of named ones belongs to no schema and stays.
fn examples(schema: &mut Schema) {
    let Some(Value::Array(examples)) = schema.get_mut("examples") else { return };
    let first = (!examples.is_empty()).then(|| examples.swap_remove(0));
    schema.remove("examples");
    if let Some(first) = first {
        schema.entry("example").or_insert(first);
    }
}

/// What stands beside a reference is not read in 3.0. Of a schema it is said around it; of anything else it is left out.
fn reference(schema: &mut Schema) {
    if schema.len() < 2 {
        return;
    }
    let Some(target) = schema.get("$ref").and_then(Value::as_str).map(|target| json!({ "$ref": target })) else {
        return;
    };
    if target["$ref"].as_str().is_some_and(|target| target.starts_with("#/components/schemas/")) {
        schema.remove("$ref");
        also(schema, target);
    } else {
        schema.retain(|keyword, _| keyword == "$ref");
    }
}
