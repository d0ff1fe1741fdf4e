//! Every fixture of `tests/fixtures/huddle01.index.json`, read as it must be read or left out for a stated reason.

use std::collections::BTreeSet;
use std::path::PathBuf;

use http::StatusCode;
use serde::Deserialize;
use session_provider::{
    ConnectionId, ErrorKind, Intent, Operation, Participant, ParticipantId, ParticipantList, RawJson, RoomId, Session,
    SessionId, SessionList, SessionStatus, Timestamp,
};
use upstream_http::Response;

use crate::map::*;

#[derive(Deserialize)]
struct Index {
    fixtures: Vec<Fixture>,
}

#[derive(Deserialize)]
pub(super) struct Fixture {
    pub(super) file: String,
    path: String,
    status: u16,
}

impl Fixture {
    pub(super) fn body(&self) -> Vec<u8> {
        std::fs::read(fixtures().join(&self.file)).unwrap()
    }

    /// The operations whose answer this is; those of a general error are all of them.
    fn operations(&self) -> &'static [Operation] {
        use Operation::{
            FindLiveSessionId, GetLiveSession, ListLiveParticipants, ListLiveSessions, ListSessionParticipants,
        };
        match self.path.as_str() {
            "/api/v2/sdk/live-sessions" => &[ListLiveSessions],
            "/api/v2/sdk/live-sessions/{roomId}" => &[GetLiveSession],
            "/api/v2/sdk/live-sessions/participants/{roomId}" => &[ListLiveParticipants],
            "/api/v2/sdk/rooms/participant-list?sessionId={sessionId}" => &[ListSessionParticipants],
            "/api/v2/sdk/rooms/session-details?roomId={roomId}" => &[FindLiveSessionId],
            "/api/v2/sdk/unknown" | "/api/v1/live-meetings" => {
                &[ListLiveSessions, GetLiveSession, ListLiveParticipants, ListSessionParticipants, FindLiveSessionId]
            }
            _ => &[],
        }
    }
}

fn fixtures() -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../../tests/fixtures")
}

pub(super) fn index() -> Vec<Fixture> {
    let text = std::fs::read_to_string(fixtures().join("huddle01.index.json")).unwrap();
    serde_json::from_str::<Index>(&text).unwrap().fixtures
}

#[derive(Debug, PartialEq)]
pub(super) enum Reading {
    Sessions(SessionList),
    Session(Box<Session>),
    Participants(ParticipantList),
    History(Step),
    Failed(ErrorKind),
}

/// The real mapping of an operation in play, for the room of the fixtures.
pub(super) fn decode(operation: Operation, status: u16, body: impl Into<Vec<u8>>) -> Reading {
    let status = StatusCode::from_u16(status).unwrap();
    let response = Response::made(operation, Intent::Read, status, body.into());
    let reading = match operation {
        Operation::ListLiveSessions => live_sessions(&response, now()).map(Reading::Sessions),
        Operation::GetLiveSession => {
            live_session(&response, &room("bvr-ntqi-ylc"), now()).map(|session| Reading::Session(Box::new(session)))
        }
        Operation::ListLiveParticipants => live_participants(&response, now()).map(Reading::Participants),
        Operation::ListSessionParticipants => session_participants(&response, now()).map(Reading::Participants),
        Operation::FindLiveSessionId => HistoryWalk::new(now()).take(&response).map(Reading::History),
        other => panic!("{other} is not in play"),
    };
    reading.unwrap_or_else(|error| {
        assert_eq!(error.operation(), Some(operation));
        assert_eq!(error.upstream_status(), Some(status.as_u16()));
        Reading::Failed(error.kind())
    })
}

/// A day after the fixtures.
pub(super) fn now() -> Timestamp {
    Timestamp::parse_rfc3339("2026-03-15T00:00:00Z").unwrap()
}

fn room(id: &str) -> RoomId {
    RoomId::new(id).unwrap()
}

fn at(ms: i64) -> Option<Timestamp> {
    Timestamp::from_unix_ms(ms)
}

fn session(id: &str, start: i64, streams: Option<u64>, recordings: Option<u64>) -> Session {
    Session {
        started_at: at(start),
        livestream_count: streams,
        recording_count: recordings,
        ..Session::of_room(room(id), SessionStatus::Live)
    }
}

fn list(sessions: impl Into<Vec<Session>>) -> Reading {
    Reading::Sessions(SessionList { sessions: sessions.into(), dropped: 0, settled: true })
}

fn single(peers: u64, streams: Option<u64>, recordings: Option<u64>) -> Reading {
    let session = session("bvr-ntqi-ylc", 1_773_479_547_555, streams, recordings);
    Reading::Session(Box::new(Session { participant_count: Some(peers), ..session }))
}

fn peer(id: &str, joined: Option<i64>, name: Option<&str>, metadata: Option<&str>) -> Participant {
    Participant {
        participant_id: Some(ParticipantId::new(id).unwrap()),
        connection_id: ConnectionId::new(id).unwrap(),
        custom_participant_id: None,
        display_name: name.map(str::to_owned),
        role: None,
        joined_at: joined.and_then(at),
        left_at: None,
        metadata: metadata.and_then(RawJson::parse),
    }
}

