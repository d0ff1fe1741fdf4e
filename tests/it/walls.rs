//! The walls between the crates, as `cargo metadata` sees them, and the ones inside them, as their files show them.

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};

use cargo_metadata::{DependencyKind, MetadataCommand, Package};
use gateway::providers::KINDS;

pub(crate) fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).parent().expect("tests/ lies in the workspace").to_path_buf()
}

/// The folders of our crates, the worked example's included.
pub(crate) fn crate_folders() -> Vec<PathBuf> {
    let entries = std::fs::read_dir(root().join("crates")).expect("readable folder");
    let folders = entries.map(|entry| entry.expect("readable entry").path());
    folders.chain([root().join("examples/provider-whiteboard")]).collect()
}

/// The members of the workspace.
fn members() -> Vec<Package> {
    let packages = MetadataCommand::new().current_dir(root()).no_deps().exec().expect("cargo metadata runs").packages;
    assert!(packages.len() >= 10, "{} members: this test must follow them", packages.len());
    packages
}

/// What a package depends on outside of its tests, ours and others'.
fn dependencies(package: &Package) -> BTreeSet<&str> {
    let shipped = package.dependencies.iter().filter(|dependency| dependency.kind != DependencyKind::Development);
    shipped.map(|dependency| dependency.name.as_str()).collect()
}

/// Which workspace members depend on `dependency` outside of their tests.
fn users_of(dependency: &str) -> BTreeSet<String> {
    let uses = |package: &&Package| dependencies(package).contains(dependency);
    members().iter().filter(uses).map(|package| package.name.to_string()).collect()
}

fn set(names: &[&str]) -> BTreeSet<String> {
    names.iter().map(ToString::to_string).collect()
}

/// The members that a member may depend on: what lies below it in `ARCHITECTURE.md`.
fn below(member: &str) -> Option<&'static [&'static str]> {
    Some(match member {
        "session-provider" | "lenient-json" | "document-conformance" | "provider-simulator" | "rollcall-client" => &[],
        "provider-conformance" => &["session-provider"],
        "upstream-http" | "coordination" => &["session-provider"],
        "coordination-redis" => &["coordination"],
        "caller-auth" => &["session-provider", "upstream-http"],
        provider if provider.starts_with("provider-") => &["lenient-json", "session-provider", "upstream-http"],
        _ => return None,
    })
}

#[test]
fn members_depend_only_on_what_is_below_them() {
    let members = members();
    let ours: BTreeSet<&str> = members.iter().map(|member| member.name.as_str()).collect();
    for member in &members {
        let used: BTreeSet<&str> = dependencies(member).intersection(&ours).copied().collect();
        match below(&member.name) {
            Some(below) => {
                let too_much: Vec<_> = used.iter().filter(|name| !below.contains(name)).collect();
                assert!(too_much.is_empty(), "{} depends on {too_much:?}", member.name);
            }
            None => assert!(
                ["gateway", "rollcall-tests"].contains(&member.name.as_str()),
                "{} is new: say in `below` what it may depend on",
                member.name
            ),
        }
    }
    assert_eq!(users_of("gateway"), set(&["rollcall-tests"]));
    assert_eq!(users_of("document-conformance"), set(&["rollcall-tests"]));
    assert_eq!(users_of("provider-conformance"), set(&[]));
    assert_eq!(users_of("rollcall-client"), set(&["gateway"]));
    assert_eq!(users_of("provider-whiteboard"), set(&[]), "the example is not shipped");
}

#[test]
fn the_domain_and_the_reading_of_json_do_no_io() {
    for io in ["hyper", "http", "tower", "reqwest", "axum"] {
        for pure in ["session-provider", "lenient-json"] {
            assert!(!users_of(io).contains(pure), "{pure} uses {io}");
        }
    }
    assert!(!users_of("tokio").contains("lenient-json"));
}

/// The gateway asks others through `upstream-http` alone. The client is for those who ask the gateway: ADR 21.
#[test]
fn only_upstream_http_speaks_http_to_the_outside() {
    assert_eq!(users_of("reqwest"), set(&["rollcall-client", "rollcall-tests", "upstream-http"]));
    for file in shipped(&root().join("crates/gateway/src")) {
        let is_the_command = file.starts_with(root().join("crates/gateway/src/cli/live"));
        assert!(is_the_command || !code(&file).contains("rollcall_client"), "{} uses the client", file.display());
    }
}

#[test]
fn only_coordination_redis_speaks_to_the_shared_store() {
    assert_eq!(users_of("redis"), set(&["coordination-redis"]));
}

