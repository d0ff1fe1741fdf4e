//! Live sessions.

use std::collections::hash_map::Entry;

use ahash::{HashMap, HashMapExt as _};
use lenient_json::{KnownRows, RowRead, Shape};
use serde_json::value::RawValue;
use session_provider::{ErrorKind, Result, RoomId, Session, SessionList, SessionStatus, Timestamp};
use upstream_http::{Response, Turns};

use crate::map::MAX_ROWS;
use crate::map::answer::{Answer, body, each_row, read, read_rows, some_usable};
use crate::wire::LiveSessionRow;

/// Rows of the live list that need not be read again.
pub(crate) type KnownSessions = KnownRows<Session>;

/// As [`live_sessions_knowing`], each row read.
///
/// # Errors
/// Those of [`live_sessions_knowing`].
#[cfg(any(test, feature = "fuzzing"))]
pub(crate) fn live_sessions(response: &Response, now: Timestamp) -> Result<SessionList> {
    live_sessions_knowing(response, now, &mut KnownSessions::new(0))
}

/// `GET /live-sessions`, of which rows that are known are not read again. A room that is listed twice is kept with its newest
/// start. The peer count is not taken from the list, which does not document one (`docs/upstream/huddle01.md` quirk 22).
///
/// # Errors
/// Those of [`read_rows`]; `ProviderBadResponse` when not one row is usable.
pub(crate) fn live_sessions_knowing(
    response: &Response,
    now: Timestamp,
    known: &mut KnownSessions,
) -> Result<SessionList> {
    let body = body(response)?;
    let mut list = LiveRows::with_capacity(known.count_before());
    let read = read_rows(response, &body, "liveSessions", |walk| {
        let read = |row: &RawValue| live_row(LiveSessionRow::read(row, now));
        let is_array = walk.known_elements(known, read, |session| {
            list.take(session);
            Ok(())
        })?;
        Ok(is_array.then_some(list.count))
    })?;
    let LiveRows { list, .. } = list;
    if read.is_none() {
        return Err(response.bad("The provider's list of live sessions is not there; check the provider's base_url."));
    }
    some_usable(response, list.sessions.len(), list.dropped)?;
    Ok(list)
}

/// The list as far as it was read.
struct LiveRows {
    list: SessionList,
    places: HashMap<RoomId, usize>,
    /// Rows that came.
    count: usize,
    turns: Turns,
}

impl LiveRows {
    fn with_capacity(sessions: usize) -> Self {
        let list = SessionList { sessions: Vec::with_capacity(sessions), ..SessionList::default() };
        Self { list, places: HashMap::with_capacity(sessions), count: 0, turns: Turns::default() }
    }

    /// Takes the session of the next row, if it has one. Of a list that is too long nothing is held.
    fn take(&mut self, session: Option<Session>) {
        self.turns.row();
        self.count += 1;
        if self.count > MAX_ROWS {
            return *self = Self { count: self.count, ..Self::with_capacity(0) };
        }
        let Some(session) = session else { return self.list.dropped += 1 };
        match self.places.entry(session.room_id.clone()) {
            Entry::Occupied(place) => {
                let held = &mut self.list.sessions[*place.get()];
                if session.started_at > held.started_at {
                    *held = session;
                }
            }
            Entry::Vacant(place) => {
                place.insert(self.list.sessions.len());
                self.list.sessions.push(session);
            }
        }
    }
}

fn live_row(row: Option<LiveSessionRow>) -> RowRead<Session> {
    let Some((room, row)) = row.and_then(|row| Some((row.room_id.clone()?, row))) else { return RowRead::Unusable };
    let starts_ahead = row.starts_ahead;
    let session = Session { participant_count: None, ..session(room, row) };
    if starts_ahead { RowRead::Now(session) } else { RowRead::Always(session) }
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

#[cfg(test)]
mod tests {
    use http::StatusCode;
    use proptest::prelude::*;
    use session_provider::{Intent, Operation};

    use super::*;

    const NOW: i64 = 1_773_532_800_000;
    const DAY: i64 = 24 * 60 * 60 * 1000;

    /// Rows some of which have a room in common, and some a time that is believed one refresh after the other.
    fn rows() -> impl Strategy<Value = Vec<String>> {
        let start = prop_oneof![Just(NOW), Just(NOW + DAY), Just(NOW + DAY + 1), Just(NOW + DAY + 2), Just(0)];
        let row = (0..4, start, 0..2).prop_map(|(room, start, count)| {
            format!(r#"{{"roomId":"r{room}","startTime":{start},"recordingCount":{count}}}"#)
        });
        proptest::collection::vec(prop_oneof![row, Just("{}".to_owned()), Just("7".to_owned())], 0..6)
    }

    proptest! {
        #[test]
        fn what_is_known_is_what_would_be_read(lists in proptest::collection::vec(rows(), 1..5)) {
            let mut known = KnownSessions::new(MAX_KNOWN);
            for (at, rows) in lists.iter().enumerate() {
                let body = format!(r#"{{"liveSessions":[{}]}}"#, rows.join(","));
                let response = Response::made(Operation::ListLiveSessions, Intent::Read, StatusCode::OK, body);
                let now = Timestamp::from_unix_ms(NOW + at as i64).unwrap();
                known.begin();
                let knowing = live_sessions_knowing(&response, now, &mut known).map_err(|error| error.kind());
                prop_assert_eq!(knowing, live_sessions(&response, now).map_err(|error| error.kind()));
            }
        }
    }

    const MAX_KNOWN: usize = 8;

    #[test]
    fn a_broken_row_breaks_the_list_wherever_it_stands() {
        for rows in [r#"{"roomId":"r"},{"roomId":]"#, r#"{"roomId":"r"},{"roomId" "s"}"#, r#"01"#] {
            let body = format!(r#"{{"liveSessions":[{rows}]}}"#);
            let response = Response::made(Operation::ListLiveSessions, Intent::Read, StatusCode::OK, body);
            let error = live_sessions(&response, Timestamp::from_unix_ms(NOW).unwrap()).unwrap_err();
            assert_eq!(error.kind(), ErrorKind::ProviderBadResponse, "{rows}");
        }
    }
}
