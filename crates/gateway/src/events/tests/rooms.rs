//! Streams of one room.

use std::time::Duration;

use proptest::prelude::*;
use serde_json::Value;
use session_provider::{
    BudgetState, ConnectionId, ErrorKind, Operation, Participant, ParticipantId, ProviderId, RoomId, Session,
};

use crate::changes::{Cause, Hint, RoomChange};
use crate::config::EventsConfig;
use crate::events::NoPlace;
use crate::events::tests::consumer::{Consumer, sorted};
use crate::events::tests::support::{Bench, live};
use crate::testing::{Behaviour, Scripted};

pub(super) const MOMENT: Duration = Duration::from_millis(1);

/// More than two polls.
pub(super) const POLLS: Duration = Duration::from_secs(6);

pub(super) fn person(name: &str) -> Participant {
    Participant {
        participant_id: Some(ParticipantId::new(&format!("p-{name}")).unwrap()),
        connection_id: ConnectionId::new(name).unwrap(),
        custom_participant_id: None,
        display_name: None,
        role: None,
        joined_at: None,
        left_at: None,
        metadata: None,
    }
}

pub(super) fn with_people(names: &[&str]) -> Behaviour {
    let participants = names.iter().map(|name| person(name)).collect();
    Behaviour { sessions: vec![live("room", "s1")], participants, ..Behaviour::default() }
}

pub(super) fn people(consumer: &Consumer) -> Vec<&str> {
    consumer.room.as_ref().unwrap().people.keys().map(String::as_str).collect()
}

#[tokio::test(start_paused = true)]
async fn an_idle_room_begins_with_nothing_and_is_asked_once_it_is_live() {
    let fake = Scripted::new("p", Behaviour::default());
    let bench = Bench::new(&[&fake], EventsConfig::default());
    let mut consumer = bench.follow_room("room", None).await;
    consumer.after(POLLS).await;
    assert_eq!(consumer.kinds(), ["snapshot"]);
    assert_eq!((&consumer.events[0].1["session"], &consumer.events[0].1["room_id"]), (&Value::Null, &"room".into()));
    assert_eq!(fake.calls(Operation::ListLiveParticipants), 0);
    fake.does(with_people(&["a", "b"]));
    consumer.after(POLLS).await;
    assert_eq!(consumer.kinds()[1..], ["session_started", "participant_joined", "participant_joined"]);
    fake.set(|does| {
        does.participants.remove(0);
        does.participants[0].role = Some("host".to_owned());
    });
    consumer.after(POLLS).await;
    assert_eq!(consumer.kinds()[4..], ["participant_left", "participant_updated"]);
    assert_eq!(consumer.events[4].1["connection_id"], "a");
    fake.does(Behaviour::default());
    consumer.after(POLLS).await;
    assert_eq!(consumer.kinds()[6..], ["participant_left", "session_ended"]);
}

#[tokio::test(start_paused = true)]
async fn a_room_is_found_by_its_other_names() {
    let fake = Scripted::new("p", with_people(&["a"]));
    fake.set(|does| does.sessions[0].aliases = vec![RoomId::new("alias").unwrap()]);
    let bench = Bench::new(&[&fake], EventsConfig::default());
    let mut consumer = bench.follow_room("alias", None).await;
    consumer.after(MOMENT).await;
    assert_eq!(consumer.events[0].1["session"]["room_id"], "room");
    assert_eq!(people(&consumer), ["a"]);
}

#[tokio::test(start_paused = true)]
async fn a_room_whose_people_the_list_counts_is_asked_when_the_count_changes() {
    let fake = Scripted::new("p", with_people(&["a"]));
    fake.set(|does| does.sessions[0].participant_count = Some(1));
    let bench = Bench::new(&[&fake], EventsConfig::default());
    let mut consumer = bench.follow_room("room", None).await;
    consumer.after(Duration::from_secs(25)).await;
    assert_eq!(fake.calls(Operation::ListLiveParticipants), 1);
    fake.set(|does| {
        does.sessions[0].participant_count = Some(2);
        does.participants.push(person("b"));
    });
    consumer.after(POLLS).await;
    assert_eq!(people(&consumer), ["a", "b"]);
    assert_eq!(fake.calls(Operation::ListLiveParticipants), 2);
    consumer.after(Duration::from_secs(30)).await;
    assert_eq!(fake.calls(Operation::ListLiveParticipants), 3);
}

