//! Walking a list page by page, whatever its `paging` says (`docs/upstream/realtimekit.md` §4, quirk 2).
//!
//! The walk is complete when as many rows have come as `paging` counts, when a page is empty, when a page repeats
//! nothing but rows that have come already, or, without usable `paging`, when a page is short. It fails rather than
//! give a shortened list: see [`Walk::absorb`].

use std::collections::HashMap;
use std::future::Future;

use lenient_json::count;
use serde_json::value::RawValue;
use session_provider::{Error, ErrorKind, Operation, Result};

use crate::wire::PagingRow;

/// Rows asked for in one page. The service's maximum is not published: a page may hold fewer, and the walk goes on.
pub(crate) const PER_PAGE: u64 = 100;

/// The most rows that one operation holds, over all pages: 200 full ones, about 12 MB. Nested breakout rooms and rows
/// without an id count as rows, and metadata as one row for each 256 bytes. More is `ProviderBadResponse`.
pub(crate) const MAX_HELD: u64 = 20_000;

/// The most bytes of bodies that one operation reads, over all pages. More is `ProviderBadResponse`.
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
    /// Rows without one.
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
}

/// What to do after a page.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Step {
    /// Ask for the next one.
    More,
    /// That was all.
    Done,
}

/// Fetches pages from number 1 on until the walk is complete.
///
/// # Errors
/// Those of `fetch`, and `ProviderBadResponse` from [`Walk`] or when `max_pages` are not enough.
pub(crate) async fn walk<R, F, Fetched>(operation: Operation, max_pages: u32, mut fetch: F) -> Result<Walked<R>>
where
    F: FnMut(u32) -> Fetched,
    Fetched: Future<Output = Result<Page<R>>>,
{
    let mut walk = Walk::new(operation);
    for page_no in 1..=max_pages {
        if walk.absorb(fetch(page_no).await?)? == Step::Done {
            return walk.finish();
        }
    }
    Err(walk.untrusted("The provider's list has more pages than Rollcall may walk (max_pages)."))
}

/// A walk under way. Pure: pages go in, a verdict comes out.
#[derive(Debug)]
pub(crate) struct Walk<R> {
    operation: Operation,
    places: HashMap<String, usize>,
    values: Vec<Option<R>>,
    dropped: u64,
    /// Rows that came, repeated ones included.
    received: u64,
    weight: u64,
    bytes: u64,
    /// The last `total_count` that did not contradict its own page.
    total: Option<u64>,
    /// The last `total_count`.
    total_count: Option<u64>,
    /// Whether a page began further on than the page before it ended.
    gap: bool,
}

impl<R> Walk<R> {
    pub(crate) fn new(operation: Operation) -> Self {
        Self {
            operation,
            places: HashMap::new(),
            values: Vec::new(),
            dropped: 0,
            received: 0,
            weight: 0,
            bytes: 0,
            total: None,
            total_count: None,
            gap: false,
        }
    }

    /// Takes the next page in.
    ///
    /// An empty page ends the walk even if `total_count` promised more, since it may count rows that the list does not
    /// show; not so if it is the first page or rows were skipped. A page that brings nothing new while more are promised
    /// means that page numbers are ignored.
    ///
    /// # Errors
    /// `ProviderBadResponse` in those cases, and beyond [`MAX_HELD`] and [`MAX_BYTES`].
    pub(crate) fn absorb(&mut self, page: Page<R>) -> Result<Step> {
        let first = self.received == 0;
        let size = page.rows.len() as u64 + page.dropped;
        let paging = page.paging.unwrap_or_default();
        self.total_count = paging.total_count.or(self.total_count);
        // A total smaller than its own page is a lie.
        self.total = paging.total_count.filter(|total| *total >= size && (size > 0 || first)).or(self.total);
        self.bytes += page.bytes;
        if self.bytes > MAX_BYTES {
            return Err(self.untrusted("The provider's list is larger than Rollcall may read."));
        }
        if size == 0 {
            let promised = self.total.is_some_and(|total| total > self.accounted());
            return if promised && (first || self.gap) {
                Err(self.untrusted("The provider counts rows that it does not give."))
            } else {
                Ok(Step::Done)
            };
        }
        self.gap |= paging.start_offset.is_some_and(|start| start > self.received + 1);
        self.received += size;
        self.weigh(page.dropped)?;

        let keyed = !page.rows.is_empty();
        let known = self.places.len();
        for row in page.rows {
            self.put(row)?;
        }
        let repeats = keyed && self.places.len() == known;
        if !repeats {
            self.dropped += page.dropped;
        }
        self.verdict(size, repeats, paging)
    }

    fn verdict(&self, size: u64, repeats: bool, paging: Paging) -> Result<Step> {
        let Some(total) = self.total else {
            return Ok(if repeats || size < PER_PAGE { Step::Done } else { Step::More });
        };
        // Rows that end or move between two pages leave fewer than promised: then the offsets tell, if they add up.
        let spans_its_rows = match (paging.start_offset, paging.end_offset) {
            (Some(start), Some(end)) => end.checked_sub(start).and_then(|more| more.checked_add(1)) == Some(size),
            _ => false,
        };
        let at_end = spans_its_rows && !self.gap && paging.end_offset.is_some_and(|end| end >= total);
        if self.accounted() >= total || at_end {
            Ok(Step::Done)
        } else if repeats {
            Err(self.untrusted("The provider repeats a page of its list while it promises more."))
        } else {
            Ok(Step::More)
        }
    }

    /// The later reading of a row replaces the earlier one.
    fn put(&mut self, row: Row<R>) -> Result<()> {
        self.weigh(row.weight)?;
        if let Some(held) = self.places.get(&row.key).and_then(|place| self.values.get_mut(*place)) {
            *held = row.value;
        } else {
            self.places.insert(row.key, self.values.len());
            self.values.push(row.value);
        }
        Ok(())
    }

    /// Rows that are dropped weigh as well: nobody needs pages and pages of them.
    fn weigh(&mut self, more: u64) -> Result<()> {
        self.weight += more;
        if self.weight > MAX_HELD {
            return Err(self.untrusted("The provider's list has more rows than Rollcall may hold."));
        }
        Ok(())
    }

    /// Rows that came, each once.
    fn accounted(&self) -> u64 {
        self.places.len() as u64 + self.dropped
    }

    /// Rows that were not asked for do not vouch for the rest: with only unreadable ones beside those who left, who is
    /// present is not known.
    ///
    /// # Errors
    /// `ProviderBadResponse` when rows came without a usable id and no wanted one beside them.
    pub(crate) fn finish(self) -> Result<Walked<R>> {
        if self.values.iter().all(Option::is_none) && self.dropped > 0 {
            return Err(self.untrusted("Not one wanted row of the provider's list has a usable id."));
        }
        Ok(Walked {
            values: self.values.into_iter().flatten().collect(),
            dropped: self.dropped,
            total_count: self.total_count,
        })
    }

    fn untrusted(&self, detail: &'static str) -> Error {
        Error::new(ErrorKind::ProviderBadResponse).in_operation(self.operation).with_detail(detail)
    }
}

#[cfg(test)]
mod tests;
