//! What may be written on the command line.

use std::net::SocketAddr;
use std::path::PathBuf;

use clap::{Args, Parser, Subcommand, ValueEnum};

/// Measures Rollcall against small servers that do less.
#[derive(Debug, Parser)]
pub(crate) struct Arguments {
    #[command(subcommand)]
    pub(crate) command: Command,
}

#[derive(Debug, Subcommand)]
pub(crate) enum Command {
    /// Run cases and print their table as markdown
    Run(RunOrder),
    /// Put a gateway under a steady load of everything, and fail when its memory or its descriptors grow
    Soak(SoakOrder),
    /// Serve as one of the peers (the driver starts these itself)
    Peer(PeerOrder),
    /// Serve as both video services, with generated bodies (the driver starts it itself)
    Upstream {
        /// Where it listens
        #[arg(long)]
        listen: SocketAddr,
    },
    /// Follow events on many streams, and tell when they came as JSON (the driver starts it itself)
    Follow(FollowOrder),
}

/// What is to be measured, and how long.
#[derive(Debug, Args)]
pub(crate) struct RunOrder {
    /// The cases, by name; none means all
    pub(crate) cases: Vec<String>,
    /// The binary under test
    #[arg(long, default_value = "target/release/rollcall")]
    pub(crate) rollcall: PathBuf,
    /// Another one, to compare with
    #[arg(long)]
    pub(crate) before: Option<PathBuf>,
    /// How often each contestant has its turn
    #[arg(long, default_value_t = 5)]
    pub(crate) rounds: usize,
    /// How long a turn lasts
    #[arg(long, default_value_t = 1)]
    pub(crate) seconds: u64,
}

impl RunOrder {
    /// All cases with this binary.
    pub(crate) fn of(rollcall: PathBuf) -> Self {
        Self { cases: Vec::new(), rollcall, before: None, rounds: 5, seconds: 1 }
    }
}

/// How long, and how much.
#[derive(Debug, Args)]
pub(crate) struct SoakOrder {
    /// For how long; less than three cannot be judged
    #[arg(default_value_t = 30.0)]
    pub(crate) minutes: f64,
    /// The binary under test
    #[arg(long, default_value = "target/release/rollcall")]
    pub(crate) rollcall: PathBuf,
    /// Requests a second
    #[arg(long, default_value_t = 500)]
    pub(crate) per_second: u32,
}

/// Which streams, and how long.
#[derive(Debug, Args)]
pub(crate) struct FollowOrder {
    /// The server's address and port
    #[arg(long)]
    pub(crate) server: SocketAddr,
    /// The token of the streams
    #[arg(long)]
    pub(crate) token: String,
    /// How many
    #[arg(long)]
    pub(crate) streams: usize,
    /// For how long, after all have their snapshot
    #[arg(long)]
    pub(crate) seconds: u64,
}

/// Which peer, and what it needs.
#[derive(Debug, Args)]
pub(crate) struct PeerOrder {
    /// What it does for each answer
    pub(crate) kind: PeerKind,
    /// Where it listens
    #[arg(long)]
    pub(crate) listen: SocketAddr,
    /// The folder of the recorded answer (bare, hs256)
    #[arg(long, default_value = ".")]
    pub(crate) answer: PathBuf,
    /// The secret of tokens (hs256)
    #[arg(long, default_value = "")]
    pub(crate) secret: String,
    /// The origin that is asked (relay)
    #[arg(long, default_value = "")]
    pub(crate) upstream: String,
}

/// What a peer does for each answer.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum PeerKind {
    /// Sends a recorded answer
    Bare,
    /// Verifies an HS256 token, then sends a recorded answer
    Hs256,
    /// Asks the upstream and passes its body on
    Relay,
}
