//! `include`.

use std::collections::BTreeSet;
use std::time::Duration;

use session_provider::{BudgetState, Capabilities, ErrorKind, LiveMedia, Operation, SessionId};

use crate::config::CacheConfig;
use crate::reads::testing::*;
use crate::reads::{Include, ListQuery};
use crate::testing::{Behaviour, Scripted};

fn all() -> BTreeSet<Include> {
    [Include::ParticipantCount, Include::SessionId, Include::MediaCounts].into()
}

fn behaviour(rows: u32) -> Behaviour {
    let mut media = LiveMedia::default();
    media.add_recording(room("r0"));
    let mut single = live("x", None);
    single.participant_count = Some(12);
    Behaviour {
        delay: Duration::from_millis(10),
        sessions: (0..rows).map(|index| live(&format!("r{index}"), Some(1000 - i64::from(index)))).collect(),
        single: Some(single),
        session_id: SessionId::new("sid").ok(),
        media,
        ..Behaviour::default()
    }
}

fn with_extras(limit: u16) -> ListQuery {
    ListQuery { include: all(), page: page(limit, None), ..list() }
}

#[tokio::test(start_paused = true)]
async fn extras_are_bought_for_the_page_alone_a_few_at_once_and_then_come_from_memory() {
    let fake = Scripted::new("p", behaviour(100));
    let reads = reads(&[&fake], CacheConfig::default());
    let reply = reads.live_sessions(call(), &everyone(), &with_extras(20)).await.unwrap();
    let body = json(&reply.body);
    assert_eq!(body["data"].as_array().unwrap().len(), 20);
    assert_eq!((&body["complete"], &body["page"]["total_count"]), (&true.into(), &100.into()));
    for (index, row) in body["data"].as_array().unwrap().iter().enumerate() {
        assert_eq!(row["room_id"], format!("r{index}"));
        assert_eq!((&row["participant_count"], &row["session_id"]), (&12.into(), &"sid".into()));
        assert_eq!((&row["recording_count"], &row["livestream_count"]), (&u64::from(index == 0).into(), &0.into()));
    }
    let calls = || {
        [Operation::GetLiveSession, Operation::FindLiveSessionId, Operation::CountLiveMedia].map(|op| fake.calls(op))
    };
    assert_eq!(calls(), [20, 20, 1]);
    assert!((2..=8).contains(&fake.most_at_once()), "{}", fake.most_at_once());
    let again = reads.live_sessions(call(), &everyone(), &with_extras(20)).await.unwrap();
    assert_eq!((calls(), again.etag), ([20, 20, 1], reply.etag));
    let plain = reads.live_sessions(call(), &everyone(), &list()).await.unwrap();
    assert!(json(&plain.body)["data"][0]["participant_count"].is_null());
}

#[tokio::test(start_paused = true)]
async fn what_cannot_be_had_is_null_and_spoils_nothing() {
    let none = Capabilities::none().with(Operation::ListLiveSessions);
    let broke = BudgetState { remaining: 2, requests: 5, per: Duration::from_secs(1) };
    let unable = Scripted::with_capabilities("a-unable", behaviour(3), none);
    let spent = Scripted::new("b-spent", Behaviour { budget: Some(broke), ..behaviour(3) });
    let reads = reads(&[&unable, &spent], CacheConfig::default());
    let reply = reads.live_sessions(call(), &everyone(), &with_extras(100)).await.unwrap();
    let body = json(&reply.body);
    assert_eq!((body["data"].as_array().unwrap().len(), &body["complete"]), (6, &true.into()));
    for row in body["data"].as_array().unwrap() {
        assert!(row["participant_count"].is_null() && row["session_id"].is_null() && row["recording_count"].is_null());
    }
    for fake in [&unable, &spent] {
        assert_eq!(fake.calls(Operation::GetLiveSession) + fake.calls(Operation::CountLiveMedia), 0);
    }
}

#[tokio::test(start_paused = true)]
async fn failing_extras_end_by_the_providers_deadline_and_leave_null() {
    let fake = Scripted::new("p", behaviour(50));
    let reads = reads(&[&fake], CacheConfig::default());
    reads.live_sessions(call(), &everyone(), &list()).await.unwrap();
    fake.set(|it| it.hang = true);
    let began = tokio::time::Instant::now();
    let reply = reads.live_sessions(call(), &everyone(), &with_extras(50)).await.unwrap();
    assert_eq!(began.elapsed(), DEADLINE);
    assert!(!reply.no_store && json(&reply.body)["data"][49]["participant_count"].is_null());
    fake.set(|it| {
        it.hang = false;
        it.fail = Some(ErrorKind::ProviderError);
    });
    let reply = reads.live_session(call(), &provider(&fake), &room("r0"), &all()).await;
    assert!(reply.is_err(), "the read itself may fail");
}

#[tokio::test(start_paused = true)]
async fn one_session_takes_extras_too_and_what_the_provider_said_stands() {
    let mut told = behaviour(0);
    told.single.as_mut().unwrap().recording_count = Some(9);
    let fake = Scripted::new("p", told);
    let reads = reads(&[&fake], CacheConfig::default());
    let reply = reads.live_session(call(), &provider(&fake), &room("r0"), &all()).await.unwrap();
    let body = json(&reply.body);
    assert_eq!((&body["recording_count"], &body["livestream_count"]), (&9.into(), &0.into()));
    assert_eq!((&body["session_id"], &body["participant_count"]), (&"sid".into(), &12.into()));
}

#[tokio::test(start_paused = true)]
async fn the_count_of_another_session_in_the_same_room_is_not_taken() {
    let mut told = behaviour(1);
    told.single.as_mut().unwrap().started_at = at(2000);
    let fake = Scripted::new("p", told);
    let reads = reads(&[&fake], CacheConfig::default());
    let reply = reads.live_sessions(call(), &everyone(), &with_extras(10)).await.unwrap();
    let row = &json(&reply.body)["data"][0];
    assert_eq!((&row["participant_count"], &row["session_id"]), (&serde_json::Value::Null, &"sid".into()));
}
