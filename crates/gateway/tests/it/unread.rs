//! Whoever stops reading what a running command says stops nothing else.

use std::io::{Read, Write};
use std::net::{TcpListener, TcpStream};
use std::process::{Command, Stdio};

use crate::commands::{GOOD, TempFile};
use crate::program::{Running, ask, get};

/// Asks 500 times on one connection. Each request writes a line of some 400 bytes, three pipes full.
fn ask_often(host: &str) {
    let id = "x".repeat(128);
    let request = |connection| {
        format!("GET /healthz HTTP/1.1\r\nhost: {host}\r\nx-request-id: {id}\r\nconnection: {connection}\r\n\r\n")
    };
    let answers = ask(host, &(request("keep-alive").repeat(499) + &request("close")));
    assert_eq!(answers.matches("HTTP/1.1 200 OK").count(), 500);
}

fn dropped_lines(admin: &str) -> u64 {
    let metrics = get(&format!("http://{admin}/metrics"));
    let shown = metrics.lines().find_map(|line| line.strip_prefix("rollcall_log_lines_dropped_total "));
    shown.unwrap().parse().unwrap()
}

#[test]
fn a_gateway_serves_on_drops_and_counts_the_lines_and_ends() {
    let file = TempFile::with(GOOD);
    let mut running = Running::start(&["serve", "--config", file.0.to_str().unwrap()]);
    let line: serde_json::Value = serde_json::from_str(&running.until("\n")).unwrap();
    let (listen, admin) = (line["listen"].as_str().unwrap(), line["admin_listen"].as_str().unwrap());
    // Nobody reads from here on: the queue of 4 MiB keeps what the pipe does not take.
    ask_often(listen);
    assert_eq!(dropped_lines(admin), 0);
    let rounds = (0..50).take_while(|_| dropped_lines(admin) == 0).inspect(|_| ask_often(listen));
    assert_ne!(rounds.count(), 50, "more than twice what fits, and no line was dropped");
    assert!(get(&format!("http://{admin}/readyz")).starts_with("HTTP/1.1 200 OK"));
    assert_eq!(running.stop("-TERM"), Some(0));
}

#[test]
fn a_demo_whose_audit_lines_are_stuck_refuses_kicks_and_ends() {
    let mut program = Command::new(env!("CARGO_BIN_EXE_rollcall"));
    program.args(["demo", "--listen", "127.0.0.1:0"]).stderr(Stdio::null());
    let mut running = Running::of(&mut program);
    let text = running.until("Ctrl-C");
    let token = text.lines().find_map(|line| line.strip_prefix("export TOKEN=")).unwrap();
    let kick = text.split_whitespace().find(|word| word.ends_with("/kick")).unwrap();
    let (host, path) = kick.strip_prefix("http://").unwrap().split_once('/').unwrap();
    let body = r#"{"custom_participant_ids":["rowdy-guest"]}"#;
    let request = format!(
        "POST /{path} HTTP/1.1\r\nhost: {host}\r\nauthorization: Bearer {token}\r\ncontent-type: application/json\r\n\
         content-length: {}\r\nconnection: close\r\n\r\n{body}",
        body.len()
    );
    // A kick, of a guest who is there or not, writes two lines, together more than 256 bytes: in 1000 kicks several pipes are full.
    let refused = (0..1000).map(|_| ask(host, &request)).find(|answer| answer.starts_with("HTTP/1.1 503"));
    let refused = refused.expect("lines that nobody reads find no room");
    assert!(refused.contains("audit_unavailable"), "{refused}");
    assert_eq!(running.stop("-TERM"), Some(0));
}

/// An address that nobody listens on.
fn free_address() -> String {
    TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().to_string()
}

#[test]
fn what_they_say_at_first_keeps_commands_from_neither_serving_nor_ending() {
    for (command, path) in [(&["demo"][..], "healthz"), (&["simulate", "huddle01"], "live-sessions")] {
        let (mut reader, full) = std::io::pipe().unwrap();
        let listen = free_address();
        let mut program = Command::new(env!("CARGO_BIN_EXE_rollcall"));
        program.args(command).args(["--listen", &listen]);
        // Ends when the reader goes, which takes what no pipe holds.
        let mut filling = full.try_clone().unwrap();
        let filler = std::thread::spawn(move || filling.write_all(&vec![b'x'; 16 << 20]));
        reader.read_exact(&mut [0]).unwrap();
        let mut running = Running::writing(&mut program, full, reader);
        while TcpStream::connect(&listen).is_err() {
            assert!(running.is_running());
            std::thread::yield_now();
        }
        let answer = get(&format!("http://{listen}/{path}"));
        assert!(answer.starts_with("HTTP/1.1 "), "{answer}");
        assert_eq!(running.stop("-TERM"), Some(0));
        drop(running);
        assert!(filler.join().unwrap().is_err());
    }
}
