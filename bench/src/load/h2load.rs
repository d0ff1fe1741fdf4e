//! `h2load`: HTTP/2 without TLS, closed loop.

use std::path::PathBuf;
use std::time::Duration;

use anyhow::{Context, Result, bail};
use tokio::process::Command;

use crate::http::Request;
use crate::load::Counted;
use crate::server::LOAD_CORE;

#[derive(Debug, Clone)]
pub(crate) struct H2load {
    pub(crate) request: Request,
    pub(crate) connections: usize,
    /// Requests under way at once on each connection.
    pub(crate) streams: usize,
    /// Where it writes the times of single requests.
    pub(crate) log: PathBuf,
}

impl H2load {
    pub(crate) async fn run(&self, origin: &str, seconds: u64) -> Result<Counted> {
        let _ = std::fs::remove_file(&self.log);
        let mut command = Command::new("taskset");
        command.args(["-c", LOAD_CORE, "h2load", "-t1", &format!("-D{seconds}")]);
        command.arg(format!("-c{}", self.connections)).arg(format!("-m{}", self.streams));
        command.arg("--log-file").arg(&self.log);
        for (name, value) in &self.request.headers {
            command.arg("-H").arg(format!("{name}: {value}"));
        }
        let output =
            command.arg(format!("{origin}{}", self.request.path)).output().await.context("cannot run h2load")?;
        let text = String::from_utf8_lossy(&output.stdout);
        let times = std::fs::read_to_string(&self.log).unwrap_or_default();
        match read(&text, &times) {
            Some(counted) if output.status.success() => Ok(counted),
            _ => bail!("h2load failed: {text}{}", String::from_utf8_lossy(&output.stderr)),
        }
    }
}

fn read(text: &str, times: &str) -> Option<Counted> {
    // `requests: 9 total, 9 started, 9 done, 9 succeeded, 0 failed, 0 errored, 0 timeout`
    let line = text.lines().find_map(|line| line.strip_prefix("requests: "))?;
    let count = |label: &str| {
        line.split(", ").find_map(|part| part.strip_suffix(label)?.trim().parse::<u64>().ok()).unwrap_or_default()
    };
    let rate = text.lines().find_map(|line| line.strip_prefix("finished in ")?.split(", ").nth(1));
    let per_second = rate?.strip_suffix(" req/s")?.parse().ok()?;
    // start, status, microseconds
    let mut micros: Vec<u64> = times.lines().filter_map(|line| line.split('\t').nth(2)?.parse().ok()).collect();
    micros.sort_unstable();
    let percentile = |percent: usize| {
        let at = (micros.len() * percent / 100).min(micros.len().saturating_sub(1));
        micros.get(at).map(|micros| Duration::from_micros(*micros))
    };
    Some(Counted {
        answers: count(" done"),
        failed: count(" failed") + count(" errored") + count(" timeout"),
        per_second,
        p50: percentile(50)?,
        p99: percentile(99)?,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_h2load_prints_is_read() {
        let text = "starting benchmark...\n\nfinished in 1.00s, 30010.00 req/s, 12.10MB/s\n\
            requests: 30100 total, 30100 started, 30010 done, 30008 succeeded, 2 failed, 1 errored, 0 timeout\n";
        let counted = read(text, "1\t200\t100\n2\t200\t300\n3\t200\t200\n").unwrap();
        assert_eq!((counted.answers, counted.failed), (30_010, 3));
        assert_eq!((counted.p50, counted.p99), (Duration::from_micros(200), Duration::from_micros(300)));
        assert!(read("", "").is_none());
    }
}
