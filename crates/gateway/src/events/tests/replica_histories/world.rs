//! What goes on outside of the replicas.

use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex};
use std::time::Duration;

use rand::rngs::StdRng;
use rand::{Rng, SeedableRng};
use session_provider::{Clock, Operation, RoomId, Session, Timestamp};

use crate::changes::{Cause, Hint, RoomChange};
use crate::events::tests::replica_histories::judge::Judge;
use crate::events::tests::replica_histories::one::One;
use crate::events::tests::support::live;
use crate::testing::{Behaviour, LinkState, Standstill, Ways, Weather};

pub(super) const ROOMS: [&str; 4] = ["a", "b", "c", "d"];

/// The longest that the provider takes.
pub(super) const SLOWEST: Duration = Duration::from_millis(400);

pub(super) struct World {
    seed: u64,
    ways: Ways,
    pub(super) judge: Arc<Judge>,
    sessions: Mutex<Vec<Session>>,
    next_session: AtomicU64,
    ones: Mutex<Vec<Arc<One>>>,
    rng: Arc<Mutex<StdRng>>,
    provider_fails: Arc<Mutex<bool>>,
}

impl World {
    pub(super) fn new(seed: u64, judge: Judge, provider_fails: bool) -> Arc<Self> {
        Arc::new(Self {
            seed,
            ways: Ways::default(),
            judge: Arc::new(judge),
            sessions: Mutex::default(),
            next_session: AtomicU64::new(1),
            ones: Mutex::default(),
            rng: Arc::new(Mutex::new(StdRng::seed_from_u64(seed + 1))),
            provider_fails: Arc::new(Mutex::new(provider_fails)),
        })
    }

    /// Another replica, whose clock may be minutes off.
    pub(super) fn start_one(&self) -> Arc<One> {
        let mut ones = self.ones.lock().unwrap();
        let number = ones.len() as u64;
        let behaviour = Behaviour {
            weather: Some(self.weather(number)),
            sessions: self.sessions.lock().unwrap().clone(),
            standstill: Standstill::default(),
            ..Behaviour::default()
        };
        let off_by = self.rng.lock().unwrap().random_range(-300_000..300_000);
        let clock = Clock::anchored(Timestamp::from_unix_ms(1_795_000_000_000 + off_by).unwrap());
        let one = One::start(number, &self.ways, self.seed * 1_000 + number, behaviour, clock, &self.judge);
        ones.push(Arc::clone(&one));
        one
    }

    fn weather(&self, one: u64) -> Weather {
        let (rng, judge, fails) = (Arc::clone(&self.rng), Arc::clone(&self.judge), Arc::clone(&self.provider_fails));
        Weather(Arc::new(move || {
            judge.polled(one);
            let mut rng = rng.lock().unwrap();
            let delay = Duration::from_millis(rng.random_range(1..SLOWEST.as_millis() as u64));
            (delay, rng.random_range(0..4) == 0 && *fails.lock().unwrap())
        }))
    }

    /// Something happens in a room: a session begins, ends, is replaced or gets another name.
    pub(super) fn happens(&self, room: &str, draw: u32) {
        let mut sessions = self.sessions.lock().unwrap();
        let found = sessions.iter().position(|session| session.room_id.as_str() == room);
        match (found, draw % 4) {
            (Some(at), 0) => sessions[at].title = Some(format!("n{draw}")),
            (found, draw) => {
                if let Some(at) = found {
                    self.judge.ended(sessions.remove(at).session_id.unwrap().as_str());
                }
                if found.is_none() || draw == 1 {
                    let id = format!("s{}", self.next_session.fetch_add(1, Ordering::Relaxed));
                    self.judge.began(&id);
                    sessions.push(live(room, &id));
                }
            }
        }
        self.show(&sessions);
    }

    fn show(&self, sessions: &[Session]) {
        let ones = self.ones.lock().unwrap().clone();
        ones.iter().for_each(|one| one.fake.set(|it| it.sessions = sessions.to_vec()));
    }

    /// As a handler ends the session in a room: it is told before it answers.
    pub(super) async fn kick(&self, one: &Arc<One>, room: &'static str) {
        let ended = {
            let mut sessions = self.sessions.lock().unwrap();
            let Some(at) = sessions.iter().position(|session| session.room_id.as_str() == room) else { return };
            let id = sessions.remove(at).session_id.unwrap();
            self.judge.ended(id.as_str());
            self.show(&sessions);
            id
        };
        let cause = Cause::Mutation(Operation::KickAllParticipants);
        let (provider, room) = (One::provider(), RoomId::new(room).unwrap());
        self.judge.is_looked();
        one.bench.changes.publish(RoomChange { provider, room, session: None, cause });
        one.sharing.tell_now(&One::provider()).await;
        self.judge.kicked(ended.as_str());
    }

    /// As a webhook comes in.
    pub(super) fn hint(&self, one: &One, room: &str) {
        let (provider, rooms) = (One::provider(), vec![RoomId::new(room).unwrap()]);
        one.bench.changes.hint(Hint { provider, rooms, session: None });
    }

    pub(super) fn lose_data(&self) {
        self.ways.lose_data();
    }

    /// The store is away for so long, and has lost its data when it comes back, or not.
    pub(super) async fn store_goes(&self, ms: u64, loses_data: bool) {
        let at_the_end = || {
            if loses_data {
                self.lose_data();
            }
        };
        self.ways.store_goes(ms, at_the_end).await;
    }

    /// From now on nothing goes wrong.
    pub(super) fn is_good(&self) {
        *self.provider_fails.lock().unwrap() = false;
        self.ways.set(LinkState::Good);
    }
}
