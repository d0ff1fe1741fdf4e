//! The document as text: for people who read it, and for whoever reads its diffs.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write as _;

use serde_json::{Map, Value};
use utoipa::openapi::schema::Schema;
use utoipa::openapi::{OpenApi, RefOr};

/// What has room in a line of so many characters stands in one.
const WIDTH: usize = 120;

/// By how much what is inside is indented.
const STEP: usize = 1;

/// In which order the properties of a schema were declared, by the set of their names.
#[derive(Debug, Default)]
pub(super) struct PropertyOrder(BTreeMap<BTreeSet<String>, Vec<String>>);

impl PropertyOrder {
    /// Of all schemas of a document.
    pub(super) fn of(document: &OpenApi) -> Self {
        let schemas = document.components.iter().flat_map(|components| components.schemas.values());
        let names = schemas.filter_map(|schema| match schema {
            RefOr::T(Schema::Object(object)) => Some(object.properties.keys().cloned().collect::<Vec<_>>()),
            _ => None,
        });
        Self(names.map(|names| (names.iter().cloned().collect(), names)).collect())
    }

    /// The members of an object in their order: as declared if they are the properties of a schema, else by name.
    fn arrange<'a>(&self, object: &'a Map<String, Value>) -> Vec<(&'a String, &'a Value)> {
        let declared = self.0.get(&object.keys().cloned().collect());
        match declared {
            Some(names) => names.iter().filter_map(|name| object.get_key_value(name)).collect(),
            None => {
                let mut members: Vec<_> = object.iter().collect();
                members.sort_unstable_by_key(|(name, _)| *name);
                members
            }
        }
    }
}

/// Writes it, with a final newline.
pub(super) fn write(document: &Value, order: &PropertyOrder) -> String {
    let mut text = String::new();
    write_value(&mut text, document, order, 0, 0);
    text.push('\n');
    text
}

/// `before` is what stands in the value's first line already, and after it.
fn write_value(text: &mut String, value: &Value, order: &PropertyOrder, indent: usize, before: usize) {
    let line = in_a_line(value, order);
    let is_short = indent + before + line.chars().count() <= WIDTH;
    match value {
        Value::Object(object) if !is_short => {
            let members = order.arrange(object);
            let last = members.len() - 1;
            text.push_str("{\n");
            for (index, (name, member)) in members.into_iter().enumerate() {
                let name = Value::from(name.as_str()).to_string();
                push_indented(text, indent + STEP, &name);
                text.push_str(": ");
                write_value(text, member, order, indent + STEP, name.chars().count() + 3);
                text.push_str(if index == last { "\n" } else { ",\n" });
            }
            push_indented(text, indent, "}");
        }
        Value::Array(items) if !is_short => {
            let last = items.len() - 1;
            text.push_str("[\n");
            for (index, item) in items.iter().enumerate() {
                push_indented(text, indent + STEP, "");
                write_value(text, item, order, indent + STEP, 1);
                text.push_str(if index == last { "\n" } else { ",\n" });
            }
            push_indented(text, indent, "]");
        }
        _ => text.push_str(&line),
    }
}

fn push_indented(text: &mut String, indent: usize, what: &str) {
    // Writing to a text cannot fail.
    let _ = write!(text, "{:indent$}{what}", "");
}

fn in_a_line(value: &Value, order: &PropertyOrder) -> String {
    match value {
        Value::Object(object) if !object.is_empty() => {
            let member = |(name, member): (&String, &Value)| {
                format!("{}: {}", Value::from(name.as_str()), in_a_line(member, order))
            };
            let members: Vec<_> = order.arrange(object).into_iter().map(member).collect();
            format!("{{ {} }}", members.join(", "))
        }
        Value::Array(items) => {
            let items: Vec<_> = items.iter().map(|item| in_a_line(item, order)).collect();
            format!("[{}]", items.join(", "))
        }
        plain => plain.to_string(),
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn order() -> PropertyOrder {
        let names = ["zulu", "alpha"].map(str::to_owned);
        PropertyOrder(BTreeMap::from([(names.iter().cloned().collect(), names.to_vec())]))
    }

    #[test]
    fn what_is_short_stands_in_a_line_and_properties_as_they_were_declared() {
        for (value, text) in [
            (json!({}), "{}\n"),
            (json!([]), "[]\n"),
            (json!({ "b": [1, "two", null], "a": {} }), "{ \"a\": {}, \"b\": [1, \"two\", null] }\n"),
            (json!({ "alpha": 1, "zulu": "\"" }), "{ \"zulu\": \"\\\"\", \"alpha\": 1 }\n"),
            (json!({ "alpha": 1, "mike": 2, "zulu": 3 }), "{ \"alpha\": 1, \"mike\": 2, \"zulu\": 3 }\n"),
        ] {
            assert_eq!(write(&value, &order()), text);
        }
    }

    #[test]
    fn what_is_long_is_broken_at_the_outermost() {
        let long = "x".repeat(90);
        let value = json!({ "alpha": { "b": long, "a": 1 }, "zulu": [long, long] });
        let text = write(&value, &order());
        let lines: Vec<_> = text.lines().collect();
        assert_eq!(lines[1], " \"zulu\": [");
        assert_eq!(lines[5], format!(" \"alpha\": {{ \"a\": 1, \"b\": \"{long}\" }}"));
        assert!(lines.iter().all(|line| line.chars().count() <= WIDTH), "{text}");
        assert_eq!(serde_json::from_str::<Value>(&text).unwrap(), value);
    }

    proptest::proptest! {
        #[test]
        fn whatever_is_written_reads_the_same(keys in proptest::collection::vec("\\PC{0,40}", 0..6), depth in 0_usize..4) {
            let leaf = Value::from(keys.clone());
            let nest = |inner: Value, _| Value::Object(keys.iter().map(|key| (key.clone(), inner.clone())).collect());
            let value = (0..depth).fold(leaf, nest);
            assert_eq!(serde_json::from_str::<Value>(&write(&value, &order())).unwrap(), value);
        }
    }
}
