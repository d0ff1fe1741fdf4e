//! Rows of a list that come again as they were.

use std::sync::{Arc, Mutex, TryLockError};

use ahash::{HashMap, HashMapExt as _, RandomState};
use serde_json::value::RawValue;

use crate::row::{Broken, row};

/// How many rows of the list before are looked at for one that comes now: so many may have gone, or have come between
/// others, or have changed one after the other, without the rows after them being looked for everywhere.
const SOON: usize = 8;

/// What the rows of a list were read as: a row that comes again as it was the last time is not read again, and one that
/// comes about where it came the last time is not even gone through to find its end. Keeps the list before the present one,
/// and the bytes of its rows.
#[derive(Debug)]
pub struct KnownRows<T> {
    /// The rows of the present list, in its order, as far as they have come and are known.
    known: Vec<Arc<KnownRow<T>>>,
    /// Those of the list before that have not come yet: what comes is moved, so that there is little to drop at the end.
    before: Vec<Option<Arc<KnownRow<T>>>>,
    /// Which of those before is expected next.
    next: usize,
    /// All of them by their hashes, those before first: made when a row comes that is not expected.
    index: Option<HashMap<u64, usize>>,
    hasher: RandomState,
    most: usize,
}

/// [`KnownRows`] for all who read the list. Cheap to clone.
#[derive(Debug)]
pub struct SharedKnownRows<T>(Arc<Mutex<KnownRows<T>>>);

#[derive(Debug)]
struct KnownRow<T> {
    /// One whole JSON value.
    text: Box<str>,
    hash: u64,
    value: T,
}

/// What became of reading a row.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum RowRead<T> {
    /// This, and it would be the same at any other time.
    Always(T),
    /// This, for now: a time in it cannot be believed yet.
    Now(T),
    /// The row cannot be used.
    Unusable,
}

impl<T: Clone> KnownRows<T> {
    /// None yet, and never more than so many.
    #[must_use]
    pub fn new(most: usize) -> Self {
        Self { known: Vec::new(), before: Vec::new(), next: 0, index: None, hasher: RandomState::new(), most }
    }

    /// Begins to read the list anew: what did not come since the last time it began is forgotten.
    pub fn begin(&mut self) {
        let known = std::mem::take(&mut self.known);
        self.known.reserve_exact(known.len());
        self.before = known.into_iter().map(Some).collect();
        self.next = 0;
        self.index = None;
    }

    /// How many rows the list before had.
    #[must_use]
    pub fn count_before(&self) -> usize {
        self.before.len()
    }

    /// What a row says; by `read`, unless it is known. `None` when it cannot be used.
    ///
    /// # Errors
    /// When the row is not JSON.
    pub fn read(&mut self, cut: &str, read: impl FnOnce(&RawValue) -> RowRead<T>) -> Result<Option<T>, Broken> {
        let is_it = |row: &mut Arc<KnownRow<T>>| *row.text == *cut;
        if let Some(expected) = self.before.get_mut(self.next).and_then(|row| row.take_if(is_it)) {
            self.next += 1;
            return Ok(Some(self.keep_known(expected)));
        }
        let hash = self.hasher.hash_one(cut);
        if let Some(found) = self.find(hash, cut) {
            return Ok(Some(self.keep_known(found)));
        }
        Ok(match read(row(cut)?) {
            RowRead::Always(value) => {
                if self.keep(Arc::new(KnownRow { text: cut.into(), hash, value: value.clone() })) {
                    let place = self.before.len() + self.known.len() - 1;
                    self.index.get_or_insert_default().insert(hash, place);
                }
                Some(value)
            }
            RowRead::Now(value) => Some(value),
            RowRead::Unusable => None,
        })
    }

    /// The length of the object that a text begins with, if it is one of the rows that are expected: no object is the
    /// beginning of another.
    pub(crate) fn expect(&mut self, object: &str) -> Option<usize> {
        let soon = self.before.get(self.next..)?.iter().take(SOON);
        let (skipped, length) = soon.enumerate().find_map(|(skipped, row)| {
            let text = &row.as_ref()?.text;
            object.starts_with(&**text).then_some((skipped, text.len()))
        })?;
        self.next += skipped;
        Some(length)
    }

