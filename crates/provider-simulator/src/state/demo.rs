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

/// How long the sessions have run.
const AGES_MS: [i64; 3] = [42 * 60_000, 17 * 60_000, 4 * 60_000];

impl World {
    /// A few live rooms on each service with people in them, one recorded, one streamed, one with a breakout room.
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
                if let Err(error) = world.fill(&room, index, people) {
                    tracing::error!(%error, room, "the demo world is incomplete");
                }
            }
        }
        world
    }

    fn fill(&self, room: &str, index: usize, people: &[&str]) -> Result<(), WorldError> {
        for name in people {
            let custom_id = format!("user-{}", name.to_lowercase().replace(|c: char| !c.is_ascii_alphanumeric(), "-"));
            self.join(room, Person::named(*name).custom_id(custom_id))?;
        }
        let age_ms = AGES_MS[index % AGES_MS.len()];
        self.change_room(room, |room| room.created_ms -= age_ms)?;
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
