//! What replicas promise, through many histories in which their ways to the store fail, stand still and lie, and the store
//! loses its data. `ROLLCALL_REPLICA_HISTORIES` says how many, `ROLLCALL_REPLICA_SEED` replays one.

mod link;

use std::ops::Range;
use std::sync::{Arc, Mutex};
use std::time::Duration;

use coordination::{InProcess, Store};
use futures_util::future::join_all;
use rand::rngs::StdRng;
use rand::{Rng, SeedableRng};
use session_provider::{Operation, RoomId, Session};
use tokio::time::{Instant, sleep};
use tokio_util::task::TaskTracker;

use crate::config::CacheConfig;
use crate::providers::Provider;
use crate::reads::testing::*;
use crate::reads::tests::replica_histories::link::{Link, LinkState};
use crate::reads::{CacheStatus, ReadReply};
use crate::testing::{Behaviour, Scripted, Weather};

const HISTORIES: u64 = 50;
const REPLICAS: usize = 3;
const ROOMS: [&str; 2] = ["a", "b"];
/// A room that nobody asks for during the history.
const COLD: &str = "c";
const LENGTH: Duration = Duration::from_secs(12);

/// From so long after the answer to a mutation no replica serves what was fetched before it.
const SOON: Duration = Duration::from_millis(100);

/// Whoever has reached the store for so long has made up for what it missed.
const RECOVERED: Duration = Duration::from_millis(2_600);

/// What happened so far.
struct World {
    seed: u64,
    fake: Arc<Scripted>,
    provider: Provider,
    mutations: Mutex<Vec<Mutated>>,
    has_fresh_for: Duration,
}

/// A mutation that was answered.
#[derive(Debug, Clone, Copy)]
struct Mutated {
    room: &'static str,
    version: u64,
    answered: Instant,
}

struct One {
    replica: Replica,
    link: Arc<Link>,
}

fn behaviour(seed: u64) -> Behaviour {
    let rng = Mutex::new(StdRng::seed_from_u64(seed));
    let weather = Weather(Arc::new(move || {
        let mut rng = rng.lock().unwrap();
        (Duration::from_millis(rng.random_range(1..400)), rng.random_range(0..12) == 0)
    }));
    let sessions = ROOMS.iter().chain([&COLD]).map(|room| session(room, 0)).collect();
    Behaviour { weather: Some(weather), sessions, ..Behaviour::default() }
}

fn session(room: &str, version: u64) -> Session {
    Session { participant_count: Some(version), ..live(room, Some(1)) }
}

impl World {
    fn new(seed: u64) -> Self {
        let fake = Scripted::new("p", behaviour(seed));
        let provider = provider(&fake);
        let has_fresh_for = CacheConfig::default().fresh_for;
        Self { seed, fake, provider, mutations: Mutex::default(), has_fresh_for }
    }

    /// As a handler mutates: what it did is told before it answers.
    async fn mutate(&self, one: &One, room: &'static str, took: (u64, u64)) {
        sleep(Duration::from_millis(took.0)).await;
        let mut version = 0;
        self.fake.set(|it| {
            let live = it.sessions.iter_mut().find(|it| it.room_id == RoomId::new(room).unwrap()).unwrap();
            version = live.participant_count.unwrap() + 1;
            live.participant_count = Some(version);
        });
        sleep(Duration::from_millis(took.1)).await;
        kicked(&one.replica.reads, &RoomId::new(room).unwrap(), None);
        let scope = one.replica.sharing.scope(self.provider.id()).unwrap();
        if one.replica.sharing.cluster().say_now(scope).await {
            self.mutations.lock().unwrap().push(Mutated { room, version, answered: Instant::now() });
        }
    }

    async fn read_room(&self, one: &One, room: &'static str) {
        let began = Instant::now();
        let id = RoomId::new(room).unwrap();
        let reply = one.replica.reads.live_session(call(), &self.provider, &id, &Default::default()).await;
        if let Ok(reply) = reply {
            let version = json(&reply.body)["participant_count"].as_u64().unwrap();
            self.judge(one, began, &reply, room, version);
        }
    }

