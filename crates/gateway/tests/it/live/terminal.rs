//! Following on a terminal, which `script` of util-linux makes.

use std::io::{Read, Write};
use std::process::{Child, ChildStdin, Command, Stdio};
use std::sync::mpsc::{Receiver, channel};
use std::time::Duration;

use tokio::time::Instant;

use crate::live::screen::Screen;
use crate::live::stand::Stand;

const PATIENCE: Duration = Duration::from_secs(30);

/// `rollcall live --watch` on a terminal of its own.
struct Watching {
    script: Child,
    keys: ChildStdin,
    written: Receiver<String>,
    screen: Screen,
    all: String,
    /// The terminal's device.
    device: String,
}

impl Watching {
    fn start(stand: &Stand, columns: usize, rows: usize) -> Self {
        let command = format!(
            "stty cols {columns} rows {rows}; tty; exec {} live --watch --url {}",
            env!("CARGO_BIN_EXE_rollcall"),
            stand.url
        );
        let mut script = Command::new("script");
        script.args(["--quiet", "--flush", "--return", "--command", &command, "/dev/null"]);
        script.env("TERM", "xterm").env("ROLLCALL_TOKEN", &stand.token).env("SHELL", "/bin/sh");
        let mut script = script.stdin(Stdio::piped()).stdout(Stdio::piped()).spawn().unwrap();
        let (keys, mut out) = (script.stdin.take().unwrap(), script.stdout.take().unwrap());
        let (write, written) = channel();
        std::thread::spawn(move || {
            let (mut bytes, mut piece) = (Vec::new(), [0; 4096]);
            while let Ok(length @ 1..) = out.read(&mut piece) {
                bytes.extend_from_slice(&piece[..length]);
                let whole = bytes.utf8_chunks().next().map_or(0, |chunk| chunk.valid().len());
                let text = String::from_utf8(bytes.drain(..whole).collect()).unwrap();
                if write.send(text).is_err() {
                    return;
                }
            }
        });
        let mut watching =
            Self { script, keys, written, screen: Screen::default(), all: String::new(), device: String::new() };
        // The shell's own lines come first: its terminal's name, and then all is ours.
        let mut said = String::new();
        while !said.contains('\n') {
            said += &watching.more(Instant::now() + PATIENCE);
        }
        let (device, rest) = said.split_once('\n').unwrap();
        watching.device = device.trim().to_owned();
        watching.screen.take(rest);
        watching
    }

    fn more(&mut self, until: Instant) -> String {
        let text = self.written.recv_timeout(until.saturating_duration_since(Instant::now()));
        text.unwrap_or_else(|_| panic!("it does not come, and the screen shows\n{}", self.screen.lines.join("\n")))
    }

    /// Waits until the screen shows what is wanted.
    fn until(&mut self, is_so: impl Fn(&[String]) -> bool) {
        // It is redrawn for ever.
        let end = Instant::now() + PATIENCE;
        while !is_so(&self.screen.lines) {
            let text = self.more(end);
            self.all += &text;
            self.screen.take(&text);
        }
    }

    /// Waits until a line has all of these words, and is the only one with the first.
    fn until_row(&mut self, words: &[&str]) {
        self.until(|lines| lines.iter().any(|line| words.iter().all(|word| line.contains(word))));
        let rows = self.screen.lines.iter().filter(|line| line.contains(words[0])).count();
        assert_eq!(rows, 1, "in place: {:#?}", self.screen.lines);
    }
}

impl Drop for Watching {
    fn drop(&mut self) {
        let _ = self.script.kill();
        let _ = self.script.wait();
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn it_is_redrawn_in_place_when_somebody_is_kicked_and_over_a_restart() {
    let mut stand = Stand::start().await;
    let room = stand.room("Sync \u{1b}[31m", &["Ada", "Grace"]);
    let mut watching = Watching::start(&stand, 100, 30);
    watching.until_row(&["Sync \\u{1b}[31m", &room, "  2  "]);
    let other = stand.room("Retro", &["Eve"]);
    watching.until_row(&["Retro", &other]);
    stand.kick_all(&other);
    watching.until(|lines| !lines.iter().any(|line| line.contains("Retro")));
    watching.until_row(&["1 session is live."]);

    let device = watching.device.clone();
    assert!(Command::new("stty").args(["-F", &device, "cols", "60", "rows", "6"]).status().unwrap().success());
    watching.until(|lines| {
        lines.len() < 6
            && lines.iter().any(|line| line.contains("Sync"))
            && lines.iter().all(|line| line.chars().count() < 60)
    });
    assert!(Command::new("stty").args(["-F", &device, "cols", "120", "rows", "30"]).status().unwrap().success());

    stand.kill_gateway();
    watching.until_row(&["Not connected since", "trying again in"]);
    watching.until_row(&["1 session is live, as far as is known."]);
    stand.world.join(&room, "Mary").unwrap();
    stand.start_gateway();
    watching.until_row(&["Sync", "  3  "]);
    watching.until_row(&["Rollcall at http://127.0.0.1"]);

    watching.keys.write_all(b"\x03").unwrap();
    assert_eq!(watching.script.wait().unwrap().code(), Some(0), "{}", watching.all);
    assert!(!watching.all.contains("\u{1b}[?25l"), "the cursor was never hidden");
}
