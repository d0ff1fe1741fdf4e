//! The rows that have come, each id once, bounded.

use ahash::{HashMap, HashMapExt as _};
use session_provider::{Operation, Result};

use crate::pages::{MAX_BYTES, MAX_HELD, Page, Row, Walked, untrusted};

/// Why a list is refused whose rows cannot be told apart.
pub(super) const NO_IDS: &str = "Not one wanted row of the provider's list has a usable id.";

/// A row, as it was read last.
#[derive(Debug)]
struct Held<R> {
    value: Option<R>,
    weight: u64,
}

/// Rows of a walk under way.
#[derive(Debug)]
pub(super) struct Rows<R> {
    operation: Operation,
    places: HashMap<String, usize>,
    held: Vec<Held<R>>,
    dropped: u64,
    weight: u64,
    bytes: u64,
    /// The last `total_count`, right or wrong.
    total_count: Option<u64>,
}

impl<R> Rows<R> {
    pub(super) fn new(operation: Operation) -> Self {
        let (places, held) = (HashMap::new(), Vec::new());
        Self { operation, places, held, dropped: 0, weight: 0, bytes: 0, total_count: None }
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
        let (dropped, known, keyed) = (page.dropped, self.places.len(), !page.rows.is_empty());
        // Rows that are dropped weigh as well: nobody needs pages and pages of them.
        self.weigh(dropped)?;
        self.bytes += page.bytes;
        if self.bytes > MAX_BYTES {
            return Err(untrusted(self.operation, "The provider's list is larger than Rollcall may read."));
        }
        self.take_again(page)?;
        let repeats = keyed && self.places.len() == known;
        if !repeats {
            self.dropped += dropped;
        }
        Ok(repeats)
    }

    /// Takes another reading of a page in: what it drops has been counted.
    ///
    /// # Errors
    /// `ProviderBadResponse` beyond [`MAX_HELD`].
    pub(super) fn take_again(&mut self, page: Page<R>) -> Result<()> {
        self.total_count = page.paging.and_then(|paging| paging.total_count).or(self.total_count);
        page.rows.into_iter().try_for_each(|row| self.put(row))
    }

    /// The later reading of a row replaces the earlier one.
    fn put(&mut self, row: Row<R>) -> Result<()> {
        let Row { key, value, weight } = row;
        if let Some(held) = self.places.get(&key).and_then(|place| self.held.get_mut(*place)) {
            let earlier = std::mem::replace(held, Held { value, weight });
            self.weight -= earlier.weight;
        } else {
            self.places.insert(key, self.held.len());
            self.held.push(Held { value, weight });
        }
        self.weigh(weight)
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
        if self.held.iter().all(|held| held.value.is_none()) && self.dropped > 0 {
            return Err(untrusted(self.operation, NO_IDS));
        }
        Ok(Walked {
            values: self.held.into_iter().filter_map(|held| held.value).collect(),
            dropped: self.dropped,
            total_count: self.total_count,
            settled: true,
        })
    }
}
