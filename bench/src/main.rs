//! Measures Rollcall against small servers that do less: `docs/performance.md` says how, `just bench` runs it.
#![forbid(unsafe_code)]

mod answer;
mod arguments;
mod bench;
mod cases;
mod contest;
mod follow;
mod http;
mod load;
mod peer;
mod rollcall;
mod rsa;
mod server;
mod soak;
mod store;
mod table;
mod tokens;
mod upstream;

use anyhow::Result;
use clap::Parser;

use crate::arguments::{Arguments, Command};

#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

#[tokio::main]
async fn main() -> Result<()> {
    match Arguments::parse().command {
        Command::Run(order) => bench::run(&order).await,
        Command::Soak(order) => soak::run(&order).await,
        Command::Peer(order) => peer::serve(order).await,
        Command::Upstream { listen } => upstream::serve(listen).await,
        Command::Follow(order) => follow::run(order).await,
    }
}
