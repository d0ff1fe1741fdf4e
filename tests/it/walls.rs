//! The walls between the crates, as `cargo metadata` sees them, and the ones inside the gateway, as its files show them.

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};

use cargo_metadata::{DependencyKind, MetadataCommand};

pub(crate) fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).parent().expect("tests/ lies in the workspace").to_path_buf()
}

/// Which workspace members depend on `dependency` outside of their tests.
fn users_of(dependency: &str) -> BTreeSet<String> {
    let metadata = MetadataCommand::new().current_dir(root()).no_deps().exec().expect("cargo metadata runs");
    let uses = |package: &&cargo_metadata::Package| {
        package.dependencies.iter().any(|d| d.kind == DependencyKind::Normal && *d.name == *dependency)
    };
    metadata.packages.iter().filter(uses).map(|package| package.name.to_string()).collect()
}

fn set(names: &[&str]) -> BTreeSet<String> {
    names.iter().map(ToString::to_string).collect()
}

#[test]
fn only_upstream_http_speaks_http_to_the_outside() {
    assert_eq!(users_of("reqwest"), set(&["upstream-http", "rollcall-tests"]));
}

#[test]
fn only_caller_auth_knows_tokens() {
    assert_eq!(users_of("jsonwebtoken"), set(&["caller-auth", "rollcall-tests"]));
}

#[test]
fn only_the_gateway_and_the_simulator_serve() {
    assert_eq!(users_of("axum"), set(&["gateway", "provider-simulator"]));
}

#[test]
fn the_domain_depends_on_no_other_member_and_does_no_io() {
    let others =
        ["upstream-http", "provider-huddle01", "provider-realtimekit", "gateway", "provider-simulator", "lenient-json"];
    for crate_name in others {
        assert!(!users_of(crate_name).contains("session-provider"), "{crate_name}");
        assert!(!users_of(crate_name).contains("lenient-json"), "{crate_name}");
    }
    for io in ["hyper", "http", "tower"] {
        assert!(!users_of(io).contains("session-provider"), "{io}");
    }
}

#[test]
fn the_simulator_knows_wire_facts_only() {
    for crate_name in ["session-provider", "upstream-http", "provider-huddle01", "provider-realtimekit", "gateway"] {
        assert!(!users_of(crate_name).contains("provider-simulator"), "{crate_name}");
    }
}

pub(crate) fn rust_files(folder: &Path, found: &mut Vec<PathBuf>) {
    for entry in std::fs::read_dir(folder).expect("readable folder") {
        let path = entry.expect("readable entry").path();
        if path.is_dir() {
            rust_files(&path, found);
        } else if path.extension().is_some_and(|extension| extension == "rs") {
            found.push(path);
        }
    }
}

/// What a file says before its tests.
fn code(file: &Path) -> String {
    let text = std::fs::read_to_string(file).expect("readable file");
    text.split("#[cfg(test)]").next().unwrap_or_default().to_owned()
}

#[test]
fn what_is_above_the_trait_names_no_provider_and_no_kind() {
    let names = ["provider_huddle01", "provider_realtimekit", "huddle01", "realtimekit", "Huddle01::", "RealtimeKit::"];
    for folder in ["api", "reads", "model", "moderation"] {
        let mut files = Vec::new();
        rust_files(&root().join("crates/gateway/src").join(folder), &mut files);
        assert!(files.len() >= 5, "{folder} moved; this test must follow it");
        let of_tests = |file: &Path| {
            file.components().any(|part| part.as_os_str() == "tests")
                || ["tests.rs", "testing.rs", "fuzzing.rs"].iter().any(|name| file.ends_with(name))
        };
        for file in files.iter().filter(|file| !of_tests(file)) {
            let code = code(file);
            for name in names {
                assert!(!code.contains(name), "{} names {name}", file.display());
            }
        }
    }
}

#[test]
fn no_file_is_over_400_lines() {
    let mut files = Vec::new();
    rust_files(&root().join("crates"), &mut files);
    rust_files(&root().join("tests/it"), &mut files);
    for file in files {
        let lines = std::fs::read_to_string(&file).expect("readable file").lines().count();
        assert!(lines <= 400, "{} has {lines} lines: it holds more than one thing", file.display());
    }
}
