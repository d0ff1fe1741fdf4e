//! Live sessions.

use std::collections::HashMap;
use std::collections::hash_map::Entry;

use session_provider::{ErrorKind, Result, RoomId, Session, SessionList, SessionStatus};
use upstream_http::Response;

use super::answer::{Answer, each_row, read, some_usable};
use crate::wire::json::{Shape, said};
use crate::wire::rows::LiveSessionRow;

/// `GET /live-sessions`. A room that is listed twice is kept with its newest start. The peer count is not taken from
/// the list, which does not document one (`upstream/huddle01.md` quirk 22).
pub(crate) fn live_sessions(response: &Response) -> Result<SessionList> {
    let Answer::Body(body) = read(response)? else {
        return Err(response.bad("The provider's list of live sessions is not there; check the provider's base_url."));
    };
    let mut list = SessionList::default();
    let mut places: HashMap<RoomId, usize> = HashMap::new();
    each_row(response, body.live_sessions, |raw| {
        let Some((room, row)) = LiveSessionRow::read(raw).and_then(|row| Some((row.room_id.clone()?, row))) else {
            list.dropped += 1;
            return Ok(());
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
        Ok(())
    })?;
    some_usable(response, list.sessions.len(), list.dropped)?;
    Ok(list)
}

/// `GET /live-sessions/:roomId`: an object, or an array of which the row with the room asked for counts, else the
/// first (`upstream/huddle01.md` quirk 1).
pub(crate) fn live_session(response: &Response, room: &RoomId) -> Result<Session> {
    let not_live = || response.error(ErrorKind::SessionNotLive);
    let Answer::Body(body) = read(response)? else { return Err(not_live()) };
    let mut rows = 0_u64;
    let mut chosen: Option<LiveSessionRow> = None;
    let mut choose = |row: Option<LiveSessionRow>| {
        rows += 1;
        // An object that says neither room nor start is no session.
        let Some(row) = row.filter(|row| row.room_id.is_some() || row.start_time.is_some()) else { return };
        let asked = |row: &LiveSessionRow| row.room_id.as_ref() == Some(room);
        if chosen.as_ref().is_none_or(|chosen| !asked(chosen) && asked(&row)) {
            chosen = Some(row);
        }
    };
    match body.live_sessions {
        Some(raw) if Shape::of(raw) == Shape::Object => choose(LiveSessionRow::read(raw)),
        Some(raw) if said(Some(raw)).is_none() => {}
        list => each_row(response, list, |raw| {
            choose(LiveSessionRow::read(raw));
            Ok(())
        })?,
    }
    match chosen {
        Some(row) => Ok(session(room.clone(), row)),
        None if rows == 0 => Err(not_live()),
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
