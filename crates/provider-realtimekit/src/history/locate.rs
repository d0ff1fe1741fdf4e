//! Where a walk goes on: the page that begins before the place and reaches it.

use std::future::Future;

use session_provider::{Passed, Result, Session};

use crate::history::reader::{Dated, Reader};
use crate::pages::{PER_PAGE, Page};

/// Where the place is, seen from a page.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Place {
    /// On an earlier page, or on this one's very border.
    Earlier,
    Here,
    Later,
}

/// The page where a walk goes on.
#[derive(Debug)]
pub(super) struct Located {
    pub(super) page_no: u32,
    pub(super) page: Page<Dated>,
    /// The page after it, where it was read after it.
    pub(super) next: Option<Page<Dated>>,
}

/// Finds the page. From the page where the walk was, the steps double until the place is between two pages, and then halve:
/// it costs one call where nothing moved over a border, and few wherever the place has gone. Everything before the page has
/// been passed.
pub(super) async fn locate<F, Fetched>(reader: &mut Reader<F>, passed: Option<&Passed>, hint: u32) -> Result<Located>
where
    F: FnMut(u32, u64) -> Fetched,
    Fetched: Future<Output = Result<Page<Session>>>,
{
    let Some(passed) = passed else {
        return Ok(Located { page_no: 1, page: reader.read(1).await?, next: None });
    };
    let mut page_no = hint.max(1);
    // The place is after the page `before`, and before the page `after`.
    let mut before: Option<(u32, Page<Dated>)> = None;
    let mut after: Option<(u32, Option<Page<Dated>>)> = None;
    let mut stride = 1;
    loop {
        let page = reader.read(page_no).await?;
        // Beyond the end its number of rows tells where the end is, if pages are as long as they may be.
        let end = page.total_count().filter(|_| page.is_empty()).map(|total| total.div_ceil(PER_PAGE));
        let next = match place(&page, page_no, passed) {
            Place::Here => return Ok(Located { page_no, page, next: None }),
            Place::Later => {
                if let Some((page_no, page)) = before.take_if(|(_, before)| before.repeats(&page)) {
                    // As far as can be told there is no other page.
                    return Ok(Located { page_no, page, next: None });
                }
                before = Some((page_no, page));
                after = after.map(|(after, _)| (after, None));
                after.as_ref().map_or(page_no.saturating_add(stride), |(after, _)| page_no.midpoint(*after))
            }
            Place::Earlier => {
                after = Some((page_no, Some(page)));
                let lowest = before.as_ref().map_or(1, |(before, _)| before + 1);
                let guess = match &before {
                    Some((before, _)) => before.midpoint(page_no),
                    None => page_no.saturating_sub(stride),
                };
                let end = end.and_then(|end| u32::try_from(end).ok()).filter(|end| *end < page_no);
                end.unwrap_or(guess).clamp(lowest.min(page_no), page_no)
            }
        };
        (before, after) = match (before, after) {
            (Some((page_no, page)), Some((after, next))) if after <= page_no.saturating_add(1) => {
                return Ok(Located { page_no, page, next });
            }
            held => held,
        };
        stride = stride.saturating_mul(2);
        page_no = next;
    }
}

fn place(page: &Page<Dated>, page_no: u32, passed: &Passed) -> Place {
    // Rows of one moment come in any order: only what is newer has been passed for sure.
    let begins_before = page.moments().next().is_some_and(|first| Some(first) > passed.moment);
    let reaches = page.moments().next_back().is_some_and(|last| Some(last) <= passed.moment);
    if !begins_before {
        return if page_no == 1 { Place::Here } else { Place::Earlier };
    }
    if reaches || page.is_last(page_no) { Place::Here } else { Place::Later }
}
