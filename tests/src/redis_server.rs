//! A real store for replicas.

use std::path::PathBuf;
use std::process::{Child, Command, Stdio};
use std::time::Duration;

use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;

use crate::program::{find, free_port, signal};

/// A redis-server, or valkey-server, of the test's own. Ends when it is dropped.
#[derive(Debug)]
pub struct RedisServer {
    program: PathBuf,
    arguments: Vec<String>,
    child: Child,
    port: u16,
}

impl RedisServer {
    /// On a free port; `None`, which is said on standard error, where no program is on the PATH. With
    /// `ROLLCALL_REQUIRE_REDIS=1` that is a failure.
    ///
    /// # Panics
    /// When it does not start.
    pub async fn start() -> Option<Self> {
        Self::start_with(&["--port", "PORT"]).await
    }

    /// With these arguments, in which `PORT` stands for its port.
    ///
    /// # Panics
    /// When it does not start.
    pub async fn start_with(arguments: &[&str]) -> Option<Self> {
        let program = find(&["redis-server", "valkey-server"], "ROLLCALL_REQUIRE_REDIS")?;
        let port = free_port();
        let arguments: Vec<_> = arguments.iter().map(|it| it.replace("PORT", &port.to_string())).collect();
        let mut server = Self { child: spawn(&program, &arguments), program, arguments, port };
        server.wait().await;
        Some(server)
    }

    /// Lines of `[cluster]` that name it.
    #[must_use]
    pub fn cluster(&self) -> String {
        // Patient: tests run beside each other.
        format!("url = \"redis://127.0.0.1:{}\"\ntimeout = \"2s\"", self.port)
    }

    /// Its port.
    #[must_use]
    pub fn port(&self) -> u16 {
        self.port
    }

    /// Ends it at once.
    pub fn kill(&mut self) {
        // It may have ended already.
        let _ = self.child.kill();
        let _ = self.child.wait();
    }

    /// Starts it again where it was, with nothing in it.
    pub async fn restart(&mut self) {
        self.kill();
        self.child = spawn(&self.program, &self.arguments);
        self.wait().await;
    }

    /// Has it stand still, or go on.
    pub fn stand_still(&self, still: bool) {
        signal(if still { "STOP" } else { "CONT" }, self.child.id());
    }

    /// Gives it a command, past the replicas, and answers what it says, as it is on the wire.
    ///
    /// # Panics
    /// When it does not answer.
    pub async fn say(&self, command: &str) -> String {
        let mut stream = TcpStream::connect(("127.0.0.1", self.port)).await.expect("it runs");
        stream.write_all(format!("{command}\r\nQUIT\r\n").as_bytes()).await.expect("it runs");
        let mut answer = String::new();
        stream.read_to_string(&mut answer).await.expect("an answer");
        answer
    }

    async fn wait(&mut self) {
        while TcpStream::connect(("127.0.0.1", self.port)).await.is_err() {
            assert!(self.child.try_wait().expect("a child").is_none(), "{} ended at once", self.program.display());
            tokio::time::sleep(Duration::from_millis(5)).await;
        }
    }
}

impl Drop for RedisServer {
    fn drop(&mut self) {
        self.kill();
    }
}

fn spawn(program: &std::path::Path, arguments: &[String]) -> Child {
    let always = ["--save", "", "--appendonly", "no", "--bind", "127.0.0.1"];
    Command::new(program).args(always).args(arguments).stdout(Stdio::null()).spawn().expect("it starts")
}
