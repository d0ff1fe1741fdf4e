//! The rows that have come, each id once, bounded.

use std::collections::HashMap;

use session_provider::{Operation, Result};

use crate::pages::{MAX_BYTES, MAX_HELD, Page, Row, Walked, untrusted};

/// Rows of a walk under way.
#[derive(Debug)]
pub(super) struct Rows<R> {
    operation: Operation,
    places: HashMap<String, usize>,
    values: Vec<Option<R>>,
    dropped: u64,
    weight: u64,
    bytes: u64,
    /// The last `total_count`, right or wrong.
    total_count: Option<u64>,
}

impl<R> Rows<R> {
    pub(super) fn new(operation: Operation) -> Self {
        let (places, values) = (HashMap::new(), Vec::new());
        Self { operation, places, values, dropped: 0, weight: 0, bytes: 0, total_count: None }
    }

    /// Rows that came, each once.
    pub(super) fn count(&self) -> u64 {
        self.places.len() as u64 + self.dropped
    }

    /// Takes a page in; answers whether it brought nothing but rows that have come already.
    ///
    /// # Errors
    /// `ProviderBadResponse` beyond [`MAX_HELD`] and [`MAX_BYTES`].
    pub(super) fn take(&mut self, page: Page<R>) -> Result<bool> {
        self.total_count = page.paging.and_then(|paging| paging.total_count).or(self.total_count);
        self.bytes += page.bytes;
        if self.bytes > MAX_BYTES {
            return Err(untrusted(self.operation, "The provider's list is larger than Rollcall may read."));
        }
        // Rows that are dropped weigh as well: nobody needs pages and pages of them.
        self.weigh(page.dropped)?;
        let (known, keyed) = (self.places.len(), !page.rows.is_empty());
        for row in page.rows {
            self.put(row)?;
        }
        let repeats = keyed && self.places.len() == known;
        if !repeats {
            self.dropped += page.dropped;
        }
        Ok(repeats)
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

    fn weigh(&mut self, more: u64) -> Result<()> {
        self.weight += more;
        if self.weight > MAX_HELD {
            return Err(untrusted(self.operation, "The provider's list has more rows than Rollcall may hold."));
        }
        Ok(())
    }

    /// Rows that were not asked for do not vouch for the rest: with only unreadable ones beside those who left, who is
    /// present is not known.
    ///
    /// # Errors
    /// `ProviderBadResponse` when rows came without a usable id and no wanted one beside them.
    pub(super) fn finish(self) -> Result<Walked<R>> {
        if self.values.iter().all(Option::is_none) && self.dropped > 0 {
            return Err(untrusted(self.operation, "Not one wanted row of the provider's list has a usable id."));
        }
        Ok(Walked {
            values: self.values.into_iter().flatten().collect(),
            dropped: self.dropped,
            total_count: self.total_count,
        })
    }
}
