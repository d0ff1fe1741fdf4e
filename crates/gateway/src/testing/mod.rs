//! What the tests of several modules share.

mod link;
mod scripted;
pub(crate) mod seeds;
mod standstill;

pub(crate) use link::{Link, LinkState};
pub(crate) use scripted::{Behaviour, Scripted, Weather};
pub(crate) use standstill::Standstill;