#[tokio::test(start_paused = true)]
async fn who_comes_back_to_a_room_goes_on_for_as_long_as_it_is_kept() {
    let fake = Scripted::new("p", with_people(&["a"]));
    let bench = Bench::new(&[&fake], EventsConfig::default());
    let mut first = bench.follow_room("room", None).await;
    first.after(POLLS).await;
    let (id, known) = (first.last_event_id.clone(), first.room.clone());
    drop(first);
    tokio::time::sleep(Duration::from_secs(20)).await;
    fake.set(|does| does.participants.push(person("b")));
    let mut again = bench.follow_room("room", id.as_deref()).await;
    again.room = known;
    again.after(POLLS).await;
    assert_eq!(again.kinds(), ["participant_joined"]);
    drop(again);
    let asked = fake.asked().len();
    tokio::time::sleep(Duration::from_secs(100)).await;
    assert!(fake.asked().len() <= asked + 2, "nobody listens");
    let mut late = bench.follow_room("room", id.as_deref()).await;
    late.after(POLLS).await;
    assert_eq!(late.kinds(), ["snapshot"]);
    let mut of_all = bench.follow_from(late.last_event_id.as_deref()).await;
    of_all.after(POLLS).await;
    assert_eq!(of_all.kinds(), ["snapshot"], "another stream's id says nothing");
}

#[tokio::test(start_paused = true)]
async fn rooms_that_could_not_be_asked_in_time_are_refused() {
    let budget = BudgetState { remaining: 60, requests: 60, per: Duration::from_secs(60) };
    let fake = Scripted::new("p", Behaviour { budget: Some(budget), ..Behaviour::default() });
    let bench = Bench::new(&[&fake], EventsConfig::default());
    // 30 calls in 30 s, half of them for rooms, two for each.
    let mut held = Vec::new();
    for number in 0..7 {
        let (room, subject) = (format!("r{number}"), format!("caller-{number}"));
        held.push(bench.try_open(Some(&room), &subject, None).await.unwrap());
    }
    assert_eq!(bench.try_open(Some("one-more"), "other", None).await.err(), Some(NoPlace::Budget));
    assert!(bench.try_open(Some("r0"), "other", None).await.is_ok(), "one room is asked once for all");

    let few = EventsConfig { max_rooms: std::num::NonZeroU32::MIN, ..EventsConfig::default() };
    let bench = Bench::new(&[&Scripted::new("p", Behaviour::default())], few);
    let _held = bench.follow_room("r", None).await;
    assert_eq!(bench.try_open(Some("q"), "tester", None).await.err(), Some(NoPlace::Rooms));
}

#[tokio::test(start_paused = true)]
async fn rooms_that_nobody_follows_any_more_give_way() {
    let budget = BudgetState { remaining: 60, requests: 60, per: Duration::from_secs(60) };
    let fake = Scripted::new("p", Behaviour { budget: Some(budget), ..Behaviour::default() });
    let few = EventsConfig { max_rooms: std::num::NonZeroU32::new(3).unwrap(), ..EventsConfig::default() };
    for config in [EventsConfig::default(), few] {
        let bench = Bench::new(&[&fake], config);
        let held = bench.try_open(Some("held"), "steady", None).await.unwrap();
        for number in 0..50 {
            let room = format!("r{number}");
            let mut passing = bench.try_open(Some(&room), "passing", None).await.unwrap();
            passing.after(MOMENT).await;
        }
        assert!(bench.try_open(Some("one-more"), "other", None).await.is_ok());
        tokio::time::sleep(Duration::from_secs(120)).await;
        // Every share was given back once: as many rooms come in as ever.
        let most = if config.max_rooms.get() == 3 { 3 } else { 7 };
        let mut others = Vec::new();
        for number in 1..most {
            others.push(bench.try_open(Some(&format!("q{number}")), &format!("s{number}"), None).await.unwrap());
        }
        let full = if most == 3 { NoPlace::Rooms } else { NoPlace::Budget };
        assert_eq!(bench.try_open(Some("full"), "other", None).await.err(), Some(full));
        drop(held);
    }
}

