//! What the black-box tests share: a real gateway on a socket, in front of both simulators.
#![forbid(unsafe_code)]
#![allow(clippy::expect_used, reason = "a test that cannot be set up has failed")]

mod balancer;
mod event_reader;
mod faulty_link;
mod program;
mod redis_server;
mod replica;
mod replica_process;
mod reply;
mod setup;
mod stack;
mod token;
mod visitor;

pub use balancer::Balancer;
pub use event_reader::{EventReader, StreamEvent};
pub use faulty_link::{FaultyLink, LinkFault};
pub use redis_server::RedisServer;
pub use replica_process::ReplicaProcess;
pub use reply::Reply;
pub use setup::Setup;
pub use stack::Stack;
pub use token::{AUDIENCE, ISSUER, SECRET, Token};
pub use visitor::Visitor;
