//! The pages of the list, read one at a time and within bounds.

use std::future::Future;

use session_provider::{Operation, Result, Session, Timestamp};

use crate::pages::{MAX_BYTES, PER_PAGE, Page, Row, untrusted};

/// Reads pages, at most so many.
#[derive(Debug)]
pub(super) struct Reader<F> {
    fetch: F,
    left: u32,
    bytes: u64,
    /// The most rows of a page of the usual length.
    longest: u64,
    /// The number of the first such page that has any.
    first: u32,
}

impl<F, Fetched> Reader<F>
where
    F: FnMut(u32, u64) -> Fetched,
    Fetched: Future<Output = Result<Page<Session>>>,
{
    pub(super) fn new(max_pages: u32, fetch: F) -> Self {
        Self { fetch, left: max_pages, bytes: 0, longest: 0, first: u32::MAX }
    }

    /// Reads a page of the usual length.
    ///
    /// # Errors
    /// Those of [`read_sized`](Self::read_sized).
    pub(super) async fn read(&mut self, page_no: u32) -> Result<Page<Dated>> {
        let page = self.read_sized(page_no, PER_PAGE).await?;
        self.longest = self.longest.max(page.size());
        if !page.is_empty() {
            self.first = self.first.min(page_no);
        }
        Ok(page)
    }

    /// How many rows a page of the usual length has, but for the last one.
    pub(super) fn longest(&self) -> u64 {
        self.longest
    }

    /// Whether that is known from a page before this one, which may be the last.
    pub(super) fn knows_length_before(&self, page_no: u32) -> bool {
        self.first < page_no
    }

    /// Reads a page of this length.
    ///
    /// # Errors
    /// Those of fetching it; `ProviderBadResponse` when it is one too many, too large, has no row with a usable id beside
    /// those without one, or the first page lacks the rows that it counts.
    pub(super) async fn read_sized(&mut self, page_no: u32, per_page: u64) -> Result<Page<Dated>> {
        let bad = |detail| Err(untrusted(Operation::ListSessions, detail));
        let Some(left) = self.left.checked_sub(1) else {
            return bad(
                "A page of sessions takes more pages of the provider's list than Rollcall may walk (max_pages).",
            );
        };
        self.left = left;
        let page = (self.fetch)(page_no, per_page).await?;
        self.bytes += page.bytes;
        if self.bytes > MAX_BYTES {
            return bad("The provider's list is larger than Rollcall may read.");
        }
        if page.rows.is_empty() && page.dropped > 0 {
            return bad("Not one row of the provider's list has a usable id.");
        }
        if page_no == 1 && page.is_empty() && page.total_count().is_some_and(|total| total > 0) {
            return bad("The provider counts rows that it does not give.");
        }
        Ok(dated(page))
    }
}

/// A session, and the time by which the service's list is ordered: when the record was made. `None` where that is not said.
#[derive(Debug)]
pub(super) struct Dated {
    pub(super) date: Option<Timestamp>,
    pub(super) session: Session,
}

/// Where not one row of a page says when it was made, they are in the order in which they began.
fn dated(page: Page<Session>) -> Page<Dated> {
    let Page { rows, dropped, bytes, paging } = page;
    let says_created = rows.iter().any(|row| row.value.as_ref().is_some_and(|session| session.created_at.is_some()));
    let date = |session: &Session| if says_created { session.created_at } else { session.started_at };
    let dated = |row: Row<Session>| {
        let value = row.value.map(|session| Dated { date: date(&session), session });
        Row { key: row.key, value, weight: row.weight }
    };
    Page { rows: rows.into_iter().map(dated).collect(), dropped, bytes, paging }
}

impl<R> Page<R> {
    /// Whether the rows of both are the same, as they are of two pages where page numbers are ignored.
    pub(super) fn repeats(&self, other: &Self) -> bool {
        !self.rows.is_empty() && self.rows.iter().map(|row| &row.key).eq(other.rows.iter().map(|row| &row.key))
    }

    pub(super) fn is_empty(&self) -> bool {
        self.size() == 0
    }

    /// How many rows the list has, unless that contradicts the page.
    pub(super) fn total_count(&self) -> Option<u64> {
        self.paging?.total_count.filter(|total| *total >= self.size())
    }

    /// Whether no page comes after this one for sure. Where rows are not counted, only an empty page says so: a short one
    /// may be as long as they come.
    pub(super) fn is_last(&self, page_no: u32) -> bool {
        let size = self.size();
        match self.total_count() {
            _ if size == 0 => true,
            Some(total) => {
                let counted = (u64::from(page_no) - 1).saturating_mul(size) + size;
                self.paging.unwrap_or_default().spans(size).unwrap_or(counted) >= total
            }
            None => false,
        }
    }
}

impl Page<Dated> {
    /// The moments by which the service orders its rows, of those that say them.
    pub(super) fn moments(&self) -> impl DoubleEndedIterator<Item = Timestamp> {
        self.rows.iter().filter_map(|row| row.value.as_ref()?.date)
    }
}
