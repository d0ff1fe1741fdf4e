//! `rollcall simulate`

use std::net::SocketAddr;

use provider_simulator::{Simulator, World, run_demo_life};
use tokio::net::TcpListener;

use crate::cli::Failure;
use crate::cli::arguments::SimulatedService;
use crate::cli::runtime::run_to_the_end;
use crate::server::StopSignals;
use crate::telemetry::LineWriter;

pub(super) fn run(service: SimulatedService, listen: SocketAddr) -> Result<(), Failure> {
    run_to_the_end(simulate(service, listen), None)
}

async fn simulate(service: SimulatedService, listen: SocketAddr) -> Result<(), Failure> {
    let mut signals = StopSignals::listen().map_err(|error| Failure::running(error.to_string()))?;
    let world = World::demo();
    let simulator = match service {
        SimulatedService::Huddle01 => Simulator::huddle01(world.clone()),
        SimulatedService::Realtimekit => Simulator::realtimekit(world.clone()),
    };
    let failed = |error: std::io::Error| Failure::running(format!("--listen: cannot listen on {listen}: {error}"));
    let listener = TcpListener::bind(listen).await.map_err(failed)?;
    let running = simulator.serve(listener).map_err(failed)?;
    let greeting =
        format!("base_url = \"{}\"\nAny non-empty credential is good. Ctrl-C ends it.\n", running.base_url());
    // Queued: whoever does not read it must not keep us from serving and ending.
    LineWriter::stdout().line(greeting.as_bytes());
    run_demo_life(world, async { signals.next().await }).await;
    running.shutdown().await;
    Ok(())
}
