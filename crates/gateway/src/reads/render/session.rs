//! A session's JSON in two parts: what the provider says of it, and how fresh that is.

use session_provider::{ProviderId, ProviderKind, Session, Timestamp};

use crate::model::SessionJson;
use crate::reads::render::json::write_json;

/// How a session ends that was fetched at [`Timestamp::LATEST`].
const LATEST: &str = r#","stale":false,"fetched_at":"9999-12-31T23:59:59.999Z"}"#;

/// Appends a session's JSON but for its last two members, which [`Freshness`] adds. As long as the provider says the same
/// of a session this stays the same, so it is kept from one answer to the next, and hashed for the `ETag`.
pub(crate) fn write_said(provider: &ProviderId, kind: ProviderKind, session: &Session, out: &mut Vec<u8>) {
    write_json(&SessionJson::new(provider, kind, session, Timestamp::LATEST, false), out);
    debug_assert!(out.ends_with(LATEST.as_bytes()));
    out.truncate(out.len().saturating_sub(LATEST.len()));
}

/// How the JSON of every session of one answer ends: `stale` and `fetched_at`.
#[derive(Debug)]
pub(crate) struct Freshness(String);

impl Freshness {
    pub(crate) fn new(stale: bool, fetched_at: Timestamp) -> Self {
        Self(format!(",\"stale\":{stale},\"fetched_at\":\"{fetched_at}\"}}"))
    }

    pub(crate) fn as_bytes(&self) -> &[u8] {
        self.0.as_bytes()
    }
}

#[cfg(test)]
mod tests {
    use session_provider::{RoomId, SessionStatus};

    use super::*;
    use crate::reads::render::render;

    #[test]
    fn both_parts_are_the_session_as_callers_read_it() {
        let provider = ProviderId::new("p").unwrap();
        let kind = ProviderKind::new("realtimekit");
        let session = Session::of_room(RoomId::new("r").unwrap(), SessionStatus::Live);
        let at = Timestamp::from_unix_ms(1_773_482_400_147).unwrap();
        for stale in [false, true] {
            let mut parts = b"[".to_vec();
            write_said(&provider, kind, &session, &mut parts);
            parts.extend_from_slice(Freshness::new(stale, at).as_bytes());
            let whole = render(&SessionJson::new(&provider, kind, &session, at, stale));
            assert_eq!(parts.strip_prefix(b"[").unwrap(), whole);
        }
    }
}
