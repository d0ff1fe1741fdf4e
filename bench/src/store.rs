//! A real store for replicas.

use std::process::Stdio;
use std::time::Duration;

use anyhow::{Context, Result, bail};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;
use tokio::process::{Child, Command};
use tokio::time::{Instant, sleep};

use crate::server::{LOAD_CORE, Server, free_port};

/// A `redis-server`, or `valkey-server`, that keeps nothing on disk. Ended when dropped.
#[derive(Debug)]
pub(crate) struct Store {
    child: Child,
    port: u16,
}

/// What a store has been asked for so far.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Traffic {
    pub(crate) commands: f64,
    /// Bytes in both directions.
    pub(crate) bytes: f64,
    /// Bytes of memory that it uses now.
    pub(crate) memory: f64,
    /// Seconds of processor time.
    pub(crate) cpu: f64,
}

impl Traffic {
    /// What it did in so many seconds, in words.
    pub(crate) fn since(self, before: Self, seconds: f64) -> String {
        format!(
            "at the store {:.0} commands and {:.0} kB a second, {:.1} % of a core, {:.1} MB held",
            (self.commands - before.commands) / seconds,
            (self.bytes - before.bytes) / seconds / 1e3,
            (self.cpu - before.cpu) / seconds * 100.0,
            self.memory / 1e6
        )
    }
}

impl Store {
    /// Starts whichever is on the PATH.
    pub(crate) async fn start() -> Result<Self> {
        let port = free_port()?;
        let child = ["redis-server", "valkey-server"].iter().find_map(|program| spawn(program, port).ok());
        let mut store = Self { child: child.context("neither redis-server nor valkey-server is on the PATH")?, port };
        let since = Instant::now();
        while TcpStream::connect(("127.0.0.1", port)).await.is_err() {
            if store.child.try_wait()?.is_some() || since.elapsed() > Server::START {
                bail!("the store did not start");
            }
            sleep(Duration::from_millis(5)).await;
        }
        Ok(store)
    }

    /// The table of a configuration that names it, for so many replicas.
    pub(crate) fn cluster(&self, replicas: usize) -> String {
        format!("[cluster]\nurl = \"redis://127.0.0.1:{}\"\nreplicas = {replicas}\n", self.port)
    }

    /// Ends it at once.
    pub(crate) async fn kill(mut self) -> Result<()> {
        Ok(self.child.kill().await?)
    }

    pub(crate) async fn traffic(&self) -> Result<Traffic> {
        let mut stream = TcpStream::connect(("127.0.0.1", self.port)).await?;
        stream.write_all(b"INFO\r\nQUIT\r\n").await?;
        let mut text = String::new();
        stream.read_to_string(&mut text).await?;
        let number = |name: &str| -> Result<f64> {
            let value = text.lines().find_map(|line| line.strip_prefix(name)?.strip_prefix(':'));
            value.and_then(|value| value.trim().parse().ok()).with_context(|| format!("the store tells no {name}"))
        };
        Ok(Traffic {
            commands: number("total_commands_processed")?,
            bytes: number("total_net_input_bytes")? + number("total_net_output_bytes")?,
            memory: number("used_memory")?,
            cpu: number("used_cpu_user")? + number("used_cpu_sys")?,
        })
    }
}

fn spawn(program: &str, port: u16) -> std::io::Result<Child> {
    let mut command = Command::new("taskset");
    // taskset itself starts even if the program does not.
    std::process::Command::new(program).arg("--version").stdout(Stdio::null()).status()?;
    command.args(["-c", LOAD_CORE, program, "--save", "", "--appendonly", "no", "--bind", "127.0.0.1", "--port"]);
    command.arg(port.to_string()).stdin(Stdio::null()).stdout(Stdio::null()).kill_on_drop(true).spawn()
}
