//! The world a newcomer sees first.

use crate::SimClock;
use crate::state::{Person, Service, World, WorldError};

const HUDDLE01: [(&str, &[&str]); 3] = [
    ("Design review", &["Mizan", "akmo3.eth", "Priya"]),
    ("Community call", &["Amara", "Deepak", "Lucía", "Noor", "Tomás"]),
    ("Support desk", &["Henry"]),
];
const REALTIMEKIT: [(&str, &[&str]); 3] = [
    ("Weekly sync", &["Mark", "Mary Sue", "Henry"]),
    ("Town hall", &["Ada", "Grace", "Katherine", "Dorothy", "Mary", "Annie"]),
    ("Interview room 4", &["Joan", "Barbara"]),
];

/// When earlier sessions of each room began, and how long they ran.
const EARLIER_MS: [(i64, i64); 2] = [(7 * DAY_MS, 55 * 60_000), (DAY_MS, 38 * 60_000)];
const DAY_MS: i64 = 24 * 3_600_000;

/// How long the sessions have run.
const AGES_MS: [i64; 3] = [42 * 60_000, 17 * 60_000, 4 * 60_000];

impl World {
    /// A few live rooms on each service with people in them, one recorded, one streamed, one with a breakout room; each has
    /// had sessions before.
    #[must_use]
    pub fn demo() -> Self {
        Self::demo_with(1, SimClock::system())
    }

    /// [`demo`](Self::demo) with a seed and clock of one's own.
    #[must_use]
    pub fn demo_with(seed: u64, clock: SimClock) -> Self {
        let world = Self::new(seed, clock);
        for (service, rooms) in [(Service::Huddle01, HUDDLE01), (Service::RealtimeKit, REALTIMEKIT)] {
            for (index, (title, people)) in rooms.into_iter().enumerate() {
                let room = world.add_room(service, title);
                let filled = world.remember(&room, index, people).and_then(|()| world.fill(&room, index, people));
                if let Err(error) = filled {
                    tracing::error!(%error, room, "the demo world is incomplete");
                }
            }
        }
        world
    }

    /// What ran in the room before.
    fn remember(&self, room: &str, index: usize, people: &[&str]) -> Result<(), WorldError> {
        let now = self.clock.now_ms();
        let mut state = self.state();
        for (ago_ms, length_ms) in EARLIER_MS {
            // No two at one moment.
            let started = now - ago_ms - AGES_MS[index % AGES_MS.len()];
            state.room(room)?.created_ms = started.min(state.room(room)?.created_ms);
            let session = state.start(room, None, started)?;
            for name in people {
                state.join(room, &person(name), started)?;
            }
            state.end(&session, started + length_ms);
        }
        Ok(())
    }

    fn fill(&self, room: &str, index: usize, people: &[&str]) -> Result<(), WorldError> {
        for name in people {
            self.join(room, person(name))?;
        }
        let age_ms = AGES_MS[index % AGES_MS.len()];
        self.change_live(room, |session| {
            session.started_ms -= age_ms;
            session.connections.iter_mut().for_each(|c| c.joined_ms -= age_ms);
        })?;
        match index {
            0 => drop(self.start_recording(room)?),
            1 => drop(self.start_livestream(room)?),
            _ => {}
        }
        if index == 1 && self.room(room).is_some_and(|r| r.service == Service::RealtimeKit) {
            let (breakout, _) = self.add_breakout(room, "Town hall: questions")?;
            self.join(&breakout, "Evelyn")?;
        }
        Ok(())
    }
}

fn person(name: &str) -> Person {
    let custom_id = format!("user-{}", name.to_lowercase().replace(|c: char| !c.is_ascii_alphanumeric(), "-"));
    Person::named(name).custom_id(custom_id)
}
