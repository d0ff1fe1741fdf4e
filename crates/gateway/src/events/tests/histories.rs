//! Random histories of a provider, through the real cache: what a reader applies is what is so.

use std::collections::BTreeSet;
use std::time::Duration;

use proptest::prelude::*;
use session_provider::{BudgetState, ErrorKind, Operation, Payer, ProviderId, RequestId, RoomId};
use tokio::task::JoinSet;

use crate::changes::{Cause, Hint, RoomChange};
use crate::config::EventsConfig;
use crate::events::tests::consumer::sorted;
use crate::events::tests::support::{Bench, live};
use crate::providers::Provider;
use crate::reads::ReadCall;
use crate::testing::{Behaviour, Scripted};

#[derive(Debug, Clone)]
enum Step {
    Start(u8),
    End(u8),
    Replace(u8),
    Rename(u8, u8),
    /// What causes no event by itself.
    Count(u8, u8),
    Fail(ErrorKind),
    Recover,
    Slow(u16),
    Unsettled(bool),
    /// One answer lacks the room, although its session goes on.
    Blink(u8),
    Mutate(u8),
    Hint(u8),
    Read,
    Reconnect,
    Wait(u16),
    Quiet,
}

fn steps() -> impl Strategy<Value = Vec<Step>> {
    let room = || 0_u8..4;
    let step = prop_oneof![
        4 => room().prop_map(Step::Start),
        3 => room().prop_map(Step::End),
        2 => room().prop_map(Step::Replace),
        2 => (room(), 0_u8..3).prop_map(|(room, name)| Step::Rename(room, name)),
        1 => (room(), 0_u8..9).prop_map(|(room, count)| Step::Count(room, count)),
        2 => prop_oneof![Just(ErrorKind::ProviderError), Just(ErrorKind::ProviderTimeout)].prop_map(Step::Fail),
        3 => Just(Step::Recover),
        1 => (0_u16..4000).prop_map(Step::Slow),
        1 => any::<bool>().prop_map(Step::Unsettled),
        1 => room().prop_map(Step::Blink),
        1 => room().prop_map(Step::Mutate),
        1 => room().prop_map(Step::Hint),
        2 => Just(Step::Read),
        1 => Just(Step::Reconnect),
        6 => (0_u16..5000).prop_map(Step::Wait),
        2 => Just(Step::Quiet),
    ];
    proptest::collection::vec(step, 1..40)
}

fn room(number: u8) -> RoomId {
    RoomId::new(&format!("r{number}")).unwrap()
}

async fn replay(steps: Vec<Step>) {
    let fake = Scripted::new("p", Behaviour::default());
    let bench = Bench::new(&[&fake], EventsConfig::default());
    let provider = ProviderId::new("p").unwrap();
    let mut consumer = bench.follow().await;
    let mut seen = 0;
    let mut others = JoinSet::new();
    // Sessions that are over, by their ids: only these may end.
    let mut over = BTreeSet::new();
    let mut next_id = 0;
    let mut new_id = || {
        next_id += 1;
        format!("s{next_id}")
    };
    for step in steps.into_iter().chain([Step::Quiet]) {
        match step {
            Step::Start(number) => fake.set(|does| {
                if !does.sessions.iter().any(|session| session.room_id == room(number)) {
                    does.sessions.push(live(&format!("r{number}"), &new_id()));
                }
            }),
            Step::End(number) => fake.set(|does| {
                let gone = does.sessions.extract_if(.., |session| session.room_id == room(number));
                over.extend(gone.filter_map(|session| session.session_id));
            }),
            Step::Replace(number) => fake.set(|does| {
                if let Some(session) = does.sessions.iter_mut().find(|session| session.room_id == room(number)) {
                    over.extend(session.session_id.take());
                    *session = live(&format!("r{number}"), &new_id());
                }
            }),
            Step::Rename(number, name) => fake.set(|does| {
                let mut sessions = does.sessions.iter_mut();
                if let Some(session) = sessions.find(|session| session.room_id == room(number)) {
                    session.title = Some(format!("n{name}"));
                }
            }),
            Step::Count(number, count) => fake.set(|does| {
                let mut sessions = does.sessions.iter_mut();
                if let Some(session) = sessions.find(|session| session.room_id == room(number)) {
                    session.minutes_consumed = Some(count.into());
                }
            }),
            Step::Fail(kind) => fake.set(|does| does.fail = Some(kind)),
            Step::Recover => fake.set(|does| does.fail = None),
            Step::Slow(ms) => fake.set(|does| does.delay = Duration::from_millis(ms.into())),
            Step::Unsettled(unsettled) => fake.set(|does| does.unsettled = unsettled),
            Step::Blink(number) => {
                let before = fake.behaviour();
                if before.unsettled && before.fail.is_none() && before.delay.is_zero() {
                    fake.set(|does| does.lacks_once = Some(room(number)));
                    // The next answer has it again, whoever asks next.
                    consumer.after(Duration::from_secs(5)).await;
                }
            }
            Step::Mutate(number) => {
                let cause = Cause::Mutation(Operation::KickParticipants);
                let (provider, room) = (provider.clone(), room(number));
                bench.changes.publish(RoomChange { provider, room, session: None, cause });
            }
            Step::Hint(number) => {
                bench.changes.hint(Hint { provider: provider.clone(), rooms: vec![room(number)], session: None });
            }
            Step::Read => {
                let reads = bench.reads.clone();
                let provider = bench.reads.providers().get("p").unwrap().clone();
                others.spawn(async move { reads.poll_live_sessions(&provider, None).await });
            }
            Step::Reconnect => {
                let id = consumer.last_event_id.clone();
                let mut next = bench.follow_from(id.as_deref()).await;
                if id.is_some() {
                    // It goes on where the other was, what it knew included.
                    next.known = std::mem::take(&mut consumer.known);
                }
                assert!(consumer.events[seen..].iter().all(|(kind, _)| kind != "bye"));
                consumer = next;
                seen = 0;
            }
            Step::Wait(ms) => drop(consumer.after(Duration::from_millis(ms.into())).await),
            Step::Quiet => {
                fake.set(|does| (does.fail, does.delay) = (None, Duration::ZERO));
                // Longer than a load may take that began before, and two polls.
                consumer.after(Duration::from_secs(15)).await;
                let list = bench.list().await;
                assert_eq!(list["complete"], true, "{list}");
                assert_eq!(consumer.sessions(), sorted(list["data"].as_array().unwrap().clone()));
            }
        }
        for (kind, data) in &consumer.events[seen..] {
            if kind == "session_ended" {
                let id = data["session_id"].as_str().unwrap();
                assert!(over.iter().any(|over| over.as_str() == id), "{data} has not ended");
            }
        }
        seen = consumer.events.len();
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 200, ..ProptestConfig::default() })]

    #[test]
    fn what_a_reader_applies_is_what_is_so_and_only_what_has_ended_ends(steps in steps()) {
        let runtime = tokio::runtime::Builder::new_current_thread().enable_time().start_paused(true).build().unwrap();
        runtime.block_on(replay(steps));
    }
}

