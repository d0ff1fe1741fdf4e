//! The expected reading of every error that is told by its body.

use session_provider::{ErrorKind, NewPoll, Operation, RoomId, SessionId};

use crate::map::participant::Who;
use crate::map::{media, moderation, participant, session};
use crate::refusal::Asked;
use crate::tests::fixtures::{answer, now};

type Refusal = (&'static str, &'static str, Asked, ErrorKind);

const REFUSALS: &[Refusal] = &[
    ("active-session.404.json", "not_live", Asked::LiveSession, ErrorKind::SessionNotLive),
    ("session.404.json", "not_found", Asked::Session, ErrorKind::SessionNotFound),
    ("kick.404.json", "participant_not_found", Asked::Mutation, ErrorKind::ParticipantNotFound),
    ("kick.400.json", "invalid_request", Asked::Mutation, ErrorKind::InvalidRequest),
    ("kick-all.404.json", "not_live", Asked::Mutation, ErrorKind::SessionNotLive),
    ("poll.400.json", "invalid_request", Asked::Mutation, ErrorKind::InvalidRequest),
    ("error.400.v4-bad-auth-header.json", "unauthorized", Asked::Account, ErrorKind::ProviderAuthFailed),
    ("error.400.v4-top-level.json", "unauthorized", Asked::Account, ErrorKind::ProviderAuthFailed),
    ("error.404.v4-route.json", "misconfigured", Asked::Account, ErrorKind::ProviderAuthFailed),
    ("error.404.v4-route-7000.json", "misconfigured", Asked::LiveSession, ErrorKind::ProviderAuthFailed),
    // The provider calls our own paging invalid: no fault of the caller's, so no `invalid_request`.
    ("error.400.rtk.json", "invalid_request", Asked::Account, ErrorKind::ProviderBadResponse),
    // Success envelopes that are none.
    (
        "error.200.v4-success-false.json",
        "upstream_error, never an empty list",
        Asked::Account,
        ErrorKind::ProviderBadResponse,
    ),
    ("error.200.truncated.txt", "malformed upstream body", Asked::Account, ErrorKind::ProviderBadResponse),
    // Of routes that are not called: the envelope is the same, so it must be told apart the same way.
    ("meeting.404.json", "not_found", Asked::Session, ErrorKind::SessionNotFound),
    ("active-recording.404.json", "no recording", Asked::LiveSession, ErrorKind::SessionNotLive),
    ("active-livestream.404.json", "no livestream", Asked::LiveSession, ErrorKind::SessionNotLive),
    ("webhook.400.name-required.json", "invalid_request", Asked::Mutation, ErrorKind::InvalidRequest),
    ("webhook.400.bad-id.json", "invalid_request", Asked::Session, ErrorKind::SessionNotFound),
    ("webhook.409.json", "already_registered", Asked::Mutation, ErrorKind::ProviderBadResponse),
];

/// Every fixture read here.
pub(super) fn names() -> impl Iterator<Item = &'static str> {
    REFUSALS.iter().map(|row| row.0)
}

#[test]
fn refusals_are_told_by_their_body_in_every_operation_that_may_get_them() {
    let room = RoomId::new("r").unwrap();
    let id = SessionId::new("s").unwrap();
    let poll = NewPoll { question: "?".into(), options: vec![], anonymous: false, hide_votes: false };
    for (name, expect, asked, kind) in REFUSALS {
        let response = answer(name, expect, Operation::GetSession);
        let readings = match asked {
            Asked::Account => vec![
                session::live_page(&response, now()).map(drop),
                media::recordings_page(&response).map(drop),
                media::livestreams_page(&response).map(drop),
            ],
            Asked::RoomSessions => unreachable!("no fixture is of it"),
            Asked::LiveSession => vec![
                session::live(&response, &room, now()).map(drop),
                participant::list_page(&response, Asked::LiveParticipants, Who::Present, now()).map(drop),
            ],
            Asked::Session | Asked::LiveParticipants => vec![
                session::by_id(&response, &id, now()).map(drop),
                participant::list_page(&response, *asked, Who::Everybody, now()).map(drop),
            ],
            Asked::Mutation => vec![
                moderation::kicked(&response, now()).map(drop),
                moderation::kicked_count(&response).map(drop),
                moderation::poll(&response, &poll).map(drop),
            ],
        };
        for reading in readings {
            assert_eq!(reading.unwrap_err().kind(), *kind, "{name}");
        }
    }
}