#[test]
fn only_the_gateway_and_the_simulator_serve() {
    assert_eq!(users_of("axum"), set(&["gateway", "provider-simulator"]));
}

#[test]
fn only_caller_auth_knows_tokens() {
    assert_eq!(users_of("jsonwebtoken"), set(&["caller-auth", "rollcall-tests"]));
}

/// aws-lc-rs stays for the others, for two things: SHA-256, which is no signature, and rustls's provider. Of webhooks the
/// signature is a matter of the service, and the simulators make them.
#[test]
fn only_caller_auth_signs_and_verifies() {
    for library in ["ring", "hmac", "rsa", "ecdsa", "ed25519-dalek", "openssl"] {
        assert_eq!(users_of(library), set(&[]), "{library}");
    }
    for file in shipped(&root().join("crates")) {
        if file.starts_with(root().join("crates/caller-auth")) {
            continue;
        }
        for path in paths_into("aws_lc_rs", &code(&file)) {
            let is_of_webhooks =
                file.components().any(|part| part.as_os_str() == "webhook" || part.as_os_str() == "webhooks");
            let is_known = is_of_webhooks || ["digest", "default_provider"].iter().any(|known| path.starts_with(known));
            assert!(is_known, "{} uses aws_lc_rs::{path}", file.display());
        }
    }
}

/// What follows `library::` wherever a text names the library.
fn paths_into<'a>(library: &str, text: &'a str) -> Vec<&'a str> {
    let end_of_line = |rest: &'a str| rest.lines().next().unwrap_or_default();
    text.split(library).skip(1).map(|rest| end_of_line(rest.trim_start_matches(':'))).collect()
}

pub(crate) fn rust_files(folder: &Path, found: &mut Vec<PathBuf>) {
    files(folder, "rs", found);
}

fn files(folder: &Path, extension: &str, found: &mut Vec<PathBuf>) {
    for entry in std::fs::read_dir(folder).expect("readable folder") {
        let path = entry.expect("readable entry").path();
        if path.is_dir() {
            files(&path, extension, found);
        } else if path.extension().is_some_and(|its| its == extension) {
            found.push(path);
        }
    }
}

/// The Rust files below a folder that are not of tests alone.
fn shipped(folder: &Path) -> Vec<PathBuf> {
    let mut found = Vec::new();
    rust_files(folder, &mut found);
    let folders_of_tests = ["tests", "testing"];
    let of_tests = |file: &Path| {
        file.components().any(|part| folders_of_tests.iter().any(|name| part.as_os_str() == *name))
            || ["tests.rs", "testing.rs", "fuzzing.rs"].iter().any(|name| file.ends_with(name))
    };
    found.retain(|file| !of_tests(file.strip_prefix(folder).expect("it lies in the folder")));
    found
}

/// What a file says before its tests.
fn code(file: &Path) -> String {
    let text = std::fs::read_to_string(file).expect("readable file");
    text.split("#[cfg(test)]").next().unwrap_or_default().to_owned()
}

#[test]
fn what_is_above_the_trait_names_no_provider_and_no_kind() {
    let names: Vec<String> = KINDS
        .iter()
        .flat_map(|kind| {
            let (name, title) = (kind.name.as_str(), kind.title);
            [name.to_owned(), name.replace('-', "_"), format!("{title}::"), format!("::{title}")]
        })
        .collect();
    assert!(names.len() >= 8, "{names:?}");
    for folder in ["api", "reads", "model", "moderation"] {
        let files = shipped(&root().join("crates/gateway/src").join(folder));
        assert!(files.len() >= 5, "{folder} moved; this test must follow it");
        for file in files {
            let code = code(&file);
            for name in &names {
                assert!(!code.contains(name), "{} names {name}", file.display());
            }
        }
    }
}

#[test]
fn no_file_is_over_400_lines() {
    let mut found = Vec::new();
    for folder in ["crates", "examples/provider-whiteboard", "tests/it", "tests/src", "fuzz/fuzz_targets"] {
        rust_files(&root().join(folder), &mut found);
    }
    for folder in ["tests/clients/typescript/src", "tests/clients/typescript/test"] {
        files(&root().join(folder), "ts", &mut found);
    }
    let generated = ["schema.d.ts", "rollcall-client/src/generated.rs"];
    found.retain(|file| !generated.iter().any(|name| file.ends_with(name)));
    for file in found {
        let lines = std::fs::read_to_string(&file).expect("readable file").lines().count();
        assert!(lines <= 400, "{} has {lines} lines: it holds more than one thing", file.display());
    }
}
