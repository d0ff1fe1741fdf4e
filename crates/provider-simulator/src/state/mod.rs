//! The state both simulated services show: rooms, sessions, people, polls, recordings and live streams.

mod demo;
mod error;
mod happening;
mod ids;
mod media;
mod model;
mod moderation;
mod person;
mod read;
mod setup;
#[cfg(test)]
mod tests;

use std::collections::HashMap;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

pub use error::WorldError;
pub use happening::{Happening, What};
pub use model::{Connection, Enrolled, Livestream, Poll, Recording, Room, Service, Session, SessionType};
pub use moderation::NewPoll;
pub use person::{Joined, Person};

use crate::SimClock;
use happening::Listeners;
use ids::Ids;

/// A handle to one simulated world. Clones share the state; both services may show the same world.
///
/// Rooms and sessions are found by id whatever their service; each API shows its own only.
#[derive(Debug, Clone)]
pub struct World {
    clock: SimClock,
    state: Arc<Mutex<State>>,
}

#[derive(Debug)]
struct State {
    ids: Ids,
    rooms: HashMap<String, Room>,
    /// In the order of creation.
    room_order: Vec<String>,
    sessions: HashMap<String, Session>,
    /// In the order of their start.
    session_order: Vec<String>,
    listeners: Listeners,
}

impl World {
    /// A world with nothing in it. The same seed gives the same ids to the same calls.
    #[must_use]
    pub fn new(seed: u64, clock: SimClock) -> Self {
        let state = State {
            ids: Ids::seeded(seed),
            rooms: HashMap::new(),
            room_order: Vec::new(),
            sessions: HashMap::new(),
            session_order: Vec::new(),
            listeners: Listeners::default(),
        };
        Self { clock, state: Arc::new(Mutex::new(state)) }
    }

    /// A world with nothing in it, on the machine's clock, with seed 0.
    #[must_use]
    pub fn empty() -> Self {
        Self::new(0, SimClock::system())
    }

    /// The clock that stamps what happens here.
    #[must_use]
    pub fn clock(&self) -> SimClock {
        self.clock
    }

    fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl State {
    fn room(&mut self, room: &str) -> Result<&mut Room, WorldError> {
        self.rooms.get_mut(room).ok_or_else(|| WorldError::UnknownRoom(room.to_owned()))
    }

    fn live(&mut self, room: &str) -> Result<&mut Session, WorldError> {
        let not_live = || WorldError::NotLive(room.to_owned());
        let session = self.room(room)?.live_session.clone().ok_or_else(not_live)?;
        self.sessions.get_mut(&session).ok_or_else(not_live)
    }
}
