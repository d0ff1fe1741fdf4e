//! What a second worker is worth.

use anyhow::Result;

use crate::bench::Bench;
use crate::cases::hit::{one_session, warm};
use crate::contest::{Contestant, contest};
use crate::load::{Script, Wrk};
use crate::rollcall::Setup;
use crate::server::SERVER_CORE;
use crate::table::Line;

/// One session, with one worker and with two, which are kept busy by pipelining: a worker that has to be woken for each
/// request would be measured instead. The load needs a core too, so what is compared is not answers a second but what an
/// answer costs: two workers that do not get in each other's way have twice the time to spend at the same price.
pub(super) async fn cores(bench: &Bench) -> Result<Vec<Line>> {
    let setup = Setup::with_sessions(1, 1);
    let load = Wrk::new(one_session()?).script(Script::Pipeline(16).file(bench)?);
    let mut lines = Vec::new();
    for (name, binary) in &bench.binaries {
        let one = bench.rollcall_on(binary, &setup, SERVER_CORE, 1).await?;
        let two = bench.rollcall_on(binary, &setup, "0,1", 2).await?;
        warm(&one, &load.request).await?;
        warm(&two, &load.request).await?;
        let contestants = [
            Contestant::new(format!("{name}, 1 worker"), &one, load.clone()),
            Contestant::new(format!("{name}, 2 workers"), &two, load.clone()),
        ];
        let scores = contest(bench, &contestants).await?;
        let worth = |ratio: f64| if ratio == 1.0 { String::new() } else { format!("worth {:.2} of one", 2.0 / ratio) };
        lines.extend(scores.iter().map(|score| Line::of("one session, 16 pipelined", score).note(worth(score.ratio))));
    }
    Ok(lines)
}
