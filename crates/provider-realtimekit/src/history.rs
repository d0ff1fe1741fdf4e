//! One page of the app's sessions, newest first, found again in a list whose rows move.
//!
//! The service's list knows page numbers only, and between two calls sessions begin (all later rows move on), vanish (they
//! move back) and end (which moves rows of a list of one status). So the place where a walk goes on is found by moments and
//! ids, from the page where it was, and what may have slid over the border between two pages is read once more
//! (`docs/adr/0019-history-is-walked-by-keys.md`).

mod locate;
mod marks;
mod reader;
mod window;

use std::future::Future;

use session_provider::{
    Error, ErrorKind, Operation, Passed, PassedOfMoment, Result, Session, SessionPage, SessionQuery, WantedStatus,
};

use crate::history::locate::{Located, locate};
use crate::history::marks::Marks;
use crate::history::reader::Reader;
use crate::history::window::Window;
use crate::pages::{Page, untrusted};

/// More pages than rows move while one is read.
const FAR: u32 = 1000;

/// Reads as much of the list as the page needs. `fetch` reads a page of that number, counted in pages of that length.
///
/// Where rows are not counted, only a page without rows, or one that brings nothing new, is the end of the list: a short
/// one may be as long as they come. That costs a call more at the end, and one for each border between two pages.
///
/// # Errors
/// Those of `fetch`; `ProviderError` when so many rows vanish meanwhile that the page cannot be put together; and `ProviderBadResponse` when what comes does not add up to a list in the order that was asked for,
/// is more than is held, or `max_pages` are not enough.
pub(crate) async fn page<F, Fetched>(query: &SessionQuery, max_pages: u32, fetch: F) -> Result<SessionPage>
where
    F: FnMut(u32, u64) -> Fetched,
    Fetched: Future<Output = Result<Page<Session>>>,
{
    let until = || query.filter.until.map(|until| Passed { moment: Some(until), of_moment: PassedOfMoment::All });
    let passed = query.passed.clone().or_else(until);
    let (hint, marks) = Marks::read(&query.position);
    let mut reader = Reader::new(max_pages, fetch);
    let Located { mut page_no, page, next: mut ahead } = locate(&mut reader, passed.as_ref(), hint).await?;
    let (mut size, mut total) = (page.size(), page.total_count());
    let mut window = Window::new(&query.filter, query.limit, passed.as_ref(), marks, page_no == 1);
    window.take(page_no, page)?;
    let mut repeated = false;
    while !window.is_enough() {
        let next = match ahead.take() {
            Some(next) => next,
            None => reader.read(page_no.saturating_add(1)).await?,
        };
        let (size_now, total_now) = (next.size(), next.total_count());
        let brought = window.take(page_no.saturating_add(1), next)?;
        let has_slid = may_have_slid(query, total, total_now);
        if has_slid && brought == 0 && page_no > 1 && !reader.knows_length_before(page_no) {
            // The last page, or one that comes in place of what is beyond it, is no measure of where it begins: the one before
            // is.
            reader.read(page_no.saturating_sub(1)).await?;
        }
        let bridge = bridge(reader.longest(), page_no, size).filter(|_| has_slid);
        if let Some((bridge_no, per_page)) = bridge
            && !window.bridge(reader.read_sized(bridge_no, per_page).await?)?
        {
            let error = Error::new(ErrorKind::ProviderError).in_operation(Operation::ListSessions);
            return Err(error.with_detail("The provider's list changes faster than it can be read."));
        }
        if brought == 0 && size_now > 0 {
            if total_now.is_none() {
                // So many may have begun meanwhile that the page before came again. But if a page from far beyond brings
                // nothing new either, page numbers are ignored, or cut to the last page.
                if window.has_all_of(&reader.read(page_no.saturating_add(FAR)).await?) {
                    window.end();
                }
            } else if std::mem::replace(&mut repeated, true) {
                return Err(untrusted(Operation::ListSessions, "The provider repeats pages of its list."));
            }
        }
        repeated &= brought == 0;
        (size, total) = (size_now, total_now);
        page_no = page_no.saturating_add(1);
    }
    window.finish()
}

/// Whether a row may have moved from a page onto the one before it, which was read already. Rows move back when others
/// vanish. Where all that come are newer, the number of rows tells, which falls then; but sessions that end come anywhere
/// among the ended ones.
fn may_have_slid(query: &SessionQuery, before: Option<u64>, now: Option<u64>) -> bool {
    let fell = before.zip(now).is_none_or(|(before, now)| now < before);
    fell || query.filter.status == Some(WantedStatus::Ended)
}

/// A page of other length, and its number, that lies over the end of a page of so many rows where the pages before have
/// `length`, well into both neighbours.
fn bridge(length: u64, page_no: u32, rows: u64) -> Option<(u32, u64)> {
    let border = u64::from(page_no.saturating_sub(1)).checked_mul(length)?.checked_add(rows)?;
    let lies_over = |per_page: &u64| {
        let inside = border % per_page;
        inside.min(per_page - inside) > per_page / 4
    };
    let per_page = (length / 2 + 1..length).rev().find(lies_over)?;
    Some((u32::try_from(border / per_page + 1).ok()?, per_page))
}

#[cfg(test)]
mod tests;
