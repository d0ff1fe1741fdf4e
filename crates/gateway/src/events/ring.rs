//! The latest events of one log, each under its number.

use std::collections::VecDeque;
use std::time::Duration;

use bytes::Bytes;
use tokio::time::Instant;

use crate::config::EventsConfig;
use crate::events::place::Place;

/// How much is kept.
#[derive(Debug, Clone, Copy)]
pub(super) struct Keep {
    pub(super) time: Duration,
    pub(super) events: usize,
    pub(super) bytes: usize,
}

impl Keep {
    /// As the operator says, and so many bytes.
    pub(super) fn new(config: &EventsConfig, bytes: usize) -> Self {
        Self { time: config.keep_for, events: usize::try_from(config.keep_events.get()).unwrap_or(usize::MAX), bytes }
    }
}

/// What happened.
#[derive(Debug, Clone)]
pub(super) enum RingEntry {
    /// An event without its `id`.
    Event(Bytes),
    /// What was known before says nothing of what is known now: here begins a snapshot.
    Anew,
}

/// An entry, and when it came.
#[derive(Debug, Clone)]
pub(super) struct Logged {
    pub(super) at: Instant,
    pub(super) entry: RingEntry,
}

/// The entries, numbered from 0 in the order in which they came; the oldest are forgotten.
#[derive(Debug)]
pub(super) struct Ring {
    epoch: u64,
    entries: VecDeque<Logged>,
    next: u64,
    bytes: usize,
    keep: Keep,
}

/// What stands at a place.
#[derive(Debug)]
pub(super) enum At<'a> {
    Entry(&'a Logged),
    /// Nothing yet.
    End,
    /// It is forgotten, or never was.
    Unknown,
}

impl Ring {
    pub(super) fn new(epoch: u64, keep: Keep) -> Self {
        Self { epoch, entries: VecDeque::new(), next: 0, bytes: 0, keep }
    }

    /// Begins anew at this place: what was there is forgotten.
    pub(super) fn restart(&mut self, at: Place) {
        *self = Self { next: at.number, ..Self::new(at.epoch, self.keep) };
    }

    /// The place of the entry that comes next.
    pub(super) fn next(&self) -> Place {
        Place { epoch: self.epoch, number: self.next }
    }

    pub(super) fn push(&mut self, entry: RingEntry) {
        let now = Instant::now();
        self.bytes += size(&entry);
        self.entries.push_back(Logged { at: now, entry });
        self.next += 1;
        while self.entries.front().is_some_and(|oldest| {
            let is_old = now.saturating_duration_since(oldest.at) > self.keep.time;
            is_old || self.entries.len() > self.keep.events || self.bytes > self.keep.bytes
        }) {
            let gone = self.entries.pop_front();
            self.bytes -= gone.map_or(0, |gone| size(&gone.entry));
        }
    }

    pub(super) fn at(&self, place: Place) -> At<'_> {
        if place == self.next() {
            return At::End;
        }
        if place.epoch != self.epoch {
            return At::Unknown;
        }
        let first = self.next - self.entries.len() as u64;
        let index = place.number.checked_sub(first).and_then(|index| usize::try_from(index).ok());
        index.and_then(|index| self.entries.get(index)).map_or(At::Unknown, At::Entry)
    }
}

fn size(entry: &RingEntry) -> usize {
    let own = size_of::<Logged>();
    if let RingEntry::Event(bytes) = entry { own + bytes.len() } else { own }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn ring(events: usize, bytes: usize) -> Ring {
        Ring::new(7, Keep { time: Duration::from_secs(60), events, bytes })
    }

    #[tokio::test(start_paused = true)]
    async fn what_is_kept_is_bounded_by_number_bytes_and_time() {
        let at = |number| Place { epoch: 7, number };
        let event = || RingEntry::Event(Bytes::from_static(&[0; 100]));
        for mut ring in [ring(3, usize::MAX), ring(usize::MAX, 3 * (100 + size_of::<Logged>()))] {
            (0..10).for_each(|_| ring.push(event()));
            assert!(matches!(ring.at(at(6)), At::Unknown));
            assert!(matches!(ring.at(at(7)), At::Entry(_)));
            assert!(matches!(ring.at(at(10)), At::End));
            assert!(matches!(ring.at(at(11)), At::Unknown));
        }
        let mut ring = ring(100, usize::MAX);
        ring.push(event());
        tokio::time::advance(Duration::from_secs(61)).await;
        ring.push(event());
        assert!(matches!(ring.at(at(0)), At::Unknown));
        assert!(matches!(ring.at(at(1)), At::Entry(_)));
    }

    #[tokio::test(start_paused = true)]
    async fn a_place_of_another_epoch_is_unknown() {
        let mut ring = ring(9, usize::MAX);
        ring.push(RingEntry::Anew);
        let place = ring.next();
        ring.restart(Place { epoch: 8, number: 1 });
        assert!(matches!(ring.at(place), At::Unknown) && matches!(ring.at(Place { epoch: 8, number: 0 }), At::Unknown));
        assert!(matches!(ring.at(Place { epoch: 8, number: 1 }), At::End));
    }
}
