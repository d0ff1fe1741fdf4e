//! The reading rules that no fixture shows.

use serde_json::json;
use session_provider::{ErrorKind, Operation, ParticipantList, RawJson, Session, SessionList};

use super::fixture_tests::{Reading, decode};
use super::*;
use crate::requests::HISTORY_PAGE;

const BAD: Reading = Reading::Failed(ErrorKind::ProviderBadResponse);
const NOT_LIVE: Reading = Reading::Failed(ErrorKind::SessionNotLive);

const OPERATIONS: [(Operation, &str); 5] = [
    (Operation::ListLiveSessions, "liveSessions"),
    (Operation::GetLiveSession, "liveSessions"),
    (Operation::ListLiveParticipants, "participants"),
    (Operation::ListSessionParticipants, "participants"),
    (Operation::FindLiveSessionId, "sessions"),
];

fn sessions(body: &str) -> SessionList {
    match decode(Operation::ListLiveSessions, 200, body) {
        Reading::Sessions(list) => list,
        other => panic!("{other:?} of {body}"),
    }
}

fn single(body: &str) -> Session {
    match decode(Operation::GetLiveSession, 200, body) {
        Reading::Session(session) => *session,
        other => panic!("{other:?} of {body}"),
    }
}

fn participants(operation: Operation, body: &str) -> ParticipantList {
    match decode(operation, 200, body) {
        Reading::Participants(list) => list,
        other => panic!("{other:?} of {body}"),
    }
}

