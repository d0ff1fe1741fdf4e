//! Sessions.

use ahash::{HashMap, HashMapExt as _};
use lenient_json::{KnownRows, RowRead, amount, count, is_ahead, nonempty, text, verbatim};
use serde_json::value::to_raw_value;
use session_provider::{
    ErrorKind, RawJson, Result, RoomId, Session, SessionFilter, SessionId, SessionList, SessionStatus, Timestamp,
    WantedStatus,
};
use upstream_http::{Response, Turns};

use crate::RealtimeKitExtensions;
use crate::envelope::{self, Success};
use crate::map::breakout::{TooMany, breakout_rooms};
use crate::map::page::{TOO_MANY, known_page, metadata_weight, page};
use crate::map::row::{room_id, session_id, session_type, status};
use crate::pages::{Page, Row, Walked};
use crate::refusal::Asked;
use crate::wire::{SessionRow, time};

const NO_SESSION: &str = "The provider's answer holds no session.";

/// The live session of `room` and its id: `active-session`. A 200 with `null` or a session that has ended is not live
/// (`docs/upstream/realtimekit.md` quirk 8).
///
/// # Errors
/// `SessionNotLive`; `ProviderBadResponse` without a usable session id.
pub(crate) fn live(response: &Response, room: &RoomId, now: Timestamp) -> Result<(SessionId, Session)> {
    let body = envelope::body(response)?;
    let success = envelope::open(response, &body, Asked::LiveSession)?;
    if success.is_null() {
        return Err(response.error(ErrorKind::SessionNotLive));
    }
    let row = single(&success).ok_or_else(|| response.bad(NO_SESSION))?;
    let status = live_status(&row, now);
    if status == SessionStatus::Ended {
        return Err(response.error(ErrorKind::SessionNotLive));
    }
    let id = session_id(&row).ok_or_else(|| response.bad("The provider's live session has no usable id."))?;
    let (session, _) = session(&row, room.clone(), status, now).map_err(|TooMany| response.bad(TOO_MANY))?;
    Ok((id, session))
}

/// The session of that id. Ids are compared without their letter case, as UUIDs are.
///
/// # Errors
/// `SessionNotFound`; `ProviderBadResponse` without a usable session id and room, and for another session.
pub(crate) fn by_id(response: &Response, asked: &SessionId, now: Timestamp) -> Result<Session> {
    let body = envelope::body(response)?;
    let success = envelope::open(response, &body, Asked::Session)?;
    let row = single(&success).ok_or_else(|| response.bad(NO_SESSION))?;
    let room = room_id(&row).ok_or_else(|| response.bad("The provider's session names no room."))?;
    let id = session_id(&row).ok_or_else(|| response.bad("The provider's session has no usable id."))?;
    if !id.as_str().eq_ignore_ascii_case(asked.as_str()) {
        return Err(response.bad("The provider answered with another session."));
    }
    let status = status(&row).unwrap_or(match time(row.ended_at, now) {
        Some(_) => SessionStatus::Ended,
        None => SessionStatus::Unknown,
    });
    let (session, _) = session(&row, room, status, now).map_err(|TooMany| response.bad(TOO_MANY))?;
    Ok(session)
}

/// One page of the live list, each row read.
///
/// # Errors
/// Those of [`live_page_knowing`].
#[cfg(any(test, feature = "fuzzing"))]
pub(crate) fn live_page(response: &Response, now: Timestamp) -> Result<Page<Session>> {
    live_page_knowing(response, now, &mut KnownSessions::new(0))
}

/// Rows of the live list that need not be read again.
pub(crate) type KnownSessions = KnownRows<Row<Session>>;

/// One page of the live list, of which rows that are known are not read again. Rows that have ended are not part of it,
/// although they were not asked for.
///
/// # Errors
/// `ProviderBadResponse` without `data.sessions`.
pub(crate) fn live_page_knowing(
    response: &Response,
    now: Timestamp,
    known: &mut KnownSessions,
) -> Result<Page<Session>> {
    let body = envelope::body(response)?;
    let mut crowded = false;
    let page = known_page(response, &body, Asked::Account, "sessions", known, |raw| {
        let row = SessionRow::read(raw);
        let listed = row.as_ref().map_or(Ok(None), |row| live_row(row, now));
        crowded |= listed.is_err();
        match (row, listed) {
            (Some(row), Ok(Some(listed))) if may_say_more(&row, now) => RowRead::Now(listed),
            (_, Ok(Some(listed))) => RowRead::Always(listed),
            _ => RowRead::Unusable,
        }
    })?;
    if crowded { Err(response.bad(TOO_MANY)) } else { Ok(page) }
}

fn live_row(row: &SessionRow<'_>, now: Timestamp) -> std::result::Result<Option<Row<Session>>, TooMany> {
    let Some((key, room)) = session_id(row).zip(room_id(row)) else { return Ok(None) };
    let key = key.as_str().to_owned();
    let status = live_status(row, now);
    if status == SessionStatus::Ended {
        return Ok(Some(Row { key, value: None, weight: 1 }));
    }
    let (session, weight) = session(row, room, status, now)?;
    Ok(Some(Row { key, value: Some(session), weight }))
}

/// Whether the row will say more later, as a time in it is not believed yet. Those of breakout rooms are not looked at.
fn may_say_more(row: &SessionRow<'_>, now: Timestamp) -> bool {
    let times = [row.created_at, row.started_at, row.ended_at, row.updated_at];
    row.breakout_rooms.is_some() || times.into_iter().any(|time| is_ahead(time, now.unix_ms()))
}

