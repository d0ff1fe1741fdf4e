//! An entry of the log of events that all replicas have, as it stands in the store.

use std::borrow::Cow;
use std::sync::Arc;
use std::time::Duration;

use bytes::Bytes;
use serde::{Deserialize, Serialize};
use serde_json::value::RawValue;
use session_provider::{ProviderId, RoomId, SessionId};

use crate::events::batch::{NewEntry, SeenRoom};
use crate::events::frame::{self, EventKind};
use crate::events::place::Place;
use crate::events::ring::RingEntry;
use crate::problem::ProviderOutcome;

/// What has another version does not read as ours.
const VERSION: u8 = 1;

/// An entry.
#[derive(Debug)]
pub(super) struct SharedEntry {
    /// Where it stands among events; a mark, which is no event, before the next.
    pub(super) at: Place,
    pub(super) what: SharedWhat,
}

#[derive(Debug)]
pub(super) enum SharedWhat {
    Event(RingEntry, Option<SeenRoom>),
    /// The end of what one answer has brought.
    Mark {
        outcome: Arc<ProviderOutcome>,
        spacing: Duration,
    },
}

#[derive(Serialize, Deserialize)]
struct WireEntry<'a> {
    v: u8,
    epoch: u64,
    number: u64,
    #[serde(borrow)]
    what: WireWhat<'a>,
}

#[derive(Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
enum WireWhat<'a> {
    Event {
        #[serde(borrow)]
        event: Cow<'a, str>,
        #[serde(default, skip_serializing_if = "Option::is_none")]
        rooms: Option<Vec<RoomId>>,
        #[serde(default, skip_serializing_if = "Option::is_none")]
        session: Option<SessionId>,
        #[serde(borrow)]
        data: &'a RawValue,
    },
    Anew,
    Mark {
        outcome: ProviderOutcome,
        spacing_ms: u64,
    },
}

fn wire(at: Place, what: WireWhat<'_>) -> Option<Bytes> {
    let wire = WireEntry { v: VERSION, epoch: at.epoch, number: at.number, what };
    Some(serde_json::to_vec(&wire).ok()?.into())
}

/// An entry that stands at this place; `None` for one that is no JSON, which none of ours is.
pub(super) fn event(at: Place, entry: &NewEntry) -> Option<Bytes> {
    match entry {
        NewEntry::Anew => wire(at, WireWhat::Anew),
        NewEntry::Event { kind, event, about } => {
            let data = serde_json::from_slice(frame::data(*kind, event)).ok()?;
            let rooms = about.as_ref().map(|about| about.rooms.clone());
            let session = about.as_ref().and_then(|about| about.session.clone());
            wire(at, WireWhat::Event { event: kind.as_str().into(), rooms, session, data })
        }
    }
}

/// A mark at this place.
pub(super) fn mark(at: Place, outcome: &ProviderOutcome, spacing: Duration) -> Option<Bytes> {
    let spacing_ms = u64::try_from(spacing.as_millis()).unwrap_or(u64::MAX);
    wire(at, WireWhat::Mark { outcome: outcome.clone(), spacing_ms })
}

impl SharedEntry {
    /// An entry of that provider's log; `None` for what is not ours, or of another version.
    pub(super) fn read(entry: &[u8], provider: &ProviderId) -> Option<Self> {
        let WireEntry { v: VERSION, epoch, number, what } = serde_json::from_slice(entry).ok()? else { return None };
        let what = match what {
            WireWhat::Anew => SharedWhat::Event(RingEntry::Anew, None),
            WireWhat::Event { event, rooms, session, data } => {
                let kind = EventKind::of_shared(&event)?;
                // Framed here, whatever stands in the store.
                let event = frame::event(kind, |out| out.extend_from_slice(data.get().as_bytes()));
                let about = rooms.map(|rooms| SeenRoom { rooms, session });
                SharedWhat::Event(RingEntry::Event(event), about)
            }
            WireWhat::Mark { outcome, spacing_ms } => {
                let outcome = Arc::new(ProviderOutcome { provider: provider.to_string(), ..outcome });
                SharedWhat::Mark { outcome, spacing: Duration::from_millis(spacing_ms) }
            }
        };
        Some(Self { at: Place { epoch, number }, what })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::events::encode;
    use crate::problem::{Code, ProviderOutcomeStatus, ProviderProblem};

    const AT: Place = Place { epoch: u64::MAX, number: 3 };

    fn provider() -> ProviderId {
        ProviderId::new("p").unwrap()
    }

    fn outcome() -> ProviderOutcome {
        let problem = ProviderProblem {
            code: Code::ProviderError,
            detail: "It\nfailed.".to_owned(),
            retryable: true,
            retry_after_seconds: None,
        };
        let status = ProviderOutcomeStatus::Failed;
        ProviderOutcome {
            provider: "p".to_owned(),
            status,
            session_count: None,
            fetched_at: None,
            problem: Some(problem),
        }
    }

    #[test]
    fn it_is_read_as_it_was_written() {
        let about = SeenRoom {
            rooms: vec![RoomId::new("r").unwrap(), RoomId::new("also-r").unwrap()],
            session: Some(SessionId::new("s").unwrap()),
        };
        let bytes = encode::provider_changed(&outcome());
        let entry =
            NewEntry::Event { kind: EventKind::ProviderChanged, event: bytes.clone(), about: Some(about.clone()) };
        let read = SharedEntry::read(&event(AT, &entry).unwrap(), &provider()).unwrap();
        assert_eq!(read.at, AT);
        let SharedWhat::Event(RingEntry::Event(event_read), Some(about_read)) = read.what else { panic!() };
        assert_eq!((event_read, about_read), (bytes, about));

        let read = SharedEntry::read(&event(AT, &NewEntry::Anew).unwrap(), &provider()).unwrap();
        assert!(matches!(read.what, SharedWhat::Event(RingEntry::Anew, None)));

        let read = SharedEntry::read(&mark(AT, &outcome(), Duration::from_millis(1500)).unwrap(), &provider()).unwrap();
        let SharedWhat::Mark { outcome: read, spacing } = read.what else { panic!() };
        assert_eq!((*read).clone(), outcome());
        assert_eq!(spacing, Duration::from_millis(1500));
    }

    #[test]
    fn the_format_has_a_version() {
        let text = r#"{"v":1,"epoch":18446744073709551615,"number":3,"what":"anew"}"#;
        assert_eq!(event(AT, &NewEntry::Anew).unwrap(), text);
        for bad in [
            text.replace("\"v\":1", "\"v\":2"),
            text.replace("anew", "bnew"),
            "{}".to_owned(),
            String::new(),
            text.replace("\"anew\"", r#"{"event":{"event":"bye","data":{}}}"#),
            text.replace("\"anew\"", r#"{"event":{"event":"session_started","rooms":["../r"],"data":{}}}"#),
        ] {
            assert!(SharedEntry::read(bad.as_bytes(), &provider()).is_none(), "{bad}");
        }
    }
}
