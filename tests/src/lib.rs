//! What the black-box tests share: a real gateway on a socket, in front of both simulators.
#![forbid(unsafe_code)]
#![allow(clippy::expect_used, reason = "a test that cannot be set up has failed")]

mod event_reader;
mod redis_server;
mod replica;
mod reply;
mod setup;
mod stack;
mod token;

pub use event_reader::{EventReader, StreamEvent};
pub use redis_server::RedisServer;
pub use reply::Reply;
pub use setup::Setup;
pub use stack::Stack;
pub use token::{AUDIENCE, ISSUER, SECRET, Token};
