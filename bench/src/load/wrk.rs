//! `wrk`: HTTP/1.1, closed loop.

use std::path::PathBuf;
use std::time::Duration;

use anyhow::{Context, Result, bail};
use tokio::process::Command;

use crate::http::Request;
use crate::load::Counted;
use crate::server::LOAD_CORE;

#[derive(Debug, Clone)]
pub(crate) struct Wrk {
    pub(crate) request: Request,
    pub(crate) connections: usize,
    /// A Lua script that makes the requests.
    pub(crate) script: Option<PathBuf>,
}

impl Wrk {
    pub(crate) fn new(request: Request) -> Self {
        Self { request, connections: 64, script: None }
    }

    pub(crate) fn connections(self, connections: usize) -> Self {
        Self { connections, ..self }
    }

    pub(crate) fn script(self, script: PathBuf) -> Self {
        Self { script: Some(script), ..self }
    }

    pub(crate) async fn run(&self, origin: &str, seconds: u64) -> Result<Counted> {
        let mut command = Command::new("taskset");
        command.args(["-c", LOAD_CORE, "wrk", "-t1", "--latency", "--timeout", "10s"]);
        command.arg(format!("-c{}", self.connections)).arg(format!("-d{seconds}s"));
        for (name, value) in &self.request.headers {
            command.arg("-H").arg(format!("{name}: {value}"));
        }
        if let Some(script) = &self.script {
            command.arg("-s").arg(script);
        }
        let output = command.arg(format!("{origin}{}", self.request.path)).output().await.context("cannot run wrk")?;
        let text = String::from_utf8_lossy(&output.stdout);
        match read(&text) {
            Some(counted) if output.status.success() => Ok(counted),
            _ => bail!("wrk failed: {text}{}", String::from_utf8_lossy(&output.stderr)),
        }
    }
}

fn read(text: &str) -> Option<Counted> {
    let word_after =
        |label: &str| text.lines().find_map(|line| line.trim().strip_prefix(label)?.split_whitespace().next());
    let answers =
        text.lines().find_map(|line| line.trim().split_once(" requests in ")?.0.trim().parse::<u64>().ok())?;
    let refused = word_after("Non-2xx or 3xx responses:").map_or(Some(0), |count| count.parse().ok())?;
    Some(Counted {
        answers,
        failed: refused + lost(text),
        per_second: word_after("Requests/sec:")?.parse().ok()?,
        p50: time(word_after("50%")?)?,
        p99: time(word_after("99%")?)?,
    })
}

/// `Socket errors: connect 0, read 0, write 0, timeout 0`
fn lost(text: &str) -> u64 {
    let errors = text.lines().find_map(|line| line.trim().strip_prefix("Socket errors:"));
    let counts = errors.into_iter().flat_map(|line| line.split(',')).filter_map(|part| part.split_whitespace().last());
    counts.filter_map(|count| count.parse::<u64>().ok()).sum()
}

fn time(text: &str) -> Option<Duration> {
    let number = text.trim_end_matches(char::is_alphabetic);
    let unit = match &text[number.len()..] {
        "us" => 1e-6,
        "ms" => 1e-3,
        "s" => 1.0,
        "m" => 60.0,
        _ => return None,
    };
    Some(Duration::from_secs_f64(number.parse::<f64>().ok()? * unit))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_wrk_prints_is_read() {
        let text = "Running 1s test @ http://127.0.0.1:1/\n  1 threads and 64 connections\n\
            \x20 Thread Stats   Avg      Stdev     Max   +/- Stdev\n    Latency     2.05ms    1.10ms  20.00ms   90.00%\n\
            \x20 Latency Distribution\n     50%    1.92ms\n     75%    2.01ms\n     90%    2.30ms\n     99%  812.00us\n\
            \x20 31057 requests in 1.01s, 40.00MB read\n  Socket errors: connect 1, read 2, write 0, timeout 3\n\
            \x20 Non-2xx or 3xx responses: 4\nRequests/sec:  30749.50\nTransfer/sec:     39.60MB\n";
        let counted = read(text).unwrap();
        assert_eq!((counted.answers, counted.failed), (31_057, 10));
        assert_eq!((counted.p50, counted.p99), (Duration::from_micros(1_920), Duration::from_micros(812)));
        assert!((counted.per_second - 30_749.5).abs() < 0.01);
        assert!(read("").is_none());
    }
}
