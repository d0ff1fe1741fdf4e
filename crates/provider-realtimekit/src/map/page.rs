//! One page of a list.

use lenient_json::{Broken, KnownRows, Raw, RowRead, Walk};
use serde_json::value::RawValue;
use session_provider::Result;
use upstream_http::Response;

use crate::envelope::{self, List, NOT_JSON, Success};
use crate::pages::{MAX_HELD, Page, Row};
use crate::refusal::Asked;

const MISSING_LIST: &str = "The provider's answer lacks the list it promises.";

/// Why an answer that holds more than [`MAX_HELD`] is refused.
pub(crate) const TOO_MANY: &str = "The provider's list has more rows than Rollcall may hold.";

/// Reads one page of a list, `name` in `data`, row by row; rows that `read` cannot use are counted as dropped. `text` is the
/// response's [`body`](envelope::body).
///
/// # Errors
/// `ProviderBadResponse` when the list is absent or no array, holds more than [`MAX_HELD`], or a row that is no JSON; and
/// those of [`envelope::open`].
pub(crate) fn page<'a, R>(
    response: &Response,
    text: &'a str,
    asked: Asked,
    name: &str,
    mut read: impl FnMut(&'a str) -> Listed<R>,
) -> Result<Page<R>> {
    let mut rows = PageRows::default();
    let elements = |walk: &mut Walk<'a>| walk.elements(|cut| rows.take(read(cut)?));
    let opened = envelope::open_list(response, text, asked, name, elements);
    rows.finish(response, opened?)
}

/// The same, of rows some of which are known.
///
/// # Errors
/// As [`page`].
pub(crate) fn known_page<R: Clone>(
    response: &Response,
    text: &str,
    asked: Asked,
    name: &str,
    known: &mut KnownRows<Row<R>>,
    mut read: impl FnMut(&RawValue) -> RowRead<Row<R>>,
) -> Result<Page<R>> {
    let mut rows = PageRows::default();
    let elements = |walk: &mut Walk<'_>| walk.known_elements(known, &mut read, |row| rows.take(row));
    let opened = envelope::open_list(response, text, asked, name, elements);
    rows.finish(response, opened?)
}

/// Reads one page of a list that is all of `data`.
///
/// # Errors
/// As [`page`].
pub(crate) fn page_of<'a, R>(
    response: &Response,
    success: &Success<'a>,
    mut read: impl FnMut(&'a str) -> Listed<R>,
) -> Result<Page<R>> {
    let mut rows = PageRows::default();
    let data = success.data.map(|data| Walk::new(data.get()).elements(|cut| rows.take(read(cut)?)));
    let is_there = data.unwrap_or(Ok(false)).map_err(|Broken| response.bad(NOT_JSON))?;
    rows.finish(response, List { is_there, paging: success.paging })
}

/// What a row says; `None` when it cannot be used.
pub(crate) type Listed<R> = std::result::Result<Option<Row<R>>, Broken>;

/// The rows of a page under way.
struct PageRows<R> {
    rows: Vec<Row<R>>,
    dropped: u64,
    weight: u64,
}

impl<R> Default for PageRows<R> {
    fn default() -> Self {
        Self { rows: Vec::new(), dropped: 0, weight: 0 }
    }
}

impl<R> PageRows<R> {
    /// Beyond [`MAX_HELD`] nothing more is held.
    fn take(&mut self, row: Option<Row<R>>) -> std::result::Result<(), Broken> {
        match row {
            Some(row) => {
                self.weight += row.weight;
                if self.weight <= MAX_HELD {
                    self.rows.push(row);
                }
            }
            None => self.dropped += 1,
        }
        Ok(())
    }

    fn finish(self, response: &Response, list: List) -> Result<Page<R>> {
        let Self { rows, dropped, weight } = self;
        if !list.is_there {
            return Err(response.bad(MISSING_LIST));
        }
        if weight > MAX_HELD {
            return Err(response.bad(TOO_MANY));
        }
        Ok(Page { rows, dropped, bytes: response.body().len() as u64, paging: list.paging })
    }
}

/// How many rows' worth of memory metadata takes.
pub(crate) fn metadata_weight(raw: Raw<'_>) -> u64 {
    const BYTES_PER_ROW: u64 = 256;
    raw.map_or(0, |raw| raw.get().len() as u64 / BYTES_PER_ROW)
}
