//! Events as bytes of a `text/event-stream`.

use bytes::Bytes;

/// The kinds of events.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub(crate) enum EventKind {
    Snapshot,
    SessionStarted,
    SessionUpdated,
    SessionEnded,
    ProviderChanged,
    ParticipantJoined,
    ParticipantUpdated,
    ParticipantLeft,
    Bye,
}

impl EventKind {
    /// Those that a log of all replicas has.
    const SHARED: [Self; 4] = [Self::SessionStarted, Self::SessionUpdated, Self::SessionEnded, Self::ProviderChanged];

    /// The kind of an event in the log of all replicas; `None` for any other.
    pub(super) fn of_shared(name: &str) -> Option<Self> {
        Self::SHARED.into_iter().find(|kind| kind.as_str() == name)
    }

    /// The value of the `event` field.
    pub(crate) fn as_str(self) -> &'static str {
        match self {
            Self::Snapshot => "snapshot",
            Self::SessionStarted => "session_started",
            Self::SessionUpdated => "session_updated",
            Self::SessionEnded => "session_ended",
            Self::ProviderChanged => "provider_changed",
            Self::ParticipantJoined => "participant_joined",
            Self::ParticipantUpdated => "participant_updated",
            Self::ParticipantLeft => "participant_left",
            Self::Bye => "bye",
        }
    }
}

/// What keeps a silent connection alive. No event.
pub(super) const COMMENT: &[u8] = b":\n\n";

/// Appends an event that is not finished yet: `id` and the empty line are each stream's own. `write` appends its JSON.
pub(super) fn begin(kind: EventKind, out: &mut Vec<u8>, write: impl FnOnce(&mut Vec<u8>)) {
    out.extend_from_slice(b"event: ");
    out.extend_from_slice(kind.as_str().as_bytes());
    out.extend_from_slice(b"\ndata: ");
    let start = out.len();
    write(out);
    // A line break can only stand between two tokens: within texts JSON writes it as `\n`.
    for byte in out.iter_mut().skip(start).filter(|byte| matches!(byte, b'\n' | b'\r')) {
        *byte = b' ';
    }
    out.push(b'\n');
}

/// The same on its own.
pub(super) fn event(kind: EventKind, write: impl FnOnce(&mut Vec<u8>)) -> Bytes {
    let mut out = Vec::new();
    begin(kind, &mut out, write);
    out.into()
}

/// The JSON of an event of that kind.
pub(super) fn data(kind: EventKind, event: &[u8]) -> &[u8] {
    let start = b"event: ".len() + kind.as_str().len() + b"\ndata: ".len();
    event.get(start..event.len().saturating_sub(1)).unwrap_or_default()
}

/// Ends an event, after which whoever has read it stands at this place.
pub(super) fn end_with_id(id: &str, out: &mut Vec<u8>) {
    out.extend_from_slice(b"id: ");
    out.extend_from_slice(id.as_bytes());
    end(out);
    out.push(b'\n');
}

/// Ends an event, or one of its lines.
pub(super) fn end(out: &mut Vec<u8>) {
    out.push(b'\n');
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn data_is_one_line_whatever_the_provider_wrote() {
        let mut out = event(EventKind::Bye, |out| out.extend_from_slice(b"{\"a\":\r\n[1,\n2]}")).to_vec();
        assert_eq!(data(EventKind::Bye, &out), b"{\"a\":  [1, 2]}");
        end_with_id("7", &mut out);
        assert_eq!(out, b"event: bye\ndata: {\"a\":  [1, 2]}\nid: 7\n\n");
    }
}
