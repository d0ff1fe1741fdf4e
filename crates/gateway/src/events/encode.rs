//! Changes of sessions as events.

use std::collections::BTreeMap;

use bytes::Bytes;
use serde::Serialize;
use serde_json::value::RawValue;
use session_provider::{ProviderId, Session, SessionId};

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
