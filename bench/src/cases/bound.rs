//! The memory of a cache that is asked for far more than it may hold.

use anyhow::Result;

use crate::bench::Bench;
use crate::http::Request;
use crate::load::{Script, Wrk};
use crate::rollcall::Setup;
use crate::table::Line;
use crate::tokens;

const BOUND_MIB: u64 = 256;
const KEYS: f64 = 1e6;
const BELOW: &str = "/v1/live-sessions/huddle01";
/// After so many turns it ends, however far it got.
const TURNS: usize = 30;
const TURN_SECONDS: u64 = 8;

/// A million rooms, each asked for once.
pub(super) async fn memory(bench: &Bench) -> Result<Vec<Line>> {
    let (name, binary) = &bench.binaries[0];
    let setup = Setup {
        cache: format!("fresh_for = \"1h\"\nmax_bytes = \"{BOUND_MIB}MiB\""),
        log_level: "warn",
        ..Setup::with_sessions(1, 1)
    };
    let server = bench.rollcall_on(binary, &setup, "0,1", 2).await?;
    let request = Request::get(format!("{BELOW}/room")).bearer(&tokens::hs256("bench")?);
    let load = Wrk::new(request).script(Script::NewRooms(BELOW.to_owned()).file(bench)?);
    let before = bench.asked().await?;
    let (mut most, mut keys) = (0, 0.0);
    for _ in 0..TURNS {
        load.run(&server.origin, TURN_SECONDS).await?;
        most = most.max(server.usage()?.resident);
        keys = bench.asked().await?.since(before).exchanges;
        if keys >= KEYS {
            break;
        }
    }
    let times = most as f64 / (BOUND_MIB * 1024 * 1024) as f64;
    let mib = most / 1024 / 1024;
    let note =
        format!("{keys:.0} rooms, max_bytes = {BOUND_MIB} MiB: at most {mib} MiB resident, {times:.2} × the bound");
    Ok(vec![Line::new("distinct keys", *name).note(note)])
}
