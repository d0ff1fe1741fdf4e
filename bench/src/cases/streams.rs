//! Ten thousand who follow events, and whether those who ask for what is in memory notice.

use std::time::Duration;

use anyhow::{Context, Result};
use tokio::time::Instant;

use crate::bench::Bench;
use crate::cases::hit::{one_session, warm};
use crate::load::{Steady, Streams, Timed};
use crate::rollcall::Setup;
use crate::server::Server;
use crate::table::Line;
use crate::tokens;

const STREAMS: usize = 10_000;
const SECONDS: u64 = 6;
const HITS_PER_SECOND: u32 = 200;

/// A list of 200 in which two rows change each time it is asked for, once a second: two events a second at least.
const SESSIONS: usize = 200;
const CHANGED_IN_A_HUNDRED: usize = 1;
const TABLES: &str = "[events]\npoll_for = \"1s\"\nmax_streams = 12000\n\
                      [limits]\nstreams = 12000\nmax_connections = 24000\n";

pub(super) async fn streams(bench: &Bench) -> Result<Vec<Line>> {
    let mut lines = Vec::new();
    for (name, binary) in &bench.binaries {
        let setup = Setup {
            churn: CHANGED_IN_A_HUNDRED,
            tables: TABLES.to_owned(),
            realtimekit: vec![("realtimekit".to_owned(), 1)],
            ..Setup::with_sessions(SESSIONS, 1)
        };
        let server = bench.rollcall(binary, &setup).await?;
        warm(&server, &one_session()?).await?;
        let seconds = SECONDS * bench.seconds;
        let steady = Steady { requests: vec![one_session()?], per_second: HITS_PER_SECOND, seconds };
        let alone = percentiles(&steady.run(&[&server.origin]).await?)?;
        let streams = Streams { token: tokens::hs256("bench")?, streams: STREAMS, seconds: 3 * seconds };
        let (followed, beside) = tokio::join!(streams.run(&server), beside(&server, &steady));
        let (followed, (hits, share, resident)) = (followed?, beside?);
        let lag = lag(&server).await?;
        let case = format!("{STREAMS} streams, {:.1} events/s", followed.events as f64 / (3 * seconds) as f64);
        let note = format!(
            "{} events came {} times, the last {:.0} ms after the first stream had it; seen to written: 99 % within {lag} s; \
             {:.0} % of the core, {} MiB resident",
            followed.events,
            followed.came,
            followed.most * 1e3,
            share * 100.0,
            resident >> 20
        );
        lines.push(
            Line {
                p50: Some(Duration::from_secs_f64(followed.p50)),
                p99: Some(Duration::from_secs_f64(followed.p99)),
                ..Line::new(case, *name)
            }
            .note(note),
        );
        for (what, (p50, p99)) in [("no stream", alone), ("beside the streams", hits)] {
            let ratio = Some(p50.as_secs_f64() / alone.0.as_secs_f64());
            let case = format!("hits at {HITS_PER_SECOND}/s, {what}");
            lines.push(Line { ratio, p50: Some(p50), p99: Some(p99), ..Line::new(case, *name) });
        }
    }
    Ok(lines)
}

/// Hits while all streams are there, the server's share of its core meanwhile, and its memory.
async fn beside(server: &Server, steady: &Steady) -> Result<((Duration, Duration), f64, u64)> {
    while server.gauge("rollcall_streams{").await? < STREAMS as f64 {
        tokio::time::sleep(Duration::from_millis(200)).await;
    }
    let (since, before) = (Instant::now(), server.usage()?.cpu);
    let hits = percentiles(&steady.run(&[&server.origin]).await?)?;
    let usage = server.usage()?;
    let share = (usage.cpu - before).as_secs_f64() / since.elapsed().as_secs_f64();
    Ok((hits, share, usage.resident))
}

fn percentiles(hits: &[Timed]) -> Result<(Duration, Duration)> {
    let mut times: Vec<Duration> = hits.iter().map(|hit| hit.end - hit.due).collect();
    times.sort_unstable();
    let at = |percent: usize| times.get(times.len() * percent / 100).copied().context("no hits");
    Ok((at(50)?, at(99)?))
}

/// The least bound of the server's own histogram that holds 99 % of the times from a change seen to its bytes written.
async fn lag(server: &Server) -> Result<String> {
    let metrics = server.metrics().await?;
    let value = |line: &str| line.rsplit_once(' ').and_then(|(_, value)| value.parse::<f64>().ok());
    let all = metrics.lines().find(|line| line.starts_with("rollcall_event_lag_seconds_count")).and_then(value);
    let all = all.context("no lag is told")?;
    let bounds = metrics.lines().filter_map(|line| {
        let (bound, count) = line.strip_prefix("rollcall_event_lag_seconds_bucket{le=\"")?.split_once("\"} ")?;
        (count.parse::<f64>().ok()? >= 0.99 * all).then(|| bound.to_owned())
    });
    bounds.into_iter().next().context("no bound")
}
