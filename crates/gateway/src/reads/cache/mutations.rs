//! Which answers a mutation has made old.

use std::collections::HashMap;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{PoisonError, RwLock};

use session_provider::{ProviderId, RoomId, SessionId};

use crate::reads::cache::{Answer, Key, Query};

/// One counter that orders reads, loads and mutations of a process: two never get the same number, and what begins
/// after something has ended gets a higher one.
#[derive(Debug, Default)]
pub(crate) struct Counter(AtomicU64);

impl Counter {
    /// The next number; never 0.
    pub(crate) fn next(&self) -> u64 {
        self.0.fetch_add(1, Ordering::SeqCst) + 1
    }
}

/// For every provider, when what was last mutated.
///
/// An answer (or a load) is *touched* by a mutation if it is of the provider and
/// - it is the list of sessions or the media counts, or
/// - it is a read of the mutated room, or
/// - it is the participants of a session by its id, which does not say its room, or
/// - it is a session whose id or one of whose rooms was mutated, or any session of which that is not known yet.
///
/// It may be served only if it began after every mutation that touches it. Bounded: when more than
/// [`MAX_NOTES`] rooms or sessions are noted, the notes are dropped and everything that began before counts as touched.
#[derive(Debug)]
pub(crate) struct Mutations(HashMap<ProviderId, OfProvider>);

/// The most rooms, and the most sessions, that are noted one by one for a provider.
pub(crate) const MAX_NOTES: usize = 1024;

#[derive(Debug, Default)]
struct OfProvider {
    /// The latest mutation of anything.
    latest: AtomicU64,
    notes: RwLock<Notes>,
}

#[derive(Debug, Default)]
struct Notes {
    /// Everything that began before this counts as touched.
    floor: u64,
    rooms: HashMap<RoomId, u64>,
    sessions: HashMap<SessionId, u64>,
}

impl Mutations {
    /// None yet, of these providers.
    pub(crate) fn new(providers: impl Iterator<Item = ProviderId>) -> Self {
        Self(providers.map(|provider| (provider, OfProvider::default())).collect())
    }

    /// Notes a mutation with a number taken after it was over.
    pub(crate) fn note(&self, at: u64, provider: &ProviderId, room: &RoomId, session: Option<&SessionId>) {
        let Some(provider) = self.0.get(provider) else { return };
        let mut notes = provider.notes.write().unwrap_or_else(PoisonError::into_inner);
        if notes.rooms.len() >= MAX_NOTES || notes.sessions.len() >= MAX_NOTES {
            let floor = at.max(provider.latest.load(Ordering::SeqCst));
            *notes = Notes { floor, ..Notes::default() };
        }
        // Two mutations may get here in the other order than they took their numbers.
        let raise = |note: &mut u64| *note = at.max(*note);
        raise(notes.rooms.entry(room.clone()).or_default());
        if let Some(session) = session {
            raise(notes.sessions.entry(session.clone()).or_default());
        }
        // Last, so that whoever sees it finds the notes once the lock is free.
        provider.latest.fetch_max(at, Ordering::SeqCst);
    }

    /// The latest mutation that touches an answer, or a load whose answer is not known yet; 0 if there was none.
    pub(crate) fn last_touching(&self, key: &Key, answer: Option<&Answer>) -> u64 {
        let Some(provider) = self.0.get(&key.provider) else { return 0 };
        let latest = provider.latest.load(Ordering::SeqCst);
        if latest == 0 {
            return 0;
        }
        let notes = || provider.notes.read().unwrap_or_else(PoisonError::into_inner);
        let of_room = |notes: &Notes, room| notes.rooms.get(room).copied().unwrap_or(0).max(notes.floor);
        match (&key.query, answer) {
            // One room may have two names, of which the answer knows both.
            (Query::LiveSession(room), Some(answer)) => {
                let notes = notes();
                let rooms = notes.rooms.iter().filter(|(room, _)| answer.is_about_room(room)).map(|(_, at)| *at);
                of_room(&notes, room).max(rooms.max().unwrap_or(0))
            }
            (Query::LiveSession(room) | Query::LiveParticipants(room) | Query::LiveSessionId(room), _) => {
                of_room(&notes(), room)
            }
            (Query::Session { id, .. }, Some(answer)) => {
                let notes = notes();
                let rooms = notes.rooms.iter().filter(|(room, _)| answer.is_about_room(room)).map(|(_, at)| *at);
                let own = notes.sessions.get(id).copied().unwrap_or(0);
                rooms.max().unwrap_or(0).max(own).max(notes.floor)
            }
            (Query::LiveSessions | Query::LiveMedia | Query::SessionParticipants(_) | Query::Session { .. }, _) => {
                latest
            }
        }
    }

    /// Whether an answer may be served: nothing that touches it was mutated since its load began.
    pub(crate) fn allow(&self, key: &Key, began: u64, answer: &Answer) -> bool {
        let untouched = self.0.get(&key.provider).is_none_or(|of| began > of.latest.load(Ordering::SeqCst));
        untouched || began > self.last_touching(key, Some(answer))
    }
}

#[cfg(test)]
mod tests;
