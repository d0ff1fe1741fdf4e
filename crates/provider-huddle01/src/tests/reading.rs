//! The reading rules that no fixture shows.

use serde_json::json;
use session_provider::{ErrorKind, Operation, ParticipantList, RawJson, Session, SessionList};

use crate::map::*;
use crate::requests::HISTORY_PAGE;
use crate::tests::fixtures::{Reading, decode, now};

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
        assert_eq!(decode(operation, 200, vec![0xff; 1 << 20]), BAD, "{operation}: not UTF-8");
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
    let (known, unknown) = (r#"{"roomId":"a","startTime":1773479547555}"#, r#"{"roomId":"a","startTime":null}"#);
    for rows in [[known, unknown], [unknown, known]] {
        let list = sessions(&format!(r#"{{"liveSessions":[{}]}}"#, rows.join(",")));
        let starts: Vec<_> = list.sessions.iter().map(|session| session.started_at.map(|at| at.unix_ms())).collect();
        assert_eq!(starts, [Some(1_773_479_547_555)]);
    }
}

/// So many seconds after 2026-03-14T09:12:27.555Z.
fn ms(seconds: i64) -> i64 {
    1_773_479_547_555 + seconds * 1000
}

#[test]
fn a_single_session_is_of_the_room_asked_for_or_of_a_room_that_it_does_not_name() {
    let row = |room: &str, start: i64| format!(r#"{{"roomId":"{room}","startTime":{}}}"#, ms(start));
    let nameless = |start: i64| format!(r#"{{"startTime":{}}}"#, ms(start));
    let body = |rows: &[String]| format!(r#"{{"liveSessions":[{}]}}"#, rows.join(","));
    let of = |rows: &[String]| {
        let session = single(&body(rows));
        assert_eq!(session.room_id.as_str(), "bvr-ntqi-ylc");
        session.started_at.map(|at| at.unix_ms())
    };
    assert_eq!(of(&[row("x", 1), row("bvr-ntqi-ylc", 2), row("bvr-ntqi-ylc", 3)]), Some(ms(2)));
    assert_eq!(of(&["null".into(), row("bvr-ntqi-ylc", 2)]), Some(ms(2)));
    assert_eq!(of(&[nameless(1), row("bvr-ntqi-ylc", 2)]), Some(ms(2)));
    assert_eq!(of(&[row("x", 1), nameless(3), nameless(4)]), Some(ms(3)));
    for foreign in [body(&[row("x", 1), row("y", 2)]), format!(r#"{{"liveSessions":{}}}"#, row("x", 1))] {
        assert_eq!(decode(Operation::GetLiveSession, 200, foreign.clone()), BAD, "{foreign}");
    }
    assert_eq!(decode(Operation::GetLiveSession, 200, r#"{"liveSessions":{}}"#), BAD);
    let started = format!(r#"{{"liveSessions":{{"currentPeerCount":"3","startTime":{}}}}}"#, ms(1));
    assert_eq!(single(&started).participant_count, Some(3));
}

#[test]
fn an_exit_time_that_is_set_means_gone_and_only_one_that_can_be_read_is_shown() {
    let body = format!(
        r#"{{"participants":[{{"peerId":"a","exitTime":null}},{{"peerId":"b","EXITTIME":{}}},
        {{"peerId":"c","exitTime":"later"}},{{"peerId":"d"}}]}}"#,
        ms(7)
    );
    let ids = |list: &ParticipantList| -> Vec<String> {
        list.participants.iter().map(|participant| participant.connection_id.to_string()).collect()
    };
    let live = participants(Operation::ListLiveParticipants, &body);
    assert_eq!((ids(&live), live.dropped, live.reported_count), (vec!["a".into(), "d".into()], 0, None));
    let all = participants(Operation::ListSessionParticipants, &body);
    let left: Vec<_> = all.participants.iter().map(|participant| participant.left_at.map(|at| at.unix_ms())).collect();
    assert_eq!((ids(&all).len(), left), (4, vec![None, Some(ms(7)), None, None]));

    let everybody_left = format!(r#"{{"participants":[{{"peerId":"a","exitTime":{}}}]}}"#, ms(7));
    assert_eq!(participants(Operation::ListLiveParticipants, &everybody_left), ParticipantList::default());
    let and_somebody_unreadable =
        format!(r#"{{"participants":[{{"peerId":"a","exitTime":{}}},{{"peerId":{{}}}}]}}"#, ms(7));
    assert_eq!(decode(Operation::ListLiveParticipants, 200, and_somebody_unreadable), BAD);
}

#[test]
fn who_has_left_at_a_time_that_is_not_set_is_there() {
    for exit in
        ["0", "-1", "\"\"", "false", "\"null\"", "\"Invalid date\"", "\"0001-01-01T00:00:00Z\"", "7", "9999999999999"]
    {
        let body = format!(r#"{{"participants":[{{"peerId":"a","joinTime":{exit},"exitTime":{exit}}}]}}"#);
        let list = participants(Operation::ListLiveParticipants, &body);
        let times: Vec<_> = list.participants.iter().map(|peer| (peer.joined_at, peer.left_at)).collect();
        assert_eq!(times, [(None, None)], "{exit}");
    }
    let seconds = r#"{"participants":[{"peerId":"a","joinTime":1773479547}]}"#;
    let joined = participants(Operation::ListLiveParticipants, seconds).participants.remove(0).joined_at;
    assert_eq!(joined.map(|at| at.to_string()).as_deref(), Some("2026-03-14T09:12:27.000Z"));
}

#[test]
fn an_odd_id_costs_nobody_the_row() {
    let long = "x".repeat(300);
    let body = format!(
        r#"{{"participants":[{{"peerId":"a.b"}},{{"peerId":"ü@x/1"}},{{"peerId":7}},{{"peerId":"a\u0007"}},{{"peerId":"{long}"}}]}}"#
    );
    let list = participants(Operation::ListLiveParticipants, &body);
    let ids: Vec<_> =
        list.participants.iter().map(|peer| (peer.participant_id.is_some(), peer.connection_id.as_str())).collect();
    assert_eq!(ids[..3], [(false, "a.b"), (false, "ü@x/1"), (true, "7")]);
    assert!(ids[3].1.starts_with("a\u{fffd}~") && ids[4].1.starts_with("xxx"), "{ids:?}");
    assert_eq!((ids.len(), list.dropped), (5, 0));
}

#[test]
fn half_a_surrogate_and_broken_text_cost_a_character() {
    let body = [&br#"{"participants":[{"peerId":"a","metadata":{"displayName":"cut \ud83d","n":12345678901234567890123}},{"peerId":"b","metadata":"{\"displayName\":\"bad "#[..], b"\xff", br#"\"}"}]}"#].concat();
    let Reading::Participants(list) = decode(Operation::ListLiveParticipants, 200, body) else { panic!("no list") };
    let names: Vec<_> = list.participants.iter().map(|peer| peer.display_name.as_deref()).collect();
    assert_eq!(names, [Some("cut \u{fffd}"), Some("bad \u{fffd}")]);
    let metadata: Vec<_> = list.participants.iter().map(|peer| peer.metadata.as_ref().map(RawJson::get)).collect();
    let first = r#"{"displayName":"cut \ufffd","n":12345678901234567890123}"#;
    assert_eq!(metadata, [Some(first), Some("{\"displayName\":\"bad \u{fffd}\"}")]);
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
fn the_history_is_walked_to_the_running_session_or_the_end() {
    use http::StatusCode;
    use session_provider::{Intent, SessionId};
    use upstream_http::Response;

    let row = |id: &str, start: i64, end: &str| format!(r#"{{"sessionId":"{id}","startTime":{}{end}}}"#, ms(start));
    let over = format!(r#","endTime":{}"#, ms(2));
    let ended = |id: &str| row(id, 1, &over);
    let page = |rows: &[String]| {
        let body = format!(r#"{{"sessions":[{}]}}"#, rows.join(","));
        Response::made(Operation::FindLiveSessionId, Intent::Read, StatusCode::OK, body)
    };
    let full = |from: usize| (from..from + HISTORY_PAGE).map(|id| ended(&id.to_string())).collect::<Vec<_>>();
    let found = |id: &str| Step::Found(SessionId::new(id).unwrap());

    let mut walk = HistoryWalk::new(now());
    assert_eq!(walk.take(&page(&full(0))).unwrap(), Step::Next);
    assert_eq!(walk.take(&page(&full(20))).unwrap(), Step::Next);
    assert_eq!(walk.take(&page(&full(20))).unwrap_err().kind(), ErrorKind::ProviderBadResponse);
    assert_eq!(HistoryWalk::new(now()).take(&page(&full(0)[1..])).unwrap(), Step::NotRunning);
    let unpaged: Vec<_> = [full(0), full(20)].concat();
    assert_eq!(HistoryWalk::new(now()).take(&page(&unpaged)).unwrap(), Step::NotRunning);

    let one = |rows: &[String]| HistoryWalk::new(now()).take(&page(rows));
    let null = r#","endTime":null"#;
    assert_eq!(one(&[row("a", 1, null), row("b", 3, null), row("c", 2, r#","endTime":0"#)]).unwrap(), found("b"));
    assert_eq!(one(&[r#"{"sessionId":"a","startTime":null}"#.into(), row("b", 1, null)]).unwrap(), found("b"));
    assert_eq!(one(&[row("a", 9, r#","endTime":"later""#), row("b", 1, "")]).unwrap(), found("b"));
    assert_eq!(one(&[r#"{"SesssionID":"a","endtime":null}"#.into()]).unwrap(), found("a"));
    assert_eq!(one(&["7".into(), ended("a")]).unwrap(), Step::NotRunning);
    let nameless = one(&[row("a b", 3, null), ended("a")]).unwrap_err();
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
    let error = live_sessions(&response, now()).unwrap_err();
    assert_eq!(error.source().unwrap().to_string(), "Eof at line 1 column 39");
    let text = Response::made(Operation::ListLiveSessions, Intent::Read, StatusCode::OK, "\"canary\"");
    let error = live_sessions(&text, now()).unwrap_err();
    assert!(!format!("{error} {error:?}").contains("canary"), "{error:?}");
}
