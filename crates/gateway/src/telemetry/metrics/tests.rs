use std::collections::BTreeSet;
use std::path::{Path, PathBuf};

use super::*;

#[test]
fn what_is_recorded_is_described_and_durations_have_buckets() {
    let recorder = PrometheusBuilder::new().set_buckets(&BUCKETS).unwrap().build_recorder();
    let handle = recorder.handle();
    metrics::with_local_recorder(&recorder, || {
        describe();
        metrics::counter!(PROVIDER_OPERATIONS).increment(1);
        metrics::histogram!(HTTP_REQUEST_SECONDS).record(0.02);
    });
    let shown = handle.render();
    assert!(shown.contains("# HELP rollcall_provider_operations_total Provider operations ended."), "{shown}");
    assert!(shown.contains("rollcall_http_request_duration_seconds_bucket{le=\"0.025\"} 1"), "{shown}");
}

fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../..")
}

/// The words of a text that begin like a metric of ours, without labels.
fn metrics_in(text: &str) -> BTreeSet<&str> {
    let ends = |c: char| !c.is_ascii_lowercase() && !c.is_ascii_digit() && c != '_';
    text.match_indices("rollcall_").filter_map(|(at, _)| text[at..].split(ends).next()).collect()
}

#[test]
fn the_operators_table_lists_every_metric_and_no_other() {
    let text = std::fs::read_to_string(root().join("docs/operators.md")).unwrap();
    let rows: Vec<_> = text.lines().filter(|line| line.starts_with("| `rollcall_")).collect();
    let documented: BTreeSet<_> =
        rows.iter().flat_map(|row| metrics_in(row.split('|').nth(1).unwrap_or_default())).collect();
    let described: BTreeSet<_> = METRICS.iter().map(|(name, _, _)| *name).collect();
    assert_eq!(documented, described);
    assert_eq!(described.len(), METRICS.len(), "one is described twice");
}

/// Every source file of every crate, without its tests.
fn sources() -> Vec<(PathBuf, String)> {
    let (mut open, mut found) = (vec![root().join("crates")], Vec::new());
    while let Some(folder) = open.pop() {
        for entry in std::fs::read_dir(folder).unwrap() {
            let path = entry.unwrap().path();
            let name = path.file_name().unwrap().to_string_lossy().into_owned();
            if path.is_dir() && !["tests", "target", "attacks"].contains(&name.as_str()) {
                open.push(path);
            } else if name.ends_with(".rs") && name != "tests.rs" {
                let text = std::fs::read_to_string(&path).unwrap();
                let code = text.split("#[cfg(test)]\nmod ").next().unwrap_or_default().to_owned();
                found.push((path, code));
            }
        }
    }
    found
}

#[test]
fn names_stand_in_constants_alone_and_each_constant_is_recorded_somewhere() {
    let sources = sources();
    let (mut constants, mut recorded) = (Vec::new(), String::new());
    for (path, code) in &sources {
        for line in code.lines().filter(|line| line.contains("\"rollcall_")) {
            let constant = line.strip_prefix("pub const ").and_then(|rest| rest.split(':').next());
            assert!(constant.is_some(), "{}: a metric's name is no constant: {line}", path.display());
            constants.extend(constant.map(|name| (name, metrics_in(line))));
        }
        for macro_name in ["counter!(", "gauge!(", "histogram!("] {
            for (at, _) in code.match_indices(macro_name) {
                let name = code[at + macro_name.len()..].split([',', ')']).next().unwrap_or_default();
                recorded.extend([name.trim().rsplit("::").next().unwrap_or_default(), "\n"]);
            }
        }
    }
    let named: BTreeSet<_> = constants.iter().flat_map(|(_, names)| names.iter().copied()).collect();
    assert_eq!(named, METRICS.iter().map(|(name, _, _)| *name).collect());
    for (constant, names) in &constants {
        assert!(recorded.lines().any(|it| it == *constant), "nothing records {constant}, {names:?}");
    }
}
