//! What `fuzz/` and `bench/` call: an arbitrary answer through the mapping of every operation. Not part of the API.

use http::StatusCode;
use lenient_json::members;
use serde_json::value::RawValue;
use session_provider::{Intent, Operation, Result, RoomId, SessionList, Timestamp};
use upstream_http::Response;

use crate::map::{
    HistoryWalk, RoomSessions, Step, live_participants, live_session, live_sessions, session_participants,
};
use crate::webhook;

/// The statuses that reach the mapping; `upstream-http` classifies the others.
const STATUSES: [u16; 8] = [200, 201, 204, 400, 404, 409, 410, 422];

/// Reads an answer as every operation would: the first byte chooses the status (`0` is 200), the others are the body.
///
/// # Panics
/// Where [`check`] does.
pub fn answer(input: &[u8]) {
    if let Some((chosen, body)) = input.split_first() {
        let at = usize::from(chosen.wrapping_sub(b'0')) % STATUSES.len();
        check(STATUSES[at], body);
    }
}

/// Reads an answer as every operation would.
///
/// # Panics
/// When it is read as empty although it does not say so, or as a success although it is none.
pub fn check(status: u16, body: &[u8]) {
    let status = StatusCode::from_u16(status).unwrap_or(StatusCode::OK);
    let now = Timestamp::from_unix_ms(1_773_532_800_000).unwrap_or(Timestamp::LATEST);
    let made = |operation| Response::made(operation, Intent::Read, status, body.to_vec());
    let sessions = live_sessions(&made(Operation::ListLiveSessions), now).map(|list| list.sessions.is_empty());
    judge(status, body, sessions, "liveSessions", |_| false);
    let response = made(Operation::ListLiveParticipants);
    let participants = live_participants(&response, now).map(|list| list.participants.is_empty());
    judge(status, body, participants, "participants", has_left);
    let response = made(Operation::ListSessionParticipants);
    let participants = session_participants(&response, now).map(|list| list.participants.is_empty());
    judge(status, body, participants, "participants", |_| false);
    if let Ok(room) = RoomId::new("bvr-ntqi-ylc") {
        let session = live_session(&made(Operation::GetLiveSession), &room, now);
        assert!(session.is_err() || status.is_success(), "a session out of a {status}");
    }
    if let Ok(room) = RoomId::new("bvr-ntqi-ylc") {
        let mut sessions = RoomSessions::new(room, now);
        let more = sessions.take(&made(Operation::ListRoomSessions));
        assert!(sessions.into_list().sessions.is_empty() || status.is_success(), "sessions out of a {status}");
        // The product's own 404 says that there are none, too.
        if status != StatusCode::NOT_FOUND {
            judge(status, body, more.map(|more| !more), "sessions", |_| false);
        }
    }
    let step = HistoryWalk::new(now).take(&made(Operation::FindLiveSessionId));
    // The product's own 404 says that nothing runs, too.
    if status != StatusCode::NOT_FOUND {
        let nothing_runs = step.map(|step| step == Step::NotRunning);
        judge(status, body, nothing_runs, "sessions", |_| true);
    }
}

/// Reads an answer as the list of what is live.
///
/// # Errors
/// When it cannot be read.
pub fn list(response: &Response, now: Timestamp) -> Result<SessionList> {
    live_sessions(response, now)
}

/// A webhook that anybody may send: the first line is the signature's header, the rest the body.
///
/// # Panics
/// When it is accepted, as nobody here knows the secret; when the compact form of a body is not stable; or when what is
/// signed over it is refused.
pub fn webhook(input: &[u8]) {
    let (header, body) = input.split_at(input.iter().position(|byte| *byte == b'\n').unwrap_or(input.len()));
    let body = body.strip_prefix(b"\n").unwrap_or(body);
    let Some(now) = Timestamp::from_unix_ms(1_773_482_400_000) else { return };
    webhook::probe(header, body, now);
}

/// An empty reading must come from an array under that key which is empty, or whose rows may all be left out.
fn judge(status: StatusCode, body: &[u8], empty: Result<bool>, key: &str, may_be_left_out: fn(&RawValue) -> bool) {
    let Ok(is_empty) = empty else { return };
    assert!(status.is_success(), "{key} out of a {status}");
    let text = String::from_utf8_lossy(body);
    let says_so = members(text.trim_start_matches('\u{feff}')).is_some_and(|members| {
        let mut lists = under(&members, key).filter_map(|list| serde_json::from_str::<Vec<&RawValue>>(list.get()).ok());
        lists.any(|rows| rows.into_iter().all(may_be_left_out))
    });
    assert!(!is_empty || says_so, "{key} read as empty");
}

fn has_left(row: &RawValue) -> bool {
    members(row.get()).is_some_and(|row| under(&row, "exitTime").any(|time| time.get() != "null"))
}

/// The values under a key in any letter case.
fn under<'a, 'b>(members: &'b [(Option<String>, &'a RawValue)], name: &'b str) -> impl Iterator<Item = &'a RawValue> {
    let named = |key: &Option<String>| key.as_ref().is_some_and(|key| key.eq_ignore_ascii_case(name));
    members.iter().filter(move |(key, _)| named(key)).map(|(_, value)| *value)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_corpus_is_clean() {
        let folder = concat!(env!("CARGO_MANIFEST_DIR"), "/../../fuzz/corpus/huddle01_bodies");
        let mut files = 0;
        for entry in std::fs::read_dir(folder).unwrap() {
            answer(&std::fs::read(entry.unwrap().path()).unwrap());
            files += 1;
        }
        assert!(files >= 40, "{files}");
    }

    #[test]
    fn the_corpus_of_webhooks_is_clean() {
        let folder = concat!(env!("CARGO_MANIFEST_DIR"), "/../../fuzz/corpus/huddle01_webhooks");
        let files =
            std::fs::read_dir(folder).unwrap().map(|entry| webhook(&std::fs::read(entry.unwrap().path()).unwrap()));
        assert!(files.count() >= 10);
    }

    #[test]
    #[should_panic(expected = "liveSessions read as empty")]
    fn an_empty_reading_of_a_full_list_is_seen() {
        judge(StatusCode::OK, br#"{"liveSessions":[{}]}"#, Ok(true), "liveSessions", |_| false);
    }

    #[test]
    #[should_panic(expected = "participants out of a 404")]
    fn a_success_out_of_a_refusal_is_seen() {
        judge(StatusCode::NOT_FOUND, br#"{"participants":[]}"#, Ok(true), "participants", |_| false);
    }
}
