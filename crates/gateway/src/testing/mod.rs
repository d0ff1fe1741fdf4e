//! What the tests of several modules share.

mod link;
mod process;
mod scripted;
pub(crate) mod seeds;
mod standstill;
mod ways;

pub(crate) use link::{Link, LinkState};
pub(crate) use process::Process;
pub(crate) use scripted::{Behaviour, Scripted, Weather};
pub(crate) use standstill::Standstill;
pub(crate) use ways::Ways;
