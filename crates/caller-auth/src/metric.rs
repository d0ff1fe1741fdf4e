//! The metrics that are counted here.

/// Tokens refused, by `reason`.
pub const REFUSED: &str = "rollcall_auth_refused_total";
/// Fetches of a key server's keys, by `outcome`.
pub const JWKS_FETCHES: &str = "rollcall_jwks_fetches_total";
