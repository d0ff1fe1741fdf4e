//! The store over a real server: `redis-server` or `valkey-server` on the PATH. Where there is none these tests say so and pass,
//! unless `ROLLCALL_REQUIRE_REDIS=1`.
#![allow(clippy::unwrap_used, clippy::expect_used, reason = "a test that cannot be set up has failed")]

mod conformance;
mod failures;
mod formats;
mod hostile;
mod server;
mod strangers;
mod tls;
mod users;
