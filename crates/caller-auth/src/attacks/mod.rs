//! Tokens that somebody without a key would send (RFC 8725, and what Wycheproof tries).

mod confusion;
mod mutation;
mod reasons;
