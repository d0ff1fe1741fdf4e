//! The walk over a room's history asks for page after page, and not for one more than needed.

use session_provider::{ErrorKind, SessionProvider};
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
