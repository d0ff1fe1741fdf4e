//! Both providers, bare and as the gateway wraps them, through the whole suite.
#![expect(clippy::unwrap_used, reason = "a harness that cannot do what it is asked panics")]

mod huddle01;
mod mutants;
mod realtimekit;
mod shapes;
mod simulated;
mod wrapping;
