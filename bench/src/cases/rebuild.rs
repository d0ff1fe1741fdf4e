//! A list read anew: the upstream's bodies read, mapped, sorted, rendered.

use anyhow::Result;

use crate::bench::Bench;
use crate::contest::{Contestant, Score, contest};
use crate::http::Request;
use crate::load::Wrk;
use crate::rollcall::Setup;
use crate::server::Server;
use crate::table::Line;
use crate::tokens;

/// A list of so many sessions of one provider, read anew for each answer, which holds all of them. Of each hundred rows
/// `churn` are others each time.
pub(super) async fn list(bench: &Bench, provider: &str, sessions: usize, churn: usize) -> Result<Vec<Line>> {
    let mut servers: Vec<(&str, Server)> = Vec::new();
    for (name, binary) in &bench.binaries {
        servers
            .push((name, bench.rollcall(binary, &Setup { churn, ..Setup::with_sessions(sessions, sessions) }).await?));
    }
    let load = Wrk::new(anew(provider, sessions)?).connections(1);
    // The oldest one is the measure.
    let contestants: Vec<_> =
        servers.iter().rev().map(|(name, server)| Contestant::new(*name, server, load.clone())).collect();
    let scores = contest(bench, &contestants).await?;
    let changed = if churn == 0 { String::new() } else { format!(", {churn} of 100 rows changed") };
    let case = format!("list of {sessions} rebuilt, {provider}{changed}");
    Ok(scores.iter().map(|score| Line::of(&case, score).note(speed(score))).collect())
}

/// Asks for the whole list as it is now.
pub(super) fn anew(provider: &str, limit: usize) -> Result<Request> {
    let path = format!("/v1/live-sessions?provider={provider}&limit={}", limit.min(1000));
    Ok(Request::get(path).bearer(&tokens::hs256("bench")?).header("Cache-Control", "no-cache"))
}

fn speed(score: &Score) -> String {
    let speed = score.asked.bytes / score.micros;
    let (kilobytes, exchanges) = (score.asked.bytes / 1e3, score.asked.exchanges);
    format!("{speed:.0} MB/s: {kilobytes:.0} kB in {exchanges:.1} exchanges")
}
