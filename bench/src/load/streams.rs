//! Many streams of events, followed by a process of its own.

use std::process::Stdio;

use anyhow::{Context, Result, ensure};
use tokio::process::Command;

use crate::follow::Followed;
use crate::server::{LOAD_CORE, Server};

#[derive(Debug, Clone)]
pub(crate) struct Streams {
    pub(crate) token: String,
    pub(crate) streams: usize,
    pub(crate) seconds: u64,
}

impl Streams {
    pub(crate) async fn run(&self, server: &Server) -> Result<Followed> {
        let mut command = Command::new("taskset");
        command.args(["-c", LOAD_CORE]).arg(std::env::current_exe()?).arg("follow").env("TOKIO_WORKER_THREADS", "1");
        command.args(["--server", &server.address(), "--token", &self.token]);
        command.args(["--streams", &self.streams.to_string(), "--seconds", &self.seconds.to_string()]);
        let output = command.stderr(Stdio::inherit()).kill_on_drop(true).output().await?;
        ensure!(output.status.success(), "the streams were not followed to the end");
        serde_json::from_slice(&output.stdout).context("the follower tells no JSON")
    }
}
