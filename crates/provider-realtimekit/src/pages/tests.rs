use std::sync::atomic::{AtomicU32, Ordering};

use rstest::rstest;

use super::*;

const MAX_PAGES: u32 = 20;

fn row(key: u64) -> Row<u64> {
    Row { key: key.to_string(), value: Some(key), weight: 1 }
}

fn rows(keys: impl IntoIterator<Item = u64>) -> Page<u64> {
    Page { rows: keys.into_iter().map(row).collect(), dropped: 0, bytes: 10, paging: None }
}

impl Page<u64> {
    fn counted(self, total: u64, start: u64, end: u64) -> Self {
        let paging = Paging { total_count: Some(total), start_offset: Some(start), end_offset: Some(end) };
        Self { paging: Some(paging), ..self }
    }
}

/// Walks a scripted provider; answers also how many pages it was asked for.
async fn walked(script: impl Fn(u64) -> Page<u64>) -> (Result<Walked<u64>>, u32) {
    let asked = AtomicU32::new(0);
    let outcome = walk(Operation::ListLiveSessions, MAX_PAGES, |page_no| {
        asked.fetch_add(1, Ordering::Relaxed);
        std::future::ready(Ok(script(u64::from(page_no))))
    })
    .await;
    (outcome, asked.into_inner())
}

/// An honest provider of `total` rows whose pages hold `size`.
fn honest(page_no: u64, size: u64, total: u64) -> Page<u64> {
    let start = (page_no - 1) * size;
    let end = (start + size).min(total);
    rows(start..end).counted(total, start + 1, end.max(start))
}

#[track_caller]
fn complete(outcome: (Result<Walked<u64>>, u32), total: u64, asked: u32) {
    let mut values = outcome.0.unwrap().values;
    values.sort_unstable();
    assert_eq!(values, (0..total).collect::<Vec<_>>());
    assert_eq!(outcome.1, asked, "pages asked for");
}

#[track_caller]
fn refused(outcome: (Result<Walked<u64>>, u32), asked: u32) {
    assert_eq!(outcome.0.unwrap_err().kind(), ErrorKind::ProviderBadResponse);
    assert_eq!(outcome.1, asked, "pages asked for");
}

#[rstest]
#[case(PER_PAGE, 0, 1)]
#[case(PER_PAGE, 1, 1)]
#[case(PER_PAGE, 100, 1)]
#[case(PER_PAGE, 101, 3)] // one call more than there are pages: the first is read again at the end
#[case(PER_PAGE, 250, 4)]
#[case(25, 60, 4)] // a lower maximum than what was asked for
#[case(1, 2, 3)]
#[tokio::test]
async fn with_honest_paging_one_page_is_asked_twice_where_there_are_several(
    #[case] size: u64,
    #[case] total: u64,
    #[case] pages: u32,
) {
    complete(walked(|page_no| honest(page_no, size, total)).await, total, pages);
}

#[rstest]
#[case(PER_PAGE, 0, 1)]
#[case(PER_PAGE, 99, 3)] // the page, none after it, and once more: another may have been behind it when it was read
#[case(PER_PAGE, 100, 3)]
#[case(PER_PAGE, 230, 7)] // there, to the empty page, and back
#[case(25, 60, 7)] // a lower maximum than what was asked for
#[case(25, 25, 3)]
#[case(1, 2, 5)]
#[tokio::test]
async fn without_paging_an_empty_page_is_the_end(#[case] size: u64, #[case] total: u64, #[case] pages: u32) {
    let script = |page_no| Page { paging: None, ..honest(page_no, size, total) };
    complete(walked(script).await, total, pages);
}

#[tokio::test]
async fn without_paging_pages_of_any_length_may_come_before_the_last() {
    let script = |page_no| match page_no {
        1 => rows(0..100),
        2 => rows(100..140),
        3 => rows(140..240),
        _ => rows([]),
    };
    complete(walked(script).await, 240, 7);
}

#[tokio::test]
async fn to_see_that_a_list_is_over_is_no_page_more() {
    let script = |total| move |page_no| Page { paging: None, ..honest(page_no, 10, total) };
    let most = u64::from(MAX_PAGES) * 10;
    complete(walked(script(most)).await, most, 2 * MAX_PAGES + 1);
    refused(walked(script(most + 1)).await, MAX_PAGES + 1);
}

#[tokio::test]
async fn a_total_alone_is_enough() {
    let paging = Some(Paging { total_count: Some(60), ..Paging::default() });
    complete(walked(|page_no| Page { paging, ..honest(page_no, 25, 60) }).await, 60, 4);
}

