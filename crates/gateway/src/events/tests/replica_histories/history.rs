//! One history.

use std::sync::Arc;
use std::time::Duration;

use rand::rngs::StdRng;
use rand::{Rng, SeedableRng};
use tokio::time::{Instant, sleep};
use tokio_util::task::TaskTracker;

use crate::events::tests::replica_histories::judge::Judge;
use crate::events::tests::replica_histories::one::One;
use crate::events::tests::replica_histories::reader::Reader;
use crate::events::tests::replica_histories::world::{ROOMS, World};
use crate::testing::LinkState;

const REPLICAS: usize = 3;
const READERS: usize = 4;
const LENGTH: Duration = Duration::from_secs(40);

/// Longer than a replica stands still, a new one takes over, and whoever waited too long acts alone.
const REST: Duration = Duration::from_secs(30);

/// What can happen in a history. Few kinds at once find what many hide.
pub(super) struct Kinds {
    links: bool,
    outages: bool,
    losses: bool,
    standstills: bool,
    ends: bool,
    pub(super) hints: bool,
    pub(super) provider_fails: bool,
    moves: u32,
}

impl Kinds {
    fn draw(rng: &mut StdRng) -> Self {
        let quiet = rng.random_range(0..5) == 0;
        let faults_of_store = rng.random_bool(0.5) && !quiet;
        let mut of_store = || rng.random_bool(0.5) && faults_of_store;
        let (links, outages, losses) = (of_store(), of_store(), of_store());
        let mut often = || rng.random_bool(0.6) && !quiet;
        let (standstills, ends, hints) = (often(), often(), often());
        let provider_fails = rng.random_bool(0.25);
        Self { links, outages, losses, standstills, ends, hints, provider_fails, moves: rng.random_range(1..12) }
    }

    /// Nothing goes wrong.
    pub(super) fn is_quiet(&self) -> bool {
        self.store_is_good() && !self.standstills && !self.ends && !self.hints && !self.provider_fails
    }

    pub(super) fn store_is_good(&self) -> bool {
        !(self.links || self.outages || self.losses)
    }
}

pub(super) async fn history(seed: u64) -> Option<String> {
    let mut rng = StdRng::seed_from_u64(seed);
    let kinds = Kinds::draw(&mut rng);
    let acts = Acts { of_store: [kinds.links, kinds.outages, kinds.losses], ..Acts::of(&kinds) };
    let world = World::new(seed, Judge::new(kinds), acts.provider_fails);
    let mut replicas: Vec<_> = (0..REPLICAS).map(|_| world.start_one()).collect();
    for one in &replicas {
        one.sharing.cluster().watch().wait_for(|up| *up).await.unwrap();
    }
    let mut readers = Vec::new();
    for number in 0..READERS {
        readers.push(Reader::new(number, &replicas[number % REPLICAS]).await);
    }
    let end = Instant::now() + LENGTH;
    while Instant::now() < end {
        acts.act(&mut rng, &world, &mut replicas).await;
        acts.move_some(&mut rng, &replicas, &mut readers).await;
        read_all(&world, &mut readers);
        sleep(Duration::from_millis(rng.random_range(1..100))).await;
    }
    world.is_good();
    let end = Instant::now() + REST;
    while Instant::now() < end {
        leave_the_dead(&mut rng, &replicas, &mut readers).await;
        read_all(&world, &mut readers);
        sleep(Duration::from_millis(100)).await;
    }
    world.judge.at_the_end(&readers);
    world.judge.violations.first()
}

fn read_all(world: &World, readers: &mut [Reader]) {
    for reader in &mut *readers {
        reader.read(&world.judge);
        world.judge.knows(reader);
    }
    if !readers.iter().any(|reader| reader.at.is_there()) {
        world.judge.is_unheard();
    }
}

/// Whoever reads at one that is gone goes on at one that goes.
async fn leave_the_dead(rng: &mut StdRng, replicas: &[Arc<One>], readers: &mut [Reader]) {
    let there: Vec<_> = replicas.iter().filter(|one| one.is_there()).collect();
    if there.is_empty() {
        return;
    }
    for reader in readers.iter_mut().filter(|reader| reader.at.is_gone()) {
        reader.go_to(there[rng.random_range(0..there.len())], false).await;
    }
}

/// What is done in a history.
struct Acts {
    of_store: [bool; 3],
    standstills: bool,
    ends: bool,
    hints: bool,
    provider_fails: bool,
    moves: u32,
}

impl Acts {
    fn of(kinds: &Kinds) -> Self {
        let Kinds { standstills, ends, hints, provider_fails, moves, .. } = *kinds;
        Self { of_store: [false; 3], standstills, ends, hints, provider_fails, moves }
    }

    /// Some readers go to another replica, though theirs may go on.
    async fn move_some(&self, rng: &mut StdRng, replicas: &[Arc<One>], readers: &mut [Reader]) {
        leave_the_dead(rng, replicas, readers).await;
        if rng.random_range(0..100) < self.moves {
            let reader = &mut readers[rng.random_range(0..READERS)];
            let (to, anew) = (&replicas[rng.random_range(0..REPLICAS)], rng.random_range(0..4) == 0);
            if to.is_there() {
                reader.go_to(to, anew).await;
            }
        }
    }

    async fn act(&self, rng: &mut StdRng, world: &Arc<World>, replicas: &mut [Arc<One>]) {
        let slot = rng.random_range(0..REPLICAS);
        let one = &mut replicas[slot];
        let (at, there, room) = (Arc::clone(one), Arc::clone(world), ROOMS[rng.random_range(0..ROOMS.len())]);
        let [links, outages, losses] = self.of_store;
        match rng.random_range(0..400) {
            ..20 => world.happens(room, rng.random()),
            20..24 if one.is_there() => one.process.work(async move { there.kick(&at, room).await }),
            24..30 if self.hints && one.is_there() => world.hint(one, room),
            30..40 if links => one.link.set(LinkState::draw(rng, 6_000)),
            40..43 if self.standstills => {
                let ms = if rng.random_bool(0.2) { 10_000 } else { rng.random_range(50..5_000) };
                world.judge.is_disturbed();
                one.process.standstill.begin(Instant::now() + Duration::from_millis(ms));
            }
            43..46 if self.ends && one.is_there() => {
                world.judge.is_disturbed();
                if rng.random() {
                    one.crash();
                } else {
                    one.stop();
                    drop(TaskTracker::new().spawn(async move {
                        sleep(Duration::from_millis(200)).await;
                        at.crash();
                    }));
                }
                *one = world.start_one();
            }
            46 if losses => world.lose_data(),
            47..49 if outages => {
                let (ms, loses) = (rng.random_range(20..6_000), rng.random());
                drop(TaskTracker::new().spawn(async move { there.store_goes(ms, loses).await }));
            }
            _ => {}
        }
    }
}
