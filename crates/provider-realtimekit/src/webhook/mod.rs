//! Webhooks (`docs/upstream/realtimekit.md` §6): `rtk-signature`, RSA PKCS#1 v1.5 with SHA-256 over the raw body, in base64.

mod key;
mod key_source;
mod notice;
#[cfg(any(test, feature = "fuzzing"))]
mod probe;
#[cfg(test)]
mod tests;
mod verifier;

pub use key::InvalidKey;
pub use key_source::WebhookKeySource;
#[cfg(any(test, feature = "fuzzing"))]
pub(crate) use probe::probe;
pub use verifier::RealtimeKitWebhookVerifier;
