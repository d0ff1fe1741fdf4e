//! Streams on several replicas: one polls, all tell the same.

use std::sync::Arc;
use std::time::Duration;

use coordination::InProcess;
use session_provider::{BudgetState, ErrorKind, Operation, ProviderId, RoomId};
use tokio::time::{Instant, sleep};

use crate::changes::{Cause, Hint, RoomChange};
use crate::config::EventsConfig;
use crate::events::tests::consumer::Consumer;
use crate::events::tests::several::{Replica, several};
use crate::events::tests::support::live;
use crate::testing::{Behaviour, Scripted};

const SECOND: Duration = Duration::from_secs(1);

/// More than two polls.
const POLLS: Duration = Duration::from_secs(5);

fn provider(sessions: &[(&str, &str)]) -> Arc<Scripted> {
    let sessions = sessions.iter().map(|(room, id)| live(room, id)).collect();
    Scripted::new("p", Behaviour { sessions, ..Behaviour::default() })
}

fn polls(fake: &Scripted) -> u32 {
    fake.calls(Operation::ListLiveSessions)
}

async fn each_follows(replicas: &[Replica]) -> Vec<Consumer> {
    let mut consumers = Vec::new();
    for replica in replicas {
        consumers.push(replica.bench.follow().await);
    }
    consumers
}

/// Lets time pass for all.
async fn after(consumers: &mut [Consumer], time: Duration) {
    let end = Instant::now() + time;
    while Instant::now() < end {
        sleep(Duration::from_millis(100).min(end - Instant::now())).await;
        consumers.iter_mut().for_each(Consumer::read);
    }
}

async fn leader(replicas: &[Replica]) -> usize {
    for (number, replica) in replicas.iter().enumerate() {
        if replica.leads().await {
            return number;
        }
    }
    panic!("nobody leads");
}

#[tokio::test(start_paused = true)]
async fn one_polls_for_all_and_all_tell_the_same() {
    let (fake, store) = (provider(&[("r1", "s1")]), Arc::<InProcess>::default());
    let replicas = several(3, &fake, &store, EventsConfig::default()).await;
    let mut consumers = each_follows(&replicas).await;
    after(&mut consumers, POLLS).await;
    for consumer in &consumers {
        assert_eq!(consumer.kinds(), ["snapshot"]);
        assert_eq!(consumer.sessions().len(), 1);
    }
    fake.set(|does| does.sessions = vec![live("r2", "s2"), live("r3", "s3")]);
    after(&mut consumers, POLLS).await;
    for consumer in &consumers {
        assert_eq!(consumer.kinds(), ["snapshot", "session_ended", "session_started", "session_started"]);
        assert_eq!(consumer.events[1..], consumers[0].events[1..]);
        assert_eq!(consumer.ids[1..], consumers[0].ids[1..], "one order, one numbering");
    }
    after(&mut consumers, 20 * SECOND).await;
    let asked = polls(&fake);
    assert!((14..=17).contains(&asked), "30 s: {asked}");
    drop(consumers);
    sleep(20 * SECOND).await;
    assert!(polls(&fake) <= asked + 1, "nobody polls for nobody");
}

#[tokio::test(start_paused = true)]
async fn a_stream_goes_on_at_another_replica_without_gap_or_repeat() {
    let (fake, store) = (provider(&[("r1", "s1")]), Arc::<InProcess>::default());
    let replicas = several(3, &fake, &store, EventsConfig::default()).await;
    let mut consumers = each_follows(&replicas[..2]).await;
    after(&mut consumers, POLLS).await;
    let ids: Vec<_> = consumers.iter().map(|consumer| consumer.last_event_id.clone()).collect();
    assert_eq!(ids[0], ids[1]);
    let mut stays = consumers.swap_remove(0);
    drop(consumers);
    fake.set(|does| does.sessions = vec![live("r2", "s2")]);
    stays.after(POLLS).await;
    let told = stays.events[1..].to_vec();
    assert_eq!(told.len(), 2);
    // One that has followed for a while, and one that nobody has followed before.
    for replica in &replicas[1..] {
        let mut again = replica.bench.follow_from(ids[0].as_deref()).await;
        again.known = [("p".to_owned(), Some([("r1".to_owned(), stays.events[0].1["data"][0].clone())].into()))].into();
        again.after(SECOND).await;
        assert_eq!(again.events, told);
        let mut nothing_new = replica.bench.follow_from(stays.last_event_id.as_deref()).await;
        nothing_new.after(SECOND).await;
        assert_eq!(nothing_new.events, []);
        let mut unknown = replica.bench.follow_from(Some("0")).await;
        unknown.after(SECOND).await;
        assert_eq!(unknown.kinds(), ["snapshot"]);
    }
}

