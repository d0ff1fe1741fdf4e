//! Pages of a long list: a later one is no slower than the first.

use anyhow::{Context, Result};
use serde_json::Value;

use crate::bench::Bench;
use crate::cases::hit::warm;
use crate::contest::{Contestant, contest};
use crate::http::Request;
use crate::load::Wrk;
use crate::rollcall::Setup;
use crate::server::Server;
use crate::table::{self, Line};
use crate::tokens;

const SESSIONS: usize = 10_000;
const SHOWN: [usize; 4] = [1, 2, 50, 100];

/// Pages of a hundred out of 10,000, each binary against itself on the first.
pub(super) async fn pages(bench: &Bench) -> Result<Vec<Line>> {
    let mut lines = Vec::new();
    for (name, binary) in &bench.binaries {
        let server = bench.rollcall(binary, &Setup::with_sessions(SESSIONS / 2, SESSIONS / 2)).await?;
        let paths = paths(&server).await?;
        let contestants = SHOWN.into_iter().filter_map(|page| {
            let load = Wrk::new(page_at(paths.get(page - 1)?).ok()?);
            Some(Contestant::new(format!("{name}, page {page}"), &server, load))
        });
        let contestants: Vec<_> = contestants.collect();
        lines.extend(table::lines("10,000 sessions, pages of 100, hit", &contest(bench, &contestants).await?));
    }
    Ok(lines)
}

/// The paths of all pages, in order.
async fn paths(server: &Server) -> Result<Vec<String>> {
    let first = "/v1/live-sessions?limit=100";
    let mut paths = vec![first.to_owned()];
    while paths.len() < SESSIONS / 100 {
        let answer = warm(server, &page_at(paths.last().context("the first")?)?).await?;
        let body: Value = serde_json::from_slice(&answer.body)?;
        let cursor = body["page"]["next_cursor"].as_str().context("the list ended early")?;
        paths.push(format!("{first}&cursor={cursor}"));
    }
    Ok(paths)
}

fn page_at(path: &str) -> Result<Request> {
    Ok(Request::get(path).bearer(&tokens::hs256("bench")?))
}
