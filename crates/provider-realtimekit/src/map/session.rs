//! Sessions.

use std::collections::HashMap;
use std::ops::ControlFlow;

use serde::Deserialize;
use serde_json::value::{RawValue, to_raw_value};
use session_provider::{
    BreakoutRoom, ErrorKind, RawJson, Result, RoomId, Session, SessionId, SessionList, SessionStatus, SessionType,
};
use upstream_http::Response;

use super::{TOO_MANY, metadata_weight, page};
use crate::RealtimeKitExtensions;
use crate::envelope::{self, Success};
use crate::pages::{MAX_HELD, Page, Paging, Row, Walked};
use crate::raw::{self, Raw};
use crate::refusal::Asked;
use crate::rows;
use crate::wire::{Data, SessionRow};

const NO_SESSION: &str = "The provider's answer holds no session.";

/// The live session of `room` and its id: `active-session`. A 200 with `null` or a session that has ended is not live
/// (`upstream/realtimekit.md` quirk 8).
///
/// # Errors
/// `SessionNotLive`; `ProviderBadResponse` without a usable session id.
pub(crate) fn live(response: &Response, room: &RoomId) -> Result<(SessionId, Session)> {
    let success = envelope::open(response, Asked::LiveSession)?;
    if success.is_null() {
        return Err(response.error(ErrorKind::SessionNotLive));
    }
    let row = single(&success).ok_or_else(|| response.bad(NO_SESSION))?;
    let status = live_status(&row);
    if status == SessionStatus::Ended {
        return Err(response.error(ErrorKind::SessionNotLive));
    }
    let id = session_id(&row).ok_or_else(|| response.bad("The provider's live session has no usable id."))?;
    let (session, _) = session(&row, room.clone(), status).map_err(|TooMany| response.bad(TOO_MANY))?;
    Ok((id, session))
}

/// A session by its own id.
///
/// # Errors
/// `SessionNotFound`; `ProviderBadResponse` without a usable session id and room.
pub(crate) fn by_id(response: &Response) -> Result<Session> {
    let success = envelope::open(response, Asked::Session)?;
    let row = single(&success).ok_or_else(|| response.bad(NO_SESSION))?;
    let room = room_id(&row).ok_or_else(|| response.bad("The provider's session names no room."))?;
    session_id(&row).ok_or_else(|| response.bad("The provider's session has no usable id."))?;
    let status = status(&row).unwrap_or(match raw::time(row.ended_at) {
        Some(_) => SessionStatus::Ended,
        None => SessionStatus::Unknown,
    });
    let (session, _) = session(&row, room, status).map_err(|TooMany| response.bad(TOO_MANY))?;
    Ok(session)
}

/// One page of the live list. Rows that have ended are not part of it, although they were not asked for.
///
/// # Errors
/// `ProviderBadResponse` without `data.sessions`.
pub(crate) fn live_page(response: &Response) -> Result<Page<Session>> {
    let success = envelope::open(response, Asked::Account)?;
    let data = success.object::<Data<'_>>().unwrap_or_default();
    let mut crowded = false;
    let page = page(response, data.sessions, success.paging.or(data.paging.and_then(Paging::read)), |element| {
        let row = raw::object::<SessionRow<'_>>(element.get().as_bytes())?;
        let (key, room) = (session_id(&row)?, room_id(&row)?);
        let status = live_status(&row);
        if status == SessionStatus::Ended {
            return Some(Row { key: key.as_str().to_owned(), value: None, weight: 1 });
        }
        let mapped = session(&row, room, status);
        crowded |= mapped.is_err();
        let (session, weight) = mapped.ok()?;
        Some(Row { key: key.as_str().to_owned(), value: Some(session), weight })
    })?;
    if crowded { Err(response.bad(TOO_MANY)) } else { Ok(page) }
}

/// The whole live list: each room once, the session that started last if there are two.
pub(crate) fn list(walked: Walked<Session>) -> SessionList {
    let mut rooms: HashMap<RoomId, usize> = HashMap::with_capacity(walked.values.len());
    let mut sessions: Vec<Session> = Vec::with_capacity(walked.values.len());
    for session in walked.values {
        match rooms.get(&session.room_id).and_then(|place| sessions.get_mut(*place)) {
            Some(held) if session.started_at >= held.started_at => *held = session,
            Some(_) => {}
            None => {
                rooms.insert(session.room_id.clone(), sessions.len());
                sessions.push(session);
            }
        }
    }
    SessionList { sessions, dropped: walked.dropped }
}

/// `data.session` if it is an object, else `data` (`upstream/realtimekit.md` quirk 1).
fn single<'a>(success: &Success<'a>) -> Option<SessionRow<'a>> {
    let nested = success.object::<Data<'a>>().and_then(|data| object(data.session?));
    nested.or_else(|| success.object())
}

fn object<'a, T: Deserialize<'a>>(raw: &'a RawValue) -> Option<T> {
    raw::object(raw.get().as_bytes())
}

