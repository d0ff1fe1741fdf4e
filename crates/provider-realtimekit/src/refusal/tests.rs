use rstest::rstest;
use session_provider::{Effect, Intent, Operation};

use super::*;

fn refused(status: u16, body: &str, asked: Asked) -> Error {
    let status = StatusCode::from_u16(status).unwrap();
    read(&Response::made(Operation::CreatePoll, Intent::Mutation, status, body.to_owned()), body, asked)
}

fn product(status: u16, message: &str) -> String {
    format!(r#"{{"success":false,"error":{{"code":{status},"message":{message:?}}}}}"#)
}

const EVERYTHING: [Asked; 5] =
    [Asked::Account, Asked::LiveSession, Asked::LiveParticipants, Asked::Session, Asked::Mutation];

#[rstest]
#[case(404, Asked::LiveSession, ErrorKind::SessionNotLive)]
#[case(404, Asked::LiveParticipants, ErrorKind::SessionNotLive)]
#[case(404, Asked::Session, ErrorKind::SessionNotFound)]
#[case(404, Asked::Mutation, ErrorKind::SessionNotLive)]
#[case(404, Asked::Account, ErrorKind::ProviderBadResponse)]
#[case(400, Asked::LiveSession, ErrorKind::SessionNotLive)]
#[case(400, Asked::LiveParticipants, ErrorKind::ProviderBadResponse)]
#[case(400, Asked::Session, ErrorKind::SessionNotFound)]
#[case(400, Asked::Mutation, ErrorKind::InvalidRequest)]
#[case(400, Asked::Account, ErrorKind::ProviderBadResponse)]
#[case(409, Asked::Mutation, ErrorKind::ProviderBadResponse)]
#[case(410, Asked::Session, ErrorKind::ProviderBadResponse)]
#[case(422, Asked::Mutation, ErrorKind::ProviderBadResponse)]
fn the_products_own_envelope(#[case] status: u16, #[case] asked: Asked, #[case] kind: ErrorKind) {
    let error = refused(status, &product(status, "\"id\" must be a valid GUID"), asked);
    assert_eq!(error.kind(), kind);
    assert_eq!(error.upstream_status(), Some(status));
    assert_eq!(error.effect(), Effect::None, "a refusal has no effect");
}

#[rstest]
#[case("No user found with id x", true)]
#[case("no USER found", true)]
#[case("Users a, b not found in session", true)]
#[case("Participant not found", true)]
#[case("participant_id x unknown", true)]
#[case("No active session found for meeting_id 6bf2b8be", false)]
#[case("No active session found for meeting_id team-user-room", false)]
#[case("No meeting for participant", false)]
#[case("Not found", false)]
#[case("", false)]
fn who_or_what_was_not_found(#[case] message: &str, #[case] person: bool) {
    let expected = if person { ErrorKind::ParticipantNotFound } else { ErrorKind::SessionNotLive };
    assert_eq!(refused(404, &product(404, message), Asked::Mutation).kind(), expected);
}

#[test]
fn a_complaint_about_our_own_parameter_is_not_absence() {
    for asked in [Asked::LiveSession, Asked::Session] {
        let error = refused(400, &product(400, "BAD_REQUEST: \"per_page\" must be at most 50"), asked);
        assert_eq!(error.kind(), ErrorKind::ProviderBadResponse);
    }
}

#[rstest]
#[case(r#"{"success":false,"errors":[{"code":7003}]}"#, &[400, 403, 404])]
#[case(r#"{"success":false,"errors":[{"code":1},{"code":"7003"}],"messages":[],"result":null}"#, &[400, 404])]
#[case(r#"{"success":false,"errors":[{"code":1,"error_chain":[{"code":7003}]}]}"#, &[404])]
#[case(r#"{"code":7003,"message":"x"}"#, &[404])]
#[case(r#"{"code":1,"error_chain":[{"code":7003}]}"#, &[404])]
#[case(r#"{"success":false,"errors":[{"code":6003}]}"#, &[400])]
#[case(r#"{"code":6003,"error_chain":[{"code":6111}]}"#, &[400])]
#[case(r#"{"success":false,"error":{"code":404,"message":""},"errors":[{"code":7003}]}"#, &[404])]
fn account_and_credential(#[case] body: &str, #[case] statuses: &[u16]) {
    for asked in EVERYTHING {
        for status in statuses {
            assert_eq!(refused(*status, body, asked).kind(), ErrorKind::ProviderAuthFailed, "{status} {asked:?}");
        }
    }
}

#[rstest]
#[case(404, "")]
#[case(404, "404 page not found")]
#[case(404, "<html></html>")]
#[case(404, "null")]
#[case(404, "[]")]
#[case(404, r#"{"message":"Unauthorized"}"#)]
#[case(404, r#"{"success":true,"error":{"code":404,"message":"No user"}}"#)]
#[case(404, r#"{"error":{"code":404,"message":"No user"}}"#)]
#[case(404, r#"{"success":false,"error":"No user"}"#)]
#[case(404, r#"{"success":false,"error":null}"#)]
#[case(404, r#"{"success":false,"errors":[{"code":7000}]}"#)]
#[case(404, r#"{"success":false,"errors":[{"code":6003}]}"#)]
#[case(400, r#"{"success":false,"errors":[{"code":10000}]}"#)]
#[case(405, r#"{"success":false,"errors":[{"code":7003}]}"#)]
#[case(405, r#"{"success":false,"error":{"code":405,"message":"x"}}"#)]
fn anything_else_is_unknown_and_never_absence(#[case] status: u16, #[case] body: &str) {
    for asked in EVERYTHING {
        assert_eq!(refused(status, body, asked).kind(), ErrorKind::ProviderBadResponse, "{asked:?}");
    }
}

#[test]
fn nothing_of_the_body_is_repeated() {
    for asked in EVERYTHING {
        for (status, body) in [
            (400, product(400, "canary")),
            (404, product(404, "user canary")),
            (404, "canary".to_owned()),
            (404, r#"{"success":false,"errors":[{"code":7003,"message":"canary"}]}"#.to_owned()),
        ] {
            let error = refused(status, &body, asked);
            assert!(!format!("{error} {error:?} {}", error.detail()).contains("canary"), "{status} {asked:?}");
        }
    }
}