#[tokio::test]
async fn a_total_that_only_the_first_page_gives_still_counts() {
    let script = |page_no| {
        let page = honest(page_no, 25, 60);
        if page_no == 1 { page } else { Page { paging: None, ..page } }
    };
    complete(walked(script).await, 60, 4);
}

#[tokio::test]
async fn a_total_smaller_than_its_page_is_ignored() {
    let script = |page_no| honest(page_no, PER_PAGE, 230).counted(0, 0, 0);
    complete(walked(script).await, 230, 7);
}

#[tokio::test]
async fn an_end_beyond_the_rows_that_came_is_not_believed() {
    let script = |page_no| honest(page_no, 50, 120).counted(120, 1, 1_000);
    complete(walked(script).await, 120, 4);
}

#[tokio::test]
async fn an_empty_page_ends_a_walk_whose_total_counts_more_than_the_list_shows() {
    let script = |page_no| if page_no == 1 { rows(0..2).counted(123, 1, 2) } else { rows([]) };
    let (outcome, asked) = walked(script).await;
    let walked = outcome.unwrap();
    assert_eq!((walked.values.len(), walked.total_count, asked), (2, Some(123), 3));
}

#[tokio::test]
async fn an_empty_first_page_that_counts_rows_is_no_empty_list() {
    refused(walked(|_| rows([]).counted(57, 0, 0)).await, 1);
}

#[tokio::test]
async fn a_provider_that_skips_the_first_page_is_noticed() {
    let script = |page_no| honest(page_no + 1, PER_PAGE, 250);
    refused(walked(script).await, 4);
}

#[tokio::test]
async fn ignored_page_numbers_with_more_promised_are_refused() {
    refused(walked(|_| honest(1, PER_PAGE, 250)).await, 2);
    refused(walked(|_| rows(0..2).counted(4, 1, 4)).await, 2);
}

#[tokio::test]
async fn ignored_page_numbers_end_the_walk_when_everything_has_come() {
    complete(walked(|_| rows(0..150)).await, 150, 2);
    complete(walked(|_| rows(0..25)).await, 25, 2);
    complete(walked(|_| rows(0..PER_PAGE)).await, PER_PAGE, 2);
    complete(walked(|_| rows(0..150).counted(150, 1, 150)).await, 150, 1);
}

#[tokio::test]
async fn page_numbers_cut_to_the_last_page_end_the_walk() {
    let script = |page_no: u64| Page { paging: None, ..honest(page_no.min(2), PER_PAGE, 200) };
    complete(walked(script).await, 200, 4);
}

#[tokio::test]
async fn a_row_that_comes_twice_counts_as_it_was_read_last() {
    let script = |page_no| match page_no {
        1 => rows(0..100).counted(150, 1, 100),
        _ => {
            let mut page = rows(98..150).counted(150, 99, 150);
            page.rows[1].value = Some(990);
            page
        }
    };
    let (outcome, asked) = walked(script).await;
    let values = outcome.unwrap().values;
    assert_eq!((values.len(), asked), (150, 3));
    assert!(values.contains(&99) && !values.contains(&990), "the first page is read last");
}

#[tokio::test]
async fn a_last_page_of_rows_that_moved_is_no_repetition() {
    let script = |page_no| match page_no {
        1 => rows(0..100).counted(101, 1, 100),
        _ => rows([99]).counted(101, 101, 101),
    };
    complete(walked(script).await, 100, 3);
}

#[tokio::test]
async fn a_page_that_begins_with_a_known_row_but_brings_new_ones_is_not_a_repetition() {
    let script = |page_no| match page_no {
        1 => rows(0..3).counted(6, 1, 3),
        2 => rows([0, 3, 4]).counted(6, 4, 6),
        _ => rows([5]).counted(6, 6, 6),
    };
    let (outcome, asked) = walked(script).await;
    assert_eq!((outcome.unwrap().values.len(), asked), (5, 3));
}

#[tokio::test]
async fn more_pages_than_allowed_are_refused_and_not_fetched() {
    refused(walked(|page_no| honest(page_no, 10, 10_000)).await, 2);
    complete(walked(|page_no| honest(page_no, 10, 200)).await, 200, MAX_PAGES + 1);
}

#[tokio::test]
async fn a_list_that_never_ends_is_refused() {
    refused(walked(|page_no| rows(page_no * 100..page_no * 100 + 100)).await, MAX_PAGES);
}

#[tokio::test]
async fn rows_without_an_id_count_as_rows_and_are_reported() {
    let script = |page_no| Page {
        dropped: 5,
        ..rows(page_no * 10..page_no * 10 + 5).counted(20, page_no * 10 - 9, page_no * 10)
    };
    let (outcome, asked) = walked(script).await;
    let walked = outcome.unwrap();
    assert_eq!((walked.values.len(), walked.dropped, asked), (10, 10, 3));
}

