//! One load over one, three and six replicas: what the providers are asked, what is in memory, what the store does.

use std::time::Duration;

use anyhow::{Context, Result};
use tokio::time::{Instant, sleep};

use crate::bench::Bench;
use crate::http::Request;
use crate::load::{Steady, Timed};
use crate::rollcall::Setup;
use crate::server::Server;
use crate::store::Store;
use crate::table::Line;
use crate::tokens;

/// A prime, so that each room is asked for at each replica in turn.
const ROOMS: usize = 211;
const PER_SECOND: u32 = 600;
const SECONDS: u64 = 10;
const FRESH_FOR: &str = "fresh_for = \"2s\"";

/// How many there may be, with nobody who asks: what it costs the store that they are there.
const FLEETS: [usize; 3] = [6, 25, 100];
const IDLE: Duration = Duration::from_secs(5);

/// What the store does for replicas of which nobody asks anything.
pub(super) async fn fleet(bench: &Bench) -> Result<Vec<Line>> {
    let (name, binary) = &bench.binaries[0];
    let mut lines = Vec::new();
    for count in FLEETS {
        let store = Store::start().await?;
        let setup = Setup { tables: store.cluster(count), log_level: "warn", ..Setup::with_sessions(1, 1) };
        let mut servers = Vec::new();
        for _ in 0..count {
            servers.push(bench.rollcall(binary, &setup).await?);
        }
        cluster_is(&servers, 1.0).await?;
        let (before, cpu, since) = (store.traffic().await?, cpu(&servers)?, Instant::now());
        sleep(IDLE).await;
        let seconds = since.elapsed().as_secs_f64();
        let each = cpu_since(&servers, cpu)?.as_secs_f64() / seconds / count as f64 * 100.0;
        let note = format!("{}; {each:.1} % of a core for each replica", store.traffic().await?.since(before, seconds));
        lines.push(Line::new(format!("replicas: {count}, nobody asks"), *name).note(note));
    }
    Ok(lines)
}

/// Reads of rooms and of the list, one request at one replica and the next at the next.
pub(super) async fn replicas(bench: &Bench) -> Result<Vec<Line>> {
    let mut lines = Vec::new();
    for (name, binary) in &bench.binaries {
        let setup = Setup { cache: FRESH_FOR.to_owned(), ..Setup::with_sessions(100, 100) };
        let alone = vec![bench.rollcall(binary, &setup).await?];
        lines.push(measure(bench, name, "one process, no [cluster]", &alone, None).await?);
        drop(alone);
        for count in [1, 3, 6] {
            let store = Store::start().await?;
            let setup = Setup { tables: store.cluster(count), ..setup.clone() };
            let mut servers = Vec::new();
            for _ in 0..count {
                servers.push(bench.rollcall(binary, &setup).await?);
            }
            cluster_is(&servers, 1.0).await?;
            let case = format!("replicas: {count}");
            lines.push(measure(bench, name, &case, &servers, Some(&store)).await?);
            if count > 1 {
                store.kill().await?;
                cluster_is(&servers, 0.0).await?;
                lines.push(measure(bench, name, &format!("{case}, the store gone"), &servers, None).await?);
            }
        }
    }
    Ok(lines)
}

async fn measure(bench: &Bench, name: &str, case: &str, servers: &[Server], store: Option<&Store>) -> Result<Line> {
    let token = tokens::hs256("bench")?;
    let rooms = (1..=ROOMS).map(|n| match n {
        ROOMS => Request::get("/v1/live-sessions?limit=100"),
        n if n % 2 == 0 => Request::get(format!("/v1/live-sessions/huddle01/room-{n}")),
        n => Request::get(format!("/v1/live-sessions/realtimekit/room-{n}")),
    });
    let requests = rooms.map(|request| request.bearer(&token)).collect();
    let steady = Steady { requests, per_second: PER_SECOND, seconds: SECONDS * bench.seconds };
    let origins: Vec<&str> = servers.iter().map(|server| server.origin.as_str()).collect();
    // What is first asked for is a miss whatever there is.
    Steady { seconds: 2, ..steady.clone() }.run(&origins).await?;
    let (asked, traffic, cpu) = (bench.asked().await?, traffic(store).await?, cpu(servers)?);
    let answers = steady.run(&origins).await?;
    let seconds = steady.seconds as f64;
    let exchanges = bench.asked().await?.since(asked).exchanges / seconds;
    let micros = (cpu_since(servers, cpu)?.as_secs_f64()) * 1e6 / answers.len() as f64;
    let hits = answers.iter().filter(|answer| answer.hit).count() as f64 / answers.len() as f64;
    let mut note = format!("{exchanges:.0} upstream exchanges a second, {:.1} % hits", hits * 100.0);
    if let (Some(before), Some(after)) = (traffic, self::traffic(store).await?) {
        note += &format!("; {}", after.since(before, seconds));
    }
    let (p50, p99) = percentiles(&answers)?;
    let line = Line { micros: Some(micros), p50: Some(p50), p99: Some(p99), ..Line::new(case, name) };
    Ok(line.note(note))
}

async fn traffic(store: Option<&Store>) -> Result<Option<crate::store::Traffic>> {
    match store {
        Some(store) => Ok(Some(store.traffic().await?)),
        None => Ok(None),
    }
}

fn cpu(servers: &[Server]) -> Result<Duration> {
    servers.iter().map(|server| Ok(server.usage()?.cpu)).sum()
}

fn cpu_since(servers: &[Server], before: Duration) -> Result<Duration> {
    Ok(cpu(servers)? - before)
}

fn percentiles(answers: &[Timed]) -> Result<(Duration, Duration)> {
    let mut times: Vec<Duration> = answers.iter().map(|answer| answer.end - answer.due).collect();
    times.sort_unstable();
    let at = |percent: usize| times.get(times.len() * percent / 100).copied().context("no answers");
    Ok((at(50)?, at(99)?))
}

/// Waits until every replica says that it has the store, or has not.
async fn cluster_is(servers: &[Server], up: f64) -> Result<()> {
    let token = tokens::hs256("bench")?;
    let since = Instant::now();
    for server in servers {
        while server.gauge("rollcall_cluster_up").await? != up {
            // It notices when it wants something.
            Request::get("/v1/live-sessions")
                .bearer(&token)
                .header("Cache-Control", "no-cache")
                .send(&server.origin)
                .await?;
            anyhow::ensure!(since.elapsed() < Server::START, "a replica does not say rollcall_cluster_up {up}");
            sleep(Duration::from_millis(100)).await;
        }
    }
    // A budget that begins empty fills; who was seen is seen.
    sleep(Duration::from_secs(2)).await;
    Ok(())
}
