//! What goes on outside of the replicas, and what they are asked.

use std::sync::{Arc, Mutex};
use std::time::Duration;

use rand::rngs::StdRng;
use rand::{Rng, SeedableRng};
use session_provider::{Clock, RoomId, Session, Timestamp};
use tokio::time::{Instant, sleep};

use crate::changes::Hint;
use crate::reads::testing::*;
use crate::reads::tests::replica_histories::judge::{Judge, Mutated, Question, Seen, UpstreamCall};
use crate::reads::tests::replica_histories::one::One;
use crate::testing::{Behaviour, Standstill, Ways, Weather};

pub(super) const ROOMS: [&str; 2] = ["a", "b"];

/// Rooms that nobody asks for during the history.
pub(super) const COLD: [&str; 3] = ["c", "d", "e"];

/// The longest that the provider takes.
pub(super) const SLOWEST: Duration = Duration::from_millis(400);

pub(super) struct World {
    seed: u64,
    ways: Ways,
    pub(super) judge: Arc<Judge>,
    sessions: Mutex<Vec<Session>>,
    ones: Mutex<Vec<Arc<One>>>,
    rng: Arc<Mutex<StdRng>>,
    provider_fails: bool,
}

impl World {
    pub(super) fn new(seed: u64, judge: Judge, provider_fails: bool) -> Arc<Self> {
        let session = |room: &&str| Session { participant_count: Some(0), ..live(room, Some(1)) };
        Arc::new(Self {
            seed,
            ways: Ways::default(),
            judge: Arc::new(judge),
            sessions: Mutex::new(ROOMS.iter().chain(&COLD).map(session).collect()),
            ones: Mutex::default(),
            rng: Arc::new(Mutex::new(StdRng::seed_from_u64(seed + 1))),
            provider_fails,
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
        let (rng, judge, may_fail) = (Arc::clone(&self.rng), Arc::clone(&self.judge), self.provider_fails);
        Weather(Arc::new(move || {
            let mut rng = rng.lock().unwrap();
            let delay = Duration::from_millis(rng.random_range(1..SLOWEST.as_millis() as u64));
            let fails = rng.random_range(0..12) == 0 && may_fail;
            judge.called(UpstreamCall { one, ended: Instant::now() + delay, fails });
            (delay, fails)
        }))
    }

    /// Of all that ever were.
    pub(super) fn ones(&self) -> Vec<Arc<One>> {
        self.ones.lock().unwrap().clone()
    }

    /// The provider's session in the room is another from now on.
    fn change(&self, room: &str) -> u64 {
        let mut sessions = self.sessions.lock().unwrap();
        let live = sessions.iter_mut().find(|it| it.room_id.as_str() == room).unwrap();
        let version = live.participant_count.unwrap() + 1;
        live.participant_count = Some(version);
        self.ones().iter().for_each(|one| one.fake.set(|it| it.sessions.clone_from(&sessions)));
        self.judge.overtaken(room, version - 1);
        version
    }

    /// As a handler mutates: what it did is told before it answers.
    pub(super) async fn mutate(&self, one: &Arc<One>, room: &'static str, took: (u64, u64)) {
        sleep(Duration::from_millis(took.0)).await;
        let version = self.change(room);
        sleep(Duration::from_millis(took.1)).await;
        self.judge.touched(room);
        let told = Instant::now();
        kicked(&one.replica.reads, &RoomId::new(room).unwrap(), None);
        let scope = one.replica.sharing.scope(one.provider.id()).unwrap();
        let stored = one.replica.sharing.cluster().say_now(scope).await;
        self.judge.mutated(Mutated { room, version, one: Arc::clone(one), answered: Instant::now(), stored }, told);
    }

    pub(super) fn lose_data(&self) {
        self.ways.lose_data();
        self.judge.store_lost_data();
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

    /// As a webhook comes in.
    pub(super) fn hint(&self, one: &One, room: &'static str) {
        let (provider, rooms) = (one.provider.id().clone(), vec![RoomId::new(room).unwrap()]);
        one.replica.reads.changes().hint(Hint { provider, rooms, session: None });
        self.judge.touched(room);
    }

    pub(super) async fn read_room(&self, one: &One, room: &'static str) {
        let (began, was_up) = (Instant::now(), one.replica.sharing.cluster().is_up());
        let id = RoomId::new(room).unwrap();
        let reply = one.replica.reads.live_session(call(), &one.provider, &id, &Default::default()).await;
        let seen = Seen { one, question: Question::Room(room), began, was_up, ended: Instant::now() };
        match reply {
            Ok(reply) => {
                let version = json(&reply.body)["participant_count"].as_u64().unwrap();
                self.judge.answered(&seen, &reply, &[(room, version)]);
            }
            Err(problem) => self.judge.failed(&seen, &format!("{:?}", problem.code)),
        }
    }

    pub(super) async fn read_list(&self, one: &One) {
        let (began, was_up) = (Instant::now(), one.replica.sharing.cluster().is_up());
        let reply = one.replica.reads.live_sessions(call(), &everyone(), &list()).await;
        let seen = Seen { one, question: Question::List, began, was_up, ended: Instant::now() };
        let reply = match reply {
            Ok(reply) => reply,
            Err(problem) => return self.judge.failed(&seen, &format!("{:?}", problem.code)),
        };
        let body = json(&reply.body);
        if body["providers"][0]["status"] == "failed" {
            return self.judge.failed(&seen, &body["providers"][0]["problem"].to_string());
        }
        let rows = body["data"].as_array().unwrap();
        let versions = ROOMS.map(|room| {
            let row = rows.iter().find(|row| row["room_id"] == room).unwrap();
            (room, row["participant_count"].as_u64().unwrap())
        });
        self.judge.answered(&seen, &reply, &versions);
    }
}
