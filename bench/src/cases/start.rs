//! From nothing to the first answer, and the memory of a server that has nothing to do.

use std::io::{Read, Write};
use std::net::TcpStream;
use std::path::Path;
use std::time::{Duration, Instant};

use anyhow::{Context, Result, ensure};

use crate::answer::Answer;
use crate::arguments::PeerKind;
use crate::bench::Bench;
use crate::cases::hit::{ONE_SESSION, one_session, warm};
use crate::contest::median;
use crate::rollcall::Setup;
use crate::server::Server;
use crate::table::Line;
use crate::tokens;

/// Starts for each round of the other cases: one is over in no time.
const STARTS: usize = 3;
/// How long a server has been left alone when its memory is read.
const IDLE: Duration = Duration::from_secs(1);

/// One start of each.
#[derive(Debug, Default)]
struct Starts {
    healthy: Vec<f64>,
    answered: Vec<f64>,
    cpu: Vec<f64>,
    resident: Vec<f64>,
}

/// Cold start and idle memory of every binary, and of the bare server.
pub(super) async fn start(bench: &Bench) -> Result<Vec<Line>> {
    let (_, first) = &bench.binaries[0];
    let setup = Setup::with_sessions(1, 1);
    let answer = warm(&bench.rollcall(first, &setup).await?, &one_session()?).await?;
    let mut contestants: Vec<(&str, Option<&Path>)> = vec![("axum", None)];
    contestants.extend(bench.binaries.iter().map(|(name, binary)| (*name, Some(binary.as_path()))));
    let mut starts: Vec<Starts> = contestants.iter().map(|_| Starts::default()).collect();
    for round in 0..bench.rounds * STARTS {
        for ((_, binary), starts) in contestants.iter().zip(&mut starts) {
            once(bench, *binary, &setup, &answer, starts, round < bench.rounds.min(3)).await?;
        }
    }
    contestants.iter().zip(starts).map(|((name, _), starts)| line(name, starts)).collect()
}

async fn once(
    bench: &Bench,
    binary: Option<&Path>,
    setup: &Setup,
    answer: &Answer,
    starts: &mut Starts,
    weigh: bool,
) -> Result<()> {
    let server = match binary {
        Some(binary) => bench.start_rollcall(binary, setup)?,
        None => bench.start_peer(PeerKind::Bare, Some(answer))?,
    };
    let (address, since, token) = (server.address(), server.started, tokens::hs256("bench")?);
    let moments = tokio::task::spawn_blocking(move || {
        let healthy = answered(&address, "/healthz", &token, since)?;
        anyhow::Ok((healthy, answered(&address, ONE_SESSION, &token, since)?))
    });
    let (healthy, answered) = moments.await??;
    starts.healthy.push(healthy.as_secs_f64());
    starts.answered.push(answered.as_secs_f64());
    starts.cpu.push(server.usage()?.cpu.as_secs_f64());
    if weigh {
        tokio::time::sleep(IDLE).await;
        starts.resident.push(server.usage()?.resident as f64);
    }
    Ok(())
}

/// Asks until there is an answer; how long that is after the start.
fn answered(address: &str, path: &str, token: &str, since: Instant) -> Result<Duration> {
    while since.elapsed() < Server::START {
        let Ok(mut stream) = TcpStream::connect(address) else {
            std::thread::sleep(Duration::from_micros(200));
            continue;
        };
        let head = format!("GET {path} HTTP/1.1\r\nHost: {address}\r\nAuthorization: Bearer {token}\r\n\r\n");
        stream.write_all(head.as_bytes())?;
        let mut seen = [0; 12];
        stream.read_exact(&mut seen)?;
        let elapsed = since.elapsed();
        ensure!(seen.ends_with(b" 200"), "{path}: {}", String::from_utf8_lossy(&seen));
        return Ok(elapsed);
    }
    anyhow::bail!("no answer to {path}")
}

fn line(name: &str, starts: Starts) -> Result<Line> {
    let median = |values| median(values).context("no rounds");
    let (healthy, answered) = (median(starts.healthy)? * 1e3, median(starts.answered)? * 1e3);
    let (cpu, resident) = (median(starts.cpu)? * 1e3, median(starts.resident)? / 1024.0 / 1024.0);
    let note = format!(
        "/healthz after {healthy:.1} ms, the first authorised answer after {answered:.1} ms, {cpu:.0} ms of processor \
         time, {resident:.1} MiB resident when idle"
    );
    Ok(Line::new("cold start", name).note(note))
}
