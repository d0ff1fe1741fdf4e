//! Participants lists.

use session_provider::{ErrorKind, Participant, SessionId};

use crate::config::CacheConfig;
use crate::model;
use crate::problem::Code;
use crate::reads::testing::*;
use crate::testing::{Behaviour, Scripted};

fn person(connection: &str, joined_ms: Option<i64>) -> Participant {
    Participant {
        participant_id: None,
        connection_id: session_provider::ConnectionId::new(connection).unwrap(),
        custom_participant_id: None,
        display_name: Some("n".to_owned()),
        role: None,
        joined_at: joined_ms.and_then(at),
        left_at: None,
        metadata: None,
    }
}

fn five() -> Behaviour {
    let rows = [("e", None), ("d", Some(2)), ("c", Some(1)), ("b", Some(2)), ("a", None)];
    Behaviour {
        participants: rows.iter().map(|(connection, joined)| person(connection, *joined)).collect(),
        reported_count: Some(7),
        ..Behaviour::default()
    }
}

#[tokio::test(start_paused = true)]
async fn pages_walk_in_the_order_of_joining_and_look_like_the_model() {
    let fake = Scripted::new("p", five());
    let reads = reads(&[&fake], CacheConfig::default());
    let (provider, mut cursor, mut walked) = (provider(&fake), None, Vec::new());
    loop {
        let query = page(2, cursor);
        let reply = reads.live_participants(call(), &provider, &room("r"), &query).await.unwrap();
        let again = reads.live_participants(call(), &provider, &room("r"), &query).await.unwrap();
        assert_eq!(reply.body.as_ptr(), again.body.as_ptr(), "a hit copies nothing");
        let body = json(&reply.body);
        assert_eq!((&body["page"]["total_count"], &body["reported_count"]), (&5.into(), &7.into()));
        walked.extend(
            body["data"].as_array().unwrap().iter().map(|row| row["connection_id"].as_str().unwrap().to_owned()),
        );
        cursor = body["page"]["next_cursor"].as_str().map(str::to_owned);
        if cursor.is_none() {
            break;
        }
    }
    assert_eq!(walked, ["c", "b", "d", "a", "e"]);

    let reply = reads.live_participants(call(), &provider, &room("r"), &page(100, None)).await.unwrap();
    let mut people = five().participants;
    people.sort_by_key(|row| walked.iter().position(|connection| *connection == row.connection_id.as_str()));
    let expected = model::ParticipantPage {
        data: people.iter().map(Into::into).collect(),
        page: model::PageJson { limit: 100, next_cursor: None, total_count: Some(5) },
        reported_count: Some(7),
        stale: false,
        fetched_at: session_provider::Timestamp::parse_rfc3339("2026-11-20T10:00:00Z").unwrap(),
    };
    assert_eq!(std::str::from_utf8(&reply.body).unwrap(), serde_json::to_string(&expected).unwrap());
}

#[tokio::test(start_paused = true)]
async fn a_cursor_is_bound_to_its_list() {
    let fake = Scripted::new("p", five());
    let reads = reads(&[&fake], CacheConfig::default());
    let (provider, session) = (provider(&fake), SessionId::new("r").unwrap());
    let first = reads.live_participants(call(), &provider, &room("r"), &page(1, None)).await.unwrap();
    let cursor = json(&first.body)["page"]["next_cursor"].as_str().map(str::to_owned);
    assert!(cursor.is_some());
    let next = |limit| page(limit, cursor.clone());
    assert!(reads.live_participants(call(), &provider, &room("r"), &next(3)).await.is_ok(), "limit may change");
    let other = reads.live_participants(call(), &provider, &room("q"), &next(1)).await.unwrap_err();
    let route = reads.session_participants(call(), &provider, &session, &next(1)).await.unwrap_err();
    assert_eq!((other.code, route.code), (Code::InvalidCursor, Code::InvalidCursor));
}

#[tokio::test(start_paused = true)]
async fn an_empty_session_is_an_empty_page_and_a_stale_one_says_so() {
    let fake = Scripted::new("p", Behaviour::default());
    let reads = reads(&[&fake], CacheConfig::default());
    let provider = provider(&fake);
    let get = async || reads.live_participants(call(), &provider, &room("r"), &page(5, None)).await.unwrap();
    let fresh = get().await;
    assert_eq!((&json(&fresh.body)["data"], fresh.no_store), (&serde_json::json!([]), false));
    fake.set(|it| it.fail = Some(ErrorKind::ProviderError));
    tokio::time::advance(std::time::Duration::from_secs(11)).await;
    let stale = get().await;
    assert_eq!((&json(&stale.body)["stale"], stale.no_store), (&true.into(), true));
    assert_ne!(stale.etag, fresh.etag);
}
