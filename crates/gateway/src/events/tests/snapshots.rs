//! Beginning, resuming, and falling behind.

use std::num::NonZeroU32;
use std::time::Duration;

use session_provider::{ErrorKind, Session};

use crate::config::EventsConfig;
use crate::events::tests::support::{Bench, live};
use crate::testing::{Behaviour, Scripted};

const MOMENT: Duration = Duration::from_millis(1);

/// More than two polls.
const POLLS: Duration = Duration::from_secs(5);

fn many(count: usize) -> Vec<Session> {
    (0..count).map(|number| live(&format!("r{number}"), &format!("s{number}"))).collect()
}

#[tokio::test(start_paused = true)]
async fn a_snapshot_comes_in_pieces_whose_last_alone_has_an_id() {
    let fake = Scripted::new("p", Behaviour { sessions: many(1050), ..Behaviour::default() });
    let mut large = live("large", "large");
    large.title = Some("x".repeat(200_000));
    fake.set(|does| does.sessions.push(large));
    let bench = Bench::new(&[&fake], EventsConfig::default());
    let mut consumer = bench.follow().await;
    consumer.after(MOMENT).await;
    assert!(consumer.events.len() > 11 && consumer.kinds().iter().all(|kind| *kind == "snapshot"));
    for (_, data) in &consumer.events {
        let sessions = data["data"].as_array().unwrap();
        assert!((1..=100).contains(&sessions.len()));
        assert!(sessions.len() == 1 || data.to_string().len() < 64 * 1024);
        assert_eq!((&data["poll_seconds"], &data["entry"]["session_count"]), (&2.0.into(), &1051.into()));
    }
    assert_eq!(consumer.ids.iter().flatten().count(), 1);
    assert_eq!(consumer.sessions().len(), 1051);
}

#[tokio::test(start_paused = true)]
async fn two_providers_each_have_their_snapshot_and_their_order() {
    let one = Scripted::new("one", Behaviour { sessions: many(250), ..Behaviour::default() });
    let two = Scripted::new("two", Behaviour { sessions: many(250), delay: MOMENT, ..Behaviour::default() });
    let bench = Bench::new(&[&one, &two], EventsConfig::default());
    let mut consumer = bench.follow().await;
    consumer.after(POLLS).await;
    assert_eq!(consumer.sessions().len(), 500);
    one.set(|does| does.sessions.truncate(1));
    two.set(|does| does.sessions.truncate(2));
    consumer.after(POLLS).await;
    assert_eq!(consumer.sessions().len(), 3);
}

#[tokio::test(start_paused = true)]
async fn a_reader_who_comes_back_goes_on_without_gap_or_repeat() {
    let fake = Scripted::new("p", Behaviour { sessions: many(2), ..Behaviour::default() });
    let bench = Bench::new(&[&fake], EventsConfig::default());
    let mut first = bench.follow().await;
    let mut stays = bench.follow().await;
    first.after(POLLS).await;
    stays.read();
    let (id, known) = (first.last_event_id.clone(), first.known.clone());
    drop(first);
    fake.set(|does| does.sessions = many(4));
    stays.after(POLLS).await;
    let mut again = bench.follow_from(id.as_deref()).await;
    again.known = known;
    again.after(MOMENT).await;
    assert_eq!(again.kinds(), ["session_started", "session_started"]);
    assert_eq!(again.events, stays.events[1..]);
    // A third one has nothing to catch up with.
    let mut third = bench.follow_from(again.last_event_id.as_deref()).await;
    third.after(MOMENT).await;
    assert_eq!(third.events, []);
    for unknown in ["0", "rubbish", ""] {
        let mut anew = bench.follow_from(Some(unknown)).await;
        anew.after(MOMENT).await;
        assert_eq!(anew.kinds(), ["snapshot"]);
    }
}

#[tokio::test(start_paused = true)]
async fn who_falls_out_of_the_log_gets_a_snapshot() {
    let fake = Scripted::new("p", Behaviour::default());
    let config = EventsConfig { keep_events: NonZeroU32::new(3).unwrap(), ..EventsConfig::default() };
    let bench = Bench::new(&[&fake], config);
    let mut consumer = bench.follow().await;
    consumer.after(MOMENT).await;
    fake.set(|does| does.sessions = many(9));
    tokio::time::sleep(POLLS).await;
    consumer.read();
    assert_eq!(consumer.kinds(), ["snapshot", "snapshot"]);
    assert_eq!(consumer.sessions().len(), 9);
}

#[tokio::test(start_paused = true)]
async fn a_provider_that_fails_is_said_to_and_ends_nothing() {
    let fake = Scripted::new("p", Behaviour { fail: Some(ErrorKind::ProviderError), ..Behaviour::default() });
    let bench = Bench::new(&[&fake], EventsConfig::default());
    let mut consumer = bench.follow().await;
    consumer.after(POLLS).await;
    assert_eq!(consumer.kinds(), ["snapshot"]);
    assert_eq!(consumer.events[0].1["entry"]["status"], "failed");
    assert_eq!(consumer.events[0].1["entry"]["problem"]["code"], "provider_error");
    fake.does(Behaviour { sessions: many(2), ..Behaviour::default() });
    consumer.after(POLLS).await;
    assert_eq!(consumer.kinds(), ["snapshot", "provider_changed", "snapshot"]);
    fake.set(|does| does.fail = Some(ErrorKind::ProviderTimeout));
    consumer.after(POLLS).await;
    assert_eq!(consumer.events.last().unwrap().1["entry"]["status"], "stale");
    assert_eq!(consumer.sessions().len(), 2, "still known");
    consumer.after(Duration::from_secs(70)).await;
    assert_eq!(consumer.events.last().unwrap().1["entry"]["status"], "failed");
    fake.set(|does| does.fail = None);
    consumer.after(POLLS).await;
    assert_eq!(consumer.kinds()[3..], ["provider_changed", "provider_changed", "provider_changed", "snapshot"]);
    assert_eq!(consumer.sessions().len(), 2);
}

#[tokio::test(start_paused = true)]
async fn a_first_snapshot_is_not_made_of_what_is_old() {
    let fake = Scripted::new("p", Behaviour { sessions: many(1), ..Behaviour::default() });
    let bench = Bench::new(&[&fake], EventsConfig::default());
    bench.follow().await.after(POLLS).await;
    tokio::time::sleep(Duration::from_secs(30)).await;
    fake.set(|does| (does.sessions, does.delay) = (many(2), Duration::from_secs(1)));
    let mut consumer = bench.follow().await;
    consumer.after(MOMENT).await;
    assert_eq!((consumer.events.len(), consumer.comments), (0, 1));
    consumer.after(Duration::from_secs(2)).await;
    assert_eq!(consumer.kinds(), ["snapshot"]);
    assert_eq!(consumer.sessions().len(), 2);
}
