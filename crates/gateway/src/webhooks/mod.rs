//! What providers say by themselves: taken, checked, and handed on as hints.

mod metric;
mod receiver;
mod refused;
mod seen;

pub use receiver::{MAX_BODY_BYTES, Webhooks};
pub use refused::Refused;
