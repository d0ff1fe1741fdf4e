//! Places that cannot take the audit log: a full disk, and a named pipe that nobody reads.
#![cfg(target_os = "linux")]

use std::process::Command;

use crate::commands::{GOOD, TempFile};
use crate::program::{Running, ask, get};

fn auditing_to(place: &str) -> TempFile {
    TempFile::with(&format!("{GOOD}[audit]\nfile = \"{place}\"\n"))
}

#[test]
fn on_a_full_disk_mutations_are_refused_and_the_rest_goes_on() {
    let file = auditing_to("/dev/full");
    let config = file.0.to_str().unwrap();
    let mut running = Running::start(&["serve", "--config", config]);
    let line: serde_json::Value = serde_json::from_str(&running.until("\n")).unwrap();
    let listen = line["listen"].as_str().unwrap();

    let token = Command::new(env!("CARGO_BIN_EXE_rollcall"))
        .args(["token", "--config", config, "--sub", "tester", "--scope", "sessions:moderate"])
        .env_clear()
        .output()
        .unwrap();
    assert!(token.status.success(), "{}", String::from_utf8_lossy(&token.stderr));
    let token = String::from_utf8(token.stdout).unwrap();
    for _ in 0..3 {
        let request = format!(
            "POST /v1/live-sessions/rtk-eu/room/kick-all HTTP/1.1\r\nhost: {listen}\r\nconnection: close\r\n\
             authorization: Bearer {}\r\ncontent-length: 0\r\n\r\n",
            token.trim()
        );
        let answer = ask(listen, &request);
        assert!(answer.starts_with("HTTP/1.1 503 ") && answer.contains("\"audit_unavailable\""), "{answer}");
    }
    assert!(get(&format!("http://{listen}/healthz")).starts_with("HTTP/1.1 200 OK"));
    assert_eq!(running.stop("-TERM"), Some(0));
}

#[test]
fn a_named_pipe_that_nobody_reads_stops_the_start_and_says_so() {
    let folder = tempfile::tempdir().unwrap();
    let pipe = folder.path().join("audit");
    assert!(Command::new("mkfifo").arg(&pipe).status().unwrap().success());
    let file = auditing_to(pipe.to_str().unwrap());
    let serve = Command::new(env!("CARGO_BIN_EXE_rollcall"))
        .args(["serve", "--config", file.0.to_str().unwrap()])
        .env_clear()
        .output()
        .unwrap();
    let said = String::from_utf8_lossy(&serve.stderr);
    assert!(!serve.status.success() && said.contains("audit.file: cannot append to"), "{said}");
}
