//! The walk over a room's history asks for page after page, and not for one more than needed.

use std::collections::BTreeSet;

use session_provider::{ErrorKind, SessionProvider, SessionStatus, Timestamp};
use wiremock::matchers::{path, query_param};
use wiremock::{Mock, MockServer, ResponseTemplate};

use super::*;

/// A history of `ended` sessions, oldest first, and then perhaps a running one, paged as the docs say.
async fn history(ended: usize, running: bool) -> MockServer {
    let server = MockServer::start().await;
    let mut rows: Vec<_> = (0..ended)
        .map(|id| format!(r#"{{"sessionId":"s{id}","startTime":17734795{id:02}000,"endTime":1773479600000}}"#))
        .collect();
    if running {
        rows.push(r#"{"sessionId":"live","startTime":1773479599000,"endTime":null}"#.to_owned());
    }
    let mut pages: Vec<_> = rows.chunks(20).map(|page| page.join(",")).collect();
    pages.push(String::new());
    for (cursor, page) in pages.into_iter().enumerate() {
        Mock::given(path("/api/v2/sdk/rooms/session-details"))
            .and(query_param("roomId", "bvr-ntqi-ylc"))
            .and(query_param("limit", "20"))
            .and(query_param("cursor", cursor.to_string()))
            .respond_with(ResponseTemplate::new(200).set_body_string(format!(r#"{{"sessions":[{page}]}}"#)))
            .mount(&server)
            .await;
    }
    server
}

#[tokio::test]
async fn a_running_session_on_a_later_page_is_found() {
    let (server, call) = (history(45, true).await, call());
    let found = provider(&server, 200).find_live_session_id(&call, &room()).await.unwrap();
    assert_eq!(found, Some(SessionId::new("live").unwrap()));
    assert_eq!(call.exchanges(), 3);
}

#[tokio::test]
async fn a_short_page_or_an_empty_one_ends_the_walk() {
    for (ended, exchanges) in [(0, 1), (19, 1), (20, 2), (45, 3)] {
        let (server, call) = (history(ended, false).await, call());
        assert_eq!(provider(&server, 200).find_live_session_id(&call, &room()).await.unwrap(), None, "{ended}");
        assert_eq!(call.exchanges(), exchanges, "{ended}");
    }
}

#[tokio::test]
async fn a_history_with_more_pages_than_allowed_is_not_an_idle_room() {
    let (server, call) = (history(45, true).await, call());
    let provider = provider(&server, 2);
    let error = provider.find_live_session_id(&call, &room()).await.unwrap_err();
    assert_eq!((error.kind(), error.provider()), (ErrorKind::ProviderBadResponse, Some(provider.id())));
    assert_eq!(call.exchanges(), 2);
}

#[tokio::test]
async fn the_whole_history_is_read_to_an_empty_page() {
    for (ended, running, exchanges) in [(0, false, 1), (1, true, 2), (20, false, 2), (45, true, 4)] {
        let (server, call) = (history(ended, running).await, call());
        let list = provider(&server, 200).list_room_sessions(&call, &room()).await.unwrap();
        assert_eq!((list.sessions.len(), list.dropped), (ended + usize::from(running), 0), "{ended}");
        assert_eq!(call.exchanges(), exchanges, "{ended}");
        let live = list.sessions.iter().filter(|session| session.status == SessionStatus::Live);
        assert_eq!(live.count(), usize::from(running));
        let session = list.sessions.first();
        assert!(session.is_none_or(|session| session.room_id == room() && session.created_at.is_none()));
        assert!(session.is_none_or(|session| session.ended_at == Timestamp::from_unix_ms(1_773_479_600_000)));
    }
}

#[tokio::test]
async fn a_history_that_is_not_paged_ends_with_its_second_page_and_one_in_any_order_is_read_whole() {
    // The first page comes for every cursor; then pages shorter than was asked for, out of order and overlapping.
    for (pages, ids, exchanges) in
        [(vec![vec![3, 1, 2]], 3, 2), (vec![vec![3, 9], vec![1, 3], vec![9, 1], vec![7], vec![7]], 4, 5)]
    {
        let server = MockServer::start().await;
        let last = pages.len() - 1;
        for (cursor, rows) in pages.into_iter().enumerate() {
            let row = |id: i32| format!(r#"{{"sessionId":"s{id}","startTime":1773479500000,"endTime":null}}"#);
            let body = format!(r#"{{"sessions":[{}]}}"#, rows.into_iter().map(row).collect::<Vec<_>>().join(","));
            let mut mock = Mock::given(path("/api/v2/sdk/rooms/session-details"));
            if last > 0 {
                mock = mock.and(query_param("cursor", cursor.to_string()));
            }
            mock.respond_with(ResponseTemplate::new(200).set_body_string(body)).mount(&server).await;
        }
        let call = call();
        let list = provider(&server, 200).list_room_sessions(&call, &room()).await.unwrap();
        let came: BTreeSet<_> = list.sessions.iter().map(|session| session.session_id.clone()).collect();
        assert_eq!((came.len(), list.sessions.len(), call.exchanges()), (ids, ids, exchanges));
    }
}

#[tokio::test]
async fn a_room_that_is_unknown_has_no_sessions_and_a_wrong_path_is_no_room() {
    for (body, is_empty) in [(r#"{"message":"Room Not Found"}"#, true), ("404 Not Found", false)] {
        let server = MockServer::start().await;
        let answer = ResponseTemplate::new(404).set_body_string(body);
        Mock::given(wiremock::matchers::any()).respond_with(answer).mount(&server).await;
        let outcome = provider(&server, 200).list_room_sessions(&call(), &room()).await;
        match outcome {
            Ok(list) => assert!(is_empty && list.sessions.is_empty()),
            Err(error) => assert!(!is_empty && error.kind() == ErrorKind::ProviderBadResponse),
        }
    }
}

#[tokio::test]
async fn a_history_of_too_many_pages_is_never_a_shortened_one() {
    let (server, call) = (history(45, true).await, call());
    let error = provider(&server, 3).list_room_sessions(&call, &room()).await.unwrap_err();
    assert_eq!((error.kind(), call.exchanges()), (ErrorKind::ProviderBadResponse, 3));
    assert_eq!(error.operation(), Some(session_provider::Operation::ListRoomSessions));
}
