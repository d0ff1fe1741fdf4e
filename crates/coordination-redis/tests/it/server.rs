//! A real server of one's own, and a way past the store to it.

use std::env;
use std::io::{self, Write};
use std::net::TcpListener;
use std::process::{Child, Command, Stdio};
use std::sync::Arc;
use std::time::Duration;

use coordination_redis::{RedisConfig, RedisStore};
use tempfile::TempDir;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;
use tokio::time::{sleep, timeout};

/// No step of a healthy server takes nearly as long, on any machine.
pub(crate) const PATIENT: Duration = Duration::from_secs(20);

/// The server's program, or a word about the test that is skipped.
fn program() -> Option<&'static str> {
    let folders: Vec<_> = env::split_paths(&env::var_os("PATH").unwrap_or_default()).collect();
    let is_there = |name: &&str| folders.iter().any(|folder| folder.join(name).is_file());
    let found = ["redis-server", "valkey-server"].into_iter().find(is_there);
    if found.is_none() {
        assert!(env::var_os("ROLLCALL_REQUIRE_REDIS").is_none_or(|it| it != "1"), "no redis-server, no valkey-server");
        // Not `eprintln!`, which the test runner keeps to itself where a test passes.
        let _ =
            writeln!(io::stderr(), "SKIPPED: a test over a real store; no redis-server or valkey-server on the PATH");
    }
    found
}

/// A running server, which ends with this.
pub(crate) struct Server {
    program: &'static str,
    arguments: Vec<String>,
    folder: TempDir,
    child: Child,
    pub(crate) port: u16,
}

impl Server {
    /// With arguments of its own, in which `PORT` stands for its port; `None` where there is no program.
    pub(crate) async fn start(arguments: &[&str]) -> Option<Self> {
        let program = program()?;
        for _ in 0..20 {
            let port = TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().port();
            let arguments: Vec<_> = arguments.iter().map(|it| it.replace("PORT", &port.to_string())).collect();
            let folder = TempDir::new().unwrap();
            let child = spawn(program, port, &arguments, &folder);
            let mut server = Self { program, arguments, folder, child, port };
            if server.is_up().await {
                return Some(server);
            }
            // Somebody took the port in between: another one.
        }
        panic!("{program} does not start");
    }

    /// Whether it accepts connections before it ends.
    async fn is_up(&mut self) -> bool {
        while self.child.try_wait().unwrap().is_none() {
            if TcpStream::connect(("127.0.0.1", self.port)).await.is_ok() {
                return true;
            }
            sleep(Duration::from_millis(5)).await;
        }
        false
    }

    /// Ends it at once.
    pub(crate) fn kill(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }

    /// Starts it again, on its port and with nothing in it.
    pub(crate) async fn restart(&mut self) {
        self.kill();
        self.child = spawn(self.program, self.port, &self.arguments, &self.folder);
        assert!(self.is_up().await, "it does not start again");
    }

    /// Has the process get a signal, by its name.
    pub(crate) fn signal(&self, name: &str) {
        let sent = Command::new("sh").args(["-c", &format!("kill -{name} {}", self.child.id())]).status().unwrap();
        assert!(sent.success());
    }

    pub(crate) fn config(&self) -> RedisConfig {
        config(&format!("redis://127.0.0.1:{}", self.port))
    }

    /// A store that waits patiently.
    pub(crate) fn store(&self) -> Arc<RedisStore> {
        Arc::new(RedisStore::new(&self.config()).unwrap())
    }

    /// Says something to the server, past the store, and has what it answers, as it is on the wire.
    pub(crate) async fn say(&self, command: &[&str]) -> String {
        let mut stream = TcpStream::connect(("127.0.0.1", self.port)).await.unwrap();
        let mut wire = format!("*{}\r\n", command.len());
        for part in command {
            wire.push_str(&format!("${}\r\n{part}\r\n", part.len()));
        }
        wire.push_str("*1\r\n$4\r\nQUIT\r\n");
        stream.write_all(wire.as_bytes()).await.unwrap();
        let mut answer = Vec::new();
        timeout(PATIENT, stream.read_to_end(&mut answer)).await.expect("an answer").unwrap();
        let answer = String::from_utf8_lossy(&answer).into_owned();
        answer.strip_suffix("+OK\r\n").expect("the answer to QUIT").to_owned()
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        self.kill();
    }
}

fn spawn(program: &str, port: u16, arguments: &[String], folder: &TempDir) -> Child {
    let mut command = Command::new(program);
    if !arguments.iter().any(|it| it == "--port") {
        command.args(["--port", &port.to_string()]);
    }
    command.args(["--bind", "127.0.0.1", "--save", "", "--appendonly", "no"]).args(arguments);
    command.current_dir(folder).stdout(Stdio::null()).stderr(Stdio::null()).spawn().expect("the server starts")
}

/// For a store at that URL that waits patiently.
pub(crate) fn config(url: &str) -> RedisConfig {
    RedisConfig {
        url: url.into(),
        password: None,
        namespace: "rollcall".to_owned(),
        timeout: PATIENT,
        authorities: None,
    }
}
