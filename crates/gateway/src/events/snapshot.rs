//! All that is known of a provider, written piece by piece as its reader takes it.

use std::sync::Arc;
use std::time::Duration;

use serde::Serialize;
use session_provider::Session;

use crate::events::encode::write_json;
use crate::events::event_log::SnapshotPieces;
use crate::events::frame::{self, EventKind};
use crate::events::place::Place;
use crate::problem::{ProviderOutcome, ProviderOutcomeStatus};
use crate::reads::ListAnswer;

/// The most sessions, or people, of a piece.
pub(super) const MAX_ROWS: usize = 100;

/// From this size on a piece takes nothing further, in bytes: less than what a stream may hold unsent.
pub(super) const FULL: usize = 48 * 1024;

/// The live sessions of a provider as they are known.
#[derive(Debug)]
pub(super) struct KnownSessions {
    pub(super) answer: ListAnswer,
    /// Sessions that the answer lacks, but that have not ended for sure.
    pub(super) missing: Vec<Arc<Session>>,
}

/// A snapshot on its way to one reader. What it is made of is shared.
#[derive(Debug)]
pub(super) struct Snapshot {
    known: Option<Arc<KnownSessions>>,
    outcome: Arc<ProviderOutcome>,
    poll_seconds: f64,
    /// The next session, those that are missing last.
    next: usize,
    begun: bool,
    /// Where its reader stands in the log after it.
    then: Place,
}

#[derive(Serialize)]
struct Head<'a> {
    provider: &'a str,
    entry: &'a ProviderOutcome,
    poll_seconds: f64,
    first: bool,
    last: bool,
}

impl Snapshot {
    pub(super) fn new(
        known: Option<Arc<KnownSessions>>,
        outcome: Arc<ProviderOutcome>,
        poll: Duration,
        then: Place,
    ) -> Self {
        Self { known, outcome, poll_seconds: poll.as_secs_f64(), next: 0, begun: false, then }
    }

    /// About how many bytes a session takes; 0 after the last.
    fn size(&self, row: usize) -> usize {
        /// Of a session whose size is not at hand.
        const USUAL: usize = 1024;
        let Some(KnownSessions { answer, missing }) = self.known.as_deref() else { return 0 };
        match row.checked_sub(answer.sessions().len()) {
            None => answer.size(row),
            Some(row) => missing.get(row).map_or(0, |_| USUAL),
        }
    }

    fn write(&self, row: usize, out: &mut Vec<u8>) {
        let Some(KnownSessions { answer, missing }) = self.known.as_deref() else { return };
        let stale = self.outcome.status == ProviderOutcomeStatus::Stale;
        match row.checked_sub(answer.sessions().len()).map(|row| missing.get(row)) {
            None => answer.write(row, stale, out),
            Some(session) => session.into_iter().for_each(|session| answer.write_other(session, stale, out)),
        }
    }
}

impl SnapshotPieces for Snapshot {
    fn write_piece(&mut self, out: &mut Vec<u8>) -> bool {
        let first = !std::mem::replace(&mut self.begun, true);
        let start = self.next;
        let mut bytes = 0;
        while self.next - start < MAX_ROWS && (bytes == 0 || bytes < FULL) && self.size(self.next) > 0 {
            let size = self.size(self.next);
            if bytes > 0 && bytes + size > FULL {
                break;
            }
            bytes += size;
            self.next += 1;
        }
        let last = self.size(self.next) == 0;
        let rows = start..self.next;
        let this = &*self;
        let Self { outcome, poll_seconds, .. } = this;
        frame::begin(EventKind::Snapshot, out, |out| {
            let head = Head { provider: &outcome.provider, entry: outcome, poll_seconds: *poll_seconds, first, last };
            write_json(&head, out);
            out.pop();
            out.extend_from_slice(b",\"data\":[");
            for (index, row) in rows.enumerate() {
                if index > 0 {
                    out.push(b',');
                }
                this.write(row, out);
            }
            out.extend_from_slice(b"]}");
        });
        last
    }

    fn then(&self) -> Place {
        self.then
    }
}
