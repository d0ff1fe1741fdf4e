//! Breakout rooms: sessions nested in a session.

use std::ops::ControlFlow;

use lenient_json::{Raw, Unread, amount, count, elements, text, verbatim};
use session_provider::{BreakoutRoom, RawJson, Timestamp};

use crate::map::page::metadata_weight;
use crate::map::row::{room_id, session_id, session_type, status};
use crate::pages::MAX_HELD;
use crate::wire::{SessionRow, time};

/// More breakout rooms than Rollcall may hold.
#[derive(Debug)]
pub(crate) struct TooMany;

/// The breakout rooms and their weight; `None` when there is no such list. Elements that are no objects are left out.
///
/// # Errors
/// [`TooMany`] beyond [`MAX_HELD`].
pub(crate) fn breakout_rooms(raw: Raw<'_>, now: Timestamp) -> Result<Option<(Vec<BreakoutRoom>, u64)>, TooMany> {
    let Some(array) = raw else { return Ok(None) };
    let (mut rooms, mut weight) = (Vec::new(), 0);
    let read = elements(array, |element| {
        if let Some(row) = SessionRow::read(element) {
            weight += 1 + metadata_weight(row.meta.or(row.metadata));
            rooms.push(breakout_room(&row, now));
        }
        if weight > MAX_HELD { ControlFlow::Break(()) } else { ControlFlow::Continue(()) }
    });
    match read {
        Ok(()) => Ok(Some((rooms, weight))),
        Err(Unread::NotAnArray) => Ok(None),
        Err(Unread::Stopped) => Err(TooMany),
    }
}

fn breakout_room(row: &SessionRow<'_>, now: Timestamp) -> BreakoutRoom {
    BreakoutRoom {
        room_id: room_id(row),
        session_id: session_id(row),
        status: status(row),
        session_type: session_type(row.session_type),
        title: text(row.meeting_display_name),
        created_at: time(row.created_at, now),
        started_at: time(row.started_at, now),
        ended_at: time(row.ended_at, now),
        updated_at: time(row.updated_at, now),
        participant_count: count(row.live_participants),
        max_participant_count: count(row.max_concurrent_participants),
        minutes_consumed: amount(row.minutes_consumed),
        recording_count: None,
        livestream_count: None,
        metadata: verbatim(row.meta.or(row.metadata)).map(RawJson::from),
    }
}
