//! The environment's say: `ROLLCALL__SECTION__KEY` overrides a key of the file.

use std::collections::BTreeMap;
use std::ffi::OsString;

use crate::config::error::Problems;
use crate::config::node::{Node, Table};

/// What every variable that is meant for the configuration begins with.
const PREFIX: &str = "ROLLCALL__";

/// Lays the variables over the tree. Sorted by name, so a table given whole comes before single keys of it.
pub(super) fn apply(
    root: &mut Table,
    environment: impl IntoIterator<Item = (OsString, OsString)>,
    problems: &Problems,
) {
    let mut ours = BTreeMap::new();
    for (name, value) in environment {
        let Some(name) = name.to_str() else { continue };
        if !name.starts_with(PREFIX) {
            // One underscore too few, and it would be ignored without a word.
            if let Some(rest) = name.strip_prefix("ROLLCALL_").filter(|rest| rest.contains("__")) {
                problems.report(name, format!("is not read; write two underscores: {PREFIX}{rest}"));
            }
            continue;
        }
        match value.into_string() {
            Ok(text) => drop(ours.insert(name.to_owned(), text)),
            Err(_) => problems.report(name, "is not UTF-8; set it to plain text"),
        }
    }
    for (name, text) in ours {
        let mut path: Vec<String> = name[PREFIX.len()..].split("__").map(str::to_ascii_lowercase).collect();
        if path.iter().any(String::is_empty) {
            problems.report(name, "names no key; write ROLLCALL__SECTION__KEY, for example ROLLCALL__SERVER__LISTEN");
            continue;
        }
        if let [section, id, ..] = path.as_mut_slice()
            && section == "providers"
        {
            *id = id.replace('_', "-");
        }
        set(root, &path, name, text, problems);
    }
}

fn set(root: &mut Table, path: &[String], name: String, text: String, problems: &Problems) {
    let Some((key, parents)) = path.split_last() else { return };
    let mut table = root;
    for (depth, parent) in parents.iter().enumerate() {
        let parent = written(table, parent);
        let node = table.entry(parent).or_insert_with(|| Node::Table(Table::new()));
        if let Some(whole) = node.clone().into_table() {
            *node = Node::Table(whole);
        }
        let Node::Table(inner) = node else {
            let reason = format!("is not a table, so {name} cannot set a key in it; unset the variable");
            return problems.report(path[..=depth].join("."), reason);
        };
        table = inner;
    }
    let key = written(table, key);
    table.insert(key, Node::Variable { name, text });
}

/// The key as the file writes it, if it has it: names that the operator chose (of issuers, of claims) may hold capital
/// letters and `-`, which a variable's name cannot tell from small ones and `_`.
fn written(table: &Table, key: &str) -> String {
    let is_meant = |known: &&String| known.replace('-', "_").eq_ignore_ascii_case(&key.replace('-', "_"));
    let known = if table.contains_key(key) { None } else { table.keys().find(is_meant) };
    known.map_or_else(|| key.to_owned(), Clone::clone)
}

/// The variable that sets a key: `providers.rtk-eu.api_token` is `ROLLCALL__PROVIDERS__RTK_EU__API_TOKEN`.
pub(super) fn variable_for(key: &str) -> String {
    format!("{PREFIX}{}", key.replace('.', "__").replace('-', "_").to_ascii_uppercase())
}
