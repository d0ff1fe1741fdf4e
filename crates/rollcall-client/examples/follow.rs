//! Follows what is live on every provider and prints it as one line of JSON after each event, as the examples in
//! TypeScript and Python do: `cargo run --example follow`. ROLLCALL_URL is the gateway, ROLLCALL_TOKEN_FILE holds a token
//! with `sessions:read`. It goes on over restarts of the gateway, until the token is refused.

use std::convert::Infallible;
use std::error::Error;
use std::process::ExitCode;

use rollcall_client::TokenSource;
use rollcall_client::events::{Event, Followed, LiveSessions, follow};
use serde_json::{Map, Value, json};
use tokio::io::{AsyncWriteExt, stderr, stdout};

#[tokio::main(flavor = "current_thread")]
async fn main() -> ExitCode {
    let url = std::env::var("ROLLCALL_URL").unwrap_or_else(|_| "http://127.0.0.1:8080".to_owned());
    let file = std::env::var("ROLLCALL_TOKEN_FILE").unwrap_or_else(|_| "token".to_owned());
    // Read again for each connection: whoever renews it writes it there.
    let token = TokenSource::fetched(move || {
        std::future::ready(
            std::fs::read_to_string(&file).map(|token| token.trim().to_owned()).map_err(|e| e.to_string()),
        )
    });
    let Err(error) = run(&url, token).await;
    // There is nobody to tell if that fails.
    let _ = stderr().write_all(format!("{error}\n").as_bytes()).await;
    ExitCode::FAILURE
}

async fn run(url: &str, token: TokenSource) -> Result<Infallible, Box<dyn Error>> {
    let (mut follower, mut live) = (follow(url, token), LiveSessions::new());
    loop {
        match follower.next().await? {
            Followed::Event(received) => {
                live.apply(&received.event);
                // Between the pieces of a snapshot nothing is new.
                if !matches!(&received.event, Event::Snapshot(piece) if !piece.last) {
                    stdout().write_all(format!("{}\n", known(&live)?).as_bytes()).await?;
                    stdout().flush().await?;
                }
            }
            Followed::Disconnected { why, wait } => {
                stderr().write_all(format!("not connected: {why}; again in {wait:?}\n").as_bytes()).await?;
            }
            _ => stderr().write_all(b"connected\n").await?,
        }
    }
}

/// Each provider with its status and what is live there.
fn known(live: &LiveSessions) -> serde_json::Result<Value> {
    let mut known = Map::new();
    for entry in live.providers() {
        let sessions: Vec<_> = live.sessions().filter(|session| session.provider == entry.provider).collect();
        known
            .insert(entry.provider.clone(), json!({ "status": entry.status, "live": serde_json::to_value(sessions)? }));
    }
    Ok(known.into())
}
