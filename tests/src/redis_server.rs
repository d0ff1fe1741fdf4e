//! A real store for replicas.

use std::io::Write;
use std::net::TcpListener;
use std::process::{Child, Command, Stdio};

use tokio::net::TcpStream;

/// A redis-server, or valkey-server, of the test's own. Ends when it is dropped.
#[derive(Debug)]
pub struct RedisServer {
    program: &'static str,
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
        let is_there = |name: &&str| Command::new(name).arg("--version").stdout(Stdio::null()).status().is_ok();
        let Some(program) = ["redis-server", "valkey-server"].into_iter().find(is_there) else {
            let required = std::env::var_os("ROLLCALL_REQUIRE_REDIS").is_some_and(|it| it == "1");
            assert!(!required, "neither redis-server nor valkey-server is on the PATH");
            // Not `eprintln!`, which the test runner keeps to itself where a test passes.
            let _ = writeln!(
                std::io::stderr(),
                "SKIPPED: a test of several replicas; no redis-server or valkey-server on the PATH"
            );
            return None;
        };
        let port = TcpListener::bind("127.0.0.1:0").expect("a free port").local_addr().expect("its address").port();
        let mut server = Self { program, child: spawn(program, port), port };
        server.wait().await;
        Some(server)
    }

    /// Lines of `[cluster]` that name it.
    #[must_use]
    pub fn cluster(&self) -> String {
        // Patient: tests run beside each other.
        format!("url = \"redis://127.0.0.1:{}\"\ntimeout = \"2s\"", self.port)
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
        self.child = spawn(self.program, self.port);
        self.wait().await;
    }

    async fn wait(&mut self) {
        while TcpStream::connect(("127.0.0.1", self.port)).await.is_err() {
            assert!(self.child.try_wait().expect("a child").is_none(), "{} ended at once", self.program);
            tokio::time::sleep(std::time::Duration::from_millis(5)).await;
        }
    }
}

impl Drop for RedisServer {
    fn drop(&mut self) {
        self.kill();
    }
}

fn spawn(program: &str, port: u16) -> Child {
    let arguments = ["--save", "", "--appendonly", "no", "--bind", "127.0.0.1", "--port", &port.to_string()];
    Command::new(program).args(arguments).stdout(Stdio::null()).spawn().expect("it starts")
}
