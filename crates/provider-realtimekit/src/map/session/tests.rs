use http::StatusCode;
use proptest::prelude::*;
use rstest::rstest;
use serde_json::{Value, json};
use session_provider::{BreakoutRoom, SessionType};
use session_provider::{Intent, Operation, RawJson, Timestamp};

use super::*;

fn made(body: &Value) -> Response {
    Response::made(Operation::ListLiveSessions, Intent::Read, StatusCode::OK, body.to_string())
}

fn page_of(rows: Value) -> Result<Page<Session>> {
    live_page(&made(&json!({"success": true, "data": {"sessions": rows}})), now())
}

/// A day after the fixtures.
fn now() -> Timestamp {
    Timestamp::parse_rfc3339("2026-03-15T00:00:00Z").unwrap()
}

fn one(row: Value) -> Session {
    page_of(json!([row])).unwrap().rows.remove(0).value.unwrap()
}

fn active(data: Value) -> Result<Session> {
    live(&made(&json!({"success": true, "data": data})), &RoomId::new("asked").unwrap(), now())
        .map(|(_, session)| session)
}

#[test]
fn a_row_of_the_wrong_types_keeps_its_ids_and_nothing_else() {
    let row = json!({"id": "s", "associated_id": "r", "meeting_display_name": 7, "type": [], "status": "LIVE",
        "live_participants": "many", "max_concurrent_participants": -1, "minutes_consumed": {}, "organization_id": "",
        "started_at": 16, "created_at": "soon", "updated_at": null, "ended_at": false, "breakout_rooms": {}, "meta": null});
    let expected = Session {
        session_id: Some(SessionId::new("s").unwrap()),
        extensions: RawJson::parse(r#"{"organization_id":null,"associated_id":"r"}"#),
        ..Session::of_room(RoomId::new("r").unwrap(), SessionStatus::Live)
    };
    assert_eq!(one(row), expected);
    assert_eq!(one(json!({"id": "s", "associated_id": "r"})), expected);
}

#[test]
fn one_bad_row_does_not_spoil_the_list() {
    let body = r#"{"success":true,"data":{"sessions":[{"id":"s","associated_id":"r"},null,3,"x",[],["s","r"],{},
        {"id":"s2"},{"associated_id":"r"},{"id":"","associated_id":"r"},{"id":5,"associated_id":"r"},
        {"id":"a/b","associated_id":"r"},{"id":"s3","associated_id":"../r"},{"id":"s4","associated_id":null,"\ud83d":1,"ID":"s5"},
        {"id":"cut","associated_id":"r2","meeting_display_name":"half \ud83d"}]}}"#;
    let response = Response::made(Operation::ListLiveSessions, Intent::Read, StatusCode::OK, body);
    let page = live_page(&response, now()).unwrap();
    assert_eq!(page.rows.iter().map(|row| row.key.as_str()).collect::<Vec<_>>(), ["s", "cut"]);
    assert_eq!(page.dropped, 13);
}

#[rstest]
#[case(json!("LIVE"), Some(SessionStatus::Live))]
#[case(json!("live"), Some(SessionStatus::Live))]
#[case(json!("Ended"), None)]
#[case(json!("PAUSED"), Some(SessionStatus::Unknown))]
#[case(json!(1), Some(SessionStatus::Unknown))]
#[case(json!(null), Some(SessionStatus::Live))]
fn the_live_list_is_filtered_again(#[case] status: Value, #[case] expected: Option<SessionStatus>) {
    let row = json!({"id": "s", "associated_id": "r", "status": status});
    let page = page_of(json!([row.clone()])).unwrap();
    assert_eq!(page.rows[0].value.as_ref().map(|session| session.status), expected);
    assert_eq!(
        active(row).map(|session| session.status).map_err(|error| error.kind()),
        expected.ok_or(ErrorKind::SessionNotLive)
    );
}

#[test]
fn a_row_that_ended_but_does_not_say_live_is_not_live() {
    let ended = "2026-03-14T10:31:02.101Z";
    for status in [json!(null), json!("CLOSED")] {
        let page = page_of(json!([{"id": "s", "associated_id": "r", "status": status, "ended_at": ended}])).unwrap();
        assert_eq!(page.rows[0].value, None);
    }
    assert_eq!(
        one(json!({"id": "s", "associated_id": "r", "status": "LIVE", "ended_at": ended})).status,
        SessionStatus::Live
    );
    for running in [
        json!("null"),
        json!(""),
        json!("soon"),
        json!(0),
        json!("Invalid date"),
        json!("0001-01-01T00:00:00Z"),
        json!("9999-12-31T00:00:00Z"),
    ] {
        let row = json!({"id": "s", "associated_id": "r", "ended_at": running});
        assert_eq!((one(row.clone()).status, one(row).ended_at), (SessionStatus::Live, None));
    }
}

