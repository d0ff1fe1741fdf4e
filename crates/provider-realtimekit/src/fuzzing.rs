//! What `fuzz/` and `bench/` call: an arbitrary answer through the mapping of every operation. Not part of the API.

use http::StatusCode;
use lenient_json::members;
use serde_json::value::RawValue;
use session_provider::{
    Intent, NewPoll, Operation, Result, RoomId, SessionFilter, SessionId, SessionList, Timestamp, WantedStatus,
};
use upstream_http::Response;

use crate::map::participant::Who;
use crate::map::{media, moderation, participant, session};
use crate::pages::{Forward, Page, Step, Walked};
use crate::refusal::Asked;
use crate::webhook;

/// The statuses that reach the mapping; `upstream-http` classifies the others.
const STATUSES: [u16; 8] = [200, 201, 204, 400, 404, 409, 410, 422];

/// How many pages a walk may take. Each is the same: one that goes on for longer fails.
const MAX_PAGES: usize = 3;

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
    let made = |operation, intent| Response::made(operation, intent, status, body.to_vec());
    let read = |operation| made(operation, Intent::Read);
    let change = |operation| made(operation, Intent::Mutation);

    let list = read(Operation::ListLiveSessions);
    let live =
        walk(&list, |page| session::live_page(page, now)).map(|walked| session::list(walked).sessions.is_empty());
    judge(&list, live, Some("sessions"), &["status", "ended_at"]);
    let list = read(Operation::ListSessionParticipants);
    let all = walk(&list, |page| participant::list_page(page, Asked::Session, Who::Everybody, now));
    judge(&list, all.map(|walked| walked.values.is_empty()), Some("participants"), &[]);
    let list = read(Operation::ListLiveParticipants);
    let present = walk(&list, |page| participant::list_page(page, Asked::LiveParticipants, Who::Present, now));
    judge(&list, present.map(|walked| walked.values.is_empty()), Some("participants"), &["left_at"]);
    let list = read(Operation::CountLiveMedia);
    for page in [media::recordings_page, media::livestreams_page] {
        let first = page(&list).map(|page| page.rows.is_empty() && page.dropped == 0);
        judge(&list, first, None, &[]);
    }
    let kick = change(Operation::KickParticipants);
    succeeds(status, &moderation::kicked(&kick, now));

    if let Ok(room) = RoomId::new("room") {
        succeeds(status, &session::live(&read(Operation::GetLiveSession), &room, now));
    }
    let poll = NewPoll { question: "?".into(), options: vec!["a".into()], anonymous: false, hide_votes: false };
    if let Ok(id) = SessionId::new("s") {
        succeeds(status, &session::by_id(&read(Operation::GetSession), &id, now));
    }
    succeeds(status, &moderation::kicked_count(&change(Operation::KickAllParticipants)));
    succeeds(status, &moderation::poll(&change(Operation::CreatePoll), &poll));
}

/// Reads an answer as a list of what is live that has one page.
///
/// # Errors
/// When it cannot be read.
pub fn list(response: &Response, now: Timestamp) -> Result<SessionList> {
    walk(response, |page| session::live_page(page, now)).map(session::list)
}

fn succeeds<T>(status: StatusCode, reading: &Result<T>) {
    assert!(reading.is_err() || status.is_success(), "a success out of a {status}");
}

fn walk<R>(response: &Response, read: impl Fn(&Response) -> Result<Page<R>>) -> Result<Walked<R>> {
    let mut walk = Forward::new(Operation::ListLiveSessions);
    for _ in 0..MAX_PAGES {
        if walk.absorb(read(response)?)? == Step::Done {
            return walk.finish();
        }
    }
    Err(response.bad("The pages do not end."))
}

/// An empty reading must come from an array in `data` (or `data` itself) which is empty, or whose rows may be left out.
fn judge(response: &Response, empty: Result<bool>, key: Option<&str>, may_be_left_out_by: &[&str]) {
    succeeds(response.status(), &empty);
    if empty.is_ok_and(|empty| empty) {
        assert!(says_empty(response.body(), key, may_be_left_out_by), "{key:?} read as empty");
    }
}

/// Another reader than the mapping's: any letter case, any depth.
fn says_empty(body: &[u8], key: Option<&str>, may_be_left_out_by: &[&str]) -> bool {
    fn under<'a>(object: &'a str, name: &str) -> Vec<&'a RawValue> {
        let named = |key: &Option<String>| key.as_ref().is_some_and(|key| key.eq_ignore_ascii_case(name));
        members(object).into_iter().flatten().filter(|(key, _)| named(key)).map(|(_, value)| value).collect()
    }
    let may_be_left_out = |row: &RawValue| {
        may_be_left_out_by.iter().any(|key| under(row.get(), key).into_iter().any(|said| said.get() != "null"))
    };
    let text = String::from_utf8_lossy(body);
    let data = under(text.trim_start_matches('\u{feff}'), "data");
    let lists = data.into_iter().flat_map(|data| key.map_or_else(|| vec![data], |key| under(data.get(), key)));
    let mut lists = lists.filter_map(|list| serde_json::from_str::<Vec<&RawValue>>(list.get()).ok());
    lists.any(|rows| rows.into_iter().all(may_be_left_out))
}

