//! A word has one meaning in a crate: no two of its types have the same name.

use std::collections::{BTreeMap, BTreeSet};

use crate::circles::modules;
use crate::walls::crate_folders;

/// Names that may be there twice: the crate, and the name. `Inner` is what a cheaply cloned handle shares, everywhere;
/// the two simulated services have their own of the others.
const TWICE: &[(&str, &str)] = &[
    ("caller-auth", "Inner"),
    ("gateway", "Inner"),
    ("provider-simulator", "Page"),
    ("provider-simulator", "Query"),
    ("upstream-http", "Inner"),
];

/// The name of the type that a line at the left edge declares.
fn declared(line: &str) -> Option<&str> {
    let visible = ["pub ", "pub(crate) ", "pub(super) "].iter().find_map(|it| line.strip_prefix(it)).unwrap_or(line);
    let name = ["struct ", "enum ", "trait ", "type "].iter().find_map(|it| visible.strip_prefix(it))?;
    name.split(|c: char| !c.is_alphanumeric()).next()
}

#[test]
fn no_two_types_of_a_crate_have_the_same_name() {
    let mut twice = BTreeSet::new();
    for folder in crate_folders() {
        let mut times: BTreeMap<String, u32> = BTreeMap::new();
        for text in modules(&folder.join("src")).values() {
            for name in text.lines().filter_map(declared) {
                *times.entry(name.to_owned()).or_default() += 1;
            }
        }
        assert!(!times.is_empty(), "{} declares nothing", folder.display());
        let name = folder.file_name().expect("a folder's name").to_string_lossy().into_owned();
        twice.extend(times.into_iter().filter(|(_, n)| *n > 1).map(|(word, _)| (name.clone(), word)));
    }
    let expected: BTreeSet<_> = TWICE.iter().map(|(crate_, word)| (crate_.to_string(), word.to_string())).collect();
    assert_eq!(twice, expected);
}

#[test]
fn a_declaration_is_seen_however_visible() {
    let seen = ["pub struct A<T>(T);", "pub(crate) enum B {", "trait C: Send {", "pub(super) type D<'a> = &'a str;"];
    assert_eq!(seen.map(declared), ["A", "B", "C", "D"].map(Some));
    assert_eq!(["fn f() {}", "    struct Inside;", "structure"].map(declared), [None; 3]);
}
