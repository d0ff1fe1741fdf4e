//! The Rollcall gateway: one REST API over every configured provider.
#![forbid(unsafe_code)]
#![allow(missing_docs, reason = "a binary's parts, of no other crate's concern: a name that says it needs no sentence")]

pub mod api;
pub mod app;
pub mod assemble;
pub mod audit;
pub mod changes;
pub mod cli;
pub mod config;
mod digest;
pub mod draining;
pub mod events;
#[cfg(any(test, feature = "fuzzing"))]
#[doc(hidden)]
pub mod fuzzing;
mod id_schemas;
pub mod idempotency;
pub mod limits;
pub mod long_answer;
pub mod model;
pub mod moderation;
pub mod problem;
pub mod providers;
pub mod reads;
pub mod server;
pub mod sharing;
pub mod telemetry;
#[cfg(test)]
mod testing;
pub mod time_budget;
pub mod webhooks;
