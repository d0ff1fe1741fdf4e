//! No module of a crate needs, through others, itself: neither the files of a folder nor folders beside each other.

use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};

use crate::walls::{crate_folders, rust_files};

/// Circles that are still there: the crate, and the modules in it. Each must be found; whoever breaks one strikes it out.
const KNOWN: &[(&str, &[&str])] = &[];

/// A module by its path in its crate.
type Module = Vec<String>;

/// Every module of a crate with what it says before its tests.
pub(crate) fn modules(src: &Path) -> BTreeMap<Module, String> {
    let mut files = Vec::new();
    rust_files(src, &mut files);
    let module = |file: &PathBuf| {
        let mut path: Module = file
            .strip_prefix(src)
            .expect("below it")
            .with_extension("")
            .iter()
            .map(|part| part.to_string_lossy().into_owned())
            .collect();
        path.pop_if(|last| ["lib", "main", "mod"].contains(&last.as_str()));
        path
    };
    let of_tests = |module: &Module| {
        module.iter().any(|part| part == "fuzzing" || part.split('_').any(|word| ["tests", "testing"].contains(&word)))
    };
    files
        .iter()
        .map(|file| (module(file), std::fs::read_to_string(file).expect("readable file")))
        .filter(|(module, _)| !of_tests(module))
        .map(|(module, text)| (module, code(&text)))
        .collect()
}

/// The text before the tests, without comments.
fn code(text: &str) -> String {
    let text = text.split("#[cfg(test)]\nmod ").next().unwrap_or_default();
    text.lines().map(|line| line.split("//").next().unwrap_or_default()).collect::<Vec<_>>().join("\n")
}

/// Every path that begins with `crate::` or `super::`, trees of `use` written out, as paths from the crate's root.
fn mentioned(text: &str, from: &Module) -> Vec<Module> {
    let mut found = Vec::new();
    for (keyword, base) in [("crate::", Module::new()), ("super::", from[..from.len().saturating_sub(1)].to_vec())] {
        for (at, _) in text.match_indices(keyword) {
            let joined = text[..at].ends_with(|c: char| c.is_alphanumeric() || c == '_' || c == ':' || c == '$');
            if !joined {
                branches(&text[at + keyword.len()..], &base, &mut found);
            }
        }
    }
    found
}

/// Follows one path or tree and returns what comes after it.
fn branches<'a>(text: &'a str, base: &Module, found: &mut Vec<Module>) -> &'a str {
    let mut path = base.clone();
    let mut rest = text;
    loop {
        let Some(mut inner) = rest.strip_prefix('{') else {
            let name = rest.find(|c: char| !c.is_alphanumeric() && c != '_').unwrap_or(rest.len());
            path.push(rest[..name].to_owned());
            let Some(after) = rest[name..].strip_prefix("::") else {
                rest = &rest[name..];
                break;
            };
            rest = after;
            continue;
        };
        loop {
            inner = inner.trim_start_matches([',', ' ', '\n']);
            if let Some(end) = inner.strip_prefix('}') {
                return end;
            }
            let next = branches(inner, &path, found);
            if next.len() == inner.len() {
                return next;
            }
            // `self`, `*` and `as Name` add nothing.
            inner = next.trim_start_matches(|c: char| c != ',' && c != '}');
        }
    }
    found.push(path);
    rest
}

/// Which child of a module an item comes from that the module hands on (`pub use child::Item`).
fn handed_on(modules: &BTreeMap<Module, String>) -> BTreeMap<Module, Module> {
    let mut from = BTreeMap::new();
    for (module, text) in modules {
        for (at, _) in text.match_indices("use ") {
            let mut found = Vec::new();
            branches(text[at + "use ".len()..].trim_start_matches("self::"), module, &mut found);
            for path in found {
                let child = &path[..(module.len() + 1).min(path.len())];
                if let Some(item) = path.last().filter(|_| path.len() > child.len() && modules.contains_key(child)) {
                    from.insert([module.as_slice(), std::slice::from_ref(item)].concat(), child.to_vec());
                }
            }
        }
    }
    from
}

/// Per folder (a module path): which of its children needs which.
type Needs = BTreeMap<Module, BTreeMap<String, BTreeSet<String>>>;

