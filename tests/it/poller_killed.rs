//! The replica that polls for the streams of all is killed.

use std::time::Duration;

use futures_util::future::join_all;
use provider_simulator::Service;
use rollcall_tests::{Balancer, EventReader, RedisServer, ReplicaProcess, Setup, Stack, StreamEvent, Token};
use tokio::time::{Instant, timeout};

const EVENTS: &str = "/v1/events?provider=realtimekit";

/// The longest between two polls, as promised.
const LONGEST_GAP: Duration = Duration::from_secs(5);

/// What a machine that does other things may take besides.
const SLACK: Duration = Duration::from_secs(5);

/// Which one polls.
async fn leader(replicas: &[ReplicaProcess]) -> usize {
    let finding = async {
        loop {
            for (number, replica) in replicas.iter().enumerate() {
                let metrics = replica.metrics().await;
                let leads = "rollcall_events_leading{provider=\"realtimekit\"} 1";
                if metrics.lines().any(|line| line == leads) {
                    return number;
                }
            }
        }
    };
    timeout(Duration::from_secs(30), finding).await.expect("somebody leads")
}

/// The next event that is not about what a session counts.
async fn next(reader: &mut EventReader) -> StreamEvent {
    loop {
        let event = reader.next().await.expect("it goes on");
        if event.event != "session_updated" {
            return event;
        }
    }
}

/// The next event of all of them, which is the same.
async fn told(readers: &mut [EventReader], event: &str, room: &str) -> String {
    let all = join_all(readers.iter_mut().map(next)).await;
    for one in &all {
        assert_eq!(one.event, event, "{}", one.data);
        let data = if event == "session_started" { &one.data["session"] } else { &one.data };
        assert_eq!(data["room_id"], room);
        assert_eq!((&one.data, &one.id), (&all[0].data, &all[0].id), "one order, one numbering");
    }
    all[0].id.clone().expect("an id")
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_events_of_the_others_go_on_and_a_reader_of_it_goes_on_elsewhere() {
    let Some(store) = RedisServer::start().await else { return };
    let stack = Stack::start().await;
    let setup = Setup { cluster: store.cluster(), ..Setup::default() };
    let starting = [(); 3].map(|()| ReplicaProcess::start("cluster::one_replica", &stack, &setup));
    let mut replicas = join_all(starting).await;
    let Some(balancer) = Balancer::start(replicas.iter().map(ReplicaProcess::address)).await else { return };
    join_all(replicas.iter().map(|replica| replica.shares(true))).await;

    let (client, token) = (stack.http1_client(), Token::default().sign());
    let open = async |base: &str, id: Option<&str>| {
        EventReader::open_at(&client, &format!("http://{base}{EVENTS}"), &token, id).await
    };
    let balanced = balancer.base_url().trim_start_matches("http://").to_owned();
    let mut readers = Vec::new();
    for replica in &replicas {
        let mut reader = open(replica.address(), None).await;
        let _ = reader.until("snapshot").await;
        readers.push(reader);
    }
    let mut live = stack.live_room(Service::RealtimeKit, "Before", &["Chen"]);
    let mut latest = told(&mut readers, "session_started", &live).await;

    for round in 0..2 {
        let dead = leader(&replicas).await;
        replicas[dead].kill();
        let (killed, room) = (Instant::now(), stack.live_room(Service::RealtimeKit, "Meanwhile", &["Dora"]));
        drop(readers.remove(dead));
        // By the balancer, which may know already that one is gone.
        readers.push(open(&balanced, Some(&latest)).await);
        let told_all = timeout(LONGEST_GAP + SLACK, told(&mut readers, "session_started", &room)).await;
        let _ = told_all.unwrap_or_else(|_| panic!("round {round}: nothing for {:?}", killed.elapsed()));

        let _ = stack.world.end_session(&live).expect("live");
        latest = told(&mut readers, "session_ended", &live).await;
        live = room;

        // At the one that was dead, too.
        replicas[dead].restart().await;
        replicas[dead].shares(true).await;
        let goes_on = open(replicas[dead].address(), Some(&latest)).await;
        drop(readers.pop());
        readers.insert(dead, goes_on);
    }
}
