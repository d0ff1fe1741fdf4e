//! The document as text: for people who read it, and for whoever reads its diffs.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write as _;

use serde_json::{Map, Value};
use utoipa::openapi::schema::Schema;
use utoipa::openapi::{OpenApi, RefOr};

/// What has room in a line of so many characters stands in one.
const WIDTH: usize = 160;

/// So many levels stand at the margin: the sections of the document, and what they consist of.
const AT_THE_MARGIN: usize = 2;

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
    let position = LinePosition { indent: 0, level: 0, column: 0, behind: 0 };
    write_value(&mut text, document, order, position);
    text.push('\n');
    text
}

/// Where a value stands.
#[derive(Debug, Clone, Copy)]
struct LinePosition {
    /// By how much its first line is indented.
    indent: usize,
    /// How many values it is in that have lines of their own.
    level: usize,
    /// What is in its first line before it.
    column: usize,
    /// What follows it in its last line.
    behind: usize,
}

/// What has no room in a line is opened in its first, has its members in lines of their own, plain values side by side,
/// and is closed behind the last. An only member stays in the line that opens.
fn write_value(text: &mut String, value: &Value, order: &PropertyOrder, position: LinePosition) {
    let line = in_a_line(value, order);
    if position.column + line.chars().count() + position.behind <= WIDTH {
        text.push_str(&line);
        return;
    }
    let (open, members, close) = match value {
        Value::Object(object) => {
            let named = |(name, member)| (format!("{}:", Value::from(String::as_str(name))), member);
            ('{', order.arrange(object).into_iter().map(named).collect::<Vec<_>>(), '}')
        }
        Value::Array(items) => ('[', items.iter().map(|item| (String::new(), item)).collect(), ']'),
        _ => return text.push_str(&line),
    };
    text.push(open);
    if let [(name, only)] = &members[..] {
        text.push_str(name);
        let column = position.column + 1 + name.chars().count();
        write_value(text, only, order, LinePosition { column, behind: position.behind + 1, ..position });
    } else {
        write_members(text, &members, order, position);
    }
    text.push(close);
}

fn write_members(text: &mut String, members: &[(String, &Value)], order: &PropertyOrder, position: LinePosition) {
    let indent = position.indent + usize::from(position.level >= AT_THE_MARGIN);
    let mut column = WIDTH;
    for (index, (name, member)) in members.iter().enumerate() {
        let behind = if index + 1 == members.len() { position.behind + 1 } else { 1 };
        let width =
            if is_plain(member) { name.chars().count() + member.to_string().chars().count() + behind } else { WIDTH };
        if column + width > WIDTH {
            // Writing to a text cannot fail.
            let _ = write!(text, "\n{:indent$}", "");
            column = indent;
        }
        text.push_str(name);
        let inner = LinePosition { indent, level: position.level + 1, column: column + name.chars().count(), behind };
        write_value(text, member, order, inner);
        if index + 1 < members.len() {
            text.push(',');
        }
        column += width;
    }
}

fn is_plain(value: &Value) -> bool {
    match value {
        Value::Object(object) => object.is_empty(),
        Value::Array(items) => items.is_empty(),
        _ => true,
    }
}

fn in_a_line(value: &Value, order: &PropertyOrder) -> String {
    match value {
        Value::Object(object) => {
            let member = |(name, member): (&String, &Value)| {
                format!("{}:{}", Value::from(name.as_str()), in_a_line(member, order))
            };
            let members: Vec<_> = order.arrange(object).into_iter().map(member).collect();
            format!("{{{}}}", members.join(","))
        }
        Value::Array(items) => {
            let items: Vec<_> = items.iter().map(|item| in_a_line(item, order)).collect();
            format!("[{}]", items.join(","))
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
            (json!({ "b": [1, "two", null], "a": {} }), "{\"a\":{},\"b\":[1,\"two\",null]}\n"),
            (json!({ "alpha": 1, "zulu": "\"" }), "{\"zulu\":\"\\\"\",\"alpha\":1}\n"),
            (json!({ "alpha": 1, "mike": 2, "zulu": 3 }), "{\"alpha\":1,\"mike\":2,\"zulu\":3}\n"),
        ] {
            assert_eq!(write(&value, &order()), text);
        }
    }

    #[test]
    fn what_is_long_is_broken_at_the_outermost_and_closed_behind_the_last() {
        let long = "x".repeat(90);
        let value = json!({ "alpha": { "b": long, "a": 1 }, "zulu": { "only": { "c": [long, long], "d": 1, "e": [2], "f": 3 } } });
        let text = write(&value, &order());
        let expected = format!(
            "{{\n\"zulu\":{{\"only\":{{\n\"c\":[\n \"{long}\",\n \"{long}\"],\n\"d\":1,\n\"e\":[2],\n\"f\":3}}}},\n\"alpha\":{{\"a\":1,\"b\":\"{long}\"}}}}\n"
        );
        assert_eq!(text, expected);
        assert_eq!(serde_json::from_str::<Value>(&text).unwrap(), value);
    }

    #[test]
    fn plain_values_stand_side_by_side_as_far_as_the_line_goes() {
        let words: Vec<_> = (0..100).map(|number| format!("word {number}")).collect();
        let text = write(&json!({ "a": words, "b": words }), &order());
        assert!(text.lines().count() < 20 && text.lines().all(|line| line.chars().count() <= WIDTH), "{text}");
        assert!(text.lines().filter(|line| line.chars().count() > WIDTH - 12).count() > 10, "{text}");
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