/// One page of the sessions of all times. What says neither its status nor its end has the one that was asked for. Where
/// they are asked for of a room that the service does not know, there are none.
///
/// # Errors
/// `ProviderBadResponse` without `data.sessions`.
pub(crate) fn history_page(response: &Response, filter: &SessionFilter, now: Timestamp) -> Result<Page<Session>> {
    let body = envelope::body(response)?;
    let asked = if filter.room.is_some() { Asked::RoomSessions } else { Asked::Account };
    let mut crowded = false;
    let page = page(response, &body, asked, "sessions", |cut| {
        let row = SessionRow::read(lenient_json::row(cut)?);
        let listed = row.map_or(Ok(None), |row| history_row(&row, filter, now));
        crowded |= listed.is_err();
        Ok(listed.unwrap_or(None))
    });
    match page {
        Ok(_) if crowded => Err(response.bad(TOO_MANY)),
        Err(error) if error.kind() == ErrorKind::SessionNotFound => {
            Ok(Page { rows: Vec::new(), dropped: 0, bytes: body.len() as u64, paging: None })
        }
        page => page,
    }
}

fn history_row(
    row: &SessionRow<'_>,
    filter: &SessionFilter,
    now: Timestamp,
) -> std::result::Result<Option<Row<Session>>, TooMany> {
    let Some((key, room)) = session_id(row).zip(room_id(row)) else { return Ok(None) };
    let has_ended = time(row.ended_at, now).is_some();
    let status = status(row).unwrap_or(match filter.status {
        _ if has_ended => SessionStatus::Ended,
        Some(WantedStatus::Live) => SessionStatus::Live,
        Some(WantedStatus::Ended) => SessionStatus::Ended,
        None => SessionStatus::Unknown,
    });
    let (session, weight) = session(row, room, status, now)?;
    Ok(Some(Row { key: key.as_str().to_owned(), value: Some(session), weight }))
}

/// All sessions of a room. What the service gave of other rooms, although it was not asked for, is not part of it.
pub(crate) fn room_list(walked: Walked<Session>, room: &RoomId) -> SessionList {
    let sessions = walked.values.into_iter().filter(|session| is_of(session, room)).collect();
    SessionList { sessions, dropped: walked.dropped, ..SessionList::default() }
}

/// Whether it is a session of the room. Ids are compared without their letter case, as UUIDs are.
pub(crate) fn is_of(session: &Session, room: &RoomId) -> bool {
    session.room_id.as_str().eq_ignore_ascii_case(room.as_str())
}

/// The whole live list: each room once, the session that started last if there are two.
pub(crate) fn list(walked: Walked<Session>) -> SessionList {
    let mut rooms: HashMap<RoomId, usize> = HashMap::with_capacity(walked.values.len());
    let mut sessions: Vec<Session> = Vec::with_capacity(walked.values.len());
    let mut turns = Turns::default();
    for session in walked.values {
        turns.row();
        match rooms.get(&session.room_id).and_then(|place| sessions.get_mut(*place)) {
            Some(held) if session.started_at >= held.started_at => *held = session,
            Some(_) => {}
            None => {
                rooms.insert(session.room_id.clone(), sessions.len());
                sessions.push(session);
            }
        }
    }
    SessionList { sessions, dropped: walked.dropped, settled: walked.settled }
}

/// `data.session` if it is an object, else `data` (`docs/upstream/realtimekit.md` quirk 1).
fn single<'a>(success: &Success<'a>) -> Option<SessionRow<'a>> {
    let nested = success.data().session.and_then(SessionRow::read);
    nested.or_else(|| success.data.and_then(SessionRow::read))
}

/// The status of a row that was asked for as a live one: live if it does not say, ended if only its `ended_at` does.
fn live_status(row: &SessionRow<'_>, now: Timestamp) -> SessionStatus {
    match status(row) {
        Some(said @ (SessionStatus::Live | SessionStatus::Ended)) => said,
        _ if time(row.ended_at, now).is_some() => SessionStatus::Ended,
        said => said.unwrap_or(SessionStatus::Live),
    }
}

/// The session and its weight.
fn session(
    row: &SessionRow<'_>,
    room_id: RoomId,
    status: SessionStatus,
    now: Timestamp,
) -> std::result::Result<(Session, u64), TooMany> {
    let breakout_rooms = breakout_rooms(row.breakout_rooms, now)?;
    let metadata = row.meta.or(row.metadata);
    let weight = 1 + breakout_rooms.as_ref().map_or(0, |(_, weight)| *weight) + metadata_weight(metadata);
    let aliases = self::room_id(row).filter(|own| *own != room_id).into_iter().collect();
    let session = Session {
        session_id: session_id(row),
        session_type: session_type(row.session_type),
        title: text(row.meeting_display_name),
        created_at: time(row.created_at, now),
        started_at: time(row.started_at, now),
        ended_at: time(row.ended_at, now),
        updated_at: time(row.updated_at, now),
        participant_count: count(row.live_participants),
        max_participant_count: count(row.max_concurrent_participants),
        minutes_consumed: amount(row.minutes_consumed),
        breakout_rooms: breakout_rooms.map(|(rooms, _)| rooms),
        metadata: verbatim(metadata).map(RawJson::from),
        aliases,
        extensions: extensions(row),
        ..Session::of_room(room_id, status)
    };
    Ok((session, weight))
}

/// What only this service says.
fn extensions(row: &SessionRow<'_>) -> Option<RawJson> {
    let (organization_id, associated_id) = (nonempty(row.organization_id), nonempty(row.associated_id));
    let said =
        RealtimeKitExtensions { organization_id: organization_id.as_deref(), associated_id: associated_id.as_deref() };
    to_raw_value(&said).ok().map(RawJson::from)
}

#[cfg(test)]
mod tests;
