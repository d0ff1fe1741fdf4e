//! Whether a connection that is open costs those that are used.

use anyhow::Result;

use crate::arguments::PeerKind;
use crate::bench::Bench;
use crate::cases::hit::{one_session, warm};
use crate::contest::{Contestant, contest_of};
use crate::load::Wrk;
use crate::rollcall::Setup;
use crate::server::Server;
use crate::table::{self, Line};

const CONNECTIONS: [usize; 3] = [64, 512, 4000];

/// Opening them is part of a turn: a longer one makes it small beside the answers.
const SECONDS: u64 = 4;
const ROUNDS: usize = 3;

/// One session on more and more connections, each server against itself on the fewest.
pub(super) async fn connections(bench: &Bench) -> Result<Vec<Line>> {
    let request = one_session()?;
    let mut lines = Vec::new();
    let mut recorded = None;
    for (name, binary) in &bench.binaries {
        let server = bench.rollcall(binary, &Setup::with_sessions(1, 1)).await?;
        recorded.get_or_insert(warm(&server, &request).await?);
        lines.extend(more_and_more(bench, name, &server).await?);
    }
    let bare = bench.peer(PeerKind::Bare, recorded.as_ref()).await?;
    lines.extend(more_and_more(bench, "axum", &bare).await?);
    Ok(lines)
}

async fn more_and_more(bench: &Bench, name: &str, server: &Server) -> Result<Vec<Line>> {
    let request = one_session()?;
    let on = |count: usize| {
        let load = Wrk::new(request.clone()).connections(count);
        Contestant::new(format!("{name}, {count} connections"), server, load)
    };
    let contestants: Vec<_> = CONNECTIONS.into_iter().map(on).collect();
    let scores = contest_of(bench, &contestants, bench.rounds.min(ROUNDS), bench.seconds * SECONDS).await?;
    Ok(table::lines("one session, hit", &scores))
}