    /// A row that came already, or comes from another place than is expected.
    fn find(&mut self, hash: u64, cut: &str) -> Option<Arc<KnownRow<T>>> {
        let Self { known, before, .. } = self;
        let index = self.index.get_or_insert_with(|| {
            let all = before.iter().map(Option::as_ref).chain(known.iter().map(Some)).enumerate();
            let mut index = HashMap::with_capacity(before.len() + known.len());
            index.extend(all.filter_map(|(place, row)| Some((row?.hash, place))));
            index
        });
        let place = *index.get(&hash)?;
        // The text decides, not its hash.
        let is_it = |row: &mut Arc<KnownRow<T>>| *row.text == *cut;
        match before.get_mut(place) {
            Some(row) => {
                let found = row.take_if(is_it)?;
                self.next = place + 1;
                Some(found)
            }
            None => known.get(place - before.len()).filter(|row| *row.text == *cut).map(Arc::clone),
        }
    }

    /// Keeps a row that is known, and answers what it says.
    fn keep_known(&mut self, row: Arc<KnownRow<T>>) -> T {
        let value = row.value.clone();
        self.keep(row);
        value
    }

    /// Answers whether there is a place for it.
    fn keep(&mut self, row: Arc<KnownRow<T>>) -> bool {
        let has_place = self.known.len() < self.most;
        if has_place {
            self.known.push(row);
        }
        has_place
    }
}

impl<T> Clone for SharedKnownRows<T> {
    fn clone(&self) -> Self {
        Self(Arc::clone(&self.0))
    }
}

impl<T: Clone> SharedKnownRows<T> {
    /// None yet, and never more than so many.
    #[must_use]
    pub fn new(most: usize) -> Self {
        Self(Arc::new(Mutex::new(KnownRows::new(most))))
    }

