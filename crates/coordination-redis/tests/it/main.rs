//! The store over a real server: `redis-server` or `valkey-server` on the PATH. Where there is none these tests say so and pass,
//! unless `ROLLCALL_REQUIRE_REDIS=1`.

mod conformance;
mod failures;
mod formats;
mod hostile;
mod server;
mod strangers;
mod tls;
mod users;
