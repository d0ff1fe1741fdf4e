//! One page of a list.

use std::ops::ControlFlow;

use lenient_json::{Raw, Unread, elements};
use serde_json::value::RawValue;
use session_provider::Result;
use upstream_http::Response;

use crate::pages::{MAX_HELD, Page, Paging, Row};

const MISSING_LIST: &str = "The provider's answer lacks the list it promises.";

/// Why an answer that holds more than [`MAX_HELD`] is refused.
pub(crate) const TOO_MANY: &str = "The provider's list has more rows than Rollcall may hold.";

/// Reads one page of a list, row by row; rows that `row` cannot use are counted as dropped.
///
/// # Errors
/// `ProviderBadResponse` when `array` is absent or no array, or holds more than [`MAX_HELD`].
pub(crate) fn page<'a, R>(
    response: &Response,
    array: Raw<'a>,
    paging: Option<Paging>,
    mut row: impl FnMut(&'a RawValue) -> Option<Row<R>>,
) -> Result<Page<R>> {
    let array = array.ok_or_else(|| response.bad(MISSING_LIST))?;
    let mut page = Page { rows: Vec::new(), dropped: 0, bytes: response.body().len() as u64, paging };
    let mut weight = 0;
    let read = elements(array, |element| {
        match row(element) {
            Some(row) => {
                weight += row.weight;
                page.rows.push(row);
            }
            None => page.dropped += 1,
        }
        if weight > MAX_HELD { ControlFlow::Break(()) } else { ControlFlow::Continue(()) }
    });
    match read {
        Ok(()) => Ok(page),
        Err(Unread::Stopped) => Err(response.bad(TOO_MANY)),
        Err(Unread::NotAnArray) => Err(response.bad(MISSING_LIST)),
    }
}

/// How many rows' worth of memory metadata takes.
pub(crate) fn metadata_weight(raw: Raw<'_>) -> u64 {
    const BYTES_PER_ROW: u64 = 256;
    raw.map_or(0, |raw| raw.get().len() as u64 / BYTES_PER_ROW)
}