#[tokio::test(start_paused = true)]
async fn when_the_leader_dies_another_goes_on_within_the_interval_and_three_seconds() {
    let (fake, store) = (provider(&[("r1", "s1")]), Arc::<InProcess>::default());
    let replicas = several(3, &fake, &store, EventsConfig::default()).await;
    let mut consumers = each_follows(&replicas).await;
    after(&mut consumers, POLLS).await;
    let dead = leader(&replicas).await;
    replicas[dead].kill();
    fake.set(|does| does.sessions.push(live("r2", "s2")));
    let asked = polls(&fake);
    let (died, mut others) = (Instant::now(), consumers);
    drop(others.remove(dead));
    while polls(&fake) == asked {
        after(&mut others, Duration::from_millis(50)).await;
    }
    assert!(died.elapsed() <= 5 * SECOND, "{:?}", died.elapsed());
    after(&mut others, SECOND).await;
    for consumer in &others {
        assert_eq!(consumer.kinds(), ["snapshot", "session_started"], "nothing is lost or told twice");
    }
}

#[tokio::test(start_paused = true)]
async fn a_leader_that_is_told_to_end_gives_its_place_at_once() {
    let (fake, store) = (provider(&[("r1", "s1")]), Arc::<InProcess>::default());
    let replicas = several(2, &fake, &store, EventsConfig::default()).await;
    let mut consumers = each_follows(&replicas).await;
    after(&mut consumers, POLLS).await;
    let first = leader(&replicas).await;
    replicas[first].stop();
    after(&mut consumers, Duration::from_millis(700)).await;
    assert!(replicas[1 - first].leads().await);
    drop(consumers.remove(first));
    fake.set(|does| does.sessions.clear());
    after(&mut consumers, 3 * SECOND).await;
    assert_eq!(consumers[0].kinds(), ["snapshot", "session_ended"]);
}

#[tokio::test(start_paused = true)]
async fn a_leader_that_hangs_and_wakes_tells_nothing_of_what_it_polled() {
    let (fake, store) = (provider(&[("r1", "s1")]), Arc::<InProcess>::default());
    let replicas = several(2, &fake, &store, EventsConfig::default()).await;
    let mut consumers = each_follows(&replicas).await;
    after(&mut consumers, POLLS).await;
    let first = leader(&replicas).await;
    // It polls, and while its answer is under way it does not reach the store any more.
    fake.set(|does| (does.sessions, does.delay) = (vec![live("ghost", "s9")], 900 * SECOND / 1000));
    let asked = polls(&fake);
    while polls(&fake) == asked {
        after(&mut consumers, Duration::from_millis(10)).await;
    }
    replicas[first].store.hang(true);
    fake.set(|does| (does.sessions, does.delay) = (vec![live("r2", "s2")], Duration::ZERO));
    after(&mut consumers[1 - first..][..1], 10 * SECOND).await;
    replicas[first].store.hang(false);
    after(&mut consumers, 10 * SECOND).await;
    let other = &consumers[1 - first];
    assert!(other.events.iter().all(|(_, data)| !data.to_string().contains("ghost")), "{:?}", other.events);
    for consumer in &consumers {
        assert_eq!(consumer.sessions().len(), 1);
        assert_eq!(consumer.sessions()[0]["room_id"], "r2");
    }
}

#[tokio::test(start_paused = true)]
async fn when_the_store_goes_or_comes_every_stream_gets_a_snapshot() {
    let (fake, store) = (provider(&[("r1", "s1")]), Arc::<InProcess>::default());
    let replicas = several(2, &fake, &store, EventsConfig::default()).await;
    let mut consumers = each_follows(&replicas).await;
    after(&mut consumers, POLLS).await;
    for refuses in [true, false] {
        replicas.iter().for_each(|replica| replica.store.refuse(refuses));
        after(&mut consumers, POLLS).await;
    }
    for consumer in &consumers {
        assert_eq!(consumer.kinds(), ["snapshot", "snapshot", "snapshot"]);
    }
    let asked = polls(&fake);
    fake.set(|does| does.sessions.clear());
    after(&mut consumers, 10 * SECOND).await;
    assert!((4..=6).contains(&(polls(&fake) - asked)), "one polls again");
    store.lose_data();
    after(&mut consumers, POLLS).await;
    for consumer in &consumers {
        assert_eq!(consumer.kinds()[3..], ["session_ended", "snapshot"]);
        assert_eq!(consumer.sessions().len(), 0);
    }
}

