//! `docs/threat-model.md` is only worth its tests: each that it names must exist.

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};

fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).parent().expect("tests/ lies in the workspace").to_path_buf()
}

/// The promises, each with the tests in its last column.
fn promises(document: &str) -> Vec<(&str, Vec<&str>)> {
    let mut promises = Vec::new();
    let mut in_table = false;
    for line in document.lines() {
        let cells: Vec<&str> = line.trim_matches('|').split('|').map(str::trim).collect();
        if !line.starts_with('|') {
            in_table = false;
        } else if cells == ["promise", "shown by"] {
            in_table = true;
        } else if in_table && !line.starts_with("|---") {
            let [promise, shown_by] = cells.as_slice() else { panic!("no two columns: {line}") };
            promises.push((*promise, shown_by.split('`').skip(1).step_by(2).collect()));
        }
    }
    promises
}

fn rust_files(folder: &Path, found: &mut Vec<PathBuf>) {
    for entry in std::fs::read_dir(folder).expect("readable folder") {
        let path = entry.expect("readable entry").path();
        if path.is_dir() && !path.ends_with("node_modules") && !path.ends_with("target") {
            rust_files(&path, found);
        } else if path.extension().is_some_and(|extension| extension == "rs") {
            found.push(path);
        }
    }
}

/// The names of all functions with an attribute that makes them tests and none that leaves them out.
fn tests_in(source: &str) -> BTreeSet<String> {
    let mut names = BTreeSet::new();
    let (mut is_test, mut is_ignored) = (false, false);
    for line in source.lines().map(str::trim_start) {
        if line.starts_with("#[") {
            is_test |= ["#[test]", "#[tokio::test", "#[rstest]"].iter().any(|start| line.starts_with(start));
            is_ignored |= line.starts_with("#[ignore");
        } else if let Some((_, rest)) = line.split_once("fn ") {
            if is_test && !is_ignored {
                names.extend(rest.split(['(', '<']).next().map(str::to_owned));
            }
            (is_test, is_ignored) = (false, false);
        } else if line.is_empty() {
            (is_test, is_ignored) = (false, false);
        }
    }
    names
}

#[test]
fn every_promise_names_tests_that_exist() {
    let document = std::fs::read_to_string(root().join("docs/threat-model.md")).expect("the threat model");
    let mut files = Vec::new();
    rust_files(&root().join("crates"), &mut files);
    rust_files(&root().join("tests"), &mut files);
    let tests: BTreeSet<String> =
        files.iter().flat_map(|file| tests_in(&std::fs::read_to_string(file).expect("readable source"))).collect();

    let promises = promises(&document);
    assert!(promises.len() >= 30, "{} promises were found", promises.len());
    for (promise, shown_by) in promises {
        assert!(!shown_by.is_empty(), "nothing shows: {promise}");
        let missing: Vec<&str> = shown_by.into_iter().filter(|name| !tests.contains(*name)).collect();
        assert!(missing.is_empty(), "no such tests: {missing:?}, which should show: {promise}");
    }
}

#[test]
fn the_check_tells_tests_from_other_functions() {
    let source = "#[test]\nfn a() {}\n\nfn b() {}\n#[tokio::test(start_paused = true)]\nasync fn c() {}\n\
                  #[rstest]\n#[case(1)]\nfn d(#[case] n: u8) {}\n#[test]\n#[ignore]\nfn e() {}\n// #[test]\nfn f() {}";
    assert_eq!(tests_in(source), BTreeSet::from(["a", "c", "d"].map(str::to_owned)));
    let document = "| promise | shown by |\n|---|---|\n| one | `a`, `b` |\n\n| other | table |\n|---|---|\n| x | `y` |";
    assert_eq!(promises(document), [("one", vec!["a", "b"])]);
}