#[tokio::test]
async fn a_list_of_nothing_wanted_but_rows_without_an_id_is_refused() {
    // Rows without an id weigh too: a provider that gives nothing else is not asked for page after page of them.
    refused(walked(|_| Page { dropped: MAX_HELD + 1, ..rows([]) }).await, 1);
    refused(walked(|_| Page { dropped: MAX_HELD / 2, ..rows([1]) }).await, 2);
    refused(walked(|_| Page { dropped: 3, ..rows([]) }).await, 1);
    let beside_unwanted =
        |dropped| move |_| Page { rows: vec![Row { value: None, ..row(1) }], dropped, bytes: 1, paging: None };
    refused(walked(beside_unwanted(1)).await, 2);
    assert!(walked(beside_unwanted(0)).await.0.unwrap().values.is_empty());
}

#[tokio::test]
async fn what_is_held_is_bounded() {
    let heavy = |weight| move |_| Page { rows: vec![Row { weight, ..row(1) }], dropped: 0, bytes: 1, paging: None };
    assert!(walked(heavy(MAX_HELD)).await.0.is_ok());
    refused(walked(heavy(MAX_HELD + 1)).await, 1);
    let large = |bytes| move |page_no| Page { bytes, ..honest(page_no, 1, 2) };
    assert!(walked(large(MAX_BYTES / 2)).await.0.is_ok());
    refused(walked(large(MAX_BYTES / 2 + 1)).await, 3);
}

#[tokio::test]
async fn a_failed_page_fails_the_walk() {
    let outcome = walk(Operation::ListLiveSessions, MAX_PAGES, |page_no| {
        let page = if page_no == 1 { Ok(honest(1, 100, 300)) } else { Err(Error::new(ErrorKind::ProviderTimeout)) };
        std::future::ready(page)
    });
    assert_eq!(outcome.await.unwrap_err().kind(), ErrorKind::ProviderTimeout);
}

#[test]
fn paging_numbers_may_be_text_and_unusable_ones_are_absent() {
    let read = |json: &str| Paging::read(serde_json::from_str(json).unwrap());
    let text = read(r#"{"total_count":"30","start_offset":1,"end_offset":30.0}"#).unwrap();
    assert_eq!(text, Paging { total_count: Some(30), start_offset: Some(1), end_offset: Some(30) });
    assert_eq!(read(r#"{"total_count":-1,"start_offset":null,"end_offset":[]}"#), Some(Paging::default()));
    assert_eq!(read("[30,1,30]"), None);
    assert_eq!(read("7"), None);
}

proptest::proptest! {
    /// Whatever the sizes and whatever `paging` is left out, an honest provider's list comes whole.
    #[test]
    fn honest_lists_come_whole(size in 1_u64..=100, total in 0_u64..2_000, paged in proptest::bool::ANY) {
        let total = total % (size * u64::from(MAX_PAGES));
        let script = |page_no| {
            let page = honest(page_no, size, total);
            if paged { page } else { Page { paging: None, ..page } }
        };
        let runtime = tokio::runtime::Builder::new_current_thread().build().unwrap();
        let mut values = runtime.block_on(walked(script)).0.unwrap().values;
        values.sort_unstable();
        proptest::prop_assert_eq!(values, (0..total).collect::<Vec<_>>());
    }

    /// Whatever a provider claims, the walk ends, and an empty list comes only from an empty first page.
    #[test]
    fn liars_neither_hang_nor_empty_the_list(
        pages in proptest::collection::vec((0_u64..150, 0_u64..50, 0_u64..5, 0_u64..400, 0_u64..400, 0_u64..400), 1..25),
    ) {
        let script = |page_no: u64| {
            let (first, size, dropped, total, start, end) = pages[(page_no as usize - 1) % pages.len()];
            Page { dropped, ..rows(first..first + size).counted(total, start, end) }
        };
        let runtime = tokio::runtime::Builder::new_current_thread().build().unwrap();
        if let Ok(walked) = runtime.block_on(walked(script)).0 {
            let (_, size, dropped, total, ..) = pages[0];
            proptest::prop_assert!(!walked.values.is_empty() || (size, dropped, total) == (0, 0, 0));
        }
    }
}

#[test]
fn what_is_held_fits_the_memory_that_is_promised() {
    let row = size_of::<Row<session_provider::Session>>().max(size_of::<session_provider::BreakoutRoom>()) as u64;
    assert!(row * MAX_HELD <= 16 * 1024 * 1024, "{row} bytes a row");
}