#[tokio::test(start_paused = true)]
async fn while_the_store_is_away_each_polls_for_its_own_streams() {
    let (fake, store) = (provider(&[("r1", "s1")]), Arc::<InProcess>::default());
    let replicas = several(2, &fake, &store, EventsConfig::default()).await;
    replicas.iter().for_each(|replica| replica.store.hang(true));
    sleep(2 * SECOND).await;
    let mut consumers = each_follows(&replicas).await;
    after(&mut consumers, POLLS).await;
    fake.set(|does| does.sessions.push(live("r2", "s2")));
    after(&mut consumers, POLLS).await;
    for consumer in &consumers {
        assert_eq!(consumer.kinds(), ["snapshot", "session_started"]);
    }
}

#[tokio::test(start_paused = true)]
async fn an_answer_that_a_reader_brings_to_any_replica_makes_events_at_all() {
    let (fake, store) = (provider(&[]), Arc::<InProcess>::default());
    let config = EventsConfig { poll_for: 3600 * SECOND, ..EventsConfig::default() };
    let replicas = several(3, &fake, &store, config).await;
    let mut consumers = each_follows(&replicas[..2]).await;
    after(&mut consumers, POLLS).await;
    for (number, replica) in replicas.iter().enumerate() {
        fake.set(|does| does.sessions.push(live(&format!("r{number}"), &format!("s{number}"))));
        replica.bench.list().await;
        after(&mut consumers, SECOND).await;
        for consumer in &consumers {
            assert_eq!(consumer.sessions().len(), number + 1);
            assert_eq!(consumer.kinds().len(), number + 2);
        }
    }
    assert_eq!(polls(&fake), 4);
}

#[tokio::test(start_paused = true)]
async fn a_hint_or_a_kick_at_any_replica_has_the_leader_look() {
    let (fake, store) = (provider(&[]), Arc::<InProcess>::default());
    let config = EventsConfig { poll_for: 3600 * SECOND, ..EventsConfig::default() };
    let replicas = several(2, &fake, &store, config).await;
    let mut consumers = each_follows(&replicas).await;
    after(&mut consumers, POLLS).await;
    let provider = || ProviderId::new("p").unwrap();
    let room = RoomId::new("r").unwrap();
    for (number, replica) in replicas.iter().enumerate() {
        fake.set(|does| does.sessions.push(live(&format!("hint-{number}"), &format!("s{number}"))));
        replica.bench.changes.hint(Hint { provider: provider(), rooms: vec![room.clone()], session: None });
        after(&mut consumers, POLLS).await;
        fake.set(|does| does.sessions.push(live(&format!("kick-{number}"), &format!("t{number}"))));
        let cause = Cause::Mutation(Operation::KickParticipants);
        let change = RoomChange { provider: provider(), room: room.clone(), session: None, cause };
        replica.bench.changes.publish(change);
        after(&mut consumers, SECOND).await;
        for consumer in &consumers {
            assert_eq!(consumer.sessions().len(), 2 * number + 2);
        }
    }
}

#[tokio::test(start_paused = true)]
async fn who_comes_after_a_kick_is_not_told_of_before_at_any_replica() {
    let (fake, store) = (provider(&[("r", "s")]), Arc::<InProcess>::default());
    let replicas = several(3, &fake, &store, EventsConfig::default()).await;
    let mut consumers = each_follows(&replicas[..2]).await;
    after(&mut consumers, POLLS).await;
    fake.set(|does| (does.sessions, does.delay) = (vec![], SECOND));
    let cause = Cause::Mutation(Operation::KickAllParticipants);
    let (provider, room) = (ProviderId::new("p").unwrap(), RoomId::new("r").unwrap());
    replicas[0].bench.changes.publish(RoomChange { provider, room, session: None, cause });
    replicas[0].sharing.tell_now(&ProviderId::new("p").unwrap()).await;
    sleep(SECOND / 10).await;
    let mut comes = each_follows(&replicas).await;
    after(&mut comes, POLLS).await;
    for consumer in &comes {
        assert_eq!(consumer.kinds(), ["snapshot"]);
        assert_eq!(consumer.sessions().len(), 0);
    }
}

