//! A list read from its first page on, until it is complete: when as many rows have come as `paging` counts, when a page
//! is empty, or when a page repeats nothing but rows that have come already.
//!
//! So the end of a list is found whose pages nobody counts. It is not yet the list: see [`Forward::unsettled`].

use std::ops::Range;

use session_provider::{Operation, Result};

use crate::pages::rows::{NO_IDS, Rows};
use crate::pages::{PER_PAGE, Page, Paging, Walked, untrusted};

/// What to do after a page.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Step {
    /// Ask for the next one.
    More,
    /// Ask for the next one, too, but that may have been all: fewer rows came than were asked for, and nobody counts them.
    Look,
    /// That was all.
    Done,
}

/// A walk under way. Pure: pages go in, a verdict comes out.
#[derive(Debug)]
pub(crate) struct Forward<R> {
    operation: Operation,
    rows: Rows<R>,
    /// Pages that came, an empty one included, a repetition of the one before not.
    pages: u32,
    /// Rows that came, repeated ones included.
    received: u64,
    /// The last `total_count` that did not contradict its own page.
    total: Option<u64>,
    /// Whether a page began further on than the page before it ended.
    gap: bool,
}

impl<R> Forward<R> {
    pub(crate) fn new(operation: Operation) -> Self {
        Self { operation, rows: Rows::new(operation), pages: 0, received: 0, total: None, gap: false }
    }

    /// Takes the next page in. A first page without one usable row is no list: of its like nobody could tell a second one.
    ///
    /// An empty page ends the walk even if `total_count` promised more, since it may count rows that the list does not
    /// show; not so if it is the first page or rows were skipped. A page that brings nothing new while more are promised
    /// means that page numbers are ignored.
    ///
    /// # Errors
    /// `ProviderBadResponse` in those cases, and those of [`Rows::take`].
    pub(crate) fn absorb(&mut self, page: Page<R>) -> Result<Step> {
        let (first, size, paging) = (self.received == 0, page.size(), page.paging.unwrap_or_default());
        if first && page.rows.is_empty() && size > 0 {
            return Err(untrusted(self.operation, NO_IDS));
        }
        // A total smaller than its own page is a lie.
        self.total = paging.total_count.filter(|total| *total >= size && (size > 0 || first)).or(self.total);
        let repeats = self.rows.take(page)?;
        self.pages += u32::from(!repeats);
        if size == 0 {
            let promised = self.total.is_some_and(|total| total > self.rows.count());
            return if promised && (first || self.gap) {
                Err(untrusted(self.operation, "The provider counts rows that it does not give."))
            } else {
                Ok(Step::Done)
            };
        }
        self.gap |= paging.start_offset.is_some_and(|start| start > self.received + 1);
        self.received += size;
        self.verdict(size, repeats, paging)
    }

    fn verdict(&self, size: u64, repeats: bool, paging: Paging) -> Result<Step> {
        let Some(total) = self.total else {
            return Ok(match repeats {
                true => Step::Done,
                false if size < PER_PAGE => Step::Look,
                false => Step::More,
            });
        };
        // Rows that end or move between two pages leave fewer than promised: then the offsets tell, if they add up.
        let at_end = !self.gap && paging.spans(size).is_some_and(|end| end >= total);
        if self.rows.count() >= total || at_end {
            Ok(Step::Done)
        } else if repeats {
            Err(untrusted(self.operation, "The provider repeats a page of its list while it promises more."))
        } else {
            Ok(Step::More)
        }
    }

    /// The pages whose rows may have moved since, to be read once more from the last of them to the first. A row slides
    /// into a page that was read already when an earlier one ends; where the last page was read, it has not passed.
    pub(crate) fn unsettled(&self) -> Range<u32> {
        1..self.pages
    }

    /// Takes such a page in.
    ///
    /// # Errors
    /// Those of [`Rows::take_again`].
    pub(crate) fn absorb_again(&mut self, page: Page<R>) -> Result<()> {
        self.rows.take_again(page)
    }

    /// What came.
    ///
    /// # Errors
    /// Those of [`Rows::finish`].
    pub(crate) fn finish(self) -> Result<Walked<R>> {
        let settled = self.pages <= 1;
        Ok(Walked { settled, ..self.rows.finish()? })
    }
}
