//! Sessions that ran or run: which of them are asked for, and one page of them.

use serde::{Deserialize, Serialize};

use crate::{RoomId, Session, SessionId, SessionStatus, Timestamp};

/// Which sessions are asked for: those that all of it admits.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Default, Serialize, Deserialize)]
pub struct SessionFilter {
    /// Only those of this room.
    pub room: Option<RoomId>,
    /// Only those that run, or only those that are over.
    pub status: Option<WantedStatus>,
    /// Only those whose moment is not before this.
    pub since: Option<Timestamp>,
    /// Only those whose moment is before this.
    pub until: Option<Timestamp>,
}

/// Whether running sessions are asked for, or ended ones.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub enum WantedStatus {
    /// Those that run.
    Live,
    /// Those that are over.
    Ended,
}

impl SessionFilter {
    /// Whether it admits a session of the room that has this status and moment. A status that nobody knows may be the
    /// wanted one; a moment that nobody knows is in no range.
    #[must_use]
    pub fn admits(&self, status: SessionStatus, moment: Option<Timestamp>) -> bool {
        let other = match self.status {
            None => None,
            Some(WantedStatus::Live) => Some(SessionStatus::Ended),
            Some(WantedStatus::Ended) => Some(SessionStatus::Live),
        };
        Some(status) != other
            && self.since.is_none_or(|since| moment.is_some_and(|moment| moment >= since))
            && self.until.is_none_or(|until| moment.is_some_and(|moment| moment < until))
    }
}

/// How far a walk has come in the order of the API: newest first, unknown moments last, then by session id.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct Passed {
    /// All sessions of later moments are passed. Without a moment all that have one are.
    pub moment: Option<Timestamp>,
    /// Which sessions of this very moment are passed, too.
    pub of_moment: PassedOfMoment,
}

/// Which sessions of one moment are passed.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub enum PassedOfMoment {
    /// Not one.
    None,
    /// Those up to this id, itself included.
    UpTo(SessionId),
    /// All of them.
    All,
}

impl Passed {
    /// Whether a session of this moment and id is passed.
    #[must_use]
    pub fn holds(&self, moment: Option<Timestamp>, id: &SessionId) -> bool {
        if moment != self.moment {
            return moment > self.moment;
        }
        match &self.of_moment {
            PassedOfMoment::None => false,
            PassedOfMoment::UpTo(last) => id <= last,
            PassedOfMoment::All => true,
        }
    }
}

/// Where a walk has come to in the provider's own list: numbers that only the provider understands. They are a hint that
/// makes a page cheap; a walk goes on without them, or with wrong ones.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Default, Serialize, Deserialize)]
#[serde(transparent)]
pub struct UpstreamPosition(Vec<u32>);

impl UpstreamPosition {
    /// Of the provider's numbers. They travel in cursors, so they are few.
    #[must_use]
    pub fn new(numbers: Vec<u32>) -> Self {
        Self(numbers)
    }

    /// The provider's numbers, or none.
    #[must_use]
    pub fn numbers(&self) -> &[u32] {
        &self.0
    }
}

/// One page of a walk over sessions.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct SessionQuery {
    /// Which sessions. The same on every page of a walk.
    pub filter: SessionFilter,
    /// What earlier pages gave; `None` for the first page.
    pub passed: Option<Passed>,
    /// Where the provider's own list was then; the default for the first page.
    pub position: UpstreamPosition,
    /// The most sessions wanted, at least 1.
    pub limit: u16,
}

/// A session in its place.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct ListedSession {
    /// The session's own id, as in the session itself.
    pub id: SessionId,
    /// The moment by which it is ordered: [`Session::moment`], or that of its neighbour in the provider's list.
    pub moment: Option<Timestamp>,
    /// The session.
    pub session: Session,
    /// Where the provider's list is once this session, and all before it, are passed.
    pub position: UpstreamPosition,
}

/// Sessions in the order of the API, from where the walk has come on.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
pub struct SessionPage {
    /// As many as were wanted, or all that are left. Each id is there once.
    pub rows: Vec<ListedSession>,
    /// Where the provider's list is while none of them is passed.
    pub start: UpstreamPosition,
    /// Whether there may be sessions after them.
    pub more: bool,
    /// Rows that had no usable id and were left out.
    pub dropped: u64,
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(ms: i64) -> Option<Timestamp> {
        Timestamp::from_unix_ms(ms)
    }

    fn id(text: &str) -> SessionId {
        SessionId::new(text).unwrap()
    }

    #[test]
    fn a_range_is_half_open_and_holds_no_unknown_moment() {
        let filter = SessionFilter { since: at(10), until: at(20), ..SessionFilter::default() };
        let admitted = |moment| filter.admits(SessionStatus::Ended, moment);
        assert_eq!([at(9), at(10), at(19), at(20), None].map(admitted), [false, true, true, false, false]);
        assert!(SessionFilter::default().admits(SessionStatus::Unknown, None));
    }

    #[test]
    fn a_status_that_nobody_knows_may_be_the_wanted_one() {
        use SessionStatus::{Ended, Live, Unknown};
        let admitted = |wanted| {
            let filter = SessionFilter { status: wanted, ..SessionFilter::default() };
            [Live, Ended, Unknown].map(|status| filter.admits(status, None))
        };
        assert_eq!(admitted(None), [true, true, true]);
        assert_eq!(admitted(Some(WantedStatus::Live)), [true, false, true]);
        assert_eq!(admitted(Some(WantedStatus::Ended)), [false, true, true]);
    }

    #[test]
    fn what_is_passed_is_newer_or_of_the_moment() {
        for (of_moment, expected) in [
            (PassedOfMoment::None, [true, false, false, false, false]),
            (PassedOfMoment::UpTo(id("b")), [true, true, true, false, false]),
            (PassedOfMoment::All, [true, true, true, true, false]),
        ] {
            let passed = Passed { moment: at(5), of_moment };
            let rows = [(at(6), "z"), (at(5), "a"), (at(5), "b"), (at(5), "c"), (at(4), "a")];
            assert_eq!(rows.map(|(moment, text)| passed.holds(moment, &id(text))), expected);
            assert!(!passed.holds(None, &id("a")), "unknown comes last");
        }
        let at_the_end = Passed { moment: None, of_moment: PassedOfMoment::None };
        assert!(at_the_end.holds(at(0), &id("z")) && !at_the_end.holds(None, &id("a")));
    }
}
