//! Webhooks (`docs/upstream/huddle01.md` §6): `huddle01-signature: t=<number>,sha256=<hex>` over
//! `<id>.<t>.<JSON.stringify of the parsed body>`, with the API key.

mod notice;
#[cfg(any(test, feature = "fuzzing"))]
mod probe;
mod signature;
mod stringify;
#[cfg(test)]
mod tests;
mod verifier;

#[cfg(any(test, feature = "fuzzing"))]
pub(crate) use probe::probe;
pub use verifier::{Huddle01WebhookVerifier, Huddle01Webhooks};