fn needs(modules: &BTreeMap<Module, String>) -> Needs {
    let mut needs = Needs::new();
    let handed_on = handed_on(modules);
    for (from, text) in modules {
        for path in mentioned(text, from) {
            let prefixes = (0..=path.len()).rev().map(|length| &path[..length]);
            let mut to = prefixes.filter_map(|part| {
                let is_module = modules.contains_key(part).then_some(part);
                is_module.or_else(|| handed_on.get(part).map(Module::as_slice))
            });
            let Some(to) = to.next() else { continue };
            let shared = from.iter().zip(to).take_while(|(a, b)| a == b).count();
            // A module and what is in it are one.
            if let (Some(a), Some(b)) = (from.get(shared), to.get(shared)) {
                let folder = needs.entry(from[..shared].to_vec()).or_default();
                folder.entry(a.clone()).or_default().insert(b.clone());
            }
        }
    }
    needs
}

/// The circles of one folder, each as the sorted names in it.
fn circles(edges: &BTreeMap<String, BTreeSet<String>>) -> BTreeSet<Vec<String>> {
    let reached = |from: &String| {
        let (mut seen, mut open) = (BTreeSet::new(), vec![from]);
        while let Some(next) = open.pop() {
            open.extend(edges.get(next).into_iter().flatten().filter(|to| seen.insert((*to).clone())));
        }
        seen
    };
    let reached: BTreeMap<_, _> = edges.keys().map(|from| (from, reached(from))).collect();
    let within = |a: &String| {
        let there = reached.get(a).into_iter().flatten();
        there.filter(|b| reached.get(b).is_some_and(|back| back.contains(a))).cloned().collect::<Vec<_>>()
    };
    edges.keys().map(within).filter(|circle| !circle.is_empty()).collect()
}

fn circles_of(crate_folder: &Path) -> BTreeSet<Vec<String>> {
    let needs = needs(&modules(&crate_folder.join("src")));
    let named = |folder: &Module, circle: Vec<String>| {
        circle.into_iter().map(|name| [folder.as_slice(), &[name]].concat().join("::")).collect()
    };
    needs.iter().flat_map(|(folder, edges)| circles(edges).into_iter().map(move |it| named(folder, it))).collect()
}

#[test]
fn no_module_needs_itself_through_others() {
    let mut found = BTreeSet::new();
    for folder in crate_folders() {
        let name = folder.file_name().expect("a name").to_string_lossy().into_owned();
        found.extend(circles_of(&folder).into_iter().map(|circle| (name.clone(), circle)));
    }
    let known: BTreeSet<(String, Vec<String>)> = KNOWN
        .iter()
        .map(|(name, circle)| ((*name).to_owned(), circle.iter().map(ToString::to_string).collect()))
        .collect();
    let (new, gone): (Vec<_>, Vec<_>) = (found.difference(&known).collect(), known.difference(&found).collect());
    assert!(new.is_empty(), "break these circles: {new:?}");
    assert!(gone.is_empty(), "strike these out of KNOWN, they are broken: {gone:?}");
}

#[test]
fn a_circle_is_seen_however_it_is_written() {
    let modules: BTreeMap<Module, String> = [
        ("a", "use crate::{b::{self, c::{Deep, Other as More}}};"),
        ("b", "fn f() {}"),
        ("b/c", "use crate::d::X;"),
        ("d", "fn f() { super::a::g(); } // crate::e::h"),
        ("e", "use crate::{a, d::X};"),
        ("f", "mod g; mod h; pub use g::{G as Gee, Other}; pub use h::H;"),
        ("f/g", "use crate::f::H;"),
        ("f/h", "use crate::f::Other;"),
    ]
    .map(|(path, text)| (path.split('/').map(ToOwned::to_owned).collect(), code(text)))
    .into();
    let needs = needs(&modules);
    let found = |folder: &[&str]| circles(&needs[&folder.iter().map(ToString::to_string).collect::<Module>()]);
    assert_eq!(found(&[]), BTreeSet::from([["a", "b", "d"].map(ToOwned::to_owned).to_vec()]));
    assert_eq!(found(&["f"]), BTreeSet::from([["g", "h"].map(ToOwned::to_owned).to_vec()]));
}