#[tokio::test(start_paused = true)]
async fn word_of_another_room_has_nobody_asked_here() {
    let fake = Scripted::new("p", with_people(&["a"]));
    fake.set(|does| {
        does.sessions[0].participant_count = Some(1);
        does.sessions[0].aliases = vec![RoomId::new("alias").unwrap()];
    });
    let bench = Bench::new(&[&fake], EventsConfig::default());
    let mut consumer = bench.follow_room("room", None).await;
    consumer.after(Duration::from_secs(5)).await;
    let asked = || fake.calls(Operation::ListLiveParticipants);
    assert_eq!(asked(), 1);
    let (provider, room) = (ProviderId::new("p").unwrap(), |name| RoomId::new(name).unwrap());
    let hint = |name| Hint { provider: provider.clone(), rooms: vec![room(name)], session: None };
    let kick = |name| {
        let cause = Cause::Mutation(Operation::KickParticipants);
        RoomChange { provider: provider.clone(), room: room(name), session: None, cause }
    };
    bench.changes.hint(hint("other"));
    bench.changes.publish(kick("other"));
    consumer.after(POLLS).await;
    assert_eq!(asked(), 1, "another room's word");
    bench.changes.hint(hint("alias"));
    consumer.after(POLLS).await;
    assert_eq!(asked(), 2, "by another name");
    bench.changes.publish(kick("room"));
    consumer.after(Duration::from_secs(1)).await;
    assert_eq!(asked(), 3);
}

/// Rooms of a provider whose budget lets one room be asked every 24 s.
fn with_a_small_budget() -> Behaviour {
    let budget = BudgetState { remaining: 20, requests: 20, per: Duration::from_secs(60) };
    Behaviour { budget: Some(budget), exchanges: 2, ..with_people(&["a"]) }
}

#[tokio::test(start_paused = true)]
async fn closing_and_opening_a_room_does_not_have_it_asked_more_often() {
    let kept_for_a_moment = EventsConfig { keep_for: MOMENT, ..EventsConfig::default() };
    let only_one = EventsConfig { max_rooms: std::num::NonZeroU32::MIN, ..EventsConfig::default() };
    for config in [EventsConfig::default(), kept_for_a_moment, only_one] {
        let fake = Scripted::new("p", with_a_small_budget());
        let bench = Bench::new(&[&fake], config);
        for _ in 0..60 {
            bench.follow_room("room", None).await.after(Duration::from_secs(1)).await;
            if config.max_rooms.get() == 1 {
                bench.follow_room("other", None).await.after(MOMENT).await;
            }
            tokio::time::sleep(Duration::from_secs(1)).await;
        }
        let asked = fake.calls(Operation::ListLiveParticipants);
        assert!((3..=6).contains(&asked), "{asked} times in 120 s: {config:?}");
    }
}

#[tokio::test(start_paused = true)]
async fn who_comes_back_to_a_room_that_was_just_asked_is_told_at_once_what_is_known() {
    let fake = Scripted::new("p", with_a_small_budget());
    let bench = Bench::new(&[&fake], EventsConfig::default());
    bench.follow_room("room", None).await.after(Duration::from_secs(1)).await;
    tokio::time::sleep(Duration::from_secs(1)).await;
    let mut again = bench.follow_room("room", None).await;
    again.after(MOMENT).await;
    assert_eq!(again.kinds(), ["snapshot"]);
    assert_eq!(people(&again), ["a"]);
}

#[tokio::test(start_paused = true)]
async fn what_was_said_of_a_room_while_nobody_followed_it_is_not_forgotten() {
    let fake = Scripted::new("p", with_people(&["a"]));
    fake.set(|does| does.sessions[0].participant_count = Some(1));
    let bench = Bench::new(&[&fake], EventsConfig::default());
    bench.follow_room("room", None).await.after(Duration::from_secs(3)).await;
    tokio::time::sleep(Duration::from_secs(1)).await;
    let room = RoomId::new("room").unwrap();
    bench.changes.hint(Hint { provider: ProviderId::new("p").unwrap(), rooms: vec![room.clone()], session: None });
    let asked = || fake.calls(Operation::ListLiveParticipants);
    assert_eq!(asked(), 1);
    let mut again = bench.follow_room("room", None).await;
    again.after(MOMENT).await;
    assert_eq!(asked(), 2, "at once: the last time is long enough ago");
    drop(again);
    tokio::time::sleep(MOMENT).await;
    // Of who was there before a mutation of our own nobody is told after it.
    fake.set(|does| does.participants.clear());
    let cause = Cause::Mutation(Operation::KickParticipants);
    bench.changes.publish(RoomChange { provider: ProviderId::new("p").unwrap(), room, session: None, cause });
    let mut again = bench.follow_room("room", None).await;
    again.after(Duration::from_secs(1)).await;
    assert_eq!(again.kinds(), ["snapshot"]);
    assert_eq!(people(&again), Vec::<&str>::new());
}

