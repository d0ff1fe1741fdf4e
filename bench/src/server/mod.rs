//! A server under test: a process of its own, on a core of its own.

mod usage;

use std::ffi::OsString;
use std::net::TcpListener;
use std::process::Stdio;
use std::time::{Duration, Instant};

use anyhow::{Context, Result, bail};
use tokio::io::AsyncReadExt;
use tokio::process::{Child, Command};
use tokio::time::sleep;

pub(crate) use crate::server::usage::Usage;

use crate::http::Request;

/// Where the servers under test run.
pub(crate) const SERVER_CORE: &str = "0";
/// Where the load, the upstream and the driver run.
pub(crate) const LOAD_CORE: &str = "1";

/// A running server, ended when dropped.
#[derive(Debug)]
pub(crate) struct Server {
    child: Child,
    pid: u32,
    /// `http://127.0.0.1:…`
    pub(crate) origin: String,
    /// The same of its metrics, if it has any.
    pub(crate) admin: Option<String>,
    /// When it was started.
    pub(crate) started: Instant,
}

impl Server {
    /// How long a start may take.
    pub(crate) const START: Duration = Duration::from_secs(10);

    /// Starts a program on some cores, with so many worker threads. What it writes is read and thrown away.
    pub(crate) fn spawn(port: u16, cores: &str, workers: usize, program: Vec<OsString>) -> Result<Self> {
        let mut command = Command::new("taskset");
        command.args(["-c", cores]).args(&program).env("TOKIO_WORKER_THREADS", workers.to_string());
        command.stdin(Stdio::null()).stdout(Stdio::piped()).kill_on_drop(true);
        let started = Instant::now();
        let mut child = command.spawn().with_context(|| format!("cannot start {program:?}"))?;
        let pid = child.id().context("the server ended at once")?;
        if let Some(mut log) = child.stdout.take() {
            tokio::spawn(async move {
                let mut buffer = vec![0; 256 * 1024];
                while log.read(&mut buffer).await.is_ok_and(|read| read > 0) {}
            });
        }
        Ok(Self { child, pid, origin: format!("http://127.0.0.1:{port}"), admin: None, started })
    }

    /// The same with its metrics on this port.
    pub(crate) fn with_admin(self, port: u16) -> Self {
        Self { admin: Some(format!("http://127.0.0.1:{port}")), ..self }
    }

    /// Waits until it answers `/healthz`.
    pub(crate) async fn ready(&mut self) -> Result<()> {
        let healthy = Request::get("/healthz");
        while healthy.send(&self.origin).await.is_err() {
            if let Some(status) = self.child.try_wait()? {
                bail!("a server ended at its start: {status}");
            }
            if self.started.elapsed() > Self::START {
                bail!("a server did not start within {:?}", Self::START);
            }
            sleep(Duration::from_millis(5)).await;
        }
        Ok(())
    }

    /// Its address and port.
    pub(crate) fn address(&self) -> String {
        self.origin.trim_start_matches("http://").to_owned()
    }

    /// The sum of a metric over all its labels.
    pub(crate) async fn gauge(&self, name: &str) -> Result<f64> {
        let metrics = self.metrics().await?;
        let values = metrics.lines().filter(|line| line.starts_with(name)).filter_map(|line| line.rsplit_once(' '));
        Ok(values.filter_map(|(_, value)| value.parse::<f64>().ok()).sum())
    }

    /// Its metrics, as Prometheus reads them.
    pub(crate) async fn metrics(&self) -> Result<String> {
        let admin = self.admin.as_deref().context("no metrics")?;
        Ok(String::from_utf8_lossy(&Request::get("/metrics").send(admin).await?.body).into_owned())
    }

    /// What it has used so far.
    pub(crate) fn usage(&self) -> Result<Usage> {
        Usage::of(self.pid)
    }
}

/// A port that is free now.
pub(crate) fn free_port() -> Result<u16> {
    let [port] = free_ports()?;
    Ok(port)
}

/// So many ports that are free now, each another.
pub(crate) fn free_ports<const N: usize>() -> Result<[u16; N]> {
    let mut ports = [0; N];
    let mut held = Vec::with_capacity(N);
    for port in &mut ports {
        let listener = TcpListener::bind("127.0.0.1:0")?;
        *port = listener.local_addr()?.port();
        held.push(listener);
    }
    Ok(ports)
}
