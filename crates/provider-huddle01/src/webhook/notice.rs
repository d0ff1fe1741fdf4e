//! What a webhook is about: a pure map of its body.

use std::ops::ControlFlow;

use lenient_json::{Raw, Shape, elements, member, nonempty, object_fields, text};
use serde_json::value::RawValue;
use session_provider::{NoticeEvent, RoomId, SessionId};

/// What is of use in a body, all of it optional but that it is an object.
#[derive(Debug, Default)]
pub(super) struct WebhookBody {
    /// Of the delivery.
    pub(super) id: Option<String>,
    pub(super) event: Option<String>,
    pub(super) room: Option<RoomId>,
    pub(super) session: Option<SessionId>,
}

impl WebhookBody {
    /// `None` when it is not an object.
    pub(super) fn read(body: &str) -> Option<Self> {
        let body: &RawValue = serde_json::from_str(body).ok()?;
        let [event, payload] = object_fields(body, ["event", "payload"])?;
        let [room, session, misspelt] = payload.and_then(names).unwrap_or_default();
        let session_id = |field| text(field).and_then(|id| SessionId::new(&id).ok());
        Some(Self {
            // It is signed, so it is read as JavaScript reads it.
            id: nonempty(member(body, "id")),
            event: text(event),
            room: text(room).and_then(|id| RoomId::new(&id).ok()),
            session: session_id(session).or_else(|| session_id(misspelt)),
        })
    }

    /// What it is about (`docs/upstream/huddle01.md` §6, quirk 17).
    pub(super) fn notice_event(&self) -> NoticeEvent {
        match self.event.as_deref() {
            Some("meeting:started") => NoticeEvent::SessionStarted,
            Some("meeting:ended") => NoticeEvent::SessionEnded,
            Some("peer:joined") => NoticeEvent::ParticipantJoined,
            Some("peer:left") => NoticeEvent::ParticipantLeft,
            Some("recording:started" | "recording:updated" | "recording:ended" | "recording:stopped") => {
                NoticeEvent::Recording
            }
            Some("peer:trackPublished" | "peer:trackUnpublished") => NoticeEvent::Other,
            _ => NoticeEvent::Unknown,
        }
    }
}

/// Room and session of a payload, which may be wrapped as `[{"data": …}]` (quirk 19).
fn names(payload: &RawValue) -> Option<[Raw<'_>; 3]> {
    let payload = if Shape::of(payload) == Shape::Array { wrapped(payload)? } else { payload };
    object_fields(payload, ["roomId", "sessionId", "sesssionId"])
}

fn wrapped(payload: &RawValue) -> Option<&RawValue> {
    let mut first = None;
    // That it stops after the first is what is wanted.
    let _ = elements(payload, |item| {
        first = Some(item);
        ControlFlow::Break(())
    });
    let [data] = object_fields(first?, ["data"])?;
    data
}
