use std::collections::BTreeSet;
use std::future::ready;

use proptest::prelude::*;
use session_provider::{ErrorKind, Operation};

use crate::pages::{Page, Paging, Row, Walked, walk};

/// A list that changes between two pages, oldest row first.
struct Churning {
    live: Vec<u64>,
    next: u64,
    page_size: usize,
    counted: Counted,
}

/// What the pages say of how many rows there are.
#[derive(Debug, Clone, Copy)]
enum Counted {
    Right,
    /// Rows are counted that the list does not show.
    TooMany,
    NotAtAll,
}

impl Churning {
    fn new(rows: u64, page_size: usize) -> Self {
        Self { live: (0..rows).collect(), next: rows, page_size, counted: Counted::Right }
    }

    fn page(&self, page_no: u32) -> Page<u64> {
        let before = (page_no as usize - 1) * self.page_size;
        let keys: Vec<u64> = self.live.iter().skip(before).take(self.page_size).copied().collect();
        let offsets = if keys.is_empty() { (0, 0) } else { (before + 1, before + keys.len()) };
        let paging = |total| Paging {
            total_count: Some(total),
            start_offset: Some(offsets.0 as u64),
            end_offset: Some(offsets.1 as u64),
        };
        let live = self.live.len() as u64;
        let paging = match self.counted {
            Counted::TooMany if live > 0 => Some(paging(live + self.page_size as u64 + 7)),
            Counted::Right | Counted::TooMany => Some(paging(live)),
            Counted::NotAtAll => None,
        };
        let rows = keys.into_iter().map(|key| Row { key: key.to_string(), value: Some(key), weight: 1 }).collect();
        Page { rows, dropped: 0, bytes: 1, paging }
    }

    fn end(&mut self, place: usize) {
        if !self.live.is_empty() {
            self.live.remove(place % self.live.len());
        }
    }

    fn begin(&mut self) {
        self.live.push(self.next);
        self.next += 1;
    }
}

fn read(max_pages: u32, fetch: impl FnMut(u32) -> Page<u64>) -> session_provider::Result<Walked<u64>> {
    let mut fetch = fetch;
    let runtime = tokio::runtime::Builder::new_current_thread().build().unwrap();
    runtime.block_on(walk(Operation::ListLiveSessions, max_pages, |page_no| ready(Ok(fetch(page_no)))))
}

#[test]
fn a_row_that_slides_over_the_border_of_two_pages_is_not_lost() {
    let mut list = Churning::new(150, 100);
    let mut asked = Vec::new();
    let walked = read(10, |page_no| {
        asked.push(page_no);
        let page = list.page(page_no);
        if asked.len() == 1 {
            list.end(7);
        }
        page
    });
    let values: BTreeSet<u64> = walked.unwrap().values.into_iter().collect();
    assert_eq!(values, (0..150).filter(|key| *key != 7).collect());
    assert_eq!(asked, [1, 2, 1], "one call more than there are pages");
}

#[test]
fn nor_is_it_lost_where_nobody_counts() {
    let mut list = Churning { counted: Counted::NotAtAll, ..Churning::new(250, 100) };
    let mut asked = Vec::new();
    let walked = read(10, |page_no| {
        asked.push(page_no);
        let page = list.page(page_no);
        list.end(0);
        page
    });
    let values: BTreeSet<u64> = walked.unwrap().values.into_iter().collect();
    assert!(values.is_superset(&(4..250).collect()), "lost: {:?}", (4..250).find(|key| !values.contains(key)));
    assert_eq!(asked, [1, 2, 3, 4, 3, 2, 1], "there and back");
}

#[test]
fn a_last_page_that_has_gone_meanwhile_is_no_end() {
    let mut list = Churning::new(301, 100);
    let mut asked = Vec::new();
    let walked = read(10, |page_no| {
        let page = list.page(page_no);
        if asked.is_empty() {
            (0..150).for_each(|_| list.end(0));
        }
        asked.push(page_no);
        if asked.len() == 1 { page } else { list.page(page_no) }
    });
    let values: BTreeSet<u64> = walked.unwrap().values.into_iter().collect();
    assert_eq!((values, asked), ((150..301).collect(), vec![1, 4, 2, 1]));
}

