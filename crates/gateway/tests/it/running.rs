//! Commands that run until they are told to stop.

use std::net::TcpStream;
use std::process::Command;

use crate::commands::{GOOD, TempFile};
use crate::program::{Running, get};

#[test]
fn serve_serves_until_sigterm_and_exits_0() {
    let file = TempFile::with(GOOD);
    let mut running = Running::start(&["serve", "--config", file.0.to_str().unwrap()]);
    let line: serde_json::Value = serde_json::from_str(&running.until("\n")).unwrap();
    assert_eq!((&line["message"], &line["providers"]), (&"serving".into(), &2.into()));
    let admin = line["admin_listen"].as_str().unwrap();
    let metrics = get(&format!("http://{admin}/metrics"));
    assert!(metrics.starts_with("HTTP/1.1 200 OK") && metrics.contains("rollcall_connections"), "{metrics}");
    assert_eq!(running.stop("-TERM"), Some(0));
}

#[test]
fn the_demo_prints_what_to_paste_and_ends_on_ctrl_c() {
    let mut running = Running::start(&["demo", "--listen", "127.0.0.1:0"]);
    let text = running.until("Ctrl-C");
    let token = text.lines().find_map(|line| line.strip_prefix("export TOKEN=")).unwrap();
    assert_eq!(token.split('.').count(), 3);
    for part in [
        "/v1/live-sessions\n",
        "/participants\n",
        "/kick\n",
        " live --watch --url http://127.0.0.1",
        "/docs\n",
        "/metrics\n",
    ] {
        assert!(text.contains(part), "{part}\n{text}");
    }
    let metrics = text.split_whitespace().find(|word| word.ends_with("/metrics")).unwrap();
    assert!(get(metrics).starts_with("HTTP/1.1 200 OK"));
    assert_eq!(running.stop("-INT"), Some(0));
}

#[test]
fn a_demo_on_a_taken_address_says_what_to_do_and_exits_1() {
    let taken = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
    let listen = taken.local_addr().unwrap().to_string();
    let demo = Command::new(env!("CARGO_BIN_EXE_rollcall")).args(["demo", "--listen", &listen]).output().unwrap();
    assert_eq!(demo.status.code(), Some(1));
    assert!(String::from_utf8_lossy(&demo.stderr).contains("--listen"));
}

#[test]
fn a_simulated_provider_runs_alone() {
    let mut running = Running::start(&["simulate", "huddle01", "--listen", "127.0.0.1:0"]);
    let text = running.until("Ctrl-C");
    let base_url = text.split('"').nth(1).unwrap();
    assert!(get(&format!("{base_url}/live-sessions")).starts_with("HTTP/1.1 4"), "no credential was sent");
    assert_eq!(running.stop("-TERM"), Some(0));
}

#[test]
fn at_the_cap_the_admin_listener_and_new_callers_are_served_all_the_same() {
    let file = TempFile::with(GOOD);
    let script = format!("ulimit -n 300; exec {} serve --config {}", env!("CARGO_BIN_EXE_rollcall"), file.0.display());
    let mut running = Running::of(Command::new("sh").args(["-c", &script]));
    // 300 of 10,000: told, and lowered.
    let said = running.until("\"serving\"");
    assert!(said.contains("limits.max_connections, which is lowered"), "{said}");
    let line: serde_json::Value = serde_json::from_str(said.lines().last().unwrap()).unwrap();
    let (listen, admin) = (line["listen"].as_str().unwrap(), line["admin_listen"].as_str().unwrap());
    let idle: Vec<_> = (0..200).map(|_| TcpStream::connect(listen).unwrap()).collect();
    for _ in 0..20 {
        assert!(get(&format!("http://{listen}/healthz")).starts_with("HTTP/1.1 200 OK"));
        assert!(get(&format!("http://{admin}/readyz")).starts_with("HTTP/1.1 200 OK"));
    }
    drop(idle);
    assert_eq!(running.stop("-TERM"), Some(0));
}
