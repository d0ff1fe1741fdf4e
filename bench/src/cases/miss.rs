//! Reads that must ask the provider, against a relay.

use anyhow::Result;

use crate::arguments::PeerKind;
use crate::bench::Bench;
use crate::contest::{Contestant, Score, contest};
use crate::http::Request;
use crate::load::{Script, Wrk};
use crate::rollcall::Setup;
use crate::server::Server;
use crate::table::Line;
use crate::tokens;

/// One session that nobody asked for before.
pub(super) async fn session(bench: &Bench, provider: &str) -> Result<Vec<Line>> {
    let below = format!("/v1/live-sessions/{provider}");
    let request = Request::get(format!("{below}/room")).bearer(&tokens::hs256("bench")?);
    let load = Wrk::new(request).script(Script::NewRooms(below).file(bench)?);
    let relay = bench.peer(PeerKind::Relay, None).await?;
    let mut servers: Vec<(&str, Server)> = Vec::new();
    for (name, binary) in &bench.binaries {
        servers.push((name, bench.rollcall(binary, &Setup::with_sessions(1, 1)).await?));
    }
    let servers = servers.iter().map(|(name, server)| Contestant::new(*name, server, load.clone()));
    let relay = Contestant::new("axum + reqwest relay", &relay, load.clone());
    let contestants: Vec<_> = std::iter::once(relay).chain(servers).collect();
    let scores = contest(bench, &contestants).await?;
    Ok(scores
        .iter()
        .map(|score| Line::of(&format!("one session, miss, {provider}"), score).note(exchanges(score)))
        .collect())
}

/// That it was a miss.
pub(super) fn exchanges(score: &Score) -> String {
    format!("{:.2} exchanges an answer", score.asked.exchanges)
}
