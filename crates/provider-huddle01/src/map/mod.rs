//! From an answer to the domain. Pure: a response and the present go in, a domain value or an error comes out.

mod answer;
mod history;
mod participants;
mod room_sessions;
mod sessions;

pub(crate) use history::{HistoryWalk, Step};
pub(crate) use participants::{live_participants, session_participants};
pub(crate) use room_sessions::RoomSessions;
#[cfg(any(test, feature = "fuzzing"))]
pub(crate) use sessions::live_sessions;
pub(crate) use sessions::{live_session, live_sessions_knowing};

/// The most rows of one answer that are read. A longer list is refused whole, never shortened.
pub(crate) const MAX_ROWS: usize = 50_000;
