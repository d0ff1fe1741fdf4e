//! Live sessions.

use std::collections::HashMap;
use std::collections::hash_map::Entry;

use lenient_json::Shape;
use session_provider::{ErrorKind, Result, RoomId, Session, SessionList, SessionStatus, Timestamp};
use upstream_http::Response;

use crate::map::answer::{Answer, body, each_row, read, some_usable};
use crate::wire::LiveSessionRow;

/// `GET /live-sessions`. A room that is listed twice is kept with its newest start. The peer count is not taken from
/// the list, which does not document one (`docs/upstream/huddle01.md` quirk 22).
pub(crate) fn live_sessions(response: &Response, now: Timestamp) -> Result<SessionList> {
    let body = body(response)?;
    let Answer::Body(envelope) = read(response, &body)? else {
        return Err(response.bad("The provider's list of live sessions is not there; check the provider's base_url."));
    };
    let mut list = SessionList::default();
    let mut places: HashMap<RoomId, usize> = HashMap::new();
    each_row(response, envelope.live_sessions, |raw| {
        let row = LiveSessionRow::read(raw, now);
        let Some((room, row)) = row.and_then(|row| Some((row.room_id.clone()?, row))) else {
            list.dropped += 1;
            return;
        };
        let session = Session { participant_count: None, ..session(room.clone(), row) };
        match places.entry(room) {
            Entry::Occupied(place) => {
                let known = &mut list.sessions[*place.get()];
                if session.started_at > known.started_at {
                    *known = session;
                }
            }
            Entry::Vacant(place) => {
                place.insert(list.sessions.len());
                list.sessions.push(session);
            }
        }
    })?;
    some_usable(response, list.sessions.len(), list.dropped)?;
    Ok(list)
}

/// `GET /live-sessions/:roomId`: an object, or an array of which the row with the room asked for counts, else the first
/// that names no room (`docs/upstream/huddle01.md` quirk 1).
///
/// # Errors
/// `SessionNotLive`; `ProviderBadResponse` for a session of another room, or one that cannot be read.
pub(crate) fn live_session(response: &Response, room: &RoomId, now: Timestamp) -> Result<Session> {
    let not_live = || response.error(ErrorKind::SessionNotLive);
    let body = body(response)?;
    let Answer::Body(envelope) = read(response, &body)? else { return Err(not_live()) };
    let (mut rows, mut foreign) = (0_u64, 0_u64);
    let mut chosen: Option<LiveSessionRow> = None;
    let mut choose = |row: Option<LiveSessionRow>| {
        rows += 1;
        let Some(row) = row else { return };
        let is_of_the_room = row.room_id.as_ref() == Some(room);
        if row.names_a_room && !is_of_the_room {
            foreign += 1;
            return;
        }
        // An object that says neither room nor start is no session.
        let is_session = is_of_the_room || row.start_time.is_some();
        if is_session && chosen.as_ref().is_none_or(|chosen| is_of_the_room && !chosen.names_a_room) {
            chosen = Some(row);
        }
    };
    match envelope.live_sessions {
        Some(raw) if Shape::of(raw) == Shape::Object => choose(LiveSessionRow::read(raw, now)),
        Some(raw) if Shape::of(raw) == Shape::Null => {}
        list => each_row(response, list, |raw| choose(LiveSessionRow::read(raw, now)))?,
    }
    match chosen {
        Some(row) => Ok(session(room.clone(), row)),
        None if rows == 0 => Err(not_live()),
        None if foreign > 0 => Err(response.bad("The provider answered with the session of another room.")),
        None => Err(response.bad("The provider's answer holds a session that cannot be read.")),
    }
}

fn session(room: RoomId, row: LiveSessionRow) -> Session {
    Session {
        started_at: row.start_time,
        participant_count: row.current_peer_count,
        recording_count: row.recording_count,
        livestream_count: row.livestream_count,
        ..Session::of_room(room, SessionStatus::Live)
    }
}
