//! Walks over a list that changes after every answer.

mod uncounted;

use std::cell::{Cell, RefCell};
use std::collections::{BTreeMap, BTreeSet};

use proptest::prelude::*;
use rstest::rstest;
use session_provider::{ErrorKind, RoomId, SessionFilter, SessionId, SessionStatus, Timestamp, UpstreamPosition};

use super::*;
use crate::pages::{PER_PAGE, Paging, Row};

const MAX_PAGES: u32 = 60;

/// A row as the service has it.
#[derive(Debug, Clone)]
struct Rec {
    id: String,
    /// What the service orders by, and whether it says so.
    created: i64,
    says_created: bool,
    started: Option<i64>,
    live: bool,
}

/// The service's list, newest first.
#[derive(Debug, Default)]
struct Service {
    list: RefCell<Vec<Rec>>,
    size: usize,
    counts: bool,
    calls: Cell<u32>,
    /// What comes after each answer.
    changes: RefCell<std::vec::IntoIter<Vec<Change>>>,
    made: Cell<u32>,
    vanished: RefCell<BTreeSet<String>>,
    status_changed: RefCell<BTreeSet<String>>,
}

#[derive(Debug, Clone)]
enum Change {
    /// Sessions begin.
    Begin(u8),
    /// The session at this part of the list ends.
    End(f64),
    /// So many rows from this part of the list on vanish.
    Vanish(f64, u8),
}

impl Service {
    fn new(list: Vec<Rec>, size: usize, counts: bool, changes: Vec<Vec<Change>>) -> Self {
        let service = Self { size, counts, changes: RefCell::new(changes.into_iter()), ..Self::default() };
        *service.list.borrow_mut() = list;
        service.sort();
        service
    }

    fn sort(&self) {
        self.list.borrow_mut().sort_by_key(|rec| std::cmp::Reverse(rec.created));
    }

    fn answer(&self, filter: &SessionFilter, page_no: u32, per_page: u64) -> Page<Session> {
        self.calls.set(self.calls.get() + 1);
        let list = self.list.borrow();
        let wanted: Vec<&Rec> = list
            .iter()
            .filter(|rec| filter.status.is_none_or(|status| (status == WantedStatus::Live) == rec.live))
            .collect();
        let size = self.size.min(per_page as usize);
        let skipped = (page_no as usize - 1).saturating_mul(size);
        let rows: Vec<Row<Session>> = wanted.iter().skip(skipped).take(size).map(|rec| rec.row()).collect();
        let (count, total) = (rows.len() as u64, wanted.len() as u64);
        let start = if count == 0 { 0 } else { skipped as u64 + 1 };
        let paging = self.counts.then_some(Paging {
            total_count: Some(total),
            start_offset: Some(start),
            end_offset: Some(if count == 0 { 0 } else { skipped as u64 + count }),
        });
        drop(list);
        self.change();
        Page { rows, dropped: 0, bytes: 10, paging }
    }

    fn change(&self) {
        let changes = self.changes.borrow_mut().next().unwrap_or_default();
        for change in changes {
            let mut list = self.list.borrow_mut();
            let place = |part: f64| (part * list.len() as f64) as usize;
            match change {
                Change::Begin(count) => {
                    for _ in 0..count {
                        self.made.set(self.made.get() + 1);
                        let number = self.made.get();
                        let newest = list.first().map_or(0, |rec| rec.created);
                        let rec = Rec {
                            id: format!("new-{number}"),
                            created: newest + i64::from(number % 2),
                            says_created: !number.is_multiple_of(7),
                            started: None,
                            live: true,
                        };
                        list.insert(0, rec);
                    }
                }
                Change::End(part) => {
                    let place = place(part);
                    if let Some(rec) = list.get_mut(place).filter(|rec| rec.live) {
                        rec.live = false;
                        self.status_changed.borrow_mut().insert(rec.id.clone());
                    }
                }
                Change::Vanish(part, count) => {
                    let place = place(part);
                    let end = (place + usize::from(count)).min(list.len());
                    self.vanished.borrow_mut().extend(list.drain(place.min(end)..end).map(|rec| rec.id));
                }
            }
        }
    }

