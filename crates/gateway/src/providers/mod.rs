//! The configured providers. Nothing above this module knows a provider's kind by name.

mod build;
mod build_webhooks;
mod guarded;
mod kinds;
mod observation;
mod registry;

pub use build::build;
pub use build_webhooks::build_webhooks;
pub use kinds::{Extension, KINDS, Kind};
pub use registry::{Provider, Providers};