fn session_id(row: &SessionRow<'_>) -> Option<SessionId> {
    SessionId::new(&raw::text(row.id)?).ok()
}

fn room_id(row: &SessionRow<'_>) -> Option<RoomId> {
    RoomId::new(&raw::text(row.associated_id)?).ok()
}

/// The status in any letter case; `None` when it is not said.
fn status(row: &SessionRow<'_>) -> Option<SessionStatus> {
    let said = row.status?;
    Some(match raw::text(Some(said)).map(|text| text.to_ascii_lowercase()).as_deref() {
        Some("live") => SessionStatus::Live,
        Some("ended") => SessionStatus::Ended,
        _ => SessionStatus::Unknown,
    })
}

/// The status of a row that was asked for as a live one: live if it does not say, ended if only its `ended_at` does.
fn live_status(row: &SessionRow<'_>) -> SessionStatus {
    match status(row) {
        Some(said @ (SessionStatus::Live | SessionStatus::Ended)) => said,
        _ if raw::time(row.ended_at).is_some() => SessionStatus::Ended,
        said => said.unwrap_or(SessionStatus::Live),
    }
}

fn session_type(raw: Raw<'_>) -> Option<SessionType> {
    Some(match raw::nonempty(raw)?.to_ascii_lowercase().as_str() {
        "meeting" => SessionType::Meeting,
        "livestream" => SessionType::Livestream,
        "participant" => SessionType::Participant,
        _ => SessionType::Unknown,
    })
}

/// More breakout rooms than Rollcall may hold.
struct TooMany;

/// The session and its weight.
fn session(
    row: &SessionRow<'_>,
    room_id: RoomId,
    status: SessionStatus,
) -> std::result::Result<(Session, u64), TooMany> {
    let breakout_rooms = breakout_rooms(row.breakout_rooms)?;
    let metadata = row.meta.or(row.metadata);
    let weight = 1 + breakout_rooms.as_ref().map_or(0, |(_, weight)| *weight) + metadata_weight(metadata);
    let aliases = self::room_id(row).filter(|own| *own != room_id).into_iter().collect();
    let session = Session {
        session_id: session_id(row),
        session_type: session_type(row.session_type),
        title: raw::text(row.meeting_display_name),
        created_at: raw::time(row.created_at),
        started_at: raw::time(row.started_at),
        ended_at: raw::time(row.ended_at),
        updated_at: raw::time(row.updated_at),
        participant_count: raw::count(row.live_participants),
        max_participant_count: raw::count(row.max_concurrent_participants),
        minutes_consumed: raw::minutes(row.minutes_consumed),
        breakout_rooms: breakout_rooms.map(|(rooms, _)| rooms),
        metadata: raw::json(metadata),
        aliases,
        extensions: extensions(row),
        ..Session::of_room(room_id, status)
    };
    Ok((session, weight))
}

/// What only this service says.
fn extensions(row: &SessionRow<'_>) -> Option<RawJson> {
    let (organization_id, associated_id) = (raw::nonempty(row.organization_id), raw::nonempty(row.associated_id));
    let said =
        RealtimeKitExtensions { organization_id: organization_id.as_deref(), associated_id: associated_id.as_deref() };
    to_raw_value(&said).ok().map(RawJson::from)
}

/// The breakout rooms and their weight; `None` when there is no such list. Elements that are no objects are left out.
fn breakout_rooms(raw: Raw<'_>) -> std::result::Result<Option<(Vec<BreakoutRoom>, u64)>, TooMany> {
    let Some(array) = raw else { return Ok(None) };
    let (mut rooms, mut weight) = (Vec::new(), 0);
    let read = rows::each(array, |element| {
        if let Some(row) = object::<SessionRow<'_>>(element) {
            weight += 1 + metadata_weight(row.meta.or(row.metadata));
            rooms.push(breakout_room(&row));
        }
        if weight > MAX_HELD { ControlFlow::Break(()) } else { ControlFlow::Continue(()) }
    });
    match read {
        Ok(()) => Ok(Some((rooms, weight))),
        Err(rows::Unread::NotAnArray) => Ok(None),
        Err(rows::Unread::Stopped) => Err(TooMany),
    }
}

fn breakout_room(row: &SessionRow<'_>) -> BreakoutRoom {
    BreakoutRoom {
        room_id: room_id(row),
        session_id: session_id(row),
        status: status(row),
        session_type: session_type(row.session_type),
        title: raw::text(row.meeting_display_name),
        created_at: raw::time(row.created_at),
        started_at: raw::time(row.started_at),
        ended_at: raw::time(row.ended_at),
        updated_at: raw::time(row.updated_at),
        participant_count: raw::count(row.live_participants),
        max_participant_count: raw::count(row.max_concurrent_participants),
        minutes_consumed: raw::minutes(row.minutes_consumed),
        recording_count: None,
        livestream_count: None,
        metadata: raw::json(row.meta.or(row.metadata)),
    }
}

#[cfg(test)]
mod tests;
