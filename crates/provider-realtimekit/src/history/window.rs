//! The rows of the list around the place where a walk goes on, in the service's order, and what they give.

use std::cmp::Reverse;
use std::collections::HashSet;

use session_provider::{
    ListedSession, Operation, Passed, Result, Session, SessionFilter, SessionId, SessionPage, Timestamp,
};

use crate::history::marks::Marks;
use crate::history::reader::Dated;
use crate::map::session::is_of;
use crate::pages::{MAX_HELD, Page, Row, untrusted};

/// A row, and the page it came on.
#[derive(Debug)]
struct Seen {
    page_no: u32,
    id: SessionId,
    date: Option<Timestamp>,
    session: Session,
}

/// A row in its place among those that are given.
#[derive(Debug, Clone, Copy)]
struct Placed {
    row: usize,
    moment: Option<Timestamp>,
}

/// A run of the list, from a row on before which everything has been passed.
#[derive(Debug)]
pub(super) struct Window<'q> {
    filter: &'q SessionFilter,
    limit: usize,
    passed: Option<&'q Passed>,
    marks: Marks,
    rows: Vec<Seen>,
    ids: HashSet<SessionId>,
    /// Where the rows of the latest page begin.
    border: usize,
    latest_page: u32,
    /// Whether it begins with the list, and whether it ends with it.
    begins: bool,
    ends: bool,
    /// Whether every page was in the order that was asked for.
    ordered: bool,
    weight: u64,
    dropped: u64,
}

impl<'q> Window<'q> {
    pub(super) fn new(
        filter: &'q SessionFilter,
        limit: u16,
        passed: Option<&'q Passed>,
        marks: Marks,
        begins: bool,
    ) -> Self {
        Self {
            filter,
            limit: usize::from(limit.max(1)),
            passed,
            marks,
            rows: Vec::new(),
            ids: HashSet::new(),
            border: 0,
            latest_page: 1,
            begins,
            ends: false,
            ordered: true,
            weight: 0,
            dropped: 0,
        }
    }

    /// Takes the next page in; answers how many of its rows had not come yet.
    ///
    /// # Errors
    /// `ProviderBadResponse` beyond [`MAX_HELD`].
    pub(super) fn take(&mut self, page_no: u32, page: Page<Dated>) -> Result<usize> {
        self.ends = page.is_last(page_no);
        self.ordered &= page.moments().is_sorted_by(|newer, older| newer >= older);
        self.border = self.rows.len();
        self.latest_page = page_no;
        self.dropped += page.dropped;
        for row in page.rows {
            if let Some(seen) = self.see(page_no, row)? {
                self.rows.push(seen);
            }
        }
        Ok(self.rows.len() - self.border)
    }

    /// Whether a page repeats nothing but rows that have come already.
    pub(super) fn has_all_of(&self, page: &Page<Dated>) -> bool {
        let id = |row: &Row<Dated>| row.value.as_ref().and_then(|dated| dated.session.session_id.clone());
        !page.rows.is_empty() && page.rows.iter().filter_map(id).all(|id| self.ids.contains(&id))
    }

    /// Nothing comes after the latest page.
    pub(super) fn end(&mut self) {
        self.ends = true;
    }

    /// Takes a reading in that lies over the border between the latest page and the one before it, made after both: rows
    /// of it that neither has come to stand where it has them. Answers whether it has rows of both, so that nothing is between them.
    ///
    /// # Errors
    /// `ProviderBadResponse` beyond [`MAX_HELD`].
    pub(super) fn bridge(&mut self, page: Page<Dated>) -> Result<bool> {
        let (before, latest) = self.rows.split_at_checked(self.border).unwrap_or_default();
        let ids = |rows: &[Seen]| rows.iter().map(|seen| seen.id.clone()).collect::<HashSet<_>>();
        let (before, latest) = (ids(before), ids(latest));
        let has = |row: &Row<Dated>, ids: &HashSet<SessionId>| {
            row.value.as_ref().and_then(|dated| dated.session.session_id.as_ref()).is_some_and(|id| ids.contains(id))
        };
        let first = page.rows.iter().position(|row| has(row, &before));
        let end = match page.rows.iter().rposition(|row| has(row, &latest)) {
            None if latest.is_empty() => Some(page.rows.len()),
            last => last,
        };
        let Some((first, end)) = first.zip(end) else { return Ok(false) };
        let (page_no, mut place) = (self.latest_page, self.border);
        for row in page.rows.into_iter().take(end).skip(first) {
            let id = row.value.as_ref().and_then(|dated| dated.session.session_id.as_ref());
            let known = id.and_then(|id| self.rows.iter().position(|seen| seen.id == *id));
            if let Some(known) = known {
                place = known + 1;
            } else if let Some(seen) = self.see(page_no, row)? {
                self.rows.insert(place, seen);
                self.border += usize::from(place <= self.border);
                place += 1;
            }
        }
        Ok(true)
    }

    /// `None` for a row that has come already.
    fn see(&mut self, page_no: u32, row: Row<Dated>) -> Result<Option<Seen>> {
        let Some(Dated { date, session }) = row.value else { return Ok(None) };
        let Some(id) = session.session_id.clone().filter(|id| self.ids.insert(id.clone())) else { return Ok(None) };
        self.weight += row.weight;
        if self.weight > MAX_HELD {
            return Err(untrusted(
                Operation::ListSessions,
                "The provider's list has more rows than Rollcall may hold.",
            ));
        }
        Ok(Some(Seen { page_no, id, date, session }))
    }

