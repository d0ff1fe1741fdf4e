//! How much one caller may ask.

mod bucket;
mod caller_limits;
mod headers;

pub use caller_limits::{CallerLimits, LimitExceeded, Permit};
pub use headers::LimitState;
