//! Commands that end by themselves.

use std::path::PathBuf;
use std::process::{Command, Output};

/// A file that goes away with it.
pub(crate) struct TempFile(pub(crate) PathBuf);

impl TempFile {
    pub(crate) fn with(text: &str) -> Self {
        let path = std::env::temp_dir().join(format!("rollcall-{}.toml", uuid::Uuid::now_v7()));
        std::fs::write(&path, text).unwrap();
        Self(path)
    }
}

impl Drop for TempFile {
    fn drop(&mut self) {
        let _ = std::fs::remove_file(&self.0);
    }
}

pub(crate) const GOOD: &str = r#"
[server]
listen = "127.0.0.1:0"
admin_listen = "127.0.0.1:0"
[auth]
issuer = "https://id.example.internal"
audience = "rollcall"
hs256_secret = "canary-canary-canary-canary-canary"
[providers.huddle01]
kind = "huddle01"
api_key = "canary-key"
[providers.rtk-eu]
kind = "realtimekit"
account_id = "a"
app_id = "b"
api_token = "canary-token"
"#;

fn rollcall(arguments: &[&str]) -> Output {
    Command::new(env!("CARGO_BIN_EXE_rollcall")).args(arguments).env_clear().output().unwrap()
}

fn text(bytes: &[u8]) -> String {
    String::from_utf8(bytes.to_vec()).unwrap()
}

#[test]
fn check_names_the_key_and_exits_2() {
    let file = TempFile::with(&GOOD.replace("api_token", "api_tokem").replace("\"huddle01\"", "\"zoom\""));
    let output = rollcall(&["check", "--config", file.0.to_str().unwrap()]);
    assert_eq!(output.status.code(), Some(2));
    let errors = text(&output.stderr);
    for key in ["providers.huddle01.kind: ", "providers.rtk-eu.api_token: ", "providers.rtk-eu.api_tokem: "] {
        assert!(errors.lines().any(|line| line.starts_with(key)), "{key}\n{errors}");
    }
    assert!(!errors.contains("canary"), "{errors}");
    assert!(output.stdout.is_empty());
}

#[test]
fn check_shows_what_is_configured_but_no_secret() {
    let file = TempFile::with(GOOD);
    let output = rollcall(&["check", "--config", file.0.to_str().unwrap()]);
    let shown = text(&output.stdout);
    assert_eq!(output.status.code(), Some(0), "{}", text(&output.stderr));
    assert!(shown.contains("is fine") && shown.contains("rtk-eu (realtimekit)"), "{shown}");
    assert!(!shown.contains("canary"), "{shown}");
}

#[test]
fn a_secret_may_be_in_a_file_as_an_editor_leaves_it_and_may_hold_visible_ascii_alone() {
    for (line, key) in [
        ("hs256_secret = \"canary-canary-canary-canary-canary\"", "auth.hs256_secret"),
        ("api_key = \"canary-key\"", "providers.huddle01.api_key"),
        ("api_token = \"canary-token\"", "providers.rtk-eu.api_token"),
    ] {
        let name = key.rsplit('.').next().unwrap();
        let check = |content: &str| {
            let secret = TempFile::with(content);
            let file = TempFile::with(&GOOD.replace(line, &format!("{name}_file = {:?}", secret.0)));
            rollcall(&["check", "--config", file.0.to_str().unwrap()])
        };
        let output = check("\u{feff}canary-canary-canary-canary-canary\r\n");
        assert_eq!(output.status.code(), Some(0), "{key}: {}", text(&output.stderr));
        let output = check("canary-canary-canary\u{a0}canary-canary\n");
        let errors = text(&output.stderr);
        assert_eq!(output.status.code(), Some(2), "{key}: {errors}");
        assert!(errors.starts_with(&format!("{key}_file: ")) && !errors.contains("canary"), "{errors}");
    }
}

#[test]
fn serve_with_a_broken_file_exits_2() {
    let file = TempFile::with("[server]\nlisten = 1\n");
    let output = rollcall(&["serve", "--config", file.0.to_str().unwrap()]);
    assert_eq!(output.status.code(), Some(2));
    assert!(text(&output.stderr).starts_with("server.listen: "), "{}", text(&output.stderr));
    assert_eq!(rollcall(&["serve", "--config", "/nowhere.toml"]).status.code(), Some(2));
}