    /// Whether no more of the list is needed: one row more than is wanted tells that more follow.
    pub(super) fn is_enough(&self) -> bool {
        self.is_finished() || self.placed().len() > self.limit
    }

    /// Whether nothing more can come: the list is over, or all that follows is older than what is asked for.
    fn is_finished(&self) -> bool {
        self.ends || self.filter.since.is_some_and(|since| self.oldest().is_some_and(|oldest| oldest < since))
    }

    fn oldest(&self) -> Option<Timestamp> {
        self.rows.iter().rev().find_map(|seen| seen.date)
    }

    /// The rows that are asked for and not passed, in the order of the API, as far as all rows of their moments are here:
    /// those of the oldest may go on on the next page.
    fn placed(&self) -> Vec<Placed> {
        let (finished, oldest) = (self.is_finished(), self.oldest());
        let is_whole = |moment: Option<Timestamp>| finished || (oldest.is_some() && moment > oldest);
        let mut older: Vec<Option<Timestamp>> = Vec::with_capacity(self.rows.len());
        for seen in self.rows.iter().rev() {
            let next = older.last().copied().flatten();
            older.push(seen.date.or(next));
        }
        older.reverse();
        let mut newer = None;
        let mut placed: Vec<Placed> = Vec::new();
        for (row, seen) in self.rows.iter().enumerate() {
            newer = seen.date.or(newer);
            let older = older.get(row).copied().flatten();
            placed.extend(
                self.moment(seen, newer, older).filter(|moment| is_whole(*moment)).map(|moment| Placed { row, moment }),
            );
        }
        placed.sort_by_key(|placed| (Reverse(placed.moment), self.rows.get(placed.row).map(|seen| &seen.id)));
        placed
    }

    /// The moment by which a row is ordered that is asked for and not passed. `newer` and `older` are the moments of its
    /// neighbours, or its own.
    fn moment(&self, seen: &Seen, newer: Option<Timestamp>, older: Option<Timestamp>) -> Option<Option<Timestamp>> {
        let Seen { id, date, session, .. } = seen;
        if !self.filter.room.as_ref().is_none_or(|room| is_of(session, room)) {
            return None;
        }
        let own = match date {
            Some(date) => Some(*date),
            None => between(session.started_at, newer, older),
        };
        if !self.filter.admits(session.status, own) {
            return None;
        }
        let Some(passed) = self.passed else { return Some(own) };
        if date.is_some() {
            return (!passed.holds(own, id)).then_some(own);
        }
        // Its neighbours may have been others when an earlier page was made, and its moment another.
        let same = newer == passed.moment && older == passed.moment;
        let is_passed =
            self.marks.have(id) || (older.is_some() && older > passed.moment) || (same && passed.holds(own, id));
        let candidates = [own, passed.moment, older, None];
        candidates
            .into_iter()
            .find(|moment| !is_passed && !passed.holds(*moment, id) && self.filter.admits(session.status, *moment))
    }

    /// The page of the last row that is newer than a moment: what is not passed of the moment begins there or on the next.
    fn page_before(&self, moment: Option<Timestamp>) -> u32 {
        let is_not_newer = |seen: &Seen| seen.date.is_some_and(|created| Some(created) <= moment);
        let first = self.rows.iter().position(is_not_newer).unwrap_or(self.rows.len());
        self.rows.get(first.saturating_sub(1)).map_or(self.latest_page, |seen| seen.page_no)
    }

    /// The page.
    ///
    /// # Errors
    /// `ProviderBadResponse` when a part of the list is here and is not in the order that was asked for.
    pub(super) fn finish(self) -> Result<SessionPage> {
        if !(self.ordered || self.begins && self.ends) {
            let detail = "The provider's sessions are not in the order that was asked for.";
            return Err(untrusted(Operation::ListSessions, detail));
        }
        let mut placed = self.placed();
        let more = !self.is_finished() || placed.len() > self.limit;
        placed.truncate(self.limit);
        let mut marks = self.marks.clone();
        let pages: Vec<u32> = placed.iter().map(|placed| self.page_before(placed.moment)).collect();
        let start = marks.position(pages.first().copied().unwrap_or(self.latest_page));
        let mut rows: Vec<Option<Seen>> = self.rows.into_iter().map(Some).collect();
        let mut listed = Vec::with_capacity(placed.len());
        for (Placed { row, moment }, page_no) in placed.into_iter().zip(pages) {
            let Some(Seen { id, date, session, .. }) = rows.get_mut(row).and_then(Option::take) else { continue };
            if date.is_none() {
                marks.add(&id);
            }
            listed.push(ListedSession { id, moment, session, position: marks.position(page_no) });
        }
        Ok(SessionPage { rows: listed, start, more, dropped: self.dropped })
    }
}

/// The moment of a row that the service orders by a time that it does not say: when it began, as far as its neighbours
/// allow, else that of the newer one.
fn between(started: Option<Timestamp>, newer: Option<Timestamp>, older: Option<Timestamp>) -> Option<Timestamp> {
    let Some(started) = started else { return newer.or(older) };
    let at_most = newer.map_or(started, |newer| started.min(newer));
    Some(older.map_or(at_most, |older| at_most.max(older)))
}
