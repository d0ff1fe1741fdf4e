//! What is live, and how it changes: following `stream_events` and `stream_room_events`.
//!
//! [`follow`] gives a [`Follower`], which connects, reads, and connects again by itself. [`LiveSessions`] is what one knows
//! after the events that it was given.

mod backoff;
mod change;
mod event;
mod follow;
mod http;
mod known_provider;
mod live_sessions;
mod sse;
#[cfg(test)]
mod testing;

pub use crate::events::change::Change;
pub use crate::events::event::{Event, Received};
pub use crate::events::follow::{Follow, FollowError, Followed, Follower, follow};
pub use crate::events::live_sessions::LiveSessions;
