//! Walking a list page by page, whatever its `paging` says (`docs/upstream/realtimekit.md` §4, quirk 2).
//!
//! Nothing here gives a shortened list: what does not add up is an error. Why a list is read backwards is told at
//! [`walk`] and in `docs/adr/0009-lists-are-read-backwards.md`.

mod backward;
mod forward;
mod rows;

use std::future::Future;

use lenient_json::count;
use serde_json::value::RawValue;
use session_provider::{Error, ErrorKind, Operation, Result};

pub(crate) use crate::pages::forward::{Forward, Step};
use crate::wire::PagingRow;

/// Rows asked for in one page. The service's maximum is not published: a page may hold fewer, and the walk goes on.
pub(crate) const PER_PAGE: u64 = 100;

/// The most rows that one operation holds, over all pages: 200 full ones, about 12 MB. Nested breakout rooms and rows
/// without an id count as rows, and metadata as one row for each 256 bytes. More is `ProviderBadResponse`.
pub(crate) const MAX_HELD: u64 = 20_000;

/// The most bytes of bodies that one operation reads, each page once. More is `ProviderBadResponse`.
pub(crate) const MAX_BYTES: u64 = 64 * 1024 * 1024;

/// `paging`, beside or inside `data`. Offsets are 1-based and inclusive.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(crate) struct Paging {
    /// How many rows there are on all pages.
    pub(crate) total_count: Option<u64>,
    /// The place of this page's first row.
    pub(crate) start_offset: Option<u64>,
    /// The place of this page's last row.
    pub(crate) end_offset: Option<u64>,
}

impl Paging {
    /// Reads it; `None` when it is no object.
    pub(crate) fn read(raw: &RawValue) -> Option<Self> {
        let row = PagingRow::read(raw)?;
        Some(Self {
            total_count: count(row.total_count),
            start_offset: count(row.start_offset),
            end_offset: count(row.end_offset),
        })
    }
}

impl Paging {
    /// The place of the last of so many rows, if the offsets say that it is exactly they.
    pub(crate) fn spans(&self, rows: u64) -> Option<u64> {
        let (start, end) = (self.start_offset?, self.end_offset?);
        (end.checked_sub(start)?.checked_add(1)? == rows).then_some(end)
    }
}

/// One row with a usable id.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Row<R> {
    /// The id by which a row is known again.
    pub(crate) key: String,
    /// What it says; `None` when it is not of the kind that was asked for.
    pub(crate) value: Option<R>,
    /// How much it counts towards [`MAX_HELD`].
    pub(crate) weight: u64,
}

/// One page as it came.
#[derive(Debug, Clone)]
pub(crate) struct Page<R> {
    /// Rows with a usable id, in order.
    pub(crate) rows: Vec<Row<R>>,
    pub(crate) dropped: u64,
    /// The size of the body.
    pub(crate) bytes: u64,
    /// What the page says of its place.
    pub(crate) paging: Option<Paging>,
}

/// Everything that came.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Walked<R> {
    /// What the rows said, each id once, as it was read last.
    pub(crate) values: Vec<R>,
    /// Rows without a usable id.
    pub(crate) dropped: u64,
    /// The `total_count` read last, right or wrong.
    pub(crate) total_count: Option<u64>,
    /// Whether the number of pages was told, or there was one: then what is not here was not there.
    pub(crate) settled: bool,
}

/// Fetches a list whole.
///
/// Rows shift while one reads: lists are asked for in the order in which rows come to be, so what begins appears on the
/// last page, and when a row ends all later ones move towards the first. Reading forward would miss the row that slides
/// over the border of a page that was read already. So the first page is read to learn how many there are, and then
/// they are read from the last one back to the first: rows only shift into pages that are still to come, where they are
/// read once more. A list of one page costs one call, one of `n` pages `n + 1`.
///
/// Where the number of rows is not told, or is not true, the list is read forward to find its end, and back. How long a
/// page may be is not known: a short one may be as long as they come. So only a page without rows, or one that brings
/// nothing new, is the end: `2n + 1` calls for `n` pages, of which a list of one page costs three (one, if it is empty).
/// Three calls are a poll every 6 s, not 2, within the usual budget: a service that counts nothing is asked less often,
/// but no row is lost.
///
/// # Errors
/// Those of `fetch`, and `ProviderBadResponse` when what comes does not add up to a list or is more than is held, or
/// `max_pages` are not enough.
pub(crate) async fn walk<R, F, Fetched>(operation: Operation, max_pages: u32, mut fetch: F) -> Result<Walked<R>>
where
    F: FnMut(u32) -> Fetched,
    Fetched: Future<Output = Result<Page<R>>>,
{
    let first = fetch(1).await?;
    let mut most = max_pages;
    if let Some(numbered) = Numbered::read(&first) {
        if numbered.pages() > u64::from(max_pages) {
            // Whether there is a second page tells a long list from a count that is not true.
            most = 2;
        } else if let Some(walked) = backward::walk(operation, &first, numbered, &mut fetch).await? {
            return Ok(walked);
        }
    }
    let mut walk = Forward::new(operation);
    let mut step = walk.absorb(first)?;
    let mut page_no = 1;
    loop {
        let most = match step {
            Step::Done => break,
            Step::More => most,
            // To see that the last page is the last one does not make a page more of it.
            Step::Look => most.saturating_add(1),
        };
        if page_no >= most {
            let detail = "The provider's list has more pages than Rollcall may walk (max_pages).";
            return Err(untrusted(operation, detail));
        }
        page_no += 1;
        step = walk.absorb(fetch(page_no).await?)?;
    }
    for page_no in walk.unsettled().rev() {
        walk.absorb_again(fetch(page_no).await?)?;
    }
    walk.finish()
}

/// A list whose first page tells how many there are.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Numbered {
    /// Rows of a page.
    size: u64,
    /// Rows of all pages.
    total: u64,
}

impl Numbered {
    /// `None` when the page does not tell, or is all there is.
    fn read<R>(first: &Page<R>) -> Option<Self> {
        let (size, total) = (first.size(), first.paging?.total_count?);
        (size > 0 && total > size).then_some(Self { size, total })
    }

    fn pages(self) -> u64 {
        self.total.div_ceil(self.size)
    }
}

impl<R> Page<R> {
    /// Its rows, those without a usable id included.
    pub(crate) fn size(&self) -> u64 {
        self.rows.len() as u64 + self.dropped
    }
}

/// What does not add up to a list.
pub(crate) fn untrusted(operation: Operation, detail: &'static str) -> Error {
    Error::new(ErrorKind::ProviderBadResponse).in_operation(operation).with_detail(detail)
}

#[cfg(test)]
mod tests;
