//! What came is what is read. For a real service: one test for each recorded answer in `tests/fixtures/x`.

use session_provider::{ErrorKind, Intent, Operation, RoomId};
use upstream_http::Response;

use super::*;

fn response(status: u16, body: &'static str) -> Response {
    let status = status.try_into().unwrap();
    Response::made(Operation::GetLiveSession, Intent::Read, status, body)
}

fn now() -> session_provider::Timestamp {
    session_provider::Timestamp::parse_rfc3339("2026-11-20T10:00:00Z").unwrap()
}

#[test]
fn what_is_not_said_is_none_and_never_a_zero() {
    let board = RoomId::new("b1").unwrap();
    let told = live_board(&response(200, r#"{"live":{"board":"b1","editors":"?","openedAt":0}}"#), &board, now());
    let told = told.unwrap();
    assert_eq!((told.participant_count, told.started_at, told.title, told.session_id), (None, None, None, None));
}

#[test]
fn numbers_and_texts_are_taken_for_each_other() {
    let board = RoomId::new("7").unwrap();
    let body = r#"{"live":{"Board":7,"session":9,"editors":"3","openedAt":"1795168800"}}"#;
    let told = live_board(&response(200, body), &board, now()).unwrap();
    assert_eq!((told.participant_count, told.session_id.unwrap().as_str().to_owned()), (Some(3), "9".to_owned()));
    assert_eq!(told.started_at.unwrap().to_string(), "2026-11-20T10:00:00.000Z");
}

#[test]
fn another_board_or_none_is_no_answer() {
    let board = RoomId::new("b1").unwrap();
    for body in [r#"{"live":{"board":"b2"}}"#, r#"{"live":{}}"#, r#"{"live":null}"#, r#"{"live":[]}"#, "[]", ""] {
        let error = live_board(&response(200, body), &board, now()).unwrap_err();
        assert_eq!(error.kind(), ErrorKind::ProviderBadResponse, "{body}");
    }
}

#[test]
fn only_the_services_own_404_means_that_nothing_is_live() {
    let board = RoomId::new("b1").unwrap();
    let kind = |body| live_board(&response(404, body), &board, now()).unwrap_err().kind();
    assert_eq!(kind(r#"{"error":{"code":"board_not_live"}}"#), ErrorKind::SessionNotLive);
    for body in ["404 Not Found", "{}", r#"{"error":{"code":"no_such_route"}}"#, r#"{"error":"board_not_live"}"#] {
        assert_eq!(kind(body), ErrorKind::ProviderBadResponse, "{body}");
    }
}

#[test]
fn a_page_that_promises_another_says_where() {
    for next in ["7", "\"\"", "{}"] {
        let body: &'static str = format!(r#"{{"boards":[],"next":{next}}}"#).leak();
        let error = live_boards_page(&response(200, body), now()).unwrap_err();
        assert_eq!(error.kind(), ErrorKind::ProviderBadResponse, "{body}");
    }
    let last = live_boards_page(&response(200, r#"{"boards":[{"board":"b1"},{}]}"#), now()).unwrap();
    assert_eq!((last.rows.len(), last.dropped, last.next), (1, 1, None));
}
