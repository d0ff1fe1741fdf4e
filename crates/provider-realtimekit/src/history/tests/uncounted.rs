//! Walks over a list whose rows nobody counts: where it ends.

use super::*;

#[tokio::test]
async fn a_list_that_is_not_counted_comes_whole_however_short_its_pages_are() {
    for (count, size) in [(60, 25), (25, 25), (3, 100), (200, 100), (90, 3)] {
        for limit in [7, 50, 200] {
            let service = Service::new(plain(count), size, false, vec![]);
            let (seen, _) = service.walk(&SessionFilter::default(), &[limit]).await;
            assert_eq!(seen.len(), count, "pages of {size}, {limit} at a time");
        }
    }
    let (_, calls) = Service::new(plain(2), 100, false, vec![]).walk(&SessionFilter::default(), &[50]).await;
    assert_eq!(calls, [2], "the page, and none after it");
}

/// Page numbers are ignored, or cut to the last page.
#[tokio::test]
async fn a_list_that_is_not_counted_and_repeats_a_page_ends_there() {
    let service = Service::new(plain(60), 25, false, vec![]);
    for (last, limit, expected) in
        [(1, 20, 25), (3, 20, 60), (1, 5, 25), (3, 5, 60), (3, 3, 60), (3, 50, 60), (3, 200, 60)]
    {
        let mut query = SessionQuery {
            filter: SessionFilter::default(),
            passed: None,
            position: UpstreamPosition::default(),
            limit,
        };
        let mut seen = BTreeSet::new();
        loop {
            let before = service.calls.get();
            let answer = |page_no: u32, per_page| service.answer(&query.filter, page_no.min(last), per_page);
            let fetch = |page_no, per_page| std::future::ready(Ok(answer(page_no, per_page)));
            let page = page(&query, MAX_PAGES, fetch).await.unwrap();
            let calls = service.calls.get() - before;
            assert!(calls <= 8, "{calls} calls");
            assert!(page.rows.iter().all(|row| seen.insert(row.id.clone())), "a session came twice");
            let Some(last) = page.rows.last().filter(|_| page.more) else { break };
            query.passed = Some(Passed { moment: last.moment, of_moment: PassedOfMoment::UpTo(last.id.clone()) });
            query.position = last.position.clone();
        }
        assert_eq!(seen.len(), expected);
        // Nothing is as old as this.
        query.passed = Some(Passed { moment: at(-1), of_moment: PassedOfMoment::All });
        let answer = |page_no: u32, per_page| service.answer(&query.filter, page_no.min(last), per_page);
        let fetch = |page_no, per_page| std::future::ready(Ok(answer(page_no, per_page)));
        assert!(page(&query, MAX_PAGES, fetch).await.unwrap().rows.is_empty());
    }
}
