//! Cost against size: nothing grows faster than what is asked for.

use anyhow::Result;

use crate::bench::Bench;
use crate::cases::hit::warm;
use crate::cases::rebuild;
use crate::contest::{Contestant, contest_of};
use crate::http::Request;
use crate::load::{Load, Script, Wrk};
use crate::rollcall::Setup;
use crate::server::Server;
use crate::table::{self, Line};
use crate::tokens;

const ROUNDS: usize = 3;
const BELOW: &str = "/v1/live-sessions/realtimekit";

/// A list from memory, by the sessions of the page.
pub(super) async fn sessions(bench: &Bench) -> Result<Vec<Line>> {
    let server = of_first(bench, &Setup::with_sessions(500, 500)).await?;
    let loads = [1, 10, 100, 1000].map(|limit| {
        let request = list(limit)?;
        anyhow::Ok((format!("{limit} sessions"), Wrk::new(request).into()))
    });
    of_one(bench, "by sessions in the answer, hit", &server, loads.into_iter().collect::<Result<_>>()?).await
}

/// A list read anew, by the sessions of the upstream's answer.
pub(super) async fn rebuilt(bench: &Bench) -> Result<Vec<Line>> {
    let sizes = [100, 1000, 10_000];
    let mut servers = Vec::new();
    for sessions in sizes {
        servers.push(of_first(bench, &Setup::with_sessions(sessions, 1)).await?);
    }
    let load: Load = Wrk::new(rebuild::anew("huddle01", 1)?).connections(1).into();
    let named = servers.iter().zip(sizes);
    let contestants: Vec<_> =
        named.map(|(server, size)| Contestant::new(format!("{size} sessions"), server, load.clone())).collect();
    scored(bench, "by sessions upstream, rebuilt", &contestants).await
}

/// The same sessions of more and more providers, from memory.
pub(super) async fn providers(bench: &Bench) -> Result<Vec<Line>> {
    let counts = [1, 2, 8, 32];
    let mut servers = Vec::new();
    for count in counts {
        let all = |kind: &str| (0..count).map(|n| (format!("{kind}-{n}"), 64 / count)).collect();
        let setup = Setup { huddle01: all("hud"), realtimekit: Vec::new(), ..Setup::with_sessions(0, 0) };
        servers.push(of_first(bench, &setup).await?);
    }
    let load: Load = Wrk::new(list(100)?).into();
    for server in &servers {
        warm(server, &list(100)?).await?;
    }
    let named = servers.iter().zip(counts);
    let contestants: Vec<_> =
        named.map(|(server, count)| Contestant::new(format!("{count} providers"), server, load.clone())).collect();
    scored(bench, "by providers of 64 sessions, hit", &contestants).await
}

/// One session each of more and more rooms, from memory.
pub(super) async fn keys(bench: &Bench) -> Result<Vec<Line>> {
    let server = of_first(bench, &Setup::with_sessions(1, 1)).await?;
    let mut loads: Vec<(String, Load)> = Vec::new();
    for count in [1, 1000, 30_000] {
        let request = Request::get(format!("{BELOW}/room-1")).bearer(&tokens::hs256("bench")?);
        let load = Wrk::new(request).script(Script::Rooms(BELOW.to_owned(), count).file(bench)?);
        // Once around, so that each is in memory.
        load.run(&server.origin, 1 + count as u64 / 3000).await?;
        loads.push((format!("{count} rooms"), load.into()));
    }
    of_one(bench, "by rooms in memory, hit", &server, loads).await
}

/// One session, asked for by more and more callers.
pub(super) async fn callers(bench: &Bench) -> Result<Vec<Line>> {
    let server = of_first(bench, &Setup::with_sessions(1, 1)).await?;
    let mut loads: Vec<(String, Load)> = Vec::new();
    for count in [1, 100, 5000] {
        let tokens = (0..count).map(|n| tokens::hs256(&format!("caller-{n}"))).collect::<Result<_>>()?;
        let load = Wrk::new(Request::get(format!("{BELOW}/room-1"))).script(Script::Tokens(tokens).file(bench)?);
        load.run(&server.origin, 1).await?;
        loads.push((format!("{count} callers"), load.into()));
    }
    of_one(bench, "by callers, hit", &server, loads).await
}

fn list(limit: usize) -> Result<Request> {
    Ok(Request::get(format!("/v1/live-sessions?limit={limit}")).bearer(&tokens::hs256("bench")?))
}

/// A server of the first binary alone: slopes are its own.
async fn of_first(bench: &Bench, setup: &Setup) -> Result<Server> {
    let (_, binary) = &bench.binaries[0];
    bench.rollcall(binary, setup).await
}

async fn of_one(bench: &Bench, case: &str, server: &Server, loads: Vec<(String, Load)>) -> Result<Vec<Line>> {
    let contestants: Vec<_> = loads.into_iter().map(|(name, load)| Contestant::new(name, server, load)).collect();
    scored(bench, case, &contestants).await
}

async fn scored(bench: &Bench, case: &str, contestants: &[Contestant<'_>]) -> Result<Vec<Line>> {
    let scores = contest_of(bench, contestants, bench.rounds.min(ROUNDS), bench.seconds).await?;
    Ok(table::lines(case, &scores))
}
