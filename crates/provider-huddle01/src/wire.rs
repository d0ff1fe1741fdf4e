//! The rows as they travel (`docs/upstream/huddle01.md` §3). Every field is optional: what is not said, or said in a type
//! that means nothing, is `None`, and whether the row can be used without it is for the mapping to say.

use lenient_json::{Moment, Raw, count, fields_or_null, id, is_ahead, moment, object_fields, text};
use serde_json::value::RawValue;
use session_provider::{RoomId, SessionId, Timestamp};

/// The fields of the envelopes of all operations in play, and the flags of failure. A value may be `null`.
#[derive(Debug)]
pub(crate) struct Envelope<'a> {
    pub(crate) live_sessions: Raw<'a>,
    pub(crate) participants: Raw<'a>,
    pub(crate) sessions: Raw<'a>,
    pub(crate) count: Raw<'a>,
    pub(crate) ok: Raw<'a>,
    pub(crate) success: Raw<'a>,
}

impl<'a> Envelope<'a> {
    /// # Errors
    /// When the body is not one JSON object.
    pub(crate) fn read(body: &'a str) -> serde_json::Result<Self> {
        let names = ["liveSessions", "participants", "sessions", "count", "ok", "success"];
        let [live_sessions, participants, sessions, count, ok, success] = fields_or_null(body, names)?;
        Ok(Self { live_sessions, participants, sessions, count, ok, success })
    }
}

/// `LiveSession`, of the list and of a single room.
#[derive(Debug)]
pub(crate) struct LiveSessionRow {
    pub(crate) room_id: Option<RoomId>,
    /// A `roomId` was said, usable or not.
    pub(crate) names_a_room: bool,
    pub(crate) start_time: Option<Timestamp>,
    /// It is not believed yet.
    pub(crate) starts_ahead: bool,
    /// Documented for a single room only.
    pub(crate) current_peer_count: Option<u64>,
    pub(crate) livestream_count: Option<u64>,
    pub(crate) recording_count: Option<u64>,
}

impl LiveSessionRow {
    /// `None` when the value is not an object.
    pub(crate) fn read(row: &RawValue, now: Timestamp) -> Option<Self> {
        let names = ["roomId", "startTime", "currentPeerCount", "livestreamCount", "recordingCount"];
        let [room_id, start_time, peers, livestreams, recordings] = object_fields(row, names)?;
        Some(Self {
            room_id: text(room_id).and_then(|id| RoomId::new(&id).ok()),
            names_a_room: room_id.is_some(),
            start_time: time(start_time, now),
            starts_ahead: is_ahead(start_time, now.unix_ms()),
            current_peer_count: count(peers),
            livestream_count: count(livestreams),
            recording_count: count(recordings),
        })
    }
}

/// `LivePeer`, and the rows of `participant-list`.
#[derive(Debug)]
pub(crate) struct PeerRow<'a> {
    pub(crate) peer_id: Option<String>,
    pub(crate) join_time: Option<Timestamp>,
    /// Set, readable or not, when the peer is gone (`docs/upstream/huddle01.md` quirk 6).
    pub(crate) exit_time: Moment,
    /// Not documented on these rows, but on the token and the webhooks.
    pub(crate) role: Option<String>,
    /// Not looked at before it is known that the row is kept.
    pub(crate) metadata: Raw<'a>,
}

impl<'a> PeerRow<'a> {
    /// `None` when the value is not an object.
    pub(crate) fn read(row: &'a RawValue, now: Timestamp) -> Option<Self> {
        let names = ["peerId", "joinTime", "exitTime", "role", "metadata"];
        let [peer_id, join_time, exit_time, role, metadata] = object_fields(row, names)?;
        Some(Self {
            peer_id: id(peer_id),
            join_time: time(join_time, now),
            exit_time: moment(exit_time, now.unix_ms()),
            role: text(role),
            metadata,
        })
    }
}

/// A row of `session-details`.
#[derive(Debug)]
pub(crate) struct HistoryRow {
    pub(crate) session_id: Option<SessionId>,
    pub(crate) start_time: Option<Timestamp>,
    /// Set, readable or not, when the session is over.
    pub(crate) end_time: Moment,
}

impl HistoryRow {
    /// `None` when the value is not an object. Also takes the misspelt `sesssionId` (`docs/upstream/huddle01.md` quirk 10).
    pub(crate) fn read(row: &RawValue, now: Timestamp) -> Option<Self> {
        let names = ["sessionId", "sesssionId", "startTime", "endTime"];
        let [session_id, misspelt, start_time, end_time] = object_fields(row, names)?;
        let id = |field| text(field).and_then(|id| SessionId::new(&id).ok());
        Some(Self {
            session_id: id(session_id).or_else(|| id(misspelt)),
            start_time: time(start_time, now),
            end_time: moment(end_time, now.unix_ms()),
        })
    }
}

/// A time that is set and can be read.
pub(crate) fn time(field: Raw<'_>, now: Timestamp) -> Option<Timestamp> {
    timestamp(moment(field, now.unix_ms()))
}

/// The time of a moment that can be read.
pub(crate) fn timestamp(moment: Moment) -> Option<Timestamp> {
    moment.unix_ms().and_then(Timestamp::from_unix_ms)
}
