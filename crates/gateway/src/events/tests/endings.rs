//! How streams end, and that they are bounded.

use std::time::Duration;

use crate::config::EventsConfig;
use crate::events::NoPlace;
use crate::events::tests::consumer::Consumer;
use crate::events::tests::support::{Bench, TOKEN_LIFE, live};
use crate::testing::{Behaviour, Scripted};

const SECOND: Duration = Duration::from_secs(1);

async fn bench() -> (Bench, Consumer) {
    let fake = Scripted::new("p", Behaviour { sessions: vec![live("r", "s")], ..Behaviour::default() });
    let bench = Bench::new(&[&fake], EventsConfig::default());
    let mut consumer = bench.follow().await;
    consumer.after(SECOND).await;
    assert_eq!(consumer.kinds(), ["snapshot"]);
    (bench, consumer)
}

fn assert_said_bye(consumer: &Consumer, reason: &str) {
    assert!(consumer.ended);
    let (kind, data) = consumer.events.last().unwrap();
    assert_eq!((kind.as_str(), &data["reason"]), ("bye", &reason.into()));
    assert!(consumer.ids.last().unwrap().is_none());
    assert!(matches!(consumer.retries[..], [ms] if ms < 10_000), "{:?}", consumer.retries);
}

#[tokio::test(start_paused = true)]
async fn a_silent_stream_says_that_it_is_there() {
    let (_bench, mut consumer) = bench().await;
    let before = consumer.comments;
    consumer.after(60 * SECOND).await;
    assert!((3..=4).contains(&(consumer.comments - before)), "{}", consumer.comments - before);
    assert!(!consumer.ended);
}

#[tokio::test(start_paused = true)]
async fn it_ends_with_the_token() {
    let (_bench, mut consumer) = bench().await;
    consumer.after(TOKEN_LIFE).await;
    // The leeway of the rules is part of the token's life.
    assert!(!consumer.ended);
    consumer.after(5 * SECOND).await;
    assert_said_bye(&consumer, "token_expired");
}

#[tokio::test(start_paused = true)]
async fn it_ends_at_once_when_the_gateway_goes_down() {
    let (bench, mut consumer) = bench().await;
    bench.draining.begin();
    consumer.after(Duration::from_millis(1)).await;
    assert_said_bye(&consumer, "draining");
}

#[tokio::test(start_paused = true)]
async fn it_ends_at_once_then_whatever_it_follows_or_waits_for() {
    let fake = Scripted::new("p", Behaviour { hang: true, ..Behaviour::default() });
    for providers in [&[][..], &[&fake][..]] {
        let bench = Bench::new(providers, EventsConfig::default());
        let mut consumer = bench.follow().await;
        let held = consumer.hold_one();
        assert!(held.is_some(), "the first comment, still on its way");
        let woken = consumer.wait();
        bench.draining.begin();
        assert!(woken.get());
        consumer.read();
        assert_said_bye(&consumer, "draining");
    }
}

#[tokio::test(start_paused = true)]
async fn it_ends_for_a_reader_who_takes_nothing() {
    let (_bench, mut consumer) = bench().await;
    tokio::time::sleep(20 * SECOND).await;
    let held = consumer.hold_one();
    assert!(held.is_some(), "a heartbeat");
    consumer.after(29 * SECOND).await;
    assert!(!consumer.ended);
    assert!(consumer.hold_one().is_none(), "nothing more is handed out meanwhile");
    consumer.after(2 * SECOND).await;
    assert_said_bye(&consumer, "too_slow");
    drop(held);
}

#[tokio::test(start_paused = true)]
async fn a_caller_has_a_number_of_streams() {
    let (bench, consumer) = bench().await;
    let mut held = vec![consumer];
    while let Ok(consumer) = bench.try_follow(None).await {
        held.push(consumer);
    }
    assert_eq!(held.len(), 10);
    assert_eq!(bench.try_follow(None).await.err(), Some(NoPlace::Caller));
    held.pop();
    assert!(bench.try_follow(None).await.is_ok());
}
