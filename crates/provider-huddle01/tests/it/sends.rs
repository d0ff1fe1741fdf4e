//! Each operation: one exchange, to the documented place, with the key in its header.

use session_provider::{Operation, SessionProvider};
use wiremock::matchers::{any, body_bytes, header, method, path, query_param};
use wiremock::{Mock, MockServer, ResponseTemplate};

use super::*;

async fn server(at: &str, query: Option<(&str, &str)>, file: &str) -> MockServer {
    let server = MockServer::start().await;
    let mut mock = Mock::given(method("GET")).and(path(at)).and(header("x-api-key", KEY)).and(body_bytes(b""));
    if let Some((name, value)) = query {
        mock = mock.and(query_param(name, value));
    }
    mock.respond_with(ResponseTemplate::new(200).set_body_raw(fixture(file), "application/json"))
        .expect(1)
        .mount(&server)
        .await;
    Mock::given(any()).respond_with(ResponseTemplate::new(418)).expect(0).mount(&server).await;
    server
}

#[tokio::test]
async fn list_live_sessions() {
    let server = server("/api/v2/sdk/live-sessions", None, "huddle01/live-sessions.200.json").await;
    let list = provider(&server, 1).list_live_sessions(&call()).await.unwrap();
    assert_eq!(list.sessions.len(), 2);
}

#[tokio::test]
async fn get_live_session() {
    let at = "/api/v2/sdk/live-sessions/bvr-ntqi-ylc";
    let server = server(at, None, "huddle01/live-session.200.object.json").await;
    let call = call();
    let session = provider(&server, 1).get_live_session(&call, &room()).await.unwrap();
    assert_eq!((session.participant_count, session.room_id), (Some(412), room()));
    assert_eq!(call.exchanges(), 1);
}

#[tokio::test]
async fn list_live_participants() {
    let at = "/api/v2/sdk/live-sessions/participants/bvr-ntqi-ylc";
    let server = server(at, None, "huddle01/participants.200.json").await;
    let list = provider(&server, 1).list_live_participants(&call(), &room()).await.unwrap();
    assert_eq!((list.participants.len(), list.reported_count), (2, Some(2)));
}

#[tokio::test]
async fn list_session_participants() {
    let (id, at) = (session(), "/api/v2/sdk/rooms/participant-list");
    let server = server(at, Some(("sessionId", id.as_str())), "huddle01/participant-list.200.json").await;
    let list = provider(&server, 1).list_session_participants(&call(), &id).await.unwrap();
    assert_eq!(list.participants.len(), 2);
}

#[tokio::test]
async fn find_live_session_id() {
    let at = "/api/v2/sdk/rooms/session-details";
    let server = server(at, Some(("roomId", "bvr-ntqi-ylc")), "huddle01/session-details.200.running.json").await;
    let found = provider(&server, 1).find_live_session_id(&call(), &room()).await.unwrap();
    assert_eq!(found, Some(session()));
}

#[tokio::test]
async fn what_the_mapping_refuses_names_provider_and_operation() {
    let server = server("/api/v2/sdk/live-sessions", None, "huddle01/error.200.html-login.html").await;
    let provider = provider(&server, 1);
    let error = provider.list_live_sessions(&call()).await.unwrap_err();
    assert_eq!((error.provider(), error.operation()), (Some(provider.id()), Some(Operation::ListLiveSessions)));
}
