//! Who is in a room that is followed, when they cannot be asked, and when somebody else asks.

use std::sync::Arc;
use std::time::Duration;

use session_provider::{ErrorKind, Operation};

use crate::config::EventsConfig;
use crate::events::tests::consumer::Consumer;
use crate::events::tests::rooms::{MOMENT, POLLS, people, person, with_people};
use crate::events::tests::support::Bench;
use crate::testing::Scripted;

#[tokio::test(start_paused = true)]
async fn people_who_cannot_be_asked_are_unknown_and_nobody_leaves() {
    let fake = Scripted::new("p", with_people(&["a"]));
    let bench = Bench::new(&[&fake], EventsConfig::default());
    let mut consumer = bench.follow_room("room", None).await;
    consumer.after(POLLS).await;
    fake.set(|does| does.fail = Some(ErrorKind::ProviderError));
    consumer.after(Duration::from_secs(80)).await;
    assert_eq!(consumer.kinds()[1..], ["provider_changed", "provider_changed"]);
    assert!(!consumer.room.as_ref().unwrap().is_known);
    fake.set(|does| does.fail = None);
    consumer.after(POLLS).await;
    assert_eq!(consumer.kinds()[3..], ["provider_changed", "snapshot"]);
    assert_eq!(people(&consumer), ["a"]);
}

/// A room whose people the list counts, who cannot be asked at first.
async fn whose_people_failed_once() -> (Arc<Scripted>, Bench, Consumer) {
    let fake = Scripted::new("p", with_people(&["a"]));
    fake.set(|does| {
        does.sessions[0].participant_count = Some(1);
        does.people_fail = Some(ErrorKind::ProviderError);
    });
    let bench = Bench::new(&[&fake], EventsConfig::default());
    let mut consumer = bench.follow_room("room", None).await;
    consumer.after(Duration::from_secs(1)).await;
    assert!(!consumer.room.as_ref().unwrap().is_known);
    fake.set(|does| does.people_fail = None);
    (fake, bench, consumer)
}

#[tokio::test(start_paused = true)]
async fn people_who_could_not_be_asked_are_asked_again_at_the_pace_of_polls() {
    let (fake, _bench, mut consumer) = whose_people_failed_once().await;
    consumer.after(Duration::from_secs(2)).await;
    assert!(consumer.room.as_ref().unwrap().is_known);
    assert_eq!(people(&consumer), ["a"]);
    assert_eq!(fake.calls(Operation::ListLiveParticipants), 2);
    consumer.after(Duration::from_secs(25)).await;
    assert_eq!(fake.calls(Operation::ListLiveParticipants), 2, "then they rest again");
}

#[tokio::test(start_paused = true)]
async fn people_who_went_on_failing_are_asked_as_soon_as_their_provider_is_back() {
    let (fake, _bench, mut consumer) = whose_people_failed_once().await;
    fake.set(|does| does.people_fail = Some(ErrorKind::ProviderError));
    consumer.after(Duration::from_secs(240)).await;
    let calls = fake.calls(Operation::ListLiveParticipants);
    assert!((8..15).contains(&calls), "{calls} in four minutes");
    fake.set(|does| does.fail = Some(ErrorKind::ProviderError));
    consumer.after(Duration::from_secs(20)).await;
    fake.set(|does| (does.fail, does.people_fail) = (None, None));
    consumer.after(POLLS).await;
    assert_eq!(people(&consumer), ["a"]);
}

#[tokio::test(start_paused = true)]
async fn a_readers_answer_to_who_is_in_a_room_is_told_to_those_who_follow_it() {
    let (fake, bench, mut consumer) = whose_people_failed_once().await;
    bench.people("room").await;
    consumer.after(MOMENT).await;
    assert!(consumer.room.as_ref().unwrap().is_known, "the reader was answered");
    assert_eq!(people(&consumer), ["a"]);
    fake.set(|does| does.participants.push(person("b")));
    bench.people("room").await;
    consumer.after(MOMENT).await;
    assert_eq!(people(&consumer), ["a", "b"]);
    consumer.after(Duration::from_secs(25)).await;
    assert_eq!(fake.calls(Operation::ListLiveParticipants), 3, "no poll was needed");
}

#[tokio::test(start_paused = true)]
async fn people_who_went_on_failing_are_polled_as_before_once_a_reader_has_brought_them() {
    let (fake, bench, mut consumer) = whose_people_failed_once().await;
    fake.set(|does| {
        does.sessions[0].participant_count = None;
        does.people_fail = Some(ErrorKind::ProviderError);
    });
    consumer.after(Duration::from_secs(240)).await;
    fake.set(|does| does.people_fail = None);
    bench.people("room").await;
    consumer.after(MOMENT).await;
    fake.set(|does| does.participants.push(person("b")));
    consumer.after(POLLS).await;
    assert_eq!(people(&consumer), ["a", "b"]);
}
