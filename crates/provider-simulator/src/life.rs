//! Life in a demo: people come and go, sessions start and end.

use std::future::Future;
use std::time::Duration;

use rand::rngs::StdRng;
use rand::seq::IndexedRandom;
use rand::{Rng, SeedableRng};

use crate::state::{Person, Service, World, WorldError};

const NAMES: [&str; 12] =
    ["Ada", "Bola", "Chen", "Dora", "Emeka", "Farah", "Goran", "Hana", "Imran", "Jana", "Kofi", "Lena"];
/// More people than this do not come into one room.
const MOST_IN_A_ROOM: usize = 12;
/// Fewer live rooms than this per service, and one starts.
const FEWEST_LIVE: usize = 2;

/// Moves a world on, step by step.
#[derive(Debug)]
pub struct Life {
    world: World,
    random: StdRng,
}

impl Life {
    /// The same seed moves the same world in the same way.
    #[must_use]
    pub fn new(world: World, seed: u64) -> Self {
        Self { world, random: StdRng::seed_from_u64(seed) }
    }

    /// One thing happens on each service: somebody comes (most often) or goes, or a session starts or ends.
    pub fn step(&mut self) {
        for service in [Service::Huddle01, Service::RealtimeKit] {
            let happened = self.happen(service);
            if let Err(error) = happened {
                // A request to the simulator may have ended the session in between.
                tracing::debug!(%error, "the demo world moved on by itself");
            }
        }
    }

    fn happen(&mut self, service: Service) -> Result<(), WorldError> {
        let live = self.world.live_sessions(service);
        let chance = self.random.random_range(0..100);
        let Some(session) = live.choose(&mut self.random).filter(|_| live.len() >= FEWEST_LIVE && chance >= 5) else {
            return self.start(service);
        };
        let room = &session.room_id;
        match chance {
            5..=7 if live.len() > FEWEST_LIVE => self.world.end_session(room).map(drop),
            8..=44 => match session.present().collect::<Vec<_>>().choose(&mut self.random) {
                Some(leaver) if session.present_count() > 1 => self.world.leave(room, &leaver.id),
                _ => self.come(room),
            },
            _ if session.present_count() < MOST_IN_A_ROOM => self.come(room),
            _ => Ok(()),
        }
    }

    fn start(&mut self, service: Service) -> Result<(), WorldError> {
        let idle: Vec<String> =
            self.world.rooms(service).into_iter().filter(|r| r.live_session.is_none()).map(|r| r.id).collect();
        match idle.choose(&mut self.random) {
            Some(room) => self.come(room),
            None => Ok(()),
        }
    }

    fn come(&mut self, room: &str) -> Result<(), WorldError> {
        let name = NAMES.choose(&mut self.random).copied().unwrap_or("Ada");
        let person = Person::named(name).custom_id(format!("user-{}", name.to_lowercase()));
        self.world.join(room, person).map(drop)
    }
}

/// Lets a demo world live, a [`step`](Life::step) every two seconds of tokio's time, until `shutdown` resolves. The
/// caller spawns it.
pub async fn run_demo_life(world: World, shutdown: impl Future<Output = ()>) {
    let mut life = Life::new(world, 1);
    let mut ticks = tokio::time::interval(Duration::from_secs(2));
    ticks.set_missed_tick_behavior(tokio::time::MissedTickBehavior::Skip);
    ticks.tick().await;
    tokio::pin!(shutdown);
    loop {
        tokio::select! {
            () = &mut shutdown => return,
            _ = ticks.tick() => life.step(),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::SimClock;
    use std::collections::HashSet;

    #[tokio::test(start_paused = true)]
    async fn people_come_and_go_and_sessions_start_and_end() {
        let world = World::demo_with(1, SimClock::anchored(0));
        let sessions = |w: &World| w.sessions(Service::RealtimeKit).len() + w.sessions(Service::Huddle01).len();
        let before = sessions(&world);
        tokio::time::timeout(Duration::from_secs(3600), run_demo_life(world.clone(), std::future::pending()))
            .await
            .expect_err("life goes on until it is shut down");
        assert!(sessions(&world) > before, "sessions started");
        for service in [Service::Huddle01, Service::RealtimeKit] {
            let all = world.sessions(service);
            assert!(all.iter().any(|s| !s.is_live()), "sessions ended");
            assert!(world.live_sessions(service).len() >= FEWEST_LIVE - 1);
            assert!(all.iter().all(|s| s.present_count() <= MOST_IN_A_ROOM));
            assert!(all.iter().flat_map(|s| &s.connections).any(|c| c.left_ms.is_some()));
            let rooms: Vec<_> = all.iter().filter(|s| s.is_live()).map(|s| &s.room_id).collect();
            assert_eq!(rooms.len(), rooms.iter().collect::<HashSet<_>>().len(), "one live session per room");
        }
    }

    #[tokio::test]
    async fn the_same_seed_lives_the_same_life() {
        let run = || {
            let world = World::demo_with(3, SimClock::anchored(0));
            let mut life = Life::new(world.clone(), 9);
            (0..200).for_each(|_| life.step());
            let all = world.sessions(Service::Huddle01);
            all.into_iter().flat_map(|s| s.connections).map(|c| c.id).collect::<Vec<_>>()
        };
        assert_eq!(run(), run());
    }

    #[tokio::test(start_paused = true)]
    async fn shutdown_ends_it() {
        run_demo_life(World::demo_with(1, SimClock::anchored(0)), std::future::ready(())).await;
    }
}
