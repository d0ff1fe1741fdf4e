//! The store that several replicas of Rollcall share, over Valkey or Redis, 6.2 and later.
//!
//! [`RedisStore`] is [`coordination::Store`] with one server-side script for each step and one multiplexed connection, which is
//! made when it is needed and made again when it is broken. What lies in the store under which key is in `keys.rs` and in the
//! scripts; it is frozen.
//!
//! A server that evicts (`maxmemory-policy` other than `noeviction`) is safe: what orders a scope is one key, and goes at once.
#![forbid(unsafe_code)]

mod address;
mod arguments;
mod bounded_stream;
mod config;
mod connections;
mod fault;
mod keys;
mod link;
mod reply;
mod runner;
mod scripts;
mod store;
mod tls;

pub use config::{ConfigError, RedisConfig};
pub use store::RedisStore;
