//! The recorded bodies, and that not one of them is forgotten.

use std::collections::{BTreeMap, BTreeSet};

use http::StatusCode;
use serde::Deserialize;
use session_provider::{Intent, Operation, Timestamp};
use upstream_http::Response;

use crate::tests::{exchanges, reading, refusals, skipped};

/// One row of the index.
#[derive(Debug, Clone, Deserialize)]
struct Fixture {
    file: String,
    method: String,
    status: u16,
    headers: BTreeMap<String, String>,
    /// How a tolerant client reads it.
    expect: String,
}

/// A day after the fixtures.
pub(super) fn now() -> Timestamp {
    Timestamp::parse_rfc3339("2026-03-15T00:00:00Z").unwrap()
}

const ROOT: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/../../tests/fixtures");

/// The index, by file name without the folder.
fn index() -> BTreeMap<String, Fixture> {
    #[derive(Deserialize)]
    struct Index {
        fixtures: Vec<Fixture>,
    }
    let text = std::fs::read_to_string(format!("{ROOT}/realtimekit.index.json")).unwrap();
    let index: Index = serde_json::from_str(&text).unwrap();
    let name = |fixture: &Fixture| fixture.file.strip_prefix("realtimekit/").unwrap().to_owned();
    index.fixtures.into_iter().map(|fixture| (name(&fixture), fixture)).collect()
}

#[derive(Debug)]
pub(super) struct Recorded {
    pub(super) status: u16,
    pub(super) headers: BTreeMap<String, String>,
    pub(super) body: Vec<u8>,
    intent: Intent,
}

/// The recorded answer; checks that the index still expects what the test does.
#[track_caller]
pub(super) fn recorded(name: &str, expect: &str) -> Recorded {
    let fixture = index().remove(name).unwrap_or_else(|| panic!("{name} is not in the index"));
    assert_eq!(fixture.expect, expect, "{name}");
    let body = std::fs::read(format!("{ROOT}/realtimekit/{name}")).unwrap();
    let intent = if fixture.method == "GET" { Intent::Read } else { Intent::Mutation };
    Recorded { status: fixture.status, headers: fixture.headers, body, intent }
}

/// The recorded answer, as if `operation` had got it.
#[track_caller]
pub(super) fn answer(name: &str, expect: &str, operation: Operation) -> Response {
    let recorded = recorded(name, expect);
    Response::made(operation, recorded.intent, StatusCode::from_u16(recorded.status).unwrap(), recorded.body)
}

#[test]
fn every_fixture_is_read_or_skipped_with_a_reason() {
    let known: BTreeSet<String> = index().into_keys().collect();
    let mut named = BTreeMap::<String, u32>::new();
    let read = reading::names().chain(refusals::names()).chain(exchanges::names());
    for name in read.chain(skipped::NAMES.iter().map(|(name, _)| *name)) {
        *named.entry(name.to_owned()).or_default() += 1;
    }
    assert!(skipped::NAMES.iter().all(|(_, reason)| !reason.is_empty()));
    let forgotten: Vec<_> = known.iter().filter(|name| !named.contains_key(*name)).collect();
    assert!(forgotten.is_empty(), "neither read nor skipped: {forgotten:?}");
    let unknown: Vec<_> = named.keys().filter(|name| !known.contains(*name)).collect();
    assert!(unknown.is_empty(), "named but not in the index: {unknown:?}");
    let twice: Vec<_> = named.iter().filter(|(_, times)| **times > 1).collect();
    assert!(twice.is_empty(), "named twice: {twice:?}");
}

#[test]
fn every_file_of_the_folder_is_in_the_index() {
    let index = index();
    for folder in ["", "webhooks/", "webhooks/signed/"] {
        for entry in std::fs::read_dir(format!("{ROOT}/realtimekit/{folder}")).unwrap() {
            let entry = entry.unwrap();
            let name = format!("{folder}{}", entry.file_name().to_str().unwrap());
            let listed = entry.file_type().unwrap().is_dir() || name.ends_with(".pem") || index.contains_key(&name);
            assert!(listed, "{name} is not in the index");
        }
    }
}
