//! What an operator is told: the key, what is wrong, what to write.

use std::path::Path;

use rstest::rstest;

use crate::config::Config;
use crate::config::tests::{WHOLE, parse, with_environment};

const API_KEY: &str = "api_key = \"canary-huddle01-key\"";
const SERVER: &str = "[server]\n";

/// The only problem of the configuration with `old` made `new`.
fn told(old: &str, new: &str) -> String {
    assert!(WHOLE.contains(old), "{old}");
    let error = parse(&WHOLE.replacen(old, new, 1)).unwrap_err().to_string();
    assert_eq!(error.lines().count(), 1, "{error}");
    assert!(!error.contains("canary"), "{error}");
    error
}

#[rstest]
// Written almost so.
#[case(SERVER, "[server]\nadmin-listn = 1\n", "server.admin-listn: unknown key; did you mean admin_listen? Known here")]
#[case(
    SERVER,
    "[server]\nrequestTimeout = 1\n",
    "server.requestTimeout: unknown key; did you mean request_timeout? Known"
)]
#[case(SERVER, "[caches]\n[server]\n", "caches: unknown key; did you mean cache? Known here are: server, auth,")]
// Written elsewhere.
#[case(
    SERVER,
    "[server]\nfresh_for = 1\n",
    "server.fresh_for: unknown key; it belongs to [cache]. Known here are: listen,"
)]
#[case(
    SERVER,
    "[server]\napi_key = \"canary\"\n",
    "server.api_key: unknown key; it belongs to [providers.huddle01]. Known here are: listen,"
)]
#[case(SERVER, "[server]\nport = 1\n", "server.port: unknown key; known here are: listen,")]
// Written twice.
#[case(
    SERVER,
    "[providers.huddle01]\n[server]\n",
    "the table [providers.huddle01] stands here for the second time; put both into one; another account needs another name"
)]
#[case(
    SERVER,
    "[log]\n[log]\n[server]\n",
    "line 3, column 2: the table [log] stands here for the second time; put both into one"
)]
#[case(API_KEY, "api_key = \"a\"\napi_key = \"canary\"", "the key api_key stands here for the second time; keep one")]
// Of the wrong type, or out of bounds.
#[case(SERVER, "[cache]\nfresh_for = 2\n[server]\n", "cache.fresh_for: must be a duration with its unit, of at most")]
#[case(
    API_KEY,
    "api_key = \"k\"\nbudget = 5",
    "budget: must be a table, for example budget = { requests = 5, per = \"1s\" }"
)]
#[case(
    API_KEY,
    "api_key = \"k\"\nbase_url = \"api.huddle01.com\"",
    "providers.huddle01.base_url: must be an absolute URL, for example https://api.example.com/v1"
)]
#[case(
    API_KEY,
    "api_key = \"k\"\nbase_url = \"http://api.example.com\"",
    "providers.huddle01.base_url: must be https; http is for loopback, or with allow_insecure_base_url = true"
)]
// Secrets and files.
#[case(
    API_KEY,
    "api_key = \"${canary_KEY}\"",
    "providers.huddle01.api_key: is a ${…}, and nothing is put in its place here; leave it out and set \
     ROLLCALL__PROVIDERS__HUDDLE01__API_KEY"
)]
#[case(
    API_KEY,
    "api_key_file = \"/nowhere/at/all\"",
    "providers.huddle01.api_key_file: /nowhere/at/all cannot be read: there is no such file"
)]
#[case(API_KEY, "api_key_file = \"/\"", "providers.huddle01.api_key_file: / cannot be read: it is a folder")]
fn the_key_what_is_wrong_and_what_to_write(#[case] old: &str, #[case] new: &str, #[case] expected: &str) {
    let told = told(old, new);
    assert!(told.contains(expected), "{told}");
}

/// The only problem of the good configuration with these variables.
fn told_of(variables: &[(&str, &str)]) -> String {
    let error = with_environment(WHOLE, variables).unwrap_err().to_string();
    assert_eq!(error.lines().count(), 1, "{error}");
    error
}

#[test]
fn what_a_variable_says_is_told_with_the_variable() {
    let told = told_of(&[("ROLLCALL__CACHE__FRESH_FOR", "2")]);
    assert!(
        told.starts_with("cache.fresh_for: must be") && told.ends_with("(set by ROLLCALL__CACHE__FRESH_FOR)"),
        "{told}"
    );
    let file = WHOLE.replacen(API_KEY, "api_key_file = \"Cargo.toml\"", 1);
    let both = with_environment(&file, &[("ROLLCALL__PROVIDERS__HUDDLE01__API_KEY", "k")]).unwrap_err().to_string();
    let expected = "is given by ROLLCALL__PROVIDERS__HUDDLE01__API_KEY, and api_key_file too; keep one of them";
    assert!(both.contains(expected), "{both}");
    let told = told_of(&[("ROLLCALL__SERVR__LISTEN", "x")]);
    assert!(told.starts_with("servr: unknown key (set by ROLLCALL__SERVR__LISTEN); did you mean server? "), "{told}");
    let told = told_of(&[("ROLLCALL__PROVIDERS__HUDDLE__API_KEY", "k")]);
    let end = "(this table is there by ROLLCALL__PROVIDERS__HUDDLE__API_KEY alone)";
    assert!(told.starts_with("providers.huddle.kind: is missing; ") && told.ends_with(end), "{told}");
}

#[test]
fn a_variable_with_one_underscore_is_not_passed_over() {
    let told =
        told_of(&[("ROLLCALL_SERVER__LISTEN", "127.0.0.1:1"), ("ROLLCALL_SERVICE_PORT", "1"), ("ROLLCALL_URL", "u")]);
    assert_eq!(told, "ROLLCALL_SERVER__LISTEN: is not read; write two underscores: ROLLCALL__SERVER__LISTEN");
}

#[test]
fn a_file_that_is_not_there_or_is_none_is_told_as_people_say_it() {
    let told = |path: &str| Config::load(Path::new(path), []).unwrap_err().to_string();
    let advice = "give the path of a TOML file to --config";
    assert_eq!(told("/nowhere.toml"), format!("/nowhere.toml: cannot be read: there is no such file; {advice}"));
    assert_eq!(told("/"), format!("/: cannot be read: it is a folder; {advice}"));
    let file = tempfile::NamedTempFile::new().unwrap();
    std::fs::write(file.path(), b"\xff\xfe[\0s\0").unwrap();
    let told = told(file.path().to_str().unwrap());
    assert!(told.ends_with(": cannot be read: it is not UTF-8; save it as plain text"), "{told}");
}

#[test]
fn a_provider_that_is_not_configured_is_told_with_those_that_are() {
    let issuers = "[auth.issuers.a]\nissuer = \"i\"\naudience = \"a\"\njwks_url = \"https://i.example/k\"\nproviders = [\"rtk\"]\n";
    let providers = &WHOLE[WHOLE.find("[providers").unwrap()..];
    let error = parse(&format!("{issuers}{providers}")).unwrap_err().to_string();
    let expected = "auth.issuers.a.providers: names rtk, which is not configured; configured are: huddle01, rtk-eu";
    assert_eq!(error, expected);
}
