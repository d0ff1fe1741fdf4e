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

/// Reads until this is told of the room: by the event, or by a snapshot, where the next poller could not go on where the last
/// one stood. Nothing else begins or ends, and `still` goes on.
async fn until(reader: &mut EventReader, kind: &str, room: &str, still: Option<&str>) -> StreamEvent {
    loop {
        let event = reader.next().await.expect("it goes on");
        match event.event.as_str() {
            // What a session counts.
            "session_updated" => {}
            "snapshot" => {
                let sessions = event.data["data"].as_array().expect("sessions");
                let holds = |room: &str| sessions.iter().any(|session| session["room_id"] == room);
                assert!(still.is_none_or(holds), "{}", event.data);
                if holds(room) == (kind == "session_started") {
                    return event;
                }
            }
            other => {
                assert_eq!(other, kind, "{}", event.data);
                let data = if kind == "session_started" { &event.data["session"] } else { &event.data };
                assert_eq!(data["room_id"], room);
                return event;
            }
        }
    }
}

/// The same for all of them, who are told in one order and one numbering.
async fn told(readers: &mut [EventReader], kind: &str, room: &str, still: Option<&str>) -> String {
    let all = join_all(readers.iter_mut().map(|reader| until(reader, kind, room, still))).await;
    let events: Vec<_> = all.iter().filter(|one| one.event != "snapshot").collect();
    for one in &events {
        assert_eq!((&one.data, &one.id), (&events[0].data, &events[0].id));
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
    let mut latest = told(&mut readers, "session_started", &live, None).await;

    for round in 0..2 {
        let dead = leader(&replicas).await;
        replicas[dead].kill();
        let (killed, room) = (Instant::now(), stack.live_room(Service::RealtimeKit, "Meanwhile", &["Dora"]));
        drop(readers.remove(dead));
        // By the balancer, which may know already that one is gone.
        readers.push(open(&balanced, Some(&latest)).await);
        let told_all = timeout(LONGEST_GAP + SLACK, told(&mut readers, "session_started", &room, Some(&live))).await;
        let _ = told_all.unwrap_or_else(|_| panic!("round {round}: nothing for {:?}", killed.elapsed()));

        let _ = stack.world.end_session(&live).expect("live");
        latest = told(&mut readers, "session_ended", &live, Some(&room)).await;
        live = room;

        // At the one that was dead, too.
        replicas[dead].restart().await;
        replicas[dead].shares(true).await;
        let goes_on = open(replicas[dead].address(), Some(&latest)).await;
        drop(readers.pop());
        readers.insert(dead, goes_on);
    }
}
