//! The load: other people's programs, so that nobody measures with what they wrote for it.

mod wrk;

use std::time::Duration;

pub(crate) use crate::load::wrk::Wrk;

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