    /// Lets `read` have them. While another has them nobody waits: then there are none.
    pub fn lend<R>(&self, read: impl FnOnce(&mut KnownRows<T>) -> R) -> R {
        match self.0.try_lock() {
            Ok(mut known) => read(&mut known),
            // Each row in it was read to its end.
            Err(TryLockError::Poisoned(known)) => read(&mut known.into_inner()),
            Err(TryLockError::WouldBlock) => read(&mut KnownRows::new(0)),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::Walk;

    #[test]
    fn whoever_reads_at_the_same_time_knows_nothing() {
        let known = SharedKnownRows::new(10);
        known.lend(|rows| assert_eq!(read(rows, &["1"]), ["1"]));
        known.lend(|rows| {
            known.lend(|none| assert_eq!(read(none, &["1", "1"]), ["1", "1"]));
            assert!(read(rows, &["1"]).is_empty());
        });
    }

    /// Reads rows and tells which had to be.
    fn read(known: &mut KnownRows<String>, rows: &[&str]) -> Vec<String> {
        let mut anew = Vec::new();
        for cut in rows {
            let value = known.read(cut, |row| {
                anew.push(row.get().to_owned());
                match row.get() {
                    "null" => RowRead::Unusable,
                    "0" => RowRead::Now("0".to_owned()),
                    other => RowRead::Always(other.to_owned()),
                }
            });
            assert_eq!(value.unwrap(), (*cut != "null").then(|| (*cut).to_owned()));
        }
        anew
    }

    #[test]
    fn a_row_is_read_once_as_long_as_it_comes_in_each_list() {
        let mut known = KnownRows::new(10);
        assert_eq!(read(&mut known, &["1", "2", "1"]), ["1", "2"]);
        known.begin();
        assert_eq!(read(&mut known, &["2", "3"]), ["3"]);
        known.begin();
        assert_eq!(read(&mut known, &["1", "2", "3"]), ["1"], "it was gone for a list");
        known.begin();
        assert!(read(&mut known, &["3", "2", "1"]).is_empty());
        assert_eq!(known.known.len(), 3);
    }

    /// Reads a list in one pass and tells which rows had to be read.
    fn walked(known: &mut KnownRows<String>, list: &str) -> Vec<String> {
        let mut anew = Vec::new();
        known.begin();
        let read = |row: &RawValue| {
            anew.push(row.get().to_owned());
            if row.get().contains("null") { RowRead::Unusable } else { RowRead::Always(row.get().to_owned()) }
        };
        let mut rows = Vec::new();
        let mut walk = Walk::new(list);
        let taken = walk.known_elements(known, read, |row| {
            rows.extend(row);
            Ok(())
        });
        assert_eq!((taken, walk.end()), (Ok(true), Ok(())), "{list}");
        let all: Vec<Box<RawValue>> = serde_json::from_str(list).unwrap();
        let usable = all.iter().map(|row| row.get().to_owned()).filter(|row| !row.contains("null"));
        assert_eq!(rows, usable.collect::<Vec<_>>(), "{list}");
        anew
    }

    fn list(rows: impl IntoIterator<Item = u32>) -> String {
        format!("[{}]", rows.into_iter().map(|row| format!(r#"{{"a":[{row}]}}"#)).collect::<Vec<_>>().join(" , "))
    }

    #[test]
    fn rows_around_those_that_come_and_go_are_not_looked_for() {
        let mut known = KnownRows::new(100);
        assert_eq!(walked(&mut known, &list(0..40)).len(), 40);
        for (rows, anew) in [
            ((0..40).collect::<Vec<_>>(), 0),
            ((0..40).filter(|row| row / 5 != 3).collect(), 0),
            ((0..20).chain(50..60).chain(20..40).collect(), 15),
            ((0..40).map(|row| if row % 10 == 0 { row + 100 } else { row }).collect(), 4),
        ] {
            assert_eq!(walked(&mut known, &list(rows.clone())).len(), anew, "{rows:?}");
            let is_sought = known.index.is_some();
            assert_eq!(is_sought, anew > 0, "only what is not expected is looked for");
        }
        assert_eq!(walked(&mut known, &list((0..40).rev().filter(|row| row % 10 > 0))).len(), 0, "in any order");
    }

    #[test]
    fn a_row_that_begins_like_a_known_one_is_another() {
        let mut known = KnownRows::new(100);
        for list in [r#"[{"a":1},12,"x"]"#, r#"[{"a":1 },1,"x\""]"#, r#"[{"a":1},[1],{"a":1,"b":2}]"#] {
            walked(&mut known, list);
        }
        known.begin();
        let read = |known: &mut KnownRows<String>, list| {
            Walk::new(list).known_elements(known, |_| RowRead::Unusable, |_| Ok(()))
        };
        for list in [r#"[{"a":1}}]"#, r#"[{"a":1}{"a":1}]"#, r#"[{"a":1]"#, r#"[{"a":1}"#] {
            assert_eq!(read(&mut known, list), Err(Broken), "{list}");
        }
    }

    proptest::proptest! {
        #[test]
        fn whatever_comes_is_what_would_be_read(lists in proptest::collection::vec(
            proptest::collection::vec(proptest::sample::select(vec![
                "{}", r#"{"a":1}"#, r#"{"a":1,"b":2}"#, r#"{"a":null}"#, "1", "12", r#""}""#, "[]", r#"{"a":"]"}"#,
            ]), 0..12),
            1..6,
        )) {
            let mut known = KnownRows::new(8);
            for list in lists {
                walked(&mut known, &format!("[{}]", list.join(",")));
            }
        }
    }

    #[test]
    fn what_is_true_for_now_alone_is_read_again_and_so_is_what_cannot_be_used() {
        let mut known = KnownRows::new(10);
        for _ in 0..2 {
            assert_eq!(read(&mut known, &["0", "null"]), ["0", "null"]);
        }
    }

    #[test]
    fn no_more_are_known_than_the_bound_and_a_row_that_is_no_json_is_broken() {
        let mut known = KnownRows::new(1);
        assert_eq!(read(&mut known, &["1", "2"]), ["1", "2"]);
        assert_eq!(read(&mut known, &["1", "2"]), ["2"]);
        assert_eq!(known.read("{]", |_| RowRead::Unusable), Err(Broken));
    }
}