    /// One page.
    async fn page(&self, query: &SessionQuery) -> Result<SessionPage> {
        let fetch = |page_no, per_page| std::future::ready(Ok(self.answer(&query.filter, page_no, per_page)));
        page(query, MAX_PAGES, fetch).await
    }

    /// Walks the list, taking as many rows of each page as the limits say, one after the other; answers ids and moments,
    /// and the calls of each page.
    async fn walk(&self, filter: &SessionFilter, limits: &[u16]) -> (Vec<(String, Option<i64>)>, Vec<u32>) {
        let mut query =
            SessionQuery { filter: filter.clone(), passed: None, position: UpstreamPosition::default(), limit: 1 };
        let (mut seen, mut calls) = (Vec::new(), Vec::new());
        for limit in limits.iter().cycle().take(10_000) {
            query.limit = *limit;
            let before = self.calls.get();
            let page = match self.page(&query).await {
                // Asked for again.
                Err(error) if error.is_retryable() => continue,
                Err(error) => panic!("{}", error.detail()),
                Ok(page) => page,
            };
            calls.push(self.calls.get() - before);
            assert!(page.rows.len() <= usize::from(*limit));
            seen.extend(page.rows.iter().map(|row| (row.id.to_string(), row.moment.map(Timestamp::unix_ms))));
            if !page.more {
                return (seen, calls);
            }
            let last = page.rows.last().expect("a page with more to come has rows");
            query.passed = Some(Passed { moment: last.moment, of_moment: PassedOfMoment::UpTo(last.id.clone()) });
            query.position = last.position.clone();
        }
        panic!("the walk does not end");
    }
}

impl Rec {
    fn row(&self) -> Row<Session> {
        let status = if self.live { SessionStatus::Live } else { SessionStatus::Ended };
        let session = Session {
            session_id: Some(SessionId::new(&self.id).unwrap()),
            created_at: Timestamp::from_unix_ms(self.created).filter(|_| self.says_created),
            started_at: self.started.and_then(Timestamp::from_unix_ms),
            ..Session::of_room(RoomId::new("room").unwrap(), status)
        };
        Row { key: self.id.clone(), value: Some(session), weight: 1 }
    }
}

fn at(ms: i64) -> Option<Timestamp> {
    Timestamp::from_unix_ms(ms)
}

/// So many sessions, one each 10 ms, the last one newest.
fn plain(count: usize) -> Vec<Rec> {
    let rec =
        |n: usize| Rec { id: format!("s{n}"), created: n as i64 * 10, says_created: true, started: None, live: false };
    (0..count).map(rec).collect()
}

fn quiet(list: Vec<Rec>, size: usize) -> Service {
    Service::new(list, size, true, vec![])
}

#[tokio::test]
async fn a_page_costs_one_call_or_two_wherever_the_walk_is() {
    let size = PER_PAGE as usize;
    for (limit, most) in [(50, 2), (37, 3), (100, 3), (200, 4)] {
        let service = quiet(plain(5_000), size);
        let (seen, calls) = service.walk(&SessionFilter::default(), &[limit]).await;
        assert_eq!(seen.len(), 5_000);
        assert!(seen.is_sorted_by(|newer, older| newer.1 > older.1));
        assert!(calls.iter().all(|calls| *calls <= most), "{limit}: {calls:?}");
        let mean = f64::from(calls.iter().sum::<u32>()) / calls.len() as f64;
        assert!(mean <= f64::from(limit) / size as f64 + 2.0, "{limit}: {mean} calls a page");
    }
}

#[tokio::test]
async fn a_place_that_has_gone_far_is_found_in_few_calls() {
    let service = quiet(plain(5_000), PER_PAGE as usize);
    let mut query = SessionQuery {
        filter: SessionFilter::default(),
        passed: Some(Passed { moment: at(20_000), of_moment: PassedOfMoment::UpTo(SessionId::new("s2000").unwrap()) }),
        position: UpstreamPosition::default(),
        limit: 50,
    };
    for hint in [vec![], vec![1], vec![29], vec![31], vec![33], vec![50], vec![51], vec![4_000_000_000]] {
        query.position = UpstreamPosition::new(hint.clone());
        let before = service.calls.get();
        let page = service.page(&query).await.unwrap();
        assert_eq!((page.rows[0].id.as_str(), page.rows.len(), page.more), ("s1999", 50, true), "{hint:?}");
        assert!(service.calls.get() - before <= 14, "{hint:?}: {} calls", service.calls.get() - before);
    }
}

