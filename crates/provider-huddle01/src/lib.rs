//! `SessionProvider` over the Huddle01 server API, as `docs/upstream/huddle01.md` describes it.
//!
//! An operation is a request (`requests`), one exchange (`provider`) and a pure mapping (`map`) of lenient wire
//! readings (`wire`) to the domain. Retries, budgets and caching are not here.
#![forbid(unsafe_code)]

mod config;
#[cfg(any(test, feature = "fuzzing"))]
#[doc(hidden)]
pub mod fuzzing;
mod map;
mod provider;
mod requests;
mod webhook;
mod wire;

pub use config::Huddle01Config;
pub use provider::Huddle01;
pub use webhook::{Huddle01WebhookVerifier, Huddle01Webhooks};

#[cfg(test)]
mod tests;