fn peers(reported_count: Option<u64>, participants: impl Into<Vec<Participant>>) -> Reading {
    Reading::Participants(ParticipantList { participants: participants.into(), reported_count, dropped: 0 })
}

const A: &str = "peerId-4cRF64LOB6dWF_d0qEzQs";
const Z: &str = "peerId-Zk9aYvT3mW1xLq7_RbHnE";

/// What a fixture of an operation in play must be read as; `None` for a fixture that is not in the table.
fn expected(file: &str) -> Option<Reading> {
    use ErrorKind::{ProviderBadResponse, SessionNotFound, SessionNotLive};
    let kad = "kad-mwxe-pfo";
    let named = |name: &str| format!(r#"{{"displayName":"{name}"}}"#);
    let bad = || Reading::Failed(ProviderBadResponse);
    Some(match file.strip_prefix("huddle01/")? {
        "live-sessions.200.json" => list([
            session(kad, 1_773_482_400_147, Some(1), Some(1)),
            session("bvr-ntqi-ylc", 1_773_479_547_555, Some(0), Some(0)),
        ]),
        "live-sessions.200.empty.json" => list([]),
        "live-sessions.200.null-counts.json" => list([session(kad, 1_773_482_400_147, None, None)]),
        "live-sessions.200.table-spelling.json" => list([session(kad, 1_773_482_400_147, Some(2), Some(0))]),
        "live-sessions.200.lowercase-keys.json" => list([session(kad, 1_773_482_400_147, Some(0), Some(1))]),
        "live-sessions.200.string-numbers.json" => list([session(kad, 1_773_482_400_147, Some(1), Some(0))]),
        "live-sessions.200.same-room-twice.json" => list([session(kad, 1_773_482_731_902, Some(0), Some(0))]),
        "live-sessions.200.unknown-fields.json" => list([session("zho-ecug-dsa", 1_773_482_731_902, Some(0), Some(0))]),
        "live-sessions.200.truncated.txt" | "error.200.html-login.html" => bad(),
        "live-session.200.object.json" | "live-session.200.array-lowercase.json" => single(412, Some(1), Some(1)),
        "live-session.200.array.json" => single(2, Some(0), Some(0)),
        "live-session.200.object-null-counts.json" => single(1, None, None),
        "live-session.200.array-empty.json" | "live-session.200.null.json" | "live-session.404.json" => {
            Reading::Failed(SessionNotLive)
        }
        "participants.200.json" => {
            let metadata = r#"{"displayName":"akmo3.eth","avatarUrl":"https://example.com/a.png"}"#;
            let first = peer(A, Some(1_773_479_548_758), Some("akmo3.eth"), Some(metadata));
            peers(Some(2), [first, peer(Z, Some(1_773_479_642_966), Some("Mizan"), Some(&named("Mizan")))])
        }
        "participants.200.missing-jointime.json" => {
            peers(Some(1), [peer(A, None, Some("late.eth"), Some(&named("late.eth")))])
        }
        "participants.200.metadata-string.json" => {
            let metadata = r#"{"displayName":"akmo3.eth","walletAddress":"0x29f5"}"#;
            peers(Some(1), [peer(A, Some(1_773_479_547_555), Some("akmo3.eth"), Some(metadata))])
        }
        "participants.200.metadata-null.json" => peers(Some(1), [peer(Z, Some(1_773_479_547_555), None, None)]),
        "participants.200.metadata-bad-string.json" => {
            peers(Some(1), [peer(Z, Some(1_773_479_547_555), None, Some("\"undefined\""))])
        }
        "participants.200.exit-time.json" => peers(Some(2), [peer(Z, Some(1_773_479_547_655), None, Some("{}"))]),
        "participants.200.count-mismatch.json" => {
            let one = peer(
                "peerId-0pQs-8JdUeVtC2gKfMwXy",
                Some(1_773_479_547_555),
                Some("only one shown"),
                Some(&named("only one shown")),
            );
            peers(Some(5), [one])
        }
        "participants.200.empty.json" => peers(Some(0), []),
        "participants.404.json" => Reading::Failed(SessionNotLive),
        "session-details.200.running.json" => {
            Reading::History(Step::Found(SessionId::new("7b0c6a1e-5a0f-4a51-9d0e-2f4f3f4b8a10").unwrap()))
        }
        // For the search, a room that is unknown or was never used is one where nothing runs.
        "session-details.200.json"
        | "session-details.200.misspelled-key.json"
        | "session-details.200.empty.json"
        | "session-details.404.json"
        | "session-details.404.empty-object.json" => Reading::History(Step::NotRunning),
        "participant-list.200.json" => {
            let mut gone = peer(A, Some(1_773_414_001_000), Some("akmo3.eth"), Some(&named("akmo3.eth")));
            gone.left_at = at(1_773_418_200_000);
            peers(None, [gone, peer(Z, Some(1_773_414_120_000), Some("still here"), Some(&named("still here")))])
        }
        "participant-list.404.json" => Reading::Failed(SessionNotFound),
        "error.404.framework.txt" | "error.400.v1-style.json" => bad(),
        _ => return None,
    })
}

/// Classified by upstream-http before the mapping sees them; `tests/it` sends each of them over a socket.
fn is_classified_by_status(fixture: &Fixture) -> bool {
    matches!(fixture.status, 401 | 403 | 429 | 500..) && !fixture.operations().is_empty()
}

/// Fixtures that no operation reads, by the start of their name, and why.
const SKIPPED: [(&str, &str); 11] = [
    ("room-details.", "rooms are not part of the API"),
    ("room-metadata.", "rooms are not part of the API"),
    ("get-rooms.", "rooms are not part of the API"),
    ("create-room.", "rooms are not part of the API"),
    ("metrics.", "a project's totals are not part of the API"),
    ("recordings.", "recordings are not part of the API"),
    ("recorder-", "another host, and recordings are not part of the API"),
    ("validate-room.", "the SDK's probe; ids are checked by their rule"),
    ("whitelisted-domains.", "dashboard settings are not part of the API"),
    ("sdk-root.", "health is judged from real calls, never from a probe"),
    ("webhooks/", "nothing receives webhooks; /v1/webhooks is reserved"),
];

fn skips(prefix: &str, fixture: &Fixture) -> bool {
    fixture.file.strip_prefix("huddle01/").is_some_and(|name| name.starts_with(prefix))
}

#[test]
fn every_fixture_is_read_as_expected_or_skipped_for_a_reason() {
    let (mut read, mut by_status, mut skipped) = (0, 0, 0);
    for fixture in index() {
        let is_skipped = SKIPPED.iter().any(|(prefix, _)| skips(prefix, &fixture));
        let ways = [expected(&fixture.file).is_some(), is_classified_by_status(&fixture), is_skipped];
        let name = &fixture.file;
        assert_eq!(ways.iter().filter(|way| **way).count(), 1, "{name} must be read, classified or skipped: {ways:?}");
        if let Some(expected) = expected(name) {
            assert!(!fixture.operations().is_empty(), "{name} belongs to no operation");
            for operation in fixture.operations() {
                assert_eq!(decode(*operation, fixture.status, fixture.body()), expected, "{name} in {operation}");
            }
            read += 1;
        }
        by_status += usize::from(ways[1]);
        skipped += usize::from(ways[2]);
    }
    assert_eq!((read, by_status, skipped), (36, 8, 44));
}

#[test]
fn every_skip_names_fixtures_and_the_index_is_the_folder() {
    let index = index();
    for (prefix, reason) in SKIPPED {
        assert!(index.iter().any(|fixture| skips(prefix, fixture)), "{prefix} ({reason}) names no fixture");
    }
    let mut files = BTreeSet::new();
    let mut folders = vec![fixtures().join("huddle01")];
    while let Some(folder) = folders.pop() {
        for entry in std::fs::read_dir(folder).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                folders.push(path);
            } else {
                files.insert(path.strip_prefix(fixtures()).unwrap().to_str().unwrap().to_owned());
            }
        }
    }
    assert_eq!(files, index.into_iter().map(|fixture| fixture.file).collect());
}

