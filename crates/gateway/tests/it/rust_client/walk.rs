//! What works: list, page, look, act, follow.

use std::collections::BTreeSet;

use rollcall_client::events::{Event, Follow, Followed, LiveSessions};
use rollcall_client::types::{
    CreatePollRequest, KickRequest, Participant, Session, SessionStatus, SessionStatusFilter,
};
use rollcall_client::{Client, all_live_sessions, is_not_modified};

use crate::rust_client::place::Place;

async fn live_on(client: &Client, provider: &str) -> Session {
    let page = client.list_live_sessions().provider(vec![provider.to_owned()]).limit(1).send().await.unwrap();
    page.into_inner().data.remove(0)
}

/// Everybody, over as many pages as it takes.
async fn people_of(client: &Client, session: &Session, limit: i32) -> Vec<Participant> {
    let mut people = Vec::new();
    let mut cursor = None;
    loop {
        let mut request =
            client.list_live_participants().provider(&session.provider).room_id(&session.room_id).limit(limit);
        if let Some(cursor) = cursor {
            request = request.cursor(cursor);
        }
        let page = request.send().await.unwrap().into_inner();
        people.extend(page.data);
        cursor = page.page.next_cursor;
        if cursor.is_none() {
            return people;
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn lists_pages_sessions_and_people() {
    let demo = Place::demo();
    let client = demo.client();
    let providers = client.list_providers().send().await.unwrap().into_inner().data;
    let polls: Vec<_> = providers.iter().map(|one| (one.kind.as_str(), one.capabilities.create_poll)).collect();
    assert_eq!(polls, [("huddle01", false), ("realtimekit", true)]);

    let whole = all_live_sessions(&client, &[]).await.unwrap();
    assert!(whole.complete && whole.data.len() >= 4, "{whole:?}");
    let mut seen = BTreeSet::new();
    let mut cursor: Option<String> = None;
    loop {
        let mut request = client.list_live_sessions().limit(2);
        if let Some(cursor) = cursor {
            request = request.cursor(cursor);
        }
        let page = request.send().await.unwrap().into_inner();
        for session in page.data {
            assert!(seen.insert((session.provider, session.room_id)), "each session once");
        }
        cursor = page.page.next_cursor;
        if cursor.is_none() {
            break;
        }
    }
    assert!(seen.len() >= 4, "{seen:?}");

    for provider in ["huddle01", "realtimekit"] {
        let listed = live_on(&client, provider).await;
        let session = client.get_live_session().provider(provider).room_id(&listed.room_id).send().await.unwrap();
        assert_eq!((&session.room_id, session.status), (&listed.room_id, SessionStatus::Live));
        assert!(session.started_at.is_none_or(|started| started < session.fetched_at), "{session:?}");
        let people = people_of(&client, &session, 1).await;
        assert!(!people.is_empty());
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn kicks_polls_and_sees_it_in_the_events() {
    let demo = Place::demo();
    let client = demo.client();
    let mut follower = Follow::new(&demo.url, demo.token.as_str()).provider("realtimekit").start();
    let mut live = LiveSessions::new();
    let mut next = async || loop {
        if let Followed::Event(received) = follower.next().await.unwrap() {
            break received.event;
        }
    };
    loop {
        let event = next().await;
        live.apply(&event);
        if matches!(event, Event::Snapshot(piece) if piece.last) {
            break;
        }
    }
    let fullest = live.sessions().max_by_key(|session| session.participant_count).unwrap().clone();
    let (provider, room) = (fullest.provider.as_str(), fullest.room_id.as_str());

    let target = people_of(&client, &fullest, 100).await.into_iter().find_map(|person| person.participant_id).unwrap();
    let kick = KickRequest::builder().participant_ids(vec![target.clone()]);
    let kicked = client.kick_participants().provider(provider).room_id(room).body(kick).send().await.unwrap();
    assert_eq!(kicked.kicked[0].participant_id.as_ref(), Some(&target));
    let people = people_of(&client, &fullest, 100).await;
    assert!(people.iter().all(|person| person.participant_id.as_ref() != Some(&target)));

    let question = CreatePollRequest::builder().question("Ship on Friday?").options(vec!["Yes".into(), "No".into()]);
    let create = || {
        let create = client.create_poll().provider(provider).room_id(room).idempotency_key("rust-poll");
        create.body(question.clone()).send()
    };
    let (poll, again) = (create().await.unwrap(), create().await.unwrap());
    assert_eq!(poll.options.iter().map(|option| option.text.as_str()).collect::<Vec<_>>(), ["Yes", "No"]);
    assert!(poll.poll_id.is_some() && poll.poll_id == again.poll_id, "the first answer again");

    let all = client.kick_all_participants().provider(provider).room_id(room).send().await.unwrap();
    assert!(all.kicked_count.is_some_and(|count| count >= 1), "{all:?}");
    loop {
        let event = next().await;
        live.apply(&event);
        if matches!(event, Event::SessionEnded(ended) if ended.room_id == room) {
            break;
        }
    }
    assert!(live.sessions().all(|session| session.room_id != room));
}

#[tokio::test(flavor = "multi_thread")]
async fn walks_the_history_and_asks_again_cheaply() {
    let demo = Place::demo();
    let client = demo.client();
    let mut seen = BTreeSet::new();
    let mut cursor: Option<String> = None;
    while seen.len() < 4 {
        let mut request = client.list_sessions().status(SessionStatusFilter::Ended).limit(2);
        if let Some(cursor) = cursor {
            request = request.cursor(cursor);
        }
        let page = request.send().await.unwrap().into_inner();
        for session in page.data {
            assert!(session.ended_at.is_some(), "{session:?}");
            assert!(seen.insert((session.provider, session.session_id.unwrap())), "each session once");
        }
        cursor = page.page.next_cursor;
        if cursor.is_none() {
            break;
        }
    }
    let (provider, session_id) = seen.first().unwrap();
    let get = || client.get_session().provider(provider).session_id(session_id);
    let first = get().send().await.unwrap();
    let etag = first.headers()["etag"].to_str().unwrap();
    assert!(is_not_modified(&get().if_none_match(etag).send().await.unwrap_err()));
    let people = client.list_session_participants().provider(provider).session_id(session_id).send().await.unwrap();
    assert!(!people.data.is_empty());
}
