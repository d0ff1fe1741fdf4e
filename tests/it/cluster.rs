//! Three replicas as processes behind HAProxy, and what may be killed while they are asked.

use std::process::ExitCode;
use std::sync::Mutex;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::time::Duration;

use futures_util::future::{join, join_all};
use provider_simulator::{Person, RateLimit, Service};
use rollcall_tests::{Balancer, RedisServer, ReplicaProcess, Reply, Setup, Stack, Visitor};
use serde_json::json;
use tokio::time::sleep;

const LIST: &str = "/v1/live-sessions?provider=realtimekit";

/// Callers at once: those who only read, and those who kick and look.
const READERS: usize = 4;
const KICKERS: usize = 4;

/// What the callers have seen.
#[derive(Default)]
struct Seen {
    answered: AtomicUsize,
    kicked: AtomicUsize,
    failed: Mutex<Vec<String>>,
    is_over: AtomicBool,
    /// Counted up when the store goes, and when it is used again by all.
    store_changes: AtomicUsize,
}

impl Seen {
    /// `None` if the gateway did not answer. What it answers is always 200: nothing here is a caller's fault.
    fn note(&self, answer: Result<Reply, String>) -> Option<Reply> {
        match answer {
            Ok(reply) => {
                let _ = reply.expect(200);
                self.answered.fetch_add(1, Ordering::Relaxed);
                Some(reply)
            }
            Err(failure) => {
                self.failed.lock().expect("no panic").push(failure);
                None
            }
        }
    }

    fn failures(&self) -> Vec<String> {
        self.failed.lock().expect("no panic").clone()
    }

    /// Waits until so many more were answered.
    async fn answers(&self, more: usize) {
        let target = self.answered.load(Ordering::Relaxed) + more;
        let waiting = async {
            while self.answered.load(Ordering::Relaxed) < target {
                sleep(Duration::from_millis(5)).await;
            }
        };
        tokio::time::timeout(Duration::from_secs(60), waiting).await.expect("they are answered");
    }

    fn is_over(&self) -> bool {
        self.is_over.load(Ordering::Relaxed)
    }

    /// While the store is used by all the number is even.
    fn store(&self) -> usize {
        self.store_changes.load(Ordering::SeqCst)
    }

    fn store_changed(&self) {
        self.store_changes.fetch_add(1, Ordering::SeqCst);
    }
}

async fn read(visitor: &Visitor, seen: &Seen, rooms: &[String]) {
    while !seen.is_over() {
        for room in rooms {
            let base = format!("/v1/live-sessions/realtimekit/{room}");
            for path in [LIST, &base, &format!("{base}/participants"), "/v1/providers"] {
                seen.note(visitor.get(path).await);
            }
        }
    }
}

/// Has somebody join and kicks them, again and again, and looks whether they are still shown.
async fn kick(visitor: &Visitor, seen: &Seen, stack: &Stack) {
    let mut room = stack.live_room(Service::RealtimeKit, "Kicked", &["Chen"]);
    while !seen.is_over() {
        let base = format!("/v1/live-sessions/realtimekit/{room}");
        let people = format!("{base}/participants");
        let dora = stack.world.join(&room, Person::named("Dora")).expect("a room");
        seen.note(visitor.get(&people).await);
        let store = seen.store();
        let body = json!({ "participant_ids": [dora.participant_id] });
        if seen.note(visitor.post(&format!("{base}/kick"), &body).await).is_none() {
            // Whether they were kicked is unknown, and nobody may have been told.
            room = stack.live_room(Service::RealtimeKit, "Kicked", &["Chen"]);
            continue;
        }
        seen.kicked.fetch_add(1, Ordering::Relaxed);
        sleep(Duration::from_millis(110)).await;
        for _ in 0..3 {
            let shown = seen.note(visitor.get(&people).await);
            if let Some(shown) = shown.filter(|_| store.is_multiple_of(2) && seen.store() == store) {
                let shown = shown.json()["data"].as_array().map(Vec::len);
                assert_eq!(shown, Some(1), "whoever was kicked is shown no more");
            }
        }
    }
}

