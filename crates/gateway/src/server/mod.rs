//! The sockets, the connections on them, and how they end.
//!
//! `axum::serve` has no timeouts for silent or slow clients, hence an accept loop of our own: every connection is
//! bounded in number, in the time to its first byte, in the time of each head, in idle time, and by the drain.

mod accept;
mod activity;
mod certificate;
mod connection;
mod connection_state;
mod descriptors;
mod http2_stream;
mod http_service;
mod listeners;
mod places;
mod room;
mod run;
mod shutdown;
mod signals;
mod socket;
mod stream;
#[cfg(test)]
mod tests;
mod timeouts;
mod tls;

pub use accept::{ListenerOptions, serve};
pub use descriptors::{connections_within, raise_descriptor_limit};
pub use http_service::HttpService;
pub use listeners::{BindError, Listeners};
pub use run::{End, MAX_WEBHOOK_CONNECTIONS, OwnListener, Service};
pub use shutdown::Shutdown;
pub use signals::StopSignals;
pub use timeouts::ConnectionTimeouts;
pub use tls::Tls;