    async fn read_list(&self, one: &One) {
        let began = Instant::now();
        let Ok(reply) = one.replica.reads.live_sessions(call(), &everyone(), &list()).await else { return };
        let body = json(&reply.body);
        for row in body["data"].as_array().unwrap() {
            self.judge(
                one,
                began,
                &reply,
                row["room_id"].as_str().unwrap(),
                row["participant_count"].as_u64().unwrap(),
            );
        }
    }

    fn judge(&self, one: &One, began: Instant, reply: &ReadReply, room: &str, version: u64) {
        let mutations = self.mutations.lock().unwrap();
        let is_due = |it: &&Mutated| it.room == room && it.answered + SOON <= began;
        let Some(latest) = mutations.iter().filter(is_due).max_by_key(|it| it.version) else { return };
        if version >= latest.version {
            return;
        }
        let told = format!(
            "seed {}: version {version} of {room:?} was served {:?} after {} was answered, {:?} old, {:?}",
            self.seed,
            began - latest.answered,
            latest.version,
            reply.age,
            reply.cache_status
        );
        assert!(
            !one.link.is_good_since(began.checked_sub(RECOVERED).unwrap_or(began)),
            "{told}: the store was reached"
        );
        let is_fresh = reply.age <= self.has_fresh_for + (Instant::now() - began);
        assert!(is_fresh || reply.cache_status == CacheStatus::Stale, "{told}: beyond the fresh window");
    }
}

async fn one(world: &World, store: &Arc<InProcess>, number: u64) -> One {
    let link = Link::new(Arc::clone(store), world.seed * 10 + number);
    let replica = replica(&world.fake, &(Arc::clone(&link) as Arc<dyn Store>)).await;
    One { replica, link }
}

/// One history. With faults: the ways to the store fail, and it loses its data.
async fn history(seed: u64, with_faults: bool) {
    let mut rng = StdRng::seed_from_u64(seed);
    let (world, store) = (Arc::new(World::new(seed)), Arc::<InProcess>::default());
    let mut replicas = Vec::new();
    for number in 0..REPLICAS as u64 {
        replicas.push(Arc::new(one(&world, &store, number).await));
    }
    let (tasks, end) = (TaskTracker::new(), Instant::now() + LENGTH);
    while Instant::now() < end {
        let (world, one) = (Arc::clone(&world), Arc::clone(&replicas[rng.random_range(0..REPLICAS)]));
        let room = ROOMS[rng.random_range(0..ROOMS.len())];
        match rng.random_range(0..20) {
            0..8 => drop(tasks.spawn(async move { world.read_room(&one, room).await })),
            8..14 => drop(tasks.spawn(async move { world.read_list(&one).await })),
            14..17 => {
                let took = (rng.random_range(0..200), rng.random_range(0..200));
                tasks.spawn(async move { world.mutate(&one, room, took).await });
            }
            17..19 if with_faults => one.link.set(match rng.random_range(0..6) {
                0 => LinkState::Lossy,
                1 => LinkState::Refuses,
                2 => LinkState::Hangs(Instant::now() + Duration::from_millis(rng.random_range(20..4_000))),
                _ => LinkState::Good,
            }),
            19 if with_faults && rng.random_range(0..4) == 0 => store.lose_data(),
            _ => {}
        }
        sleep(Duration::from_millis(rng.random_range(0..80))).await;
    }
    tasks.close();
    tasks.wait().await;
    if with_faults {
        return;
    }
    // Everybody asks at once for what nobody has, of a provider that does not fail.
    world.fake.set(|it| (it.weather, it.delay) = (None, Duration::from_millis(300)));
    let before = world.fake.calls(Operation::GetLiveSession);
    join_all(replicas.iter().map(|one| world.read_room(one, COLD))).await;
    assert_eq!(world.fake.calls(Operation::GetLiveSession), before + 1, "seed {seed}: one call for all");
}

/// The seeds of this run.
fn seeds() -> Range<u64> {
    let number = |name| std::env::var(name).ok().map(|text| text.parse::<u64>().unwrap());
    number("ROLLCALL_REPLICA_SEED")
        .map_or_else(|| 0..number("ROLLCALL_REPLICA_HISTORIES").unwrap_or(HISTORIES), |seed| seed..seed + 1)
}

#[tokio::test(start_paused = true)]
async fn no_replica_serves_what_another_has_changed() {
    for seed in seeds() {
        history(seed, seed % 4 != 0).await;
    }
}