#[test]
fn openapi_prints_the_document() {
    let output = rollcall(&["openapi"]);
    assert_eq!(output.status.code(), Some(0));
    assert_eq!(text(&output.stdout), gateway::api::openapi_json());
    let older = rollcall(&["openapi", "--format", "3.0"]);
    assert_eq!((older.status.code(), text(&older.stdout)), (Some(0), gateway::api::openapi_30_json()));
}

#[test]
fn token_prints_a_token_and_nothing_else() {
    let file = TempFile::with(GOOD);
    let path = file.0.to_str().unwrap();
    let output = rollcall(&["token", "--config", path, "--sub", "me", "--scope", "sessions:read"]);
    assert_eq!(output.status.code(), Some(0), "{}", text(&output.stderr));
    let token = text(&output.stdout);
    assert_eq!((token.trim_end().split('.').count(), token.lines().count()), (3, 1), "{token}");
    assert!(output.stderr.is_empty());
    let output = rollcall(&["token", "--config", path, "--sub", "me", "--scope", "sessions:read", "--ttl", "2h"]);
    assert_eq!(output.status.code(), Some(2));
    assert!(text(&output.stderr).contains("max_token_age"));
}

#[test]
fn help_is_everywhere_and_bad_usage_exits_2() {
    for command in ["serve", "demo", "live", "openapi", "check", "token", "simulate"] {
        let output = rollcall(&[command, "--help"]);
        assert_eq!(output.status.code(), Some(0), "{command}");
        assert!(text(&output.stdout).contains("Example"), "{command}");
    }
    for bad in [&["frobnicate"][..], &["serve"], &["simulate", "zoom"], &[]] {
        assert_eq!(rollcall(bad).status.code(), Some(2), "{bad:?}");
    }
}

#[test]
fn a_number_of_worker_threads_that_is_none_is_told_and_exits_2() {
    let file = TempFile::with(GOOD);
    for rubbish in ["0", "-1", "many", "", "99999999999"] {
        for command in ["serve", "check"] {
            let mut rollcall = Command::new(env!("CARGO_BIN_EXE_rollcall"));
            rollcall.args([command, "--config", file.0.to_str().unwrap()]).env_clear();
            let output = rollcall.env("TOKIO_WORKER_THREADS", rubbish).output().unwrap();
            assert_eq!(output.status.code(), Some(2), "{rubbish}");
            assert!(text(&output.stderr).starts_with("TOKIO_WORKER_THREADS: "), "{}", text(&output.stderr));
        }
    }
}

#[test]
fn check_says_when_the_certificate_expires_and_what_is_wrong_with_its_files() {
    let folder = tempfile::tempdir().unwrap();
    let write = |name: &str, text: &str| std::fs::write(folder.path().join(name), text).unwrap();
    let key = rcgen::KeyPair::generate().unwrap();
    let mut params = rcgen::CertificateParams::new(["localhost".to_owned()]).unwrap();
    let tls = "[server]\ntls = { cert_file = \"tls.crt\", key_file = \"tls.key\" }";
    write("rollcall.toml", &GOOD.replace("[server]", tls));
    write("tls.key", &key.serialize_pem());
    let check = || rollcall(&["check", "--config", folder.path().join("rollcall.toml").to_str().unwrap()]);
    for (year, shown) in [(2999, "expires 2999-01-02T00:00:00"), (2020, "HAS EXPIRED: it was good until 2020-01-02")] {
        params.not_after = rcgen::date_time_ymd(year, 1, 2);
        write("tls.crt", &params.self_signed(&key).unwrap().pem());
        let output = check();
        let said = text(&output.stdout);
        assert_eq!(output.status.code(), Some(0), "{}", text(&output.stderr));
        assert!(said.contains(shown) && said.contains("https://127.0.0.1:0"), "{said}");
    }
    write("tls.key", &rcgen::KeyPair::generate().unwrap().serialize_pem());
    let output = check();
    assert_eq!(output.status.code(), Some(2));
    assert!(text(&output.stderr).starts_with("server.tls.key_file: "), "{}", text(&output.stderr));
}

#[test]
fn check_says_that_the_folder_of_the_audit_log_is_not_there() {
    let file = TempFile::with(&format!("{GOOD}[audit]\nfile = \"/nowhere/at/all/audit.jsonl\"\n"));
    let output = rollcall(&["check", "--config", file.0.to_str().unwrap()]);
    assert_eq!(output.status.code(), Some(2));
    let expected = "audit.file: there is no folder /nowhere/at/all; make it, writable by the user that serves";
    assert_eq!(text(&output.stderr).trim_end(), expected);
}
