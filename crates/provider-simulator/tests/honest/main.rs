//! The simulators answer as the upstream OpenAPI documents say, and in other shapes only where a fixture does.
#![allow(clippy::unwrap_used, reason = "a test")]

mod client;
mod document;
mod huddle01;
mod realtimekit;
mod variants;