#[test]
fn a_list_that_everybody_left_is_empty() {
    let mut list = Churning::new(250, 100);
    let mut calls = 0;
    let walked = read(10, |page_no| {
        let page = list.page(page_no);
        calls += 1;
        list.live.clear();
        page
    });
    assert_eq!((walked.unwrap().values.len(), calls), (0, 3));
}

#[test]
fn a_page_before_the_last_that_lacks_rows_is_not_believed() {
    let list = Churning::new(250, 100);
    let refused = read(10, |page_no| {
        let mut page = list.page(page_no);
        if page_no == 2 {
            page.rows.truncate(99);
            page.paging = Some(Paging { total_count: Some(250), ..Paging::default() });
        }
        page
    });
    assert_eq!(refused.unwrap_err().kind(), ErrorKind::ProviderBadResponse);
}

#[derive(Debug, Clone)]
enum Event {
    End(usize),
    Begin,
}

fn event() -> impl Strategy<Value = Event> {
    prop_oneof![3 => any::<usize>().prop_map(Event::End), 1 => Just(Event::Begin)]
}

proptest! {
    /// Whatever ends and begins between any two pages, and whatever is said of their number: what was live all the time
    /// comes exactly once, nothing comes that never was, and the cost is bounded.
    #[test]
    fn what_lasts_is_never_lost(
        rows in 0_u64..600,
        page_size in 1_usize..=100,
        counted in prop_oneof![Just(Counted::Right), Just(Counted::TooMany), Just(Counted::NotAtAll)],
        churn in proptest::collection::vec(proptest::collection::vec(event(), 0..40), 0..60),
    ) {
        let mut list = Churning { counted, ..Churning::new(rows, page_size) };
        let pages = rows.div_ceil(page_size as u64).max(1);
        let mut lasting: BTreeSet<u64> = list.live.iter().copied().collect();
        let (mut calls, mut begun) = (0, 0);
        let walked = read(1000, |page_no| {
            let page = list.page(page_no);
            for event in churn.get(calls).into_iter().flatten() {
                match event {
                    Event::End(place) => list.end(*place),
                    Event::Begin => {
                        list.begin();
                        begun += 1;
                    }
                }
            }
            calls += 1;
            page
        });
        let walked = match (counted, walked) {
            // Rows that are counted but missing look like a list that was cut: refused rather than shortened.
            (Counted::TooMany, Err(_)) => return Ok(()),
            (_, walked) => walked.unwrap(),
        };
        let mut again = Churning::new(rows, page_size);
        for event in churn.iter().take(calls.saturating_sub(1)).flatten() {
            match event {
                Event::End(place) => again.end(*place),
                Event::Begin => again.begin(),
            }
        }
        lasting.retain(|key| again.live.contains(key));
        let came: BTreeSet<u64> = walked.values.iter().copied().collect();
        prop_assert_eq!(came.len(), walked.values.len(), "each once");
        prop_assert!(came.is_superset(&lasting), "lost: {:?}", lasting.difference(&came));
        prop_assert!(came.iter().all(|key| *key < again.next), "never was");
        let there_and_back = 2 * (rows + begun).div_ceil(page_size as u64).max(1);
        let bound = match counted {
            Counted::Right if pages == 1 => 1,
            Counted::Right => pages + 1,
            Counted::NotAtAll => there_and_back + 1,
            // Pages that are looked for in vain come on top.
            Counted::TooMany => there_and_back + (rows + page_size as u64 + 7) / rows.clamp(1, page_size as u64) + 2,
        };
        prop_assert!(calls as u64 <= bound, "{} calls for {} pages", calls, pages);
    }
}
