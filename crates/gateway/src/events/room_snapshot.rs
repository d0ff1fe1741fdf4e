//! All that is known of a room, written piece by piece as its reader takes it.

use std::sync::Arc;
use std::time::Duration;

use serde::Serialize;
use session_provider::{RoomId, Session};

use crate::events::encode::write_json;
use crate::events::event_log::SnapshotPieces;
use crate::events::frame::{self, EventKind};
use crate::events::place::Place;
use crate::events::snapshot::{FULL, MAX_ROWS};
use crate::problem::{ProviderOutcome, ProviderOutcomeStatus};
use crate::reads::{ListAnswer, PeopleAnswer};

/// A session, and the answer that it came in.
#[derive(Debug, Clone)]
pub(super) struct ListedSession {
    pub(super) session: Arc<Session>,
    pub(super) answer: ListAnswer,
}

/// A snapshot of a room on its way to one reader.
#[derive(Debug)]
pub(super) struct RoomSnapshot {
    room: RoomId,
    session: Option<ListedSession>,
    people: Option<PeopleAnswer>,
    outcome: Arc<ProviderOutcome>,
    poll: Duration,
    next: usize,
    begun: bool,
    then: Place,
}

#[derive(Serialize)]
struct RoomHead<'a> {
    provider: &'a str,
    room_id: &'a str,
    entry: &'a ProviderOutcome,
    poll_seconds: f64,
    first: bool,
    last: bool,
    reported_count: Option<u64>,
}

impl RoomSnapshot {
    pub(super) fn new(
        room: RoomId,
        session: Option<ListedSession>,
        people: Option<PeopleAnswer>,
        outcome: Arc<ProviderOutcome>,
        poll: Duration,
        then: Place,
    ) -> Self {
        Self { room, session, people, outcome, poll, next: 0, begun: false, then }
    }
}

impl SnapshotPieces for RoomSnapshot {
    fn write_piece(&mut self, out: &mut Vec<u8>) -> bool {
        let first = !std::mem::replace(&mut self.begun, true);
        let start = self.next;
        let count = self.people.as_ref().map_or(0, PeopleAnswer::len);
        let mut bytes = 0;
        while let Some(people) = self.people.as_ref().filter(|_| self.next < count && self.next - start < MAX_ROWS) {
            bytes += people.row(self.next).len();
            if bytes > FULL && self.next > start {
                break;
            }
            self.next += 1;
        }
        let (rows, last) = (start..self.next, self.next >= count);
        let stale = self.outcome.status == ProviderOutcomeStatus::Stale;
        frame::begin(EventKind::Snapshot, out, |out| {
            let head = RoomHead {
                provider: &self.outcome.provider,
                room_id: self.room.as_str(),
                entry: &self.outcome,
                poll_seconds: self.poll.as_secs_f64(),
                first,
                last,
                reported_count: self.people.as_ref().and_then(PeopleAnswer::reported_count),
            };
            write_json(&head, out);
            out.pop();
            out.extend_from_slice(b",\"session\":");
            match &self.session {
                Some(ListedSession { session, answer }) => answer.write_other(session, stale, out),
                None => out.extend_from_slice(b"null"),
            }
            out.extend_from_slice(b",\"participants\":[");
            for (index, row) in rows.enumerate() {
                if index > 0 {
                    out.push(b',');
                }
                out.extend_from_slice(self.people.as_ref().map_or(&[], |people| people.row(row)));
            }
            out.extend_from_slice(b"]}");
        });
        last
    }

    fn then(&self) -> Place {
        self.then
    }
}