#[test]
#[ignore = "run by the tests below, in a process of its own"]
fn one_replica() -> ExitCode {
    ReplicaProcess::serve()
}

/// Processes of replicas in front of this stack's simulators, over this store.
async fn processes(stack: &Stack, setup: &Setup) -> [ReplicaProcess; 3] {
    let starting = [(); 3].map(|()| ReplicaProcess::start("cluster::one_replica", stack, setup));
    join_all(starting).await.try_into().expect("three")
}

async fn all_share(replicas: &[ReplicaProcess], shares: bool) {
    join_all(replicas.iter().map(|replica| replica.shares(shares))).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn whatever_is_killed_only_what_is_in_flight_on_it_fails() {
    let Some(mut store) = RedisServer::start().await else { return };
    // What is allowed is no matter here.
    let allowed = Some(RateLimit { requests: 1_000_000, window: Duration::from_secs(1) });
    let stack = Stack::start_with(Setup { allowed, ..Setup::default() }).await;
    let setup = Setup { cluster: store.cluster(), cache: "fresh_for = \"60s\"".to_owned(), ..Setup::default() };
    let mut replicas = processes(&stack, &setup).await;
    let Some(balancer) = Balancer::start(replicas.iter().map(ReplicaProcess::address)).await else { return };
    all_share(&replicas, true).await;
    let rooms = stack.world.seed_live(Service::RealtimeKit, 4, 2);
    let visitor = Visitor::of(&stack, &balancer.base_url());
    let seen = Seen::default();

    let reading = join_all((0..READERS).map(|_| read(&visitor, &seen, &rooms)));
    let kicking = join_all((0..KICKERS).map(|_| kick(&visitor, &seen, &stack)));
    let killing = async {
        seen.answers(200).await;
        assert_eq!(seen.failures(), [""; 0], "nothing was killed yet");

        replicas[0].kill();
        seen.answers(300).await;
        let of_replica = seen.failures();
        assert!(of_replica.len() <= READERS + KICKERS, "more than were in flight: {of_replica:?}");
        replicas[0].restart().await;
        replicas[0].shares(true).await;
        seen.answers(100).await;

        let before = seen.failures();
        seen.store_changed();
        store.kill();
        seen.answers(300).await;
        all_share(&replicas, false).await;
        assert_eq!(seen.failures(), before, "the store was killed");
        replicas[1].kill();
        seen.answers(300).await;
        let of_both = seen.failures();
        assert!(of_both.len() - before.len() <= READERS + KICKERS, "more than were in flight: {of_both:?}");
        replicas[1].restart().await;
        store.restart().await;
        all_share(&replicas, true).await;
        // What each has to say after the store was away, the others have heard by then.
        sleep(Duration::from_millis(100)).await;
        seen.store_changed();
        seen.answers(200).await;

        seen.store_changed();
        assert!(store.say("FLUSHALL").await.starts_with("+OK"));
        seen.answers(300).await;
        all_share(&replicas, true).await;
        assert!(store.say("CONFIG SET maxmemory 1").await.starts_with("+OK"));
        all_share(&replicas, false).await;
        seen.answers(300).await;
        assert!(store.say("CONFIG SET maxmemory 0").await.starts_with("+OK"));
        all_share(&replicas, true).await;
        sleep(Duration::from_millis(100)).await;
        seen.store_changed();
        seen.answers(200).await;
        assert_eq!(seen.failures(), of_both, "the store lost its data, and was full");
        seen.is_over.store(true, Ordering::Relaxed);
    };
    join(join(reading, kicking), killing).await;
    assert!(seen.kicked.load(Ordering::Relaxed) > 20, "{} kicks", seen.kicked.load(Ordering::Relaxed));
}