#[rstest]
#[case(json!({"success": true}))]
#[case(json!({"success": true, "data": null}))]
#[case(json!({"success": true, "data": []}))]
#[case(json!({"success": true, "data": {}}))]
#[case(json!({"success": true, "data": {"sessions": null}}))]
#[case(json!({"success": true, "data": {"sessions": {}}}))]
#[case(json!({"success": true, "data": {"sessions": "[]"}}))]
#[case(json!({"success": true, "sessions": []}))]
fn a_missing_list_is_never_an_empty_one(#[case] body: Value) {
    assert_eq!(live_page(&made(&body), now()).unwrap_err().kind(), ErrorKind::ProviderBadResponse);
}

#[test]
fn of_two_sessions_in_a_room_the_one_that_started_last_is_listed() {
    let session = |id: &str, started: Option<i64>| Session {
        session_id: Some(SessionId::new(id).unwrap()),
        started_at: started.and_then(Timestamp::from_unix_ms),
        ..Session::of_room(RoomId::new("r").unwrap(), SessionStatus::Live)
    };
    for order in [[0, 1, 2], [2, 1, 0], [1, 0, 2]] {
        let all = [session("old", Some(1)), session("new", Some(2)), session("unknown", None)];
        let values = order.iter().map(|at| all[*at].clone()).collect();
        let list = list(Walked { values, dropped: 4, total_count: None, settled: true });
        assert_eq!(list, SessionList { sessions: vec![all[1].clone()], dropped: 4, settled: true });
    }
}

#[test]
fn the_live_session_is_of_the_room_asked_for_and_needs_an_id() {
    let session = active(json!({"id": "s", "associated_id": "lcfvaa-absxch"})).unwrap();
    assert_eq!((session.room_id.as_str(), session.aliases), ("asked", vec![RoomId::new("lcfvaa-absxch").unwrap()]));
    let said = r#"{"organization_id":null,"associated_id":"lcfvaa-absxch"}"#;
    assert_eq!(session.extensions, RawJson::parse(said));
    assert_eq!(active(json!({"session": {"id": "s"}})).unwrap().session_id, SessionId::new("s").ok());
    for bad in [json!({}), json!([]), json!({"id": null}), json!({"id": "a/b"}), json!({"id": 7}), json!("LIVE")] {
        assert_eq!(active(bad.clone()).unwrap_err().kind(), ErrorKind::ProviderBadResponse, "{bad}");
    }
    assert_eq!(
        live(&made(&json!({"success": true})), &session.room_id, now()).unwrap_err().kind(),
        ErrorKind::ProviderBadResponse
    );
}

#[test]
fn a_session_by_id_needs_its_id_and_its_room() {
    let read =
        |data: Value| by_id(&made(&json!({"success": true, "data": data})), &SessionId::new("s").unwrap(), now());
    assert_eq!(read(json!({"id": "s", "associated_id": "r"})).unwrap().status, SessionStatus::Unknown);
    let ended = json!({"session": {"id": "s", "associated_id": "r", "ended_at": "2026-03-14T10:31:02Z"}});
    assert_eq!(read(ended).unwrap().status, SessionStatus::Ended);
    assert_eq!(read(json!({"id": "s", "associated_id": "r", "status": "odd"})).unwrap().status, SessionStatus::Unknown);
    for bad in
        [json!(null), json!([]), json!({"id": "s"}), json!({"associated_id": "r"}), json!({"session": {"id": "s"}})]
    {
        assert_eq!(read(bad.clone()).unwrap_err().kind(), ErrorKind::ProviderBadResponse, "{bad}");
    }
    let other = json!({"id": "another", "associated_id": "r"});
    for another in [other.clone(), json!({"session": other})] {
        assert_eq!(read(another.clone()).unwrap_err().kind(), ErrorKind::ProviderBadResponse, "{another}");
    }
    assert!(read(json!({"id": "S", "associated_id": "r"})).is_ok());
    let beside = json!({"session": null, "id": "s", "associated_id": "r"});
    assert_eq!(read(beside).unwrap().session_id, SessionId::new("s").ok());
}

