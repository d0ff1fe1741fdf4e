//! Serves both simulated services on free ports until standard input closes, for clients in other languages.
//!
//! Prints one JSON line with the two base URLs.

use std::io::{self, Write};

use provider_simulator::{Simulator, World};
use serde_json::json;

#[tokio::main]
async fn main() -> io::Result<()> {
    let world = World::demo();
    let huddle01 = Simulator::huddle01(world.clone()).start().await?;
    let realtimekit = Simulator::realtimekit(world).start().await?;
    let line = json!({ "huddle01": huddle01.base_url(), "realtimekit": realtimekit.base_url() });
    writeln!(io::stdout(), "{line}")?;
    io::stdout().flush()?;
    let closed = tokio::task::spawn_blocking(|| io::copy(&mut io::stdin(), &mut io::sink()));
    closed.await.map_err(io::Error::other)??;
    huddle01.shutdown().await;
    realtimekit.shutdown().await;
    Ok(())
}
