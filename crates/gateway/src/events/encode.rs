//! Changes of sessions as events.

use std::collections::BTreeMap;

use bytes::Bytes;
use serde::{Deserialize, Serialize};
use serde_json::value::RawValue;
use session_provider::{ProviderId, RoomId, Session, SessionId, Timestamp};

use crate::events::diff::{Change, EndReason};
use crate::events::frame::{self, EventKind};
use crate::problem::ProviderOutcome;
use crate::reads::ListAnswer;

#[derive(Serialize)]
struct Updated<'a> {
    provider: &'a str,
    room_id: &'a str,
    session_id: Option<&'a str>,
    changes: BTreeMap<&'a str, &'a RawValue>,
}

#[derive(Serialize)]
struct Ended<'a> {
    provider: &'a str,
    room_id: &'a str,
    session_id: Option<&'a str>,
    reason: &'a str,
}

#[derive(Serialize)]
struct ProviderChanged<'a> {
    provider: &'a str,
    entry: &'a ProviderOutcome,
}

#[derive(Serialize)]
struct Left<'a> {
    provider: &'a str,
    room_id: &'a str,
    participant_id: Option<&'a str>,
    connection_id: &'a str,
    left_at: Option<Timestamp>,
}

/// What is read again of a participant's JSON.
#[derive(Deserialize)]
struct KnownPerson<'a> {
    participant_id: Option<&'a str>,
}

/// Appends the JSON of one of our own types.
pub(super) fn write_json(value: &impl Serialize, out: &mut Vec<u8>) {
    let start = out.len();
    if let Err(error) = serde_json::to_writer(&mut *out, value) {
        tracing::error!(%error, "an event could not be rendered");
        out.truncate(start);
        out.extend_from_slice(b"null");
    }
}

/// The event of a change, which `answer` has brought. `None` if callers cannot see it.
pub(super) fn change(provider: &ProviderId, change: &Change<'_>, answer: &ListAnswer) -> Option<(EventKind, Bytes)> {
    let (kind, bytes) = match change {
        Change::Started(row, _) => {
            let kind = EventKind::SessionStarted;
            (kind, frame::event(kind, |out| started(provider, *row, answer, out)))
        }
        Change::Updated { before, now } => {
            let kind = EventKind::SessionUpdated;
            (kind, updated(provider, before, now, answer)?)
        }
        Change::Ended(session, reason) => {
            let kind = EventKind::SessionEnded;
            (kind, frame::event(kind, |out| ended(provider, session, *reason, out)))
        }
    };
    Some((kind, bytes))
}

fn started(provider: &ProviderId, row: usize, answer: &ListAnswer, out: &mut Vec<u8>) {
    out.extend_from_slice(b"{\"provider\":\"");
    out.extend_from_slice(provider.as_str().as_bytes());
    out.extend_from_slice(b"\",\"session\":");
    answer.write(row, false, out);
    out.push(b'}');
}

fn ended(provider: &ProviderId, session: &Session, reason: EndReason, out: &mut Vec<u8>) {
    let Session { room_id, session_id, .. } = session;
    let session_id = session_id.as_ref().map(SessionId::as_str);
    write_json(
        &Ended { provider: provider.as_str(), room_id: room_id.as_str(), session_id, reason: reason.as_str() },
        out,
    );
}

fn updated(provider: &ProviderId, before: &Session, now: &Session, answer: &ListAnswer) -> Option<Bytes> {
    let text = |session| {
        let mut text = Vec::new();
        answer.write_other(session, false, &mut text);
        text
    };
    let (before, after) = (text(before), text(now));
    let members = |text| serde_json::from_slice::<BTreeMap<&str, &RawValue>>(text).unwrap_or_default();
    let (before, mut changes) = (members(&before), members(&after));
    // `stale` and `fetched_at` are those of one answer in both.
    changes.retain(|name, value| before.get(name).is_none_or(|before| before.get() != value.get()));
    if changes.is_empty() {
        return None;
    }
    let session_id = now.session_id.as_ref().map(SessionId::as_str);
    let updated = Updated { provider: provider.as_str(), room_id: now.room_id.as_str(), session_id, changes };
    Some(frame::event(EventKind::SessionUpdated, |out| write_json(&updated, out)))
}

/// That a provider fares otherwise than before.
pub(super) fn provider_changed(outcome: &ProviderOutcome) -> Bytes {
    let event = ProviderChanged { provider: &outcome.provider, entry: outcome };
    frame::event(EventKind::ProviderChanged, |out| write_json(&event, out))
}

/// That somebody came, or is otherwise than before. `row` is the JSON of the participant.
pub(super) fn person(kind: EventKind, provider: &ProviderId, room: &RoomId, row: &[u8]) -> (EventKind, Bytes) {
    let event = frame::event(kind, |out| {
        out.extend_from_slice(b"{\"provider\":\"");
        out.extend_from_slice(provider.as_str().as_bytes());
        out.extend_from_slice(b"\",\"room_id\":\"");
        // An id has no character that JSON writes otherwise.
        out.extend_from_slice(room.as_str().as_bytes());
        out.extend_from_slice(b"\",\"participant\":");
        out.extend_from_slice(row);
        out.push(b'}');
    });
    (kind, event)
}

/// That somebody whose JSON was `row` is no longer there. When they left is not said by a list that lacks them.
pub(super) fn left(provider: &ProviderId, room: &RoomId, connection_id: &str, row: &[u8]) -> (EventKind, Bytes) {
    let kind = EventKind::ParticipantLeft;
    // Ids are written as they are.
    let participant_id = serde_json::from_slice::<KnownPerson<'_>>(row).ok().and_then(|known| known.participant_id);
    let (provider, room_id) = (provider.as_str(), room.as_str());
    let left = Left { provider, room_id, participant_id, connection_id, left_at: None };
    (kind, frame::event(kind, |out| write_json(&left, out)))
}