#[tokio::test(start_paused = true)]
async fn an_answer_that_somebody_else_asked_for_makes_events_at_once() {
    let fake = Scripted::new("p", Behaviour::default());
    let config = EventsConfig { poll_for: Duration::from_secs(3600), ..EventsConfig::default() };
    let bench = Bench::new(&[&fake], config);
    let mut consumer = bench.follow().await;
    consumer.after(Duration::from_secs(1)).await;
    fake.set(|does| does.sessions = vec![live("r1", "s1")]);
    bench.list().await;
    consumer.after(Duration::from_millis(1)).await;
    assert_eq!(consumer.kinds(), ["snapshot", "session_started"]);
}

#[tokio::test(start_paused = true)]
async fn all_readers_share_one_poll_and_nobody_polls_for_nobody() {
    let fake = Scripted::new("p", Behaviour::default());
    let bench = Bench::new(&[&fake], EventsConfig::default());
    tokio::time::sleep(Duration::from_secs(60)).await;
    assert_eq!(fake.asked(), []);
    let mut consumers = Vec::new();
    for _ in 0..5 {
        consumers.push(bench.follow().await);
    }
    for _ in 0..20 {
        tokio::time::sleep(Duration::from_secs(1)).await;
        consumers.iter_mut().for_each(|consumer| consumer.read());
    }
    let asked = fake.asked().len();
    assert!((9..=11).contains(&asked), "{asked}");
    drop(consumers);
    tokio::time::sleep(Duration::from_secs(60)).await;
    assert!(fake.asked().len() <= asked + 1);
}

#[tokio::test(start_paused = true)]
async fn hints_and_polls_together_keep_within_a_quarter_of_the_budget() {
    let budget = BudgetState { remaining: 600, requests: 600, per: Duration::from_secs(300) };
    let fake = Scripted::new("p", Behaviour { budget: Some(budget), exchanges: 3, ..Behaviour::default() });
    let bench = Bench::new(&[&fake], EventsConfig::default());
    let mut consumer = bench.follow().await;
    for _ in 0..600 {
        let provider = ProviderId::new("p").unwrap();
        bench.changes.hint(Hint { provider, rooms: vec![room(1)], session: None });
        consumer.after(Duration::from_millis(100)).await;
    }
    // 60 s, one every 4 · 3 · 300 / 600 = 6 s.
    let asked = fake.asked().len();
    assert!((9..=11).contains(&asked), "{asked}");
}

#[tokio::test(start_paused = true)]
async fn after_an_event_no_read_is_answered_with_older_knowledge_of_the_room() {
    let fake = Scripted::new("p", Behaviour { sessions: vec![live("r1", "s1")], ..Behaviour::default() });
    let bench = Bench::new(&[&fake], EventsConfig::default());
    let mut consumer = bench.follow().await;
    consumer.after(Duration::from_millis(1500)).await;
    // A read of the room just before it ends; it would be fresh for two seconds.
    let provider = bench.reads.providers().get("p").unwrap().clone();
    assert!(read_once(&bench, &provider).await.is_ok());
    fake.set(|does| does.sessions.clear());
    consumer.after(Duration::from_millis(600)).await;
    assert_eq!(consumer.kinds(), ["snapshot", "session_ended"]);
    assert!(read_once(&bench, &provider).await.is_err());
}

async fn read_once(bench: &Bench, provider: &Provider) -> Result<(), ()> {
    let call = ReadCall {
        request_id: RequestId::generate(),
        arrival: tokio::time::Instant::now(),
        payer: Payer(1),
        no_cache: false,
        at_hand: false,
    };
    bench.reads.live_session(call, provider, &room(1), &BTreeSet::new()).await.map(drop).map_err(drop)
}
