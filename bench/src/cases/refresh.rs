//! Whether those whose answer is in memory notice that a long list is being read anew.

use std::time::Duration;

use anyhow::{Context, Result};
use tokio::time::{Instant, sleep};

use crate::bench::Bench;
use crate::cases::hit::{one_session, warm};
use crate::cases::rebuild;
use crate::load::{Steady, Timed};
use crate::rollcall::Setup;
use crate::server::Server;
use crate::table::Line;

const SESSIONS: usize = 10_000;
const PER_SECOND: u32 = 1000;
const SECONDS: u64 = 6;
const PAUSE: Duration = Duration::from_millis(200);
const PAGE: usize = 100;

/// Whose list is refreshed, and how many of a hundred rows are others each time.
const LISTS: [(&str, usize); 4] = [("huddle01", 0), ("huddle01", 10), ("realtimekit", 0), ("realtimekit", 10)];

/// One session at a steady rate, which does not wait for slow answers, while a list of 10,000 is refreshed now and then.
/// Told apart by whether a refresh was under way at some time between the moment an answer was due to be asked for and
/// its end.
pub(super) async fn refresh(bench: &Bench) -> Result<Vec<Line>> {
    let mut lines = Vec::new();
    for (provider, churn) in LISTS {
        for (name, binary) in &bench.binaries {
            let setup = Setup { churn, ..Setup::with_sessions(SESSIONS, SESSIONS) };
            let server = bench.rollcall(binary, &setup).await?;
            warm(&server, &one_session()?).await?;
            let steady =
                Steady { requests: vec![one_session()?], per_second: PER_SECOND, seconds: SECONDS * bench.seconds };
            let end = Instant::now() + Duration::from_secs(steady.seconds);
            let origins = [server.origin.as_str()];
            let (hits, refreshes) = tokio::join!(steady.run(&origins), refreshes(&server, provider, end));
            lines.extend(told_apart(name, &format!("{provider}'s list, {churn} % changed"), &hits?, &refreshes?)?);
        }
    }
    Ok(lines)
}

/// From when to when a refresh of a provider's list was under way.
async fn refreshes(server: &Server, provider: &str, end: Instant) -> Result<Vec<(Instant, Instant)>> {
    let mut windows = Vec::new();
    while Instant::now() < end {
        sleep(PAUSE).await;
        let since = Instant::now();
        rebuild::anew(provider, PAGE)?.send(&server.origin).await?;
        windows.push((since, Instant::now()));
    }
    Ok(windows)
}

fn told_apart(name: &str, list: &str, hits: &[Timed], refreshes: &[(Instant, Instant)]) -> Result<Vec<Line>> {
    let under_way = |hit: &&Timed| refreshes.iter().any(|(from, to)| hit.due <= *to && hit.end >= *from);
    let (during, otherwise): (Vec<&Timed>, Vec<&Timed>) = hits.iter().partition(under_way);
    let percentile = |hits: &[&Timed], percent: usize| {
        let mut times: Vec<Duration> = hits.iter().map(|hit| hit.end - hit.due).collect();
        times.sort_unstable();
        times.get(times.len() * percent / 100).copied().context("no hits")
    };
    let quiet = percentile(&otherwise, 99)?;
    let took: Duration = refreshes.iter().map(|(from, to)| *to - *from).sum();
    let each = took.as_secs_f64() * 1e3 / refreshes.len().max(1) as f64;
    let line = |what: &str, hits: &[&Timed]| -> Result<Line> {
        let p99 = percentile(hits, 99)?;
        Ok(Line {
            ratio: Some(p99.as_secs_f64() / quiet.as_secs_f64()),
            p50: Some(percentile(hits, 50)?),
            p99: Some(p99),
            ..Line::new(format!("hits at {PER_SECOND}/s, {what}"), name)
        })
    };
    let note =
        format!("{} refreshes of {SESSIONS} sessions, {each:.0} ms each; the ratio is of the p99", refreshes.len());
    Ok(vec![
        line(&format!("no refresh of {list}"), &otherwise)?,
        line(&format!("{list}, being refreshed"), &during)?.note(note),
    ])
}
