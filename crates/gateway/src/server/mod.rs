//! The sockets, the connections on them, and how they end.
//!
//! `axum::serve` has no timeouts for silent or slow clients, hence an accept loop of our own: every connection is
//! bounded in number, in the time to its first byte, in the time of each head, in idle time, and by the drain.

mod accept;
mod activity;
mod connection;
mod listeners;
mod run;
mod shutdown;
mod signals;
mod stream;
#[cfg(test)]
mod tests;

pub use accept::{ListenerOptions, serve};
pub use activity::ConnectionTimeouts;
pub use listeners::{BindError, Listeners};
pub use run::{End, Service};
pub use shutdown::Shutdown;
pub use signals::StopSignals;
