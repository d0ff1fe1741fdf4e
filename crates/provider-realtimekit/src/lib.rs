//! `SessionProvider` over RealtimeKit.
//!
//! `requests` builds what is sent; `envelope` and `refusal` open what comes back; `pages` reads lists whole, `history` the long one page by page; `map` makes domain
//! values of `wire` rows, read with `lenient-json`. Only `provider` does I/O.
#![forbid(unsafe_code)]

mod config;
mod envelope;
mod extensions;
#[cfg(any(test, feature = "fuzzing"))]
#[doc(hidden)]
pub mod fuzzing;
mod history;
mod map;
mod pages;
mod provider;
mod refusal;
mod requests;
mod webhook;
mod wire;

pub use config::RealtimeKitConfig;
pub use extensions::RealtimeKitExtensions;
pub use provider::RealtimeKit;
pub use webhook::{InvalidKey, RealtimeKitWebhookVerifier, WebhookKeySource};

#[cfg(test)]
mod tests;
