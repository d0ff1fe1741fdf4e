//! Who is calling, and what they may do.
//!
//! Tokens are verified here, with keys from the configuration or from a key server, and every rule about keys stands
//! here once: whoever reads a configuration asks the types of [`config`](AuthConfig) whether a key is a good one. The
//! only crate that knows jsonwebtoken and signatures of tokens.
#![forbid(unsafe_code)]

mod algorithm;
mod authenticator;
mod bearer;
mod caller;
mod claims;
mod compact;
mod config;
#[cfg(any(test, feature = "fuzzing"))]
#[doc(hidden)]
pub mod fuzzing;
mod jwk;
mod jwks;
mod key;
mod key_algorithm;
mod key_config;
mod key_server;
mod key_set;
mod last_caller;
mod metric;
mod pem;
mod refusal;
mod self_test;
mod shared_secret;
mod signer;
mod strict_json;
mod verified;

#[cfg(test)]
mod attacks;
#[cfg(test)]
mod testing;

pub use authenticator::{AuthSetupError, Authenticator, HeldToken, Lapse, Unauthenticated};
pub use caller::{Caller, Scope, VisibleProviders};
pub use config::{AuthConfig, ClaimNames, IssuerConfig};
pub use key_algorithm::{KeyAlgorithm, UnknownAlgorithm};
pub use key_config::{KeyConfig, KeySource, duplicate_key};
pub use key_server::is_safe_key_server;
pub use last_caller::LastCaller;
pub use metric::{JWKS_FETCHES, REFUSED};
pub use shared_secret::SharedSecret;
pub use signer::{Signer, SignerError};