/// Reads an answer as a page of the history: the first byte chooses the status, the second what was asked for (`0` is
/// everything), the others are the body.
///
/// # Panics
/// When it is read as empty although it does not say so, as a success although it is none, or as rows that were not asked
/// for or have no key.
pub fn history(input: &[u8]) {
    let [chosen, asked, body @ ..] = input else { return };
    let status = STATUSES[usize::from(chosen.wrapping_sub(b'0')) % STATUSES.len()];
    let status = StatusCode::from_u16(status).unwrap_or(StatusCode::OK);
    let now = Timestamp::from_unix_ms(1_773_532_800_000).unwrap_or(Timestamp::LATEST);
    let asked = asked.wrapping_sub(b'0');
    let room = RoomId::new("room").ok().filter(|_| asked & 1 == 1);
    let wanted = [None, Some(WantedStatus::Live), Some(WantedStatus::Ended), None];
    let filter =
        SessionFilter { room, status: wanted[usize::from(asked >> 1) % wanted.len()], ..SessionFilter::default() };
    let response = Response::made(Operation::ListSessions, Intent::Read, status, body.to_vec());
    let Ok(page) = session::history_page(&response, &filter, now) else { return };
    if !status.is_success() {
        // That nobody knows the room is an answer.
        let is_nobody = page.rows.is_empty() && page.dropped == 0;
        assert!(filter.room.is_some() && is_nobody, "a success out of a {status}");
        return;
    }
    if page.rows.is_empty() && page.dropped == 0 {
        assert!(says_empty(body, Some("sessions"), &[]), "the history read as empty");
    }
    for row in &page.rows {
        let id = row.value.as_ref().and_then(|session| session.session_id.as_ref());
        assert_eq!(id.map(SessionId::as_str), Some(row.key.as_str()), "every row has its key");
    }
}

/// A webhook that anybody may send: the first line is the signature's header, the rest the body, or a document with a key.
///
/// # Panics
/// When it is accepted, as nobody has the private key.
pub fn webhook(input: &[u8]) {
    let (header, body) = input.split_at(input.iter().position(|byte| *byte == b'\n').unwrap_or(input.len()));
    webhook::probe(header, body.strip_prefix(b"\n").unwrap_or(body));
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_corpus_is_clean() {
        let folder = concat!(env!("CARGO_MANIFEST_DIR"), "/../../fuzz/corpus/realtimekit_bodies");
        let mut files = 0;
        for entry in std::fs::read_dir(folder).unwrap() {
            answer(&std::fs::read(entry.unwrap().path()).unwrap());
            files += 1;
        }
        assert!(files >= 40, "{files}");
    }

    #[test]
    fn the_corpus_of_the_history_is_clean() {
        let folder = concat!(env!("CARGO_MANIFEST_DIR"), "/../../fuzz/corpus/realtimekit_history");
        let files = std::fs::read_dir(folder).unwrap();
        let inputs: Vec<_> = files.map(|entry| std::fs::read(entry.unwrap().path()).unwrap()).collect();
        inputs.iter().for_each(|input| history(input));
        assert!(inputs.len() >= 10, "{}", inputs.len());
        // Every way of asking, and every status, of each body.
        for (input, chosen, asked) in
            inputs.iter().flat_map(|input| (b'0'..b'8').flat_map(move |a| (b'0'..b'8').map(move |b| (input, a, b))))
        {
            history(&[&[chosen, asked], input.get(2..).unwrap_or_default()].concat());
        }
    }

    #[test]
    #[should_panic(expected = "read as empty")]
    fn an_empty_reading_of_a_full_list_is_seen() {
        let body = r#"{"success":true,"data":{"sessions":[{"left_at":1}]}}"#;
        let response = Response::made(Operation::ListLiveSessions, Intent::Read, StatusCode::OK, body);
        judge(&response, Ok(true), Some("sessions"), &["ended_at"]);
    }

    #[test]
    #[should_panic(expected = "a success out of a 404")]
    fn a_success_out_of_a_refusal_is_seen() {
        let body = r#"{"success":true,"data":[]}"#;
        let response = Response::made(Operation::CountLiveMedia, Intent::Read, StatusCode::NOT_FOUND, body);
        judge(&response, Ok(true), None, &[]);
    }

    #[test]
    fn the_corpus_of_webhooks_is_clean() {
        let folder = concat!(env!("CARGO_MANIFEST_DIR"), "/../../fuzz/corpus/realtimekit_webhooks");
        let files =
            std::fs::read_dir(folder).unwrap().map(|entry| webhook(&std::fs::read(entry.unwrap().path()).unwrap()));
        assert!(files.count() >= 10);
    }
}