#[tokio::test]
async fn a_range_is_found_without_reading_what_is_newer_and_left_without_reading_what_is_older() {
    let service = quiet(plain(5_000), PER_PAGE as usize);
    let filter = SessionFilter { since: at(20_000), until: at(21_000), ..SessionFilter::default() };
    let (seen, calls) = service.walk(&filter, &[60]).await;
    assert_eq!((seen.len(), &*seen[0].0, &*seen[99].0), (100, "s2099", "s2000"));
    assert!(calls[0] <= 14 && calls.len() == 2 && calls[1] <= 4, "{calls:?}");
}

#[tokio::test]
async fn rows_of_one_moment_are_read_to_the_last_before_any_of_them_is_given() {
    let mut list = plain(400);
    list[50..350].iter_mut().for_each(|rec| rec.created = 2_000);
    let (seen, _) = quiet(list, 100).walk(&SessionFilter::default(), &[7, 100, 20]).await;
    let same: Vec<&String> = seen.iter().filter(|(_, moment)| *moment == Some(2_000)).map(|(id, _)| id).collect();
    assert_eq!((seen.len(), same.len()), (400, 300));
    assert!(same.is_sorted());
}

#[tokio::test]
async fn a_row_without_a_time_takes_that_of_its_newer_neighbour_or_of_the_older_or_none() {
    let mut list = plain(5);
    for (n, started) in [(4, None), (2, None), (1, Some(15)), (0, Some(9_999))] {
        list[n] = Rec { says_created: false, started, ..list[n].clone() };
    }
    let (seen, _) = quiet(list.clone(), 10).walk(&SessionFilter::default(), &[1]).await;
    let expected = [("s3", 30), ("s4", 30), ("s2", 30), ("s0", 30), ("s1", 15)];
    let expected: BTreeMap<String, Option<i64>> = expected.map(|(id, ms)| (id.to_owned(), Some(ms))).into();
    assert_eq!(seen.iter().cloned().collect::<BTreeMap<_, _>>(), expected);

    list.iter_mut().for_each(|rec| (rec.says_created, rec.started) = (false, None));
    let (seen, _) = quiet(list, 2).walk(&SessionFilter::default(), &[2]).await;
    assert_eq!(seen, ["s0", "s1", "s2", "s3", "s4"].map(|id| (id.to_owned(), None)));
}

#[tokio::test]
async fn a_service_that_says_only_when_sessions_began_is_walked_by_that() {
    let mut list = plain(1_000);
    for rec in &mut list {
        (rec.says_created, rec.started) = (false, Some(rec.created + 1));
    }
    let (seen, calls) = quiet(list, PER_PAGE as usize).walk(&SessionFilter::default(), &[50]).await;
    assert_eq!(seen.iter().map(|(id, _)| id).collect::<BTreeSet<_>>().len(), 1_000);
    assert_eq!((seen.len(), seen[0].1), (1_000, Some(9_991)));
    assert!(calls.iter().all(|calls| *calls <= 2), "{calls:?}");
}

#[rstest]
#[case::not_in_order(|page_no: u32| sessions(&[i64::from(page_no) * 7 % 5, 3, 9], 30))]
#[case::one_page_for_ever(|_| sessions(&[9, 8, 7], 30))]
#[case::counted_and_not_given(|_| sessions(&[], 3))]
#[tokio::test]
async fn what_is_no_list_in_order_is_refused(#[case] script: fn(u32) -> Page<Session>) {
    let query = SessionQuery {
        filter: SessionFilter::default(),
        passed: None,
        position: UpstreamPosition::default(),
        limit: 20,
    };
    for passed in [None, Some(Passed { moment: at(8), of_moment: PassedOfMoment::All })] {
        let query = SessionQuery { passed, ..query.clone() };
        let outcome = page(&query, MAX_PAGES, |page_no, _| std::future::ready(Ok(script(page_no)))).await;
        assert_eq!(outcome.unwrap_err().kind(), ErrorKind::ProviderBadResponse);
    }
}

