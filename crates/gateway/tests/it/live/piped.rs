//! Following, where output is no terminal.

use std::process::{Command, Stdio};
use std::sync::mpsc;
use std::time::Duration;

use serde_json::Value;

use crate::live::stand::Stand;
use crate::program::Running;

fn watch(stand: &Stand, arguments: &[&str]) -> Command {
    let mut command = Command::new("env");
    command.args([&format!("ROLLCALL_URL={}", stand.url), &format!("ROLLCALL_TOKEN={}", stand.token)]);
    command.args([env!("CARGO_BIN_EXE_rollcall"), "live", "--watch"]).args(arguments).stderr(Stdio::null());
    command
}

#[tokio::test(flavor = "multi_thread")]
async fn it_is_a_line_a_change_over_a_restart_with_nothing_doubled() {
    let mut stand = Stand::start().await;
    let room = stand.room("Sync\u{7}", &["Ada", "Grace"]);
    let mut running = Running::of(&mut watch(&stand, &[]));
    let mut all = running.until(&format!("live      realtimekit/{room}  \"Sync\\u{{7}}\"  2 people\n"));
    stand.world.join(&room, "Mary").unwrap();
    all += &running.until("3 people  was 2\n");

    stand.kill_gateway();
    all += &running.until("Z  not connected, trying again in ");
    let other = stand.room("Other", &["Eve"]);
    stand.world.end_session(&room).unwrap();
    stand.start_gateway();
    all += &running.until("connected again\n");
    all += &running.until(&format!("ended     realtimekit/{room}"));
    stand.kick_all(&other);
    all += &running.until(&format!("ended     realtimekit/{other}"));
    for (word, times) in [("live  ", 2), ("started", 0), ("changed", 1), ("ended", 2), ("answers", 2)] {
        assert_eq!(all.matches(&format!("Z  {word}")).count(), times, "{word}\n{all}");
    }
    assert!(!all.contains('\u{7}') && !all.contains('\u{1b}'), "{all}");
    assert_eq!(running.stop("-INT"), None, "as any program that is interrupted");
}

#[tokio::test(flavor = "multi_thread")]
async fn as_json_it_is_one_event_a_line() {
    let stand = Stand::start().await;
    let mut running = Running::of(&mut watch(&stand, &["--json", "--provider", "realtimekit"]));
    let first: Value = serde_json::from_str(&running.until("\n")).unwrap();
    assert_eq!((&first["event"], &first["data"]["provider"]), (&"snapshot".into(), &"realtimekit".into()));
    let room = stand.room("Sync", &["Ada"]);
    let text = running.until("session_started");
    let started: Value = serde_json::from_str(text.lines().last().unwrap()).unwrap();
    assert_eq!((&started["event"], &started["data"]["session"]["room_id"]), (&"session_started".into(), &room.into()));
}

#[tokio::test(flavor = "multi_thread")]
async fn it_ends_quietly_when_nobody_reads_any_more() {
    let stand = Stand::start().await;
    let mut child = watch(&stand, &[]).stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap();
    drop(child.stdout.take());
    let _ = stand.room("Sync", &["Ada"]);
    let (ended, end) = mpsc::channel();
    let pid = child.id();
    std::thread::spawn(move || ended.send(child.wait_with_output().unwrap()));
    let output = end.recv_timeout(Duration::from_secs(20)).unwrap_or_else(|_| {
        let _ = Command::new("kill").arg(pid.to_string()).status();
        panic!("it does not end")
    });
    assert_eq!((output.status.code(), String::from_utf8(output.stderr).unwrap()), (Some(0), String::new()));
}
