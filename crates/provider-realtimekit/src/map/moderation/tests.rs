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
fn kicked_rows_without_an_id_are_left_out() {
    let kicked =
        kicked(&made(json!({"participants": [{"id": "p", "name": "", "email": "", "picture": 1}, {"id": "a/b"}, 7]})));
    let expected = KickedParticipant {
        participant_id: ParticipantId::new("p").unwrap(),
        display_name: Some(String::new()),
        email: None,
        picture_url: None,
        created_at: None,
        updated_at: None,
    };
    assert_eq!(kicked.unwrap(), [expected]);
}

#[test]
fn a_kick_whose_answer_cannot_be_read_may_have_happened() {
    assert_eq!(kicked(&made(json!({"participants": []}))).unwrap(), []);
    for data in
        [json!(null), json!({}), json!([]), json!({"participants": {}}), json!({"participants": [{"name": "x"}]})]
    {
        unknown_effect(kicked(&made(data)));
    }
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

#[test]
fn a_poll_may_stand_in_data_itself_and_needs_what_it_promises() {
    let options = json!([{"text": "A", "count": "2", "votes": [{"id": "u", "name": "U"}, {"id": "v"}]}, {"text": "B", "votes": []}]);
    let row = json!({"id": "p", "question": "Q?", "options": options, "anonymous": "true", "voted": ["u", 7]});
    let expected = Poll {
        poll_id: "p".into(),
        question: "Q?".into(),
        options: vec![
            PollOption { text: "A".into(), count: 2, votes: vec![PollVote { id: "u".into(), name: "U".into() }] },
            PollOption { text: "B".into(), count: 0, votes: vec![] },
        ],
        anonymous: Some(true),
        hide_votes: None,
        created_by: None,
        voted: Some(vec!["u".into()]),
    };
    assert_eq!(poll(&made(row.clone())).unwrap(), expected);
    assert_eq!(poll(&made(json!({"poll": row.clone()}))).unwrap(), expected);
    for key in ["id", "question", "options"] {
        let mut lacking = row.clone();
        lacking.as_object_mut().unwrap().remove(key);
        unknown_effect(poll(&made(json!({"poll": lacking}))));
    }
    for option in [json!({"text": "A"}), json!({"count": 1}), json!(null), json!({"text": "A", "count": 1.5})] {
        let mut odd = row.clone();
        odd["options"] = json!([option]);
        unknown_effect(poll(&made(odd)));
    }
    unknown_effect(poll(&made(json!(null))));
}