#[tokio::test(start_paused = true)]
async fn a_provider_that_fails_is_said_to_at_all_and_ends_nothing() {
    let (fake, store) = (provider(&[("r", "s")]), Arc::<InProcess>::default());
    fake.set(|does| does.fail = Some(ErrorKind::ProviderError));
    let replicas = several(2, &fake, &store, EventsConfig::default()).await;
    let mut consumers = each_follows(&replicas).await;
    after(&mut consumers, POLLS).await;
    fake.set(|does| does.fail = None);
    after(&mut consumers, POLLS).await;
    fake.set(|does| does.fail = Some(ErrorKind::ProviderTimeout));
    after(&mut consumers, POLLS).await;
    let mut late = each_follows(&replicas).await;
    after(&mut late, SECOND).await;
    for consumer in &late {
        // A snapshot of a while ago, and what came after it, or one of now.
        assert_eq!(consumer.kinds()[0], "snapshot");
        assert_eq!(consumer.events.last().unwrap().1["entry"]["status"], "stale");
        assert_eq!(consumer.sessions().len(), 1);
    }
    consumers.iter_mut().for_each(Consumer::read);
    after(&mut consumers, 70 * SECOND).await;
    for consumer in &consumers {
        assert_eq!(consumer.kinds()[..4], ["snapshot", "provider_changed", "snapshot", "provider_changed"]);
        assert_eq!(consumer.events[0].1["entry"]["status"], "failed");
        assert_eq!(consumer.events[3].1["entry"]["status"], "stale");
        assert_eq!(consumer.events[4].1["entry"]["status"], "failed");
        assert_eq!(consumer.events[0].1["entry"]["problem"]["code"], "provider_error");
    }
}

#[tokio::test(start_paused = true)]
async fn more_than_fits_is_told_by_a_snapshot() {
    let (fake, store) = (provider(&[]), Arc::<InProcess>::default());
    let replicas = several(2, &fake, &store, EventsConfig::default()).await;
    let mut consumers = each_follows(&replicas).await;
    after(&mut consumers, POLLS).await;
    fake.set(|does| does.sessions = (0..1001).map(|n| live(&format!("r{n}"), &format!("s{n}"))).collect());
    after(&mut consumers, POLLS).await;
    for consumer in &consumers {
        assert!(consumer.kinds().iter().all(|kind| *kind == "snapshot"));
        assert_eq!(consumer.sessions().len(), 1001);
    }
}

#[tokio::test(start_paused = true)]
async fn hints_and_polls_of_all_together_keep_within_a_quarter_of_the_budget() {
    let fake = provider(&[]);
    let budget = BudgetState { remaining: 600, requests: 600, per: Duration::from_secs(300) };
    fake.set(|does| (does.budget, does.exchanges) = (Some(budget), 3));
    let store = Arc::<InProcess>::default();
    let replicas = several(3, &fake, &store, EventsConfig::default()).await;
    let mut consumers = each_follows(&replicas).await;
    for turn in 0..600 {
        let hint =
            Hint { provider: ProviderId::new("p").unwrap(), rooms: vec![RoomId::new("r").unwrap()], session: None };
        replicas[turn % 3].bench.changes.hint(hint);
        after(&mut consumers, SECOND / 10).await;
    }
    // 60 s, one every 4 · 3 · 300 / 600 = 6 s.
    assert!((9..=11).contains(&polls(&fake)), "{}", polls(&fake));
    let mut late = each_follows(&replicas).await;
    after(&mut late, SECOND).await;
    assert!(late.iter().all(|consumer| consumer.kinds() == ["snapshot"]), "however many hints come");
}

#[tokio::test(start_paused = true)]
async fn after_an_event_its_replica_answers_nothing_older() {
    let (fake, store) = (provider(&[("r1", "s1")]), Arc::<InProcess>::default());
    let replicas = several(2, &fake, &store, EventsConfig::default()).await;
    let mut consumers = each_follows(&replicas).await;
    after(&mut consumers, 1500 * SECOND / 1000).await;
    for replica in &replicas {
        assert!(replica.bench.is_live("r1").await);
        assert_eq!(replica.bench.cached_list().await["page"]["total_count"], 1);
    }
    fake.set(|does| does.sessions.clear());
    let mut seen = [false; 2];
    while seen != [true; 2] {
        after(&mut consumers, Duration::from_millis(5)).await;
        for (number, replica) in replicas.iter().enumerate() {
            if !seen[number] && consumers[number].kinds().len() == 2 {
                assert!(!replica.bench.is_live("r1").await, "{number}");
                assert_eq!(replica.bench.cached_list().await["page"]["total_count"], 0);
                seen[number] = true;
            }
        }
    }
}
