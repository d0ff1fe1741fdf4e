//! What the tests of several modules share.

mod scripted;

pub(crate) use scripted::{Behaviour, Scripted, Weather};