#[test]
fn breakout_rooms_are_rows_without_needs_and_without_nesting() {
    let rooms = |rooms: Value| one(json!({"id": "s", "associated_id": "r", "breakout_rooms": rooms})).breakout_rooms;
    assert_eq!(rooms(json!(null)), None);
    assert_eq!(rooms(json!({"id": "x"})), None);
    assert_eq!(rooms(json!([])), Some(vec![]));
    let row = json!({"id": "b", "status": "LIVE", "type": "odd", "live_participants": 2, "meta": {"a": 1}, "breakout_rooms": [{}]});
    let expected = BreakoutRoom {
        session_id: SessionId::new("b").ok(),
        status: Some(SessionStatus::Live),
        session_type: Some(SessionType::Unknown),
        participant_count: Some(2),
        metadata: RawJson::parse(r#"{"a":1}"#),
        ..BreakoutRoom::default()
    };
    assert_eq!(rooms(json!([row, null, 7, {}])), Some(vec![expected, BreakoutRoom::default()]));
}

#[test]
fn metadata_is_meta_or_metadata_as_it_came() {
    for key in ["meta", "metadata"] {
        assert_eq!(one(json!({"id": "s", "associated_id": "r", key: "{}"})).metadata, RawJson::parse(r#""{}""#));
    }
    let both = json!({"id": "s", "associated_id": "r", "meta": {"a": 1}, "metadata": 2});
    assert_eq!(one(both).metadata, RawJson::parse(r#"{"a":1}"#));
}

#[test]
fn metadata_and_titles_keep_what_can_be_kept() {
    let body = [
        &br#"{"success":true,"data":{"sessions":[{"id":"s","associated_id":"r","meeting_display_name":"cut \ud83d","#[..],
        br#""meta":{"b":123456789012345678901234567890,"a":0.1000000000000000055511151231257827,"s":"\ud83d"}},"#,
        b"{\"id\":\"t\",\"associated_id\":\"q\",\"meeting_display_name\":\"bad \xff\"}]}}",
    ];
    let response = Response::made(Operation::ListLiveSessions, Intent::Read, StatusCode::OK, body.concat());
    let rows = live_page(&response, now()).unwrap().rows;
    let read: Vec<_> = rows.into_iter().filter_map(|row| row.value).collect();
    let titles: Vec<_> = read.iter().map(|session| session.title.as_deref()).collect();
    assert_eq!(titles, [Some("cut \u{fffd}"), Some("bad \u{fffd}")]);
    let kept = r#"{"b":123456789012345678901234567890,"a":0.1000000000000000055511151231257827,"s":"\ufffd"}"#;
    assert_eq!(read[0].metadata, RawJson::parse(kept));
}

#[test]
fn a_million_rows_are_refused_or_counted_without_being_held() {
    let body = |row: &str| {
        let rows = vec![row; 1_000_000].join(",");
        let body = format!(r#"{{"success":true,"data":{{"sessions":[{rows}]}}}}"#);
        Response::made(Operation::ListLiveSessions, Intent::Read, StatusCode::OK, body)
    };
    assert_eq!(live_page(&body("{}"), now()).unwrap().dropped, 1_000_000);
    let error = live_page(&body(r#"{"id":"s","associated_id":"r"}"#), now()).unwrap_err();
    assert_eq!(error.kind(), ErrorKind::ProviderBadResponse);
    let rooms = format!(r#"{{"id":"s","associated_id":"r","breakout_rooms":[{}]}}"#, vec!["{}"; 100_000].join(","));
    let body = format!(r#"{{"success":true,"data":{{"sessions":[{rooms}]}}}}"#);
    let crowded = Response::made(Operation::ListLiveSessions, Intent::Read, StatusCode::OK, body);
    assert_eq!(live_page(&crowded, now()).unwrap_err().kind(), ErrorKind::ProviderBadResponse);
}

/// Rows some of which have an id in common, and some a time that is believed one refresh after the other.
fn rows() -> impl Strategy<Value = Vec<Value>> {
    let at = ["2026-03-14T10:00:00Z", "2026-03-16T00:00:00Z", "2026-03-16T00:00:00.001Z", "2026-03-16T00:00:00.002Z"];
    let row =
        (0..3, 0..at.len(), 0..at.len() + 1, any::<bool>(), 0..2).prop_map(move |(id, began, ended, says, count)| {
            let mut row = json!({"id": format!("s{id}"), "associated_id": "r", "started_at": at[began],
            "ended_at": at.get(ended), "live_participants": count});
            if says {
                row["status"] = json!("LIVE");
            }
            row
        });
    proptest::collection::vec(prop_oneof![row, Just(json!({})), Just(json!([]))], 0..6)
}

proptest! {
    #[test]
    fn what_is_known_is_what_would_be_read(lists in proptest::collection::vec(rows(), 1..5)) {
        let mut known = KnownSessions::new(8);
        for (at, rows) in lists.iter().enumerate() {
            let response = made(&json!({"success": true, "data": {"sessions": rows}}));
            let now = Timestamp::from_unix_ms(now().unix_ms() + at as i64).unwrap();
            known.begin();
            let (knowing, anew) = (live_page_knowing(&response, now, &mut known), live_page(&response, now));
            let (knowing, anew) = (knowing.unwrap(), anew.unwrap());
            prop_assert_eq!((knowing.rows, knowing.dropped), (anew.rows, anew.dropped));
        }
    }
}

#[test]
fn a_broken_row_breaks_the_page() {
    for rows in [r#"{"id":"s","associated_id":"r"},{"id":}"#, r#"{"id":"s" "associated_id":"r"}"#, "01"] {
        let body = format!(r#"{{"success":true,"data":{{"sessions":[{rows}]}}}}"#);
        let response = Response::made(Operation::ListLiveSessions, Intent::Read, StatusCode::OK, body);
        assert_eq!(live_page(&response, now()).unwrap_err().kind(), ErrorKind::ProviderBadResponse, "{rows}");
    }
}