fn sessions(moments: &[i64], total: u64) -> Page<Session> {
    let rec = |ms: &i64| Rec { id: format!("s{ms}"), created: *ms, says_created: true, started: None, live: true };
    let paging = Paging { total_count: Some(total), ..Paging::default() };
    Page { rows: moments.iter().map(|ms| rec(ms).row()).collect(), dropped: 0, bytes: 10, paging: Some(paging) }
}

#[tokio::test]
async fn a_list_on_one_page_may_be_in_any_order() {
    let (seen, calls) = quiet(vec![], 10).walk(&SessionFilter::default(), &[20]).await;
    assert_eq!((seen, calls), (vec![], vec![1]));
    let query = SessionQuery {
        filter: SessionFilter::default(),
        passed: Some(Passed { moment: at(8), of_moment: PassedOfMoment::All }),
        position: UpstreamPosition::default(),
        limit: 20,
    };
    let page = page(&query, MAX_PAGES, |_, _| std::future::ready(Ok(sessions(&[3, 9, 5, 7], 4)))).await.unwrap();
    assert_eq!(page.rows.iter().map(|row| row.id.as_str()).collect::<Vec<_>>(), ["s7", "s5", "s3"]);
    assert!(!page.more);
}

fn recs() -> impl Strategy<Value = Vec<Rec>> {
    let rec = (0_i64..300, 0_u8..14, any::<bool>());
    proptest::collection::vec(rec, 0..260).prop_map(|rows| {
        let rec = |(n, (created, says, live)): (usize, (i64, u8, bool))| Rec {
            // Ids in no order that has to do with their times.
            id: format!("{:03}-{n}", (n * 7919) % 997),
            created,
            says_created: says != 0,
            started: (says % 2 == 1).then_some(created),
            live,
        };
        let mut recs: Vec<Rec> = rows.into_iter().enumerate().map(rec).collect();
        // No more than are remembered.
        recs.iter_mut().filter(|rec| !rec.says_created).skip(24).for_each(|rec| rec.says_created = true);
        recs
    })
}

fn changes() -> impl Strategy<Value = Vec<Vec<Change>>> {
    let change = prop_oneof![
        (0_u8..4).prop_map(Change::Begin),
        (0.0..1.0).prop_map(Change::End),
        (0.0..1.0, 0_u8..4).prop_map(|(part, count)| Change::Vanish(part, count)),
    ];
    proptest::collection::vec(proptest::collection::vec(change, 0..4), 0..60)
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(1_500))]

    #[test]
    fn a_walk_repeats_no_session_and_skips_none_that_stays(
        list in recs(),
        changes in changes(),
        size in 16_usize..60,
        counts in any::<bool>(),
        limits in proptest::collection::vec(1_u16..40, 1..5),
        status in prop_oneof![Just(None), Just(Some(WantedStatus::Live)), Just(Some(WantedStatus::Ended))],
        since in proptest::option::of(0_i64..300),
        until in proptest::option::of(0_i64..300),
    ) {
        let filter = SessionFilter { room: None, status, since: since.and_then(at), until: until.and_then(at) };
        let in_range = |rec: &Rec| {
            let dated = rec.says_created || (since.is_none() && until.is_none());
            let is_in = since.is_none_or(|since| rec.created >= since) && until.is_none_or(|until| rec.created < until);
            dated && is_in && status.is_none_or(|status| (status == WantedStatus::Live) == rec.live)
        };
        let wanted: BTreeSet<String> = list.iter().filter(|rec| in_range(rec)).map(|rec| rec.id.clone()).collect();
        let service = Service::new(list, size, counts, changes);
        let runtime = tokio::runtime::Builder::new_current_thread().build().unwrap();
        let (seen, _) = runtime.block_on(service.walk(&filter, &limits));
        let ids: BTreeSet<&String> = seen.iter().map(|(id, _)| id).collect();
        prop_assert_eq!(ids.len(), seen.len(), "a session came twice");
        prop_assert!(seen.is_sorted_by(|newer, older| newer.1 >= older.1), "not in order");
        let (gone, changed) = (service.vanished.borrow(), service.status_changed.borrow());
        for id in &wanted {
            let stays = !gone.contains(id) && (status.is_none() || !changed.contains(id));
            prop_assert!(!stays || ids.contains(id), "{} was skipped", id);
        }
    }
}