#[test]
fn every_history_of_a_room_is_read_whole() {
    let room = RoomId::new("kad-mwxe-pfo").unwrap();
    let expected = [
        ("session-details.200.json", 1, 0),
        ("session-details.200.running.json", 2, 1),
        ("session-details.200.misspelled-key.json", 1, 0),
        ("session-details.200.empty.json", 0, 0),
        ("session-details.404.json", 0, 0),
        ("session-details.404.empty-object.json", 0, 0),
    ];
    let recorded: Vec<Fixture> =
        index().into_iter().filter(|fixture| fixture.file.contains("session-details")).collect();
    assert_eq!(recorded.len(), expected.len(), "one more belongs above");
    for (name, count, running) in expected {
        let fixture = recorded.iter().find(|fixture| fixture.file.ends_with(name)).unwrap();
        let status = StatusCode::from_u16(fixture.status).unwrap();
        let response = Response::made(Operation::ListRoomSessions, Intent::Read, status, fixture.body());
        let mut sessions = RoomSessions::new(room.clone(), now());
        assert_eq!(sessions.take(&response).unwrap(), count > 0, "{name}");
        assert!(count == 0 || !sessions.take(&response).unwrap(), "{name}: the same page again is the end");
        let list = sessions.into_list();
        assert_eq!((list.sessions.len(), list.dropped), (count, 0), "{name}");
        let live = list.sessions.iter().filter(|session| session.status == SessionStatus::Live);
        assert_eq!(live.count(), running, "{name}");
        assert!(list.sessions.iter().all(|session| session.started_at.is_some() && session.room_id == room), "{name}");
    }
}
