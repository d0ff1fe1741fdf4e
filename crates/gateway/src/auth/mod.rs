//! Who is calling, and what they may do.

mod algorithm;
mod authenticator;
mod bearer;
mod caller;
mod claims;
mod compact;
#[cfg(any(test, feature = "fuzzing"))]
pub(crate) mod fuzzing;
mod jwk;
mod jwks;
mod key;
mod key_server;
mod key_set;
mod pem;
mod refusal;
mod self_test;
mod strict_json;
mod verified;

#[cfg(test)]
mod attacks;
#[cfg(test)]
mod testing;

pub use authenticator::{AuthSetupError, Authenticator, Unauthenticated};
pub use caller::{Caller, Scope, VisibleProviders};
