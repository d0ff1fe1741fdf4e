//! Walking a list by its cursors. Nothing here gives a shortened list: what does not add up is an error.

use std::collections::HashMap;
use std::future::Future;

use session_provider::{Error, ErrorKind, Operation, Result};

/// The most rows that one list holds, over all pages. More is `ProviderBadResponse`.
pub(crate) const MAX_ROWS: usize = 20_000;

/// One page as it came.
#[derive(Debug)]
pub(crate) struct Page<T> {
    /// Rows with a usable id, each with that id.
    pub(crate) rows: Vec<(String, T)>,
    /// Rows without one.
    pub(crate) dropped: u64,
    /// How many rows there are on all pages.
    pub(crate) total: Option<u64>,
    /// Where the next page begins; `None` on the last.
    pub(crate) next: Option<String>,
}

/// Everything that came.
#[derive(Debug)]
pub(crate) struct Walked<T> {
    /// What the rows said, each id once, as it was read last.
    pub(crate) values: Vec<T>,
    /// Rows without a usable id.
    pub(crate) dropped: u64,
    /// The total that was read last.
    pub(crate) total: Option<u64>,
}

/// Fetches a list whole. A cursor stands behind a row, so what ends or begins meanwhile shifts nothing, and forward is the
/// way to read it (a list with page numbers is another matter: ADR 9).
///
/// # Errors
/// Those of `fetch`; `ProviderBadResponse` when there are more than `max_pages` pages or [`MAX_ROWS`] rows, when a page
/// leads to itself, or when not one row has an id: that would look as if there were none.
pub(crate) async fn walk<T, Fetched>(
    operation: Operation,
    max_pages: u32,
    mut fetch: impl FnMut(Option<String>) -> Fetched,
) -> Result<Walked<T>>
where
    Fetched: Future<Output = Result<Page<T>>>,
{
    let mut walked = Walked { values: Vec::new(), dropped: 0, total: None };
    let mut places: HashMap<String, usize> = HashMap::new();
    let mut after = None;
    for _ in 0..max_pages {
        let page = fetch(after.clone()).await?;
        (walked.dropped, walked.total) = (walked.dropped + page.dropped, page.total);
        for (id, value) in page.rows {
            match places.get(&id).and_then(|place| walked.values.get_mut(*place)) {
                Some(held) => *held = value,
                None => {
                    places.insert(id, walked.values.len());
                    walked.values.push(value);
                }
            }
        }
        if walked.values.len() > MAX_ROWS {
            return Err(untrusted(operation, "The provider's list has more rows than Rollcall holds."));
        }
        if page.next.is_none() {
            return match walked.values.is_empty() && walked.dropped > 0 {
                true => Err(untrusted(operation, "Not one row of the provider's list has a usable id.")),
                false => Ok(walked),
            };
        }
        if page.next == after {
            return Err(untrusted(operation, "A page of the provider's list leads to itself."));
        }
        after = page.next;
    }
    Err(untrusted(operation, "The provider's list has more pages than Rollcall may walk (max_pages)."))
}

fn untrusted(operation: Operation, detail: &'static str) -> Error {
    Error::new(ErrorKind::ProviderBadResponse).in_operation(operation).with_detail(detail)
}

#[cfg(test)]
mod tests {
    use std::future::ready;

    use super::*;

    fn page(rows: &[(&str, u8)], next: Option<&str>) -> Page<u8> {
        let rows = rows.iter().map(|(id, value)| ((*id).to_owned(), *value)).collect();
        Page { rows, dropped: 0, total: None, next: next.map(str::to_owned) }
    }

    #[tokio::test]
    async fn what_comes_twice_is_as_it_was_read_last() {
        let walked = walk(Operation::ListLiveSessions, 2, |after| {
            ready(Ok(match after.as_deref() {
                None => page(&[("a", 1), ("b", 2)], Some("1")),
                _ => page(&[("a", 3)], None),
            }))
        });
        assert_eq!(walked.await.unwrap().values, [3, 2]);
    }

    #[tokio::test]
    async fn cursors_that_lead_in_a_circle_are_no_list() {
        for next in [|_: Option<String>| Some("1"), |after: Option<String>| Some(after.map_or("1", |_| "2"))] {
            let fetch = |after| ready(Ok(page(&[("a", 1)], next(after))));
            let error = walk(Operation::ListLiveSessions, 9, fetch).await.unwrap_err();
            assert_eq!(error.kind(), ErrorKind::ProviderBadResponse);
        }
    }
}
