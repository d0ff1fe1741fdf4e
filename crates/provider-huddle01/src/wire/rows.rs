//! The rows of Huddle01's lists (`upstream/huddle01.md` §3). Every field is optional: what is not said, or said in a
//! type that means nothing, is `None`, and whether the row can be used without it is for the mapping to say.

use serde_json::value::RawValue;
use session_provider::{RoomId, SessionId, Timestamp};

use super::json::{fields, said};
use super::scalar::{count, moment, text};

/// `LiveSession`, of the list and of a single room.
#[derive(Debug)]
pub(crate) struct LiveSessionRow {
    pub(crate) room_id: Option<RoomId>,
    pub(crate) start_time: Option<Timestamp>,
    /// Documented for a single room only.
    pub(crate) current_peer_count: Option<u64>,
    pub(crate) livestream_count: Option<u64>,
    pub(crate) recording_count: Option<u64>,
}

impl LiveSessionRow {
    /// `None` when the value is not an object.
    pub(crate) fn read(row: &RawValue) -> Option<Self> {
        let names = ["roomId", "startTime", "currentPeerCount", "livestreamCount", "recordingCount"];
        let [room_id, start_time, peers, livestreams, recordings] = fields(row.get(), names).ok()?;
        Some(Self {
            room_id: room_id.and_then(text).and_then(|id| RoomId::new(&id).ok()),
            start_time: start_time.and_then(moment),
            current_peer_count: peers.and_then(count),
            livestream_count: livestreams.and_then(count),
            recording_count: recordings.and_then(count),
        })
    }
}

/// `LivePeer`, and the rows of `participant-list`.
#[derive(Debug)]
pub(crate) struct PeerRow<'a> {
    pub(crate) peer_id: Option<String>,
    pub(crate) join_time: Option<Timestamp>,
    /// An `exitTime` was said, usable or not: the peer is gone (`upstream/huddle01.md` quirk 6).
    pub(crate) exited: bool,
    pub(crate) exit_time: Option<Timestamp>,
    /// Not documented on these rows, but on the token and the webhooks.
    pub(crate) role: Option<String>,
    /// Not parsed before it is known that the row is kept.
    pub(crate) metadata: Option<&'a RawValue>,
}

impl<'a> PeerRow<'a> {
    /// `None` when the value is not an object.
    pub(crate) fn read(row: &'a RawValue) -> Option<Self> {
        let names = ["peerId", "joinTime", "exitTime", "role", "metadata"];
        let [peer_id, join_time, exit_time, role, metadata] = fields(row.get(), names).ok()?;
        Some(Self {
            peer_id: peer_id.and_then(text),
            join_time: join_time.and_then(moment),
            exited: said(exit_time).is_some(),
            exit_time: exit_time.and_then(moment),
            role: role.and_then(text),
            metadata,
        })
    }
}

/// A row of `session-details`.
#[derive(Debug)]
pub(crate) struct HistoryRow {
    pub(crate) session_id: Option<SessionId>,
    pub(crate) start_time: Option<Timestamp>,
    /// No `endTime` was said.
    pub(crate) running: bool,
}

impl HistoryRow {
    /// `None` when the value is not an object. Also takes the misspelt `sesssionId` (`upstream/huddle01.md` quirk 10).
    pub(crate) fn read(row: &RawValue) -> Option<Self> {
        let names = ["sessionId", "sesssionId", "startTime", "endTime"];
        let [session_id, misspelt, start_time, end_time] = fields(row.get(), names).ok()?;
        let id = |field: Option<&RawValue>| field.and_then(text).and_then(|id| SessionId::new(&id).ok());
        Some(Self {
            session_id: id(session_id).or_else(|| id(misspelt)),
            start_time: start_time.and_then(moment),
            running: said(end_time).is_none(),
        })
    }
}