#[derive(Debug, Clone)]
enum Step {
    Start,
    End,
    Replace,
    Rename(u8),
    Join(u8),
    Leave(u8),
    Promote(u8),
    Fail(bool),
    Wait(u16),
    Quiet,
}

fn steps() -> impl Strategy<Value = Vec<Step>> {
    let step = prop_oneof![
        2 => Just(Step::Start),
        1 => Just(Step::End),
        1 => Just(Step::Replace),
        1 => (0_u8..3).prop_map(Step::Rename),
        3 => (0_u8..4).prop_map(Step::Join),
        2 => (0_u8..4).prop_map(Step::Leave),
        1 => (0_u8..4).prop_map(Step::Promote),
        2 => any::<bool>().prop_map(Step::Fail),
        5 => (0_u16..9000).prop_map(Step::Wait),
        2 => Just(Step::Quiet),
    ];
    proptest::collection::vec(step, 1..40)
}

async fn replay(steps: Vec<Step>) {
    let fake = Scripted::new("p", Behaviour::default());
    let bench = Bench::new(&[&fake], EventsConfig::default());
    let mut consumer = bench.follow_room("room", None).await;
    let mut sessions = 0;
    let mut new = || {
        sessions += 1;
        live("room", &format!("s{sessions}"))
    };
    let rename = |session: &mut Session, name| session.title = Some(format!("n{name}"));
    for step in steps.into_iter().chain([Step::Quiet]) {
        match step {
            Step::Start => fake.set(|does| {
                if does.sessions.is_empty() {
                    does.sessions.push(new());
                }
            }),
            Step::End => fake.set(|does| (does.sessions, does.participants) = (vec![], vec![])),
            Step::Replace => fake.set(|does| does.sessions.iter_mut().for_each(|session| *session = new())),
            Step::Rename(name) => fake.set(|does| does.sessions.iter_mut().for_each(|session| rename(session, name))),
            Step::Join(number) => fake.set(|does| {
                let person = person(&format!("c{number}"));
                if !does.sessions.is_empty() && !does.participants.contains(&person) {
                    does.participants.retain(|one| one.connection_id != person.connection_id);
                    does.participants.push(person);
                }
            }),
            Step::Leave(number) => fake.set(|does| {
                does.participants.retain(|one| one.connection_id.as_str() != format!("c{number}"));
            }),
            Step::Promote(number) => fake.set(|does| {
                let people = does.participants.iter_mut();
                people
                    .filter(|one| one.connection_id.as_str() == format!("c{number}"))
                    .take(1)
                    .for_each(|one| one.role = Some("host".to_owned()));
            }),
            Step::Fail(fails) => fake.set(|does| does.fail = fails.then_some(ErrorKind::ProviderError)),
            Step::Wait(ms) => drop(consumer.after(Duration::from_millis(ms.into())).await),
            Step::Quiet => {
                fake.set(|does| does.fail = None);
                consumer.after(Duration::from_secs(20)).await;
                let room = consumer.room.as_ref().unwrap();
                assert!(room.is_known);
                let list = bench.list().await;
                let listed = sorted(list["data"].as_array().unwrap().clone());
                assert_eq!(sorted(room.session.iter().cloned().collect()), listed);
                let mut there: Vec<_> = fake.behaviour().participants;
                there.sort_by(|a, b| a.connection_id.as_str().cmp(b.connection_id.as_str()));
                let people: Vec<_> = there
                    .iter()
                    .map(|one| serde_json::to_value(crate::model::ParticipantJson::from(one)).unwrap())
                    .collect();
                assert_eq!(room.people.values().cloned().collect::<Vec<_>>(), people);
            }
        }
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 100, ..ProptestConfig::default() })]

    #[test]
    fn what_a_reader_of_a_room_applies_is_what_is_so(steps in steps()) {
        let runtime = tokio::runtime::Builder::new_current_thread().enable_time().start_paused(true).build().unwrap();
        runtime.block_on(replay(steps));
    }
}
