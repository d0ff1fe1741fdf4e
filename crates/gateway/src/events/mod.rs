//! Streams of what is live and how it changes.
//!
//! Each provider has one [log](change_log) that every answer to its list feeds, whoever asked for it. While somebody
//! listens a [poller](poller) asks. All streams read the same log, whose events are written once; who falls out of it
//! gets a [snapshot](snapshot), written as it is read.

mod batch;
mod change_log;
mod chunk;
mod diff;
mod encode;
mod event_id;
mod event_log;
#[expect(clippy::module_inception, reason = "the streams as a whole, beside their parts")]
mod events;
mod frame;
mod keeper;
mod kept_view;
mod pace;
mod place;
mod poller;
mod ring;
mod room_log;
mod room_poller;
mod room_shares;
mod room_snapshot;
mod rooms;
mod shared_entry;
mod shared_writer;
mod snapshot;
mod stream;
mod stream_places;
mod waiting_readers;

pub use events::Events;
pub(crate) use events::Subscriber;
pub(crate) use stream::EventStream;
pub(crate) use stream_places::NoPlace;

#[cfg(test)]
mod tests;
