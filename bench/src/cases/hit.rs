//! Answers from memory, against servers that send the same bytes.

use anyhow::{Context, Result, ensure};
use axum::http::header::ETAG;

use crate::answer::Answer;
use crate::arguments::PeerKind;
use crate::bench::Bench;
use crate::contest::{Contestant, contest};
use crate::http::Request;
use crate::load::{H2load, Load, Script, Wrk};
use crate::rollcall::Setup;
use crate::server::Server;
use crate::table::{self, Line};
use crate::tokens;

pub(super) const ONE_SESSION: &str = "/v1/live-sessions/realtimekit/rtk-00001";

/// The request of one session.
pub(super) fn one_session() -> Result<Request> {
    Ok(Request::get(ONE_SESSION).bearer(&tokens::hs256("bench")?))
}

/// One session.
pub(super) async fn session(bench: &Bench) -> Result<Vec<Line>> {
    let request = one_session()?;
    against_peers(bench, "one session, hit", &Setup::with_sessions(1, 1), &request, Wrk::new(request.clone())).await
}

/// The same, asked for by somebody who has it.
pub(super) async fn unchanged(bench: &Bench) -> Result<Vec<Line>> {
    let setup = Setup::with_sessions(1, 1);
    let (_, binary) = &bench.binaries[0];
    let answer = one_session()?.send(&bench.rollcall(binary, &setup).await?.origin).await?;
    let etag = answer.headers.get(ETAG).context("an answer without an ETag")?.to_str()?.to_owned();
    let request = one_session()?.header("If-None-Match", etag);
    against_peers(bench, "the same, 304", &setup, &request, Wrk::new(request.clone())).await
}

/// A merged list of so many sessions, half of them of each service.
pub(super) async fn list(bench: &Bench, sessions: usize) -> Result<Vec<Line>> {
    let request = Request::get(format!("/v1/live-sessions?limit={sessions}")).bearer(&tokens::hs256("bench")?);
    let setup = Setup::with_sessions(sessions / 2, sessions / 2);
    let load = Wrk::new(request.clone());
    against_peers(bench, &format!("list of {sessions}, hit"), &setup, &request, load).await
}

/// One session over HTTP/2 without TLS.
pub(super) async fn http2(bench: &Bench) -> Result<Vec<Line>> {
    let request = one_session()?;
    let load = H2load { request: request.clone(), connections: 8, streams: 8, log: bench.path("h2load.log") };
    against_peers(bench, "one session, HTTP/2, 8 × 8 streams", &Setup::with_sessions(1, 1), &request, load).await
}

/// One session, sixteen requests in one write.
pub(super) async fn pipelined(bench: &Bench) -> Result<Vec<Line>> {
    let request = one_session()?;
    let load = Wrk::new(request.clone()).connections(16).script(Script::Pipeline(16).file(bench)?);
    against_peers(bench, "one session, 16 pipelined", &Setup::with_sessions(1, 1), &request, load).await
}

/// Every binary and both peers under one load. The peers send what the first binary answers.
async fn against_peers(
    bench: &Bench,
    case: &str,
    setup: &Setup,
    request: &Request,
    load: impl Into<Load>,
) -> Result<Vec<Line>> {
    let mut servers: Vec<(&str, Server)> = Vec::new();
    let mut recorded = None;
    for (name, binary) in &bench.binaries {
        let server = bench.rollcall(binary, setup).await?;
        let answer = warm(&server, request).await?;
        recorded.get_or_insert(answer);
        servers.push((name, server));
    }
    let bare = bench.peer(PeerKind::Bare, recorded.as_ref()).await?;
    let hs256 = bench.peer(PeerKind::Hs256, recorded.as_ref()).await?;
    let peers = [("axum", bare), ("axum + HS256", hs256)];
    let load = load.into();
    let all = peers.iter().chain(&servers);
    let contestants: Vec<_> = all.map(|(name, server)| Contestant::new(*name, server, load.clone())).collect();
    Ok(table::lines(case, &contest(bench, &contestants).await?))
}

/// Asks twice, so that the second answer is from memory.
pub(super) async fn warm(server: &Server, request: &Request) -> Result<Answer> {
    request.send(&server.origin).await?;
    let answer = request.send(&server.origin).await?;
    let status = answer.headers.get("cache-status").and_then(|value| value.to_str().ok()).unwrap_or_default();
    ensure!(answer.status.as_u16() < 400 && status.contains("hit"), "{} is no hit: {answer:?}", request.path);
    Ok(answer)
}
