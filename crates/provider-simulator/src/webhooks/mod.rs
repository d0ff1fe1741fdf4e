//! Webhooks: both services tell what happens in their world, signed as they sign.

mod delivery;
mod huddle01;
mod realtimekit;
mod realtimekit_key;
mod sender;
mod signing;
#[cfg(test)]
mod tests;

pub(crate) use realtimekit::well_known;
pub use sender::{UnusableUrl, WebhookSender};
pub(crate) use signing::Signing;
