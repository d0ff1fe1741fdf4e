#![doc = include_str!("../README.md")]
#![forbid(unsafe_code)]

pub mod events;

mod connect;
#[allow(
    clippy::all,
    clippy::disallowed_methods,
    clippy::unwrap_used,
    clippy::expect_used,
    missing_docs,
    unreachable_pub,
    rustdoc::all,
    reason = "generated"
)]
#[rustfmt::skip]
mod generated;
mod pages;
mod problem;
mod token_source;

pub use crate::connect::{ConnectError, connect};
pub use crate::generated::{ByteStream, Client, ClientInfo, Error, ResponseValue, builder, types};
pub use crate::pages::all_live_sessions;
pub use crate::problem::{Failure, code, is_not_modified, problem};
pub use crate::token_source::TokenSource;
