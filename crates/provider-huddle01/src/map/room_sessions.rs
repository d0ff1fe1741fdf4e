//! All sessions of a room, `GET /rooms/session-details`, page by page.

use std::collections::HashMap;

use session_provider::{
    Error, ErrorKind, Operation, Result, RoomId, Session, SessionId, SessionList, SessionStatus, Timestamp,
};
use upstream_http::Response;

use crate::map::MAX_ROWS;
use crate::map::answer::{Answer, body, each_row, read, some_usable};
use crate::wire::{HistoryRow, timestamp};

/// The sessions that have come. In which order rows come and how many a page may have is not documented
/// (`docs/upstream/huddle01.md` §4): so neither tells anything, and the history is over where a page is empty or the one before once more.
#[derive(Debug)]
pub(crate) struct RoomSessions {
    room: RoomId,
    now: Timestamp,
    places: HashMap<SessionId, usize>,
    /// The ids of the page before.
    previous: Vec<SessionId>,
    list: SessionList,
}

impl RoomSessions {
    pub(crate) fn new(room: RoomId, now: Timestamp) -> Self {
        Self { room, now, places: HashMap::new(), previous: Vec::new(), list: SessionList::default() }
    }

    /// Takes the next page; answers whether there may be another. A session that comes again is as it was read last. The
    /// product's 404 is a room that is unknown or was never used: it has no sessions.
    ///
    /// # Errors
    /// `ProviderBadResponse` for a page that cannot be read, or for more rows than are held.
    pub(crate) fn take(&mut self, response: &Response) -> Result<bool> {
        let body = body(response)?;
        let Answer::Body(envelope) = read(response, &body)? else { return Ok(false) };
        let (mut ids, mut dropped) = (Vec::new(), 0);
        each_row(response, envelope.sessions, |raw| {
            let row = HistoryRow::read(raw, self.now);
            let Some((id, row)) = row.and_then(|row| Some((row.session_id.clone()?, row))) else {
                dropped += 1;
                return;
            };
            ids.push(id.clone());
            let session = self.session(id.clone(), &row);
            match self.places.get(&id).and_then(|place| self.list.sessions.get_mut(*place)) {
                Some(held) => *held = session,
                None => {
                    self.places.insert(id, self.list.sessions.len());
                    self.list.sessions.push(session);
                }
            }
        })?;
        some_usable(response, ids.len(), dropped)?;
        if self.list.sessions.len() > MAX_ROWS {
            return Err(response.bad("The room's history has more rows than Rollcall holds."));
        }
        let is_over = ids.is_empty() || ids == self.previous;
        self.previous = ids;
        self.list.dropped += if is_over { 0 } else { dropped };
        Ok(!is_over)
    }

    /// A row whose end is not set runs.
    fn session(&self, id: SessionId, row: &HistoryRow) -> Session {
        let status = if row.end_time.is_set() { SessionStatus::Ended } else { SessionStatus::Live };
        Session {
            session_id: Some(id),
            started_at: row.start_time,
            ended_at: timestamp(row.end_time),
            ..Session::of_room(self.room.clone(), status)
        }
    }

    /// All that came.
    pub(crate) fn into_list(self) -> SessionList {
        self.list
    }

    /// The walk was given up before the history was over.
    pub(crate) fn too_long() -> Error {
        Error::new(ErrorKind::ProviderBadResponse)
            .in_operation(Operation::ListRoomSessions)
            .with_detail("The room's history has more pages than the provider's max_pages allows.")
    }
}
