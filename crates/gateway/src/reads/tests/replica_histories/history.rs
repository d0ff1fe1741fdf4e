//! One history.

use std::sync::Arc;
use std::time::Duration;

use futures_util::future::join_all;
use rand::rngs::StdRng;
use rand::{Rng, SeedableRng};
use session_provider::{ErrorKind, Operation, RoomId};
use tokio::time::{Instant, sleep};
use tokio_util::task::TaskTracker;

use crate::reads::testing::call;
use crate::reads::tests::replica_histories::judge::{Judge, SOON};
use crate::reads::tests::replica_histories::one::One;
use crate::reads::tests::replica_histories::world::{COLD, ROOMS, World};
use crate::testing::LinkState;

const REPLICAS: usize = 3;
const LENGTH: Duration = Duration::from_secs(12);

/// What can happen in a history. Few kinds at once find what many hide.
struct Kinds {
    links: bool,
    outages: bool,
    losses: bool,
    standstills: bool,
    crashes: bool,
    hints: bool,
    provider_fails: bool,
    /// Mutations, of 100 things that are done.
    mutations: u32,
}

impl Kinds {
    fn draw(rng: &mut StdRng) -> Self {
        let quiet = rng.random_range(0..4) == 0;
        let mut often = || rng.random_bool(0.5) && !quiet;
        let (links, outages, losses, standstills, crashes) = (often(), often(), often(), often(), often());
        let hints = often();
        let provider_fails = rng.random_bool(0.5);
        let mutations = if quiet { 3 } else { rng.random_range(3..25) };
        Self { links, outages, losses, standstills, crashes, hints, provider_fails, mutations }
    }

    fn is_quiet(&self) -> bool {
        !(self.links || self.outages || self.losses || self.standstills || self.crashes)
    }
}

pub(super) async fn history(seed: u64) -> Option<String> {
    let mut rng = StdRng::seed_from_u64(seed);
    let kinds = Kinds::draw(&mut rng);
    let judge = Judge::new(kinds.is_quiet(), !kinds.links);
    let world = World::new(seed, judge, kinds.provider_fails);
    let mut replicas: Vec<_> = (0..REPLICAS).map(|_| world.start_one()).collect();
    for one in &replicas {
        one.replica.sharing.cluster().watch().wait_for(|up| *up).await.unwrap();
    }
    let end = Instant::now() + LENGTH;
    while Instant::now() < end {
        let slot = rng.random_range(0..REPLICAS);
        let one = &mut replicas[slot];
        act(&mut rng, &kinds, &world, one);
        replicas.iter().for_each(|one| world.judge.is_up(one));
        sleep(Duration::from_millis(rng.random_range(0..60))).await;
    }
    // Whoever stands still goes on, and all that was begun comes to its end.
    sleep(Duration::from_secs(12)).await;
    if kinds.is_quiet() {
        the_end(&mut rng, &world, &replicas).await;
    }
    world.judge.violations.first()
}

fn act(rng: &mut StdRng, kinds: &Kinds, world: &Arc<World>, one: &mut Arc<One>) {
    let (at, room) = (Arc::clone(one), ROOMS[rng.random_range(0..ROOMS.len())]);
    let there = Arc::clone(world);
    let what: u32 = rng.random_range(0..100);
    if what < kinds.mutations {
        let took = (rng.random_range(0..200), rng.random_range(0..200));
        return one.process.work(async move { there.mutate(&at, room, took).await });
    }
    match what {
        ..60 => one.process.work(async move { there.read_room(&at, room).await }),
        60..85 => one.process.work(async move { there.read_list(&at).await }),
        85..87 if kinds.hints => one.process.work(async move { there.hint(&at, room) }),
        87..92 if kinds.links => one.link.set(LinkState::draw(rng, 4_000)),
        92..94 if kinds.standstills => {
            let ms = if rng.random_bool(0.1) { 10_000 } else { rng.random_range(50..4_000) };
            let until = Instant::now() + Duration::from_millis(ms);
            one.process.standstill.begin(until);
            world.judge.stands_still(until);
        }
        94 if kinds.crashes => {
            one.crash();
            world.judge.stands_still(Instant::now());
            *one = world.start_one();
        }
        95 if kinds.losses => world.lose_data(),
        96 if kinds.outages => {
            let (ms, loses) = (rng.random_range(20..3_000), rng.random());
            drop(TaskTracker::new().spawn(async move { there.store_goes(ms, loses).await }));
        }
        _ => {}
    }
}

/// Everybody asks at once for what nobody has.
async fn the_end(rng: &mut StdRng, world: &World, replicas: &[Arc<One>]) {
    let [room, failing, orphaned] = COLD;
    let delay = Duration::from_millis(600);
    let calls = |one: &Arc<One>| one.fake.calls(Operation::GetLiveSession);
    let all_calls = || replicas.iter().map(calls).sum::<u32>();
    let weather = |fail| {
        replicas.iter().for_each(|one| one.fake.set(|it| (it.weather, it.delay, it.fail) = (None, delay, fail)));
    };
    let ask = |room| join_all(replicas.iter().map(move |one| one.process.here(world.read_room(one, room))));
    let unless = |holds, told: &str| world.judge.violations.unless(holds, || told.to_owned());
    weather(None);
    let before = all_calls();
    ask(room).await;
    unless(all_calls() == before + 1, "one call for all");
    sleep(SOON).await;
    ask(room).await;
    unless(all_calls() == before + 1, "a hit for all");

    // One after the other fails, and none waits for one that has.
    weather(Some(ErrorKind::ProviderError));
    let (began, id, none) = (Instant::now(), RoomId::new(failing).unwrap(), Default::default());
    let all = replicas.iter().map(|one| one.replica.reads.live_session(call(), &one.provider, &id, &none));
    unless(join_all(all).await.iter().all(Result::is_err), "all fail");
    unless(began.elapsed() < (delay + SOON) * REPLICAS as u32, "one failure after the other");

    // Who asks for all dies meanwhile.
    weather(None);
    let (before, began) = (all_calls(), Instant::now());
    let befores: Vec<_> = replicas.iter().map(calls).collect();
    let dies_after = Duration::from_millis(rng.random_range(50..550));
    let dies = async {
        sleep(dies_after).await;
        let holder = replicas.iter().zip(befores).find(|(one, before)| calls(one) > *before).unwrap().0;
        holder.crash();
    };
    tokio::join!(ask(orphaned), dies);
    unless(all_calls() == before + 2, "one call more for a holder that died");
    let (took, most) = (began.elapsed(), dies_after + Duration::from_millis(1_200) + delay + SOON);
    world
        .judge
        .violations
        .unless(took <= most, || format!("a holder that died was replaced too late: {took:?} {most:?}"));
}
