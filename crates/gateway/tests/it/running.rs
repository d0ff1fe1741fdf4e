//! Commands that run until they are told to stop.

use std::io::{BufRead, BufReader, Read, Write};
use std::net::TcpStream;
use std::process::{Child, ChildStdout, Command, Stdio};

use crate::commands::{GOOD, TempFile};

/// A running program, ended with it.
pub(crate) struct Running {
    child: Child,
    out: BufReader<ChildStdout>,
}

impl Running {
    pub(crate) fn start(arguments: &[&str]) -> Self {
        Self::of(Command::new(env!("CARGO_BIN_EXE_rollcall")).args(arguments))
    }

    fn of(command: &mut Command) -> Self {
        let mut child = command.env_clear().stdout(Stdio::piped()).spawn().unwrap();
        let out = BufReader::new(child.stdout.take().unwrap());
        Self { child, out }
    }

    /// The text up to and with the first line that holds `wanted`.
    pub(crate) fn until(&mut self, wanted: &str) -> String {
        let mut text = String::new();
        while !text.contains(wanted) {
            assert_ne!(self.out.read_line(&mut text).unwrap(), 0, "it ended; it said:\n{text}");
        }
        text
    }

    /// Asks it to stop and waits for its exit code.
    pub(crate) fn stop(&mut self, signal: &str) -> Option<i32> {
        let sent = Command::new("kill").args([signal, &self.child.id().to_string()]).status().unwrap();
        assert!(sent.success());
        self.child.wait().unwrap().code()
    }
}

impl Drop for Running {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

pub(crate) fn get(url: &str) -> String {
    let (host, path) = url.strip_prefix("http://").unwrap().split_once('/').unwrap();
    let mut socket = TcpStream::connect(host).unwrap();
    write!(socket, "GET /{path} HTTP/1.1\r\nhost: {host}\r\nconnection: close\r\n\r\n").unwrap();
    let mut answer = String::new();
    socket.read_to_string(&mut answer).unwrap();
    answer
}

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
    for part in ["/v1/live-sessions\n", "/participants\n", "/kick\n", "/docs\n", "/metrics\n"] {
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

/// Asks so often that a pipe of the usual size would be full of access lines many times over.
fn ask_often(address: &str, times: usize) {
    for _ in 0..times {
        assert!(get(&format!("http://{address}/healthz")).starts_with("HTTP/1.1 200 OK"));
    }
}

#[test]
fn whoever_stops_reading_standard_output_stops_nothing_else() {
    let file = TempFile::with(GOOD);
    let mut running = Running::start(&["serve", "--config", file.0.to_str().unwrap()]);
    let line: serde_json::Value = serde_json::from_str(&running.until("\n")).unwrap();
    let (listen, admin) = (line["listen"].as_str().unwrap(), line["admin_listen"].as_str().unwrap());
    // Nobody reads from here on. A request writes some 300 bytes: ten pipes full.
    ask_often(listen, 2500);
    assert!(get(&format!("http://{admin}/readyz")).starts_with("HTTP/1.1 200 OK"));
    assert!(get(&format!("http://{admin}/metrics")).contains("rollcall_log_lines_dropped_total"));
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
