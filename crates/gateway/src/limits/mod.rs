//! How much one caller may ask.

mod accounts;
mod bucket;
mod caller_limit;
mod caller_limits;
mod headers;
mod permit;
mod purse;
mod shared_limits;

pub use caller_limits::CallerLimits;
pub use headers::LimitState;
pub use permit::{LimitExceeded, Permit};
