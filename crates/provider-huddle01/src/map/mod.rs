//! From an answer to the domain. Pure: every function is tested on the fixtures without any I/O.

mod answer;
mod history;
mod participants;
mod sessions;

pub(crate) use history::{HistoryWalk, Step};
pub(crate) use participants::{live_participants, session_participants};
pub(crate) use sessions::{live_session, live_sessions};

/// The most rows of one answer that are read. A longer list is refused whole, never shortened.
pub(crate) const MAX_ROWS: usize = 50_000;

#[cfg(test)]
mod fixture_tests;
#[cfg(test)]
mod hostile_tests;
#[cfg(test)]
mod reading_tests;
