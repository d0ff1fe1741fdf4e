//! `rollcall simulate`

use std::net::SocketAddr;

use provider_simulator::{Simulator, World, run_demo_life};
use tokio::net::TcpListener;

use crate::cli::Failure;
use crate::cli::arguments::SimulatedService;
use crate::cli::runtime::run_to_the_end;
use crate::server::StopSignals;
use crate::telemetry::{Exports, LineWriter};

pub(super) fn run(service: SimulatedService, listen: SocketAddr, webhooks_to: Option<&str>) -> Result<(), Failure> {
    run_to_the_end(simulate(service, listen, webhooks_to), &Exports::default())
}

async fn simulate(service: SimulatedService, listen: SocketAddr, webhooks_to: Option<&str>) -> Result<(), Failure> {
    let mut signals = StopSignals::listen().map_err(|error| Failure::running(error.to_string()))?;
    let world = World::demo();
    let simulator = match service {
        SimulatedService::Huddle01 => Simulator::huddle01(world.clone()),
        SimulatedService::Realtimekit => Simulator::realtimekit(world.clone()),
    };
    let failed = |error: std::io::Error| Failure::running(format!("--listen: cannot listen on {listen}: {error}"));
    let listener = TcpListener::bind(listen).await.map_err(failed)?;
    let running = simulator.serve(listener).map_err(failed)?;
    let sender = match webhooks_to {
        Some(url) => {
            let sender = running.send_webhooks(url);
            Some(sender.map_err(|error| Failure::usage(format!("--webhooks-to: {error}")))?)
        }
        None => None,
    };
    let mut greeting = format!("base_url = \"{}\"\n", running.base_url());
    greeting.push_str(match (service, &sender) {
        (_, None) => "",
        (SimulatedService::Huddle01, Some(_)) => {
            "Webhooks are signed with the key that it was last called with, \"demo\" before that.\n"
        }
        (SimulatedService::Realtimekit, Some(_)) => {
            "Webhooks are signed with the key at /.well-known/webhooks.json of this host.\n"
        }
    });
    greeting.push_str("Any non-empty credential is good. Ctrl-C ends it.\n");
    // Queued: whoever does not read it must not keep us from serving and ending.
    LineWriter::stdout().line(greeting.as_bytes());
    run_demo_life(world, async { signals.next().await }).await;
    if let Some(sender) = sender {
        sender.shutdown().await;
    }
    running.shutdown().await;
    Ok(())
}
