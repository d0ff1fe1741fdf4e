//! The load: other people's programs where they can do it, so that nobody measures with what they wrote for it.

mod h2load;
mod script;
mod steady;
mod streams;
mod wrk;

use std::time::Duration;

use anyhow::Result;

pub(crate) use crate::load::h2load::H2load;
pub(crate) use crate::load::script::Script;
pub(crate) use crate::load::steady::{Steady, Timed};
pub(crate) use crate::load::streams::Streams;
pub(crate) use crate::load::wrk::Wrk;

/// What a server is put under.
#[derive(Debug, Clone)]
pub(crate) enum Load {
    Wrk(Wrk),
    H2load(H2load),
}

/// What came of one turn.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Counted {
    /// Answers, whatever their status.
    pub(crate) answers: u64,
    /// Answers over 399, and requests that got none.
    pub(crate) failed: u64,
    pub(crate) per_second: f64,
    pub(crate) p50: Duration,
    pub(crate) p99: Duration,
}

impl Load {
    pub(crate) async fn run(&self, origin: &str, seconds: u64) -> Result<Counted> {
        match self {
            Self::Wrk(wrk) => wrk.run(origin, seconds).await,
            Self::H2load(h2load) => h2load.run(origin, seconds).await,
        }
    }
}

impl From<Wrk> for Load {
    fn from(wrk: Wrk) -> Self {
        Self::Wrk(wrk)
    }
}

impl From<H2load> for Load {
    fn from(h2load: H2load) -> Self {
        Self::H2load(h2load)
    }
}