#[test]
fn no_operation_takes_an_answer_that_it_cannot_trust() {
    for (operation, key) in OPERATIONS {
        for body in [
            String::new(),
            "<html></html>".into(),
            "null".into(),
            "[]".into(),
            "{}".into(),
            "{\"".into(),
            format!(r#"{{"{key}":[]"#),
            format!(r#"{{"{key}":[]}}<html>"#),
            format!(r#"{{"{key}":"none"}}"#),
            format!(r#"{{"{key}":0}}"#),
            format!(r#"{{"{key}":false}}"#),
            format!(r#"{{"{key}":[null]}}"#),
            format!(r#"{{"{key}":[[],{{}},"x",7]}}"#),
            format!(r#"{{"data":{{"{key}":[]}}}}"#),
            format!(r#"{{"ok":false,"{key}":[]}}"#),
            format!(r#"{{"{key}":[],"SUCCESS":false}}"#),
            format!(r#"{{"{key}":[],"ok":null,"OK":"false"}}"#),
        ] {
            assert_eq!(decode(operation, 200, body.clone()), BAD, "{operation}: {body}");
        }
        assert_eq!(decode(operation, 200, b"{\"\xff\":[]}".to_vec()), BAD, "{operation}: not UTF-8");
    }
    for operation in [Operation::ListLiveSessions, Operation::ListLiveParticipants, Operation::FindLiveSessionId] {
        for (_, key) in OPERATIONS {
            assert_eq!(decode(operation, 200, format!(r#"{{"{key}":null}}"#)), BAD, "{operation} {key}");
        }
    }
}

#[test]
fn only_a_json_object_makes_a_404_the_products_own() {
    for (operation, _) in OPERATIONS {
        for body in ["", "404 Not Found", "<html>", "[]", "null", "\"Not Found\"", "{", "{} {}"] {
            assert_eq!(decode(operation, 404, body), BAD, "{operation}: {body}");
        }
        let product = match operation {
            Operation::GetLiveSession | Operation::ListLiveParticipants => NOT_LIVE,
            Operation::ListSessionParticipants => Reading::Failed(ErrorKind::SessionNotFound),
            Operation::FindLiveSessionId => Reading::History(Step::NotRunning),
            _ => BAD, // the list itself is always there
        };
        for body in ["{}", r#"{"ok":false,"message":"x"}"#, r#"{"message":"x"}"#, "\u{feff}{}"] {
            assert_eq!(decode(operation, 404, body), product, "{operation}: {body}");
        }
        for status in [400, 402, 405, 409, 410, 422] {
            assert_eq!(decode(operation, status, r#"{"ok":false,"message":"x"}"#), BAD, "{operation}: {status}");
        }
    }
}

#[test]
fn one_bad_row_never_spoils_the_list() {
    let list = sessions(
        r#"{"LIVESESSIONS":[null, 7, [], {"roomId":"a b"}, {"roomId":7}, {"roomId":"\ud800"}, {"startTime":1},
            {"roomId":"a","startTime":{},"livestreamCount":[1],"recordingCount":-1},
            {"roomid":"b","ROOMID":null,"starttime":"soon","x":"\ud800"}]}"#,
    );
    assert_eq!(list.dropped, 7);
    let rooms: Vec<_> = list.sessions.iter().map(|session| session.room_id.as_str()).collect();
    assert_eq!(rooms, ["a", "b"]);
    for session in list.sessions {
        assert_eq!((session.started_at, session.livestream_count, session.recording_count), (None, None, None));
    }
    let list = participants(
        Operation::ListLiveParticipants,
        r#"{"count":"9","participants":[{"peerId":"p","joinTime":[],"role":7,"metadata":1e999},{"peerId":""},{}]}"#,
    );
    assert_eq!((list.participants.len(), list.dropped, list.reported_count), (1, 2, Some(9)));
    assert_eq!(list.participants[0].metadata, RawJson::parse(r#""1e999""#));
    assert_eq!((list.participants[0].joined_at, &list.participants[0].role), (None, &None));
}

#[test]
fn a_known_start_beats_an_unknown_one_whatever_the_order() {
    let (known, unknown) = (r#"{"roomId":"a","startTime":5}"#, r#"{"roomId":"a","startTime":null}"#);
    for rows in [[known, unknown], [unknown, known]] {
        let list = sessions(&format!(r#"{{"liveSessions":[{}]}}"#, rows.join(",")));
        let starts: Vec<_> = list.sessions.iter().map(|session| session.started_at.map(|at| at.unix_ms())).collect();
        assert_eq!(starts, [Some(5)]);
    }
}

#[test]
fn of_several_single_sessions_the_room_asked_for_counts_else_the_first() {
    let row = |room: &str, start: u32| format!(r#"{{"roomId":"{room}","startTime":{start}}}"#);
    let of = |rows: &[String]| {
        let session = single(&format!(r#"{{"liveSessions":[{}]}}"#, rows.join(",")));
        assert_eq!(session.room_id.as_str(), "bvr-ntqi-ylc");
        session.started_at.map(|at| at.unix_ms())
    };
    assert_eq!(of(&[row("x", 1), row("bvr-ntqi-ylc", 2), row("bvr-ntqi-ylc", 3)]), Some(2));
    assert_eq!(of(&[row("x", 1), row("y", 2)]), Some(1));
    assert_eq!(of(&["null".into(), row("bvr-ntqi-ylc", 2)]), Some(2));
    assert_eq!(decode(Operation::GetLiveSession, 200, r#"{"liveSessions":{}}"#), BAD);
    assert_eq!(single(r#"{"liveSessions":{"currentPeerCount":"3","startTime":1}}"#).participant_count, Some(3));
}

#[test]
fn any_exit_time_means_gone_from_the_live_list_and_only_a_usable_one_is_shown_in_the_history() {
    let body = r#"{"participants":[{"peerId":"a","exitTime":null},{"peerId":"b","EXITTIME":7},
        {"peerId":"c","exitTime":"later"},{"peerId":"d"}]}"#;
    let ids = |list: &ParticipantList| -> Vec<String> {
        list.participants.iter().map(|participant| participant.connection_id.to_string()).collect()
    };
    let live = participants(Operation::ListLiveParticipants, body);
    assert_eq!((ids(&live), live.dropped, live.reported_count), (vec!["a".into(), "d".into()], 0, None));
    let all = participants(Operation::ListSessionParticipants, body);
    let left: Vec<_> = all.participants.iter().map(|participant| participant.left_at.map(|at| at.unix_ms())).collect();
    assert_eq!((ids(&all).len(), left), (4, vec![None, Some(7), None, None]));

    let everybody_left = r#"{"participants":[{"peerId":"a","exitTime":7}]}"#;
    assert_eq!(participants(Operation::ListLiveParticipants, everybody_left), ParticipantList::default());
    let and_somebody_unreadable = r#"{"participants":[{"peerId":"a","exitTime":7},{"peerId":7}]}"#;
    assert_eq!(decode(Operation::ListLiveParticipants, 200, and_somebody_unreadable), BAD);
}

#[test]
fn the_role_of_the_row_goes_before_the_metadatas() {
    let list = participants(
        Operation::ListLiveParticipants,
        r#"{"participants":[{"peerId":"a","Role":"host","metadata":{"role":"guest"}},
            {"peerId":"b","metadata":"{\"role\":\"guest\",\"displayName\":7}"},{"peerId":"c","metadata":{"Role":"x"}}]}"#,
    );
    let roles: Vec<_> = list.participants.iter().map(|participant| participant.role.as_deref()).collect();
    assert_eq!(roles, [Some("host"), Some("guest"), None]);
    assert_eq!(list.participants[1].display_name, None);
}

#[test]
fn a_list_that_is_too_long_is_refused_whole() {
    let of = |count: usize| {
        let rows: Vec<_> = (0..count).map(|row| format!(r#"{{"roomId":"r{row}","peerId":"p{row}"}}"#)).collect();
        let rows = rows.join(",");
        format!(r#"{{"liveSessions":[{rows}],"participants":[{rows}]}}"#)
    };
    let fits = of(MAX_ROWS);
    assert_eq!(sessions(&fits).sessions.len(), MAX_ROWS);
    assert_eq!(participants(Operation::ListSessionParticipants, &fits).participants.len(), MAX_ROWS);
    let too_long = of(MAX_ROWS + 1);
    assert_eq!(decode(Operation::ListLiveSessions, 200, too_long.clone()), BAD);
    assert_eq!(decode(Operation::ListLiveParticipants, 200, too_long), BAD);
}

#[test]
fn a_million_rows_and_ten_thousand_levels_are_survived() {
    let deep = format!("{}{}", "[".repeat(10_000), "]".repeat(10_000));
    for (operation, key) in OPERATIONS {
        let million = format!(r#"{{"{key}":[{}0]}}"#, "0,".repeat(1_000_000));
        assert_eq!(decode(operation, 200, million), BAD, "{operation}");
        for body in [deep.clone(), format!(r#"{{"{key}":{deep}}}"#), format!(r#"{{"{key}":[{{"roomId":{deep}}}]}}"#)] {
            assert_eq!(decode(operation, 200, body), BAD, "{operation}");
        }
    }
    let body = format!(r#"{{"x":{deep},"participants":[{{"peerId":"p","metadata":{deep}}}]}}"#);
    let list = participants(Operation::ListLiveParticipants, &body);
    assert_eq!(list.participants[0].metadata, RawJson::parse(&json!(deep).to_string()));
}

#[test]
fn metadata_that_would_fill_the_memory_is_refused() {
    let metadata = format!("[{}0]", "{\"\":0},".repeat(1000));
    let row = format!(r#"{{"peerId":"p","metadata":{metadata}}}"#);
    let of = |rows: usize| format!(r#"{{"participants":[{}]}}"#, vec![row.as_str(); rows].join(","));
    assert_eq!(participants(Operation::ListLiveParticipants, &of(50)).participants.len(), 50);
    assert_eq!(decode(Operation::ListLiveParticipants, 200, of(100)), BAD);
}

#[test]
fn the_history_is_walked_to_the_running_session_or_the_end() {
    use http::StatusCode;
    use session_provider::{Intent, SessionId};
    use upstream_http::Response;

    let row = |id: &str, start: &str, end: &str| format!(r#"{{"sessionId":"{id}","startTime":{start}{end}}}"#);
    let ended = |id: &str| row(id, "1", r#","endTime":2"#);
    let page = |rows: &[String]| {
        let body = format!(r#"{{"sessions":[{}]}}"#, rows.join(","));
        Response::made(Operation::FindLiveSessionId, Intent::Read, StatusCode::OK, body)
    };
    let full = |from: usize| (from..from + HISTORY_PAGE).map(|id| ended(&id.to_string())).collect::<Vec<_>>();
    let found = |id: &str| Step::Found(SessionId::new(id).unwrap());

    let mut walk = HistoryWalk::default();
    assert_eq!(walk.take(&page(&full(0))).unwrap(), Step::Next);
    assert_eq!(walk.take(&page(&full(20))).unwrap(), Step::Next);
    assert_eq!(walk.take(&page(&full(20))).unwrap_err().kind(), ErrorKind::ProviderBadResponse);
    assert_eq!(HistoryWalk::default().take(&page(&full(0)[1..])).unwrap(), Step::NotRunning);
    let unpaged: Vec<_> = [full(0), full(20)].concat();
    assert_eq!(HistoryWalk::default().take(&page(&unpaged)).unwrap(), Step::NotRunning);

    let one = |rows: &[String]| HistoryWalk::default().take(&page(rows));
    let null = r#","endTime":null"#;
    assert_eq!(one(&[row("a", "1", null), row("b", "3", null), row("c", "2", "")]).unwrap(), found("b"));
    assert_eq!(one(&[row("a", "null", null), row("b", "1", null)]).unwrap(), found("b"));
    assert_eq!(one(&[row("a", "9", r#","endTime":{}"#), row("b", "1", "")]).unwrap(), found("b"));
    assert_eq!(one(&[r#"{"SesssionID":"a","endtime":null}"#.into()]).unwrap(), found("a"));
    assert_eq!(one(&["7".into(), ended("a")]).unwrap(), Step::NotRunning);
    let nameless = one(&[row("a b", "3", null), ended("a")]).unwrap_err();
    assert_eq!(nameless.kind(), ErrorKind::ProviderBadResponse);
    assert_eq!(HistoryWalk::too_long().kind(), ErrorKind::ProviderBadResponse);
}

#[test]
fn an_error_says_where_the_json_broke_and_nothing_of_what_it_held() {
    use std::error::Error as _;

    use http::StatusCode;
    use session_provider::Intent;
    use upstream_http::Response;

    let body = r#"{"liveSessions":[{"roomId":"canary-a"}]"#;
    let response = Response::made(Operation::ListLiveSessions, Intent::Read, StatusCode::OK, body);
    let error = live_sessions(&response).unwrap_err();
    assert_eq!(error.source().unwrap().to_string(), "Eof at line 1 column 39");
    let text = Response::made(Operation::ListLiveSessions, Intent::Read, StatusCode::OK, "\"canary\"");
    let error = live_sessions(&text).unwrap_err();
    assert!(!format!("{error} {error:?}").contains("canary"), "{error:?}");
}
