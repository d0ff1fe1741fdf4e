//! A list read from its last page back to its first, so that no row is lost that moves while we read.

use std::collections::HashSet;
use std::future::Future;

use session_provider::{Operation, Result};

use crate::pages::rows::Rows;
use crate::pages::{Numbered, Page, Walked, untrusted};

/// Fetches the pages from the last one on. `first` told how many there are and is read again at the end; what it said is
/// not used: a row that it alone had has ended since. `None` when there are not as many pages as it said.
///
/// # Errors
/// Those of `fetch`; `ProviderBadResponse` when a page before the last lacks rows that it counts, or the first page
/// comes again and again; those of [`Rows`].
pub(super) async fn walk<R, F, Fetched>(
    operation: Operation,
    first: &Page<R>,
    numbered: Numbered,
    fetch: &mut F,
) -> Result<Option<Walked<R>>>
where
    F: FnMut(u32) -> Fetched,
    Fetched: Future<Output = Result<Page<R>>>,
{
    let size = numbered.size;
    let on_first: HashSet<&str> = first.rows.iter().map(|row| row.key.as_str()).collect();
    let is_first_again = |page: &Page<R>| {
        let starts_alike = page.rows.first().map(|row| &row.key) == first.rows.first().map(|row| &row.key);
        starts_alike && !page.rows.is_empty() && page.rows.iter().all(|row| on_first.contains(row.key.as_str()))
    };
    let mut rows = Rows::new(operation);
    let mut total = numbered.total;
    let mut page_no = numbered.pages();
    let mut is_last = true;
    loop {
        let page = fetch(u32::try_from(page_no).unwrap_or(u32::MAX)).await?;
        let (count, paging) = (page.size(), page.paging.unwrap_or_default());
        let before = (page_no - 1) * size;
        total = paging.total_count.filter(|total| *total >= count).unwrap_or(total);
        if page_no > 1 && (count == 0 || is_first_again(&page)) {
            if total > before && count > 0 {
                return Err(untrusted(operation, "The provider repeats a page of its list while it promises more."));
            }
            if total > before && paging.total_count.is_some() {
                return Ok(None);
            }
            // So many have ended that this page is gone: on with the one that is the last now.
            page_no = total.div_ceil(size).clamp(1, page_no - 1);
            continue;
        }
        let covered = paging.spans(count).unwrap_or(before + count);
        let lacks = !is_last && covered < (page_no * size).min(total);
        if lacks || paging.start_offset.is_some_and(|start| start > before + 1) || (count == 0 && total > 0) {
            return Err(untrusted(operation, "The provider counts rows that it does not give."));
        }
        rows.take(page)?;
        if page_no == 1 {
            return rows.finish().map(Some);
        }
        is_last = false;
        page_no -= 1;
    }
}

#[cfg(test)]
mod tests;
