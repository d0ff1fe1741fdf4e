//! The rows as they travel. Every field is optional: what is not said, or said in a type that means nothing, is `None`,
//! and whether the row can be used without it is for the mapping to say.

use lenient_json::{Raw, count, fields, flag, id, moment, object_fields, text};
use serde_json::value::RawValue;
use session_provider::{ConnectionId, CustomParticipantId, ParticipantId, RoomId, SessionId, Timestamp};

/// The members of the answers of all operations.
#[derive(Debug)]
pub(crate) struct Envelope<'a> {
    pub(crate) boards: Raw<'a>,
    pub(crate) live: Raw<'a>,
    pub(crate) editors: Raw<'a>,
    pub(crate) next: Raw<'a>,
    pub(crate) total: Option<u64>,
    pub(crate) closed: Option<bool>,
    pub(crate) removed: Option<u64>,
}

impl<'a> Envelope<'a> {
    /// # Errors
    /// When the body is not one JSON object.
    pub(crate) fn read(body: &'a str) -> serde_json::Result<Self> {
        let names = ["boards", "live", "editors", "next", "total", "closed", "removed"];
        let [boards, live, editors, next, total, closed, removed] = fields(body, names)?;
        let (total, closed, removed) = (count(total), flag(closed), count(removed));
        Ok(Self { boards, live, editors, next, total, closed, removed })
    }
}

/// The code of a refusal that is the service's own.
pub(crate) fn refusal(body: &str) -> Option<String> {
    let [error] = fields(body, ["error"]).ok()?;
    let [code] = object_fields(error?, ["code"])?;
    text(code)
}

/// A board that somebody works on.
#[derive(Debug)]
pub(crate) struct LiveRow {
    pub(crate) board: Option<RoomId>,
    pub(crate) session: Option<SessionId>,
    pub(crate) name: Option<String>,
    pub(crate) opened_at: Option<Timestamp>,
    pub(crate) editors: Option<u64>,
}

impl LiveRow {
    /// `None` when the value is not an object.
    pub(crate) fn read(row: &RawValue, now: Timestamp) -> Option<Self> {
        let [board, session, name, opened_at, editors] =
            object_fields(row, ["board", "session", "name", "openedAt", "editors"])?;
        Some(Self {
            board: id(board).and_then(|id| RoomId::new(&id).ok()),
            session: id(session).and_then(|id| SessionId::new(&id).ok()),
            name: text(name),
            opened_at: time(opened_at, now),
            editors: count(editors),
        })
    }
}

/// One connection of somebody who works on a board.
#[derive(Debug)]
pub(crate) struct EditorRow {
    pub(crate) editor: Option<ParticipantId>,
    pub(crate) connection: Option<ConnectionId>,
    pub(crate) name: Option<String>,
    pub(crate) custom_id: Option<CustomParticipantId>,
    pub(crate) joined_at: Option<Timestamp>,
}

impl EditorRow {
    /// `None` when the value is not an object.
    pub(crate) fn read(row: &RawValue, now: Timestamp) -> Option<Self> {
        let [editor, connection, name, custom_id, joined_at] =
            object_fields(row, ["editor", "connection", "name", "customId", "joinedAt"])?;
        Some(Self {
            editor: id(editor).and_then(|id| ParticipantId::new(&id).ok()),
            connection: id(connection).and_then(|id| ConnectionId::new(&id)),
            name: text(name),
            custom_id: text(custom_id).and_then(|id| CustomParticipantId::new(&id).ok()),
            joined_at: time(joined_at, now),
        })
    }
}

/// A time that is set and can be read.
fn time(field: Raw<'_>, now: Timestamp) -> Option<Timestamp> {
    moment(field, now.unix_ms()).unix_ms().and_then(Timestamp::from_unix_ms)
}
