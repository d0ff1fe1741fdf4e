//! The program, running.

use std::io::{BufRead, BufReader, PipeReader, PipeWriter, Read, Write};
use std::net::TcpStream;
use std::process::{Child, Command, Stdio};
use std::sync::mpsc;
use std::time::Duration;

/// The longest any answer, and the end, may take: several times what is promised, for machines under load.
const PATIENCE: Duration = Duration::from_secs(20);

/// A running program, ended with it.
pub(crate) struct Running {
    child: Child,
    out: BufReader<PipeReader>,
}

impl Running {
    pub(crate) fn start(arguments: &[&str]) -> Self {
        Self::of(Command::new(env!("CARGO_BIN_EXE_rollcall")).args(arguments))
    }

    pub(crate) fn of(command: &mut Command) -> Self {
        let (out, into) = std::io::pipe().unwrap();
        Self::writing(command, into, out)
    }

    /// Writes into a pipe of which the other end is `out`.
    pub(crate) fn writing(command: &mut Command, into: PipeWriter, out: PipeReader) -> Self {
        let child = command.env_clear().stdout(into).spawn().unwrap();
        // Else the command would hold the pipe open when the program has ended.
        command.stdout(Stdio::null());
        Self { child, out: BufReader::new(out) }
    }

    /// The text up to and with the first line that holds `wanted`.
    pub(crate) fn until(&mut self, wanted: &str) -> String {
        let mut text = String::new();
        let (waiting, over) = mpsc::channel::<()>();
        let pid = self.child.id().to_string();
        std::thread::spawn(move || {
            if over.recv_timeout(PATIENCE) == Err(mpsc::RecvTimeoutError::Timeout) {
                let _ = Command::new("kill").args(["-KILL", &pid]).status();
            }
        });
        while !text.contains(wanted) {
            let read = self.out.read_line(&mut text).unwrap();
            assert_ne!(read, 0, "it ended, or was ended for not saying {wanted:?}; it said:\n{text}");
        }
        drop(waiting);
        text
    }

    pub(crate) fn is_running(&mut self) -> bool {
        self.child.try_wait().unwrap().is_none()
    }

    /// Asks it to stop and waits for its exit code.
    pub(crate) fn stop(&mut self, signal: &str) -> Option<i32> {
        let pid = self.child.id().to_string();
        let send =
            |signal: &str| assert!(Command::new("kill").args([signal, pid.as_str()]).status().unwrap().success());
        send(signal);
        let child = &mut self.child;
        let (ended, end) = mpsc::channel();
        std::thread::scope(|scope| {
            scope.spawn(move || ended.send(child.wait().unwrap().code()));
            end.recv_timeout(PATIENCE).unwrap_or_else(|_| {
                send("-KILL");
                panic!("it does not end");
            })
        })
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
    ask(host, &format!("GET /{path} HTTP/1.1\r\nhost: {host}\r\nconnection: close\r\n\r\n"))
}

/// What comes back for these requests, the last of which closes the connection.
pub(crate) fn ask(host: &str, requests: &str) -> String {
    let mut socket = TcpStream::connect(host).unwrap();
    socket.set_read_timeout(Some(PATIENCE)).unwrap();
    socket.write_all(requests.as_bytes()).unwrap();
    let mut answers = String::new();
    socket.read_to_string(&mut answers).unwrap();
    answers
}
