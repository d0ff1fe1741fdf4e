//! The provider over sockets: what it sends, and what it makes of whole answers.
#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

mod history;
mod sends;
mod status_fixtures;
mod unsupported;

use std::path::PathBuf;
use std::time::Duration;

use provider_huddle01::{Huddle01, Huddle01Config};
use secrecy::SecretString;
use session_provider::{CallContext, Clock, ProviderId, RequestId, RoomId, SessionId};
use tokio::time::Instant;
use upstream_http::{BaseUrl, BudgetSettings, Budgets, UpstreamSettings};
use wiremock::MockServer;

const KEY: &str = "test-only-key-0123456789";

/// A provider in front of the server, whose base URL has a path of its own.
fn provider(server: &MockServer, max_pages: u32) -> Huddle01 {
    let config = Huddle01Config {
        api_key: SecretString::from(KEY),
        max_pages,
        upstream: UpstreamSettings {
            base_url: BaseUrl::parse(&format!("{}/api/v2/sdk", server.uri()), false).unwrap(),
            timeout: Duration::from_secs(10),
            max_concurrency: 8,
            max_body_bytes: 1 << 20,
        },
        budget: BudgetSettings { requests: 10_000, per: Duration::from_secs(1) },
    };
    Huddle01::new(ProviderId::new("huddle01").unwrap(), config, &Budgets::default(), Clock::system()).unwrap()
}

fn call() -> CallContext {
    CallContext::read(RequestId::generate(), Instant::now() + Duration::from_secs(20))
}

fn room() -> RoomId {
    RoomId::new("bvr-ntqi-ylc").unwrap()
}

fn session() -> SessionId {
    SessionId::new("7b0c6a1e-5a0f-4a51-9d0e-2f4f3f4b8a10").unwrap()
}

fn fixtures() -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../../tests/fixtures")
}

fn fixture(file: &str) -> Vec<u8> {
    std::fs::read(fixtures().join(file)).unwrap()
}
