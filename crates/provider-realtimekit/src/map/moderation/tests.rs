use http::StatusCode;
use rstest::rstest;
use serde_json::{Value, json};
use session_provider::{Effect, ErrorKind, Intent, Operation};

use super::*;

fn made(data: Value) -> Response {
    let body = json!({"success": true, "data": data}).to_string();
    Response::made(Operation::KickParticipants, Intent::Mutation, StatusCode::OK, body)
}

#[track_caller]
fn unknown_effect<T: std::fmt::Debug>(outcome: Result<T>) {
    let error = outcome.unwrap_err();
    assert_eq!((error.kind(), error.effect()), (ErrorKind::ProviderBadResponse, Effect::Unknown));
}

#[test]
fn what_a_kicked_row_lacks_is_not_said() {
    let kicked = kicked(
        &made(
            json!({"participants": [{"id": "p", "name": "", "email": "", "picture": 1}, {"id": "a.b"}, {"name": "x"}, 7]}),
        ),
        now(),
    );
    let nobody = KickedParticipant {
        participant_id: None,
        display_name: None,
        email: None,
        picture_url: None,
        created_at: None,
        updated_at: None,
    };
    let expected = KickedParticipant {
        participant_id: ParticipantId::new("p").ok(),
        display_name: Some(String::new()),
        ..nobody.clone()
    };
    let named = KickedParticipant { display_name: Some("x".into()), ..nobody.clone() };
    assert_eq!(kicked.unwrap(), [expected, nobody, named]);
}

#[test]
fn a_kick_that_was_accepted_is_no_error_whatever_its_answer_lacks() {
    for data in [json!({"participants": []}), json!(null), json!({}), json!([]), json!({"participants": {}})] {
        assert_eq!(kicked(&made(data), now()).unwrap(), []);
    }
    let refused = json!({"success": false, "data": {"participants": []}}).to_string();
    let refused = Response::made(Operation::KickParticipants, Intent::Mutation, StatusCode::OK, refused);
    unknown_effect(kicked(&refused, now()));
}

#[rstest]
#[case(json!({"kicked_participants_count": 12}), Some(12))]
#[case(json!({"kicked_participants_count": "12"}), Some(12))]
#[case(json!({"kicked_participants_count": -1}), None)]
#[case(json!({}), None)]
#[case(json!(null), None)]
fn the_count_may_be_unknown(#[case] data: Value, #[case] expected: Option<u64>) {
    assert_eq!(kicked_count(&made(data)).unwrap(), expected);
}

/// A day after the fixtures.
fn now() -> Timestamp {
    Timestamp::parse_rfc3339("2026-03-15T00:00:00Z").unwrap()
}

fn asked() -> NewPoll {
    NewPoll { question: "Q?".into(), options: vec!["A".into(), "B".into()], anonymous: true, hide_votes: false }
}

fn plain(text: &str) -> PollOption {
    PollOption { text: text.into(), count: None, votes: None }
}

#[test]
fn a_poll_may_stand_in_data_itself() {
    let options = json!([{"text": "A", "count": "2", "votes": [{"id": "u", "name": "U"}, {"id": "v"}, {"name": "W"}]}, {"text": "C", "votes": []}]);
    let row = json!({"id": "p", "question": "Q!", "options": options, "anonymous": "true", "voted": ["u", 7]});
    let vote = |id: &str, name: Option<&str>| PollVote { id: id.into(), name: name.map(Into::into) };
    let expected = Poll {
        poll_id: Some("p".into()),
        question: "Q!".into(),
        options: vec![
            PollOption { count: Some(2), votes: Some(vec![vote("u", Some("U")), vote("v", None)]), ..plain("A") },
            PollOption { votes: Some(vec![]), ..plain("C") },
        ],
        anonymous: Some(true),
        hide_votes: None,
        created_by: None,
        voted: Some(vec!["u".into()]),
    };
    assert_eq!(poll(&made(row.clone()), &asked()).unwrap(), expected);
    assert_eq!(poll(&made(json!({"poll": row})), &asked()).unwrap(), expected);
}

#[test]
fn a_poll_that_was_accepted_is_no_error_and_what_its_answer_lacks_is_not_said() {
    let bare = Poll {
        poll_id: None,
        question: "Q?".into(),
        options: vec![plain("A"), plain("B")],
        anonymous: None,
        hide_votes: None,
        created_by: None,
        voted: None,
    };
    for data in [json!(null), json!({}), json!([]), json!({"poll": {}}), json!({"poll": {"id": {}, "options": {}}})] {
        assert_eq!(poll(&made(data), &asked()).unwrap(), bare);
    }
    for (option, expected) in [
        (json!({"text": "A"}), plain("A")),
        (json!({"count": 1}), PollOption { count: Some(1), ..plain("A") }),
        (json!(null), plain("A")),
        (json!({"text": "A", "count": 1.5}), plain("A")),
    ] {
        let read = poll(&made(json!({"poll": {"id": "p", "options": [option]}})), &asked()).unwrap();
        assert_eq!(read, Poll { poll_id: Some("p".into()), options: vec![expected], ..bare.clone() });
    }
}
