//! Rows of a list that come again as they were.

use std::hash::Hasher as _;
use std::sync::{Arc, Mutex, TryLockError};

use ahash::{HashMap, HashMapExt as _};
use rand::random;
use serde_json::value::RawValue;
use siphasher::sip128::{Hasher128 as _, SipHasher13};

use crate::walk::{Broken, row};

/// What the rows of a list were read as, by the hashes of their bytes: a row that comes again as it was the last time is
/// not read again. Keeps what the list before the present one held, and no bytes of rows.
///
/// The hash has 128 bits and a key that nobody knows, so that no customer can make two rows that are taken for one.
#[derive(Debug)]
pub struct KnownRows<T> {
    hasher: SipHasher13,
    known: HashMap<u128, KnownRow<T>>,
    most: usize,
    list: u64,
}

/// [`KnownRows`] for all who read the list. Cheap to clone.
#[derive(Debug)]
pub struct SharedKnownRows<T>(Arc<Mutex<KnownRows<T>>>);

#[derive(Debug)]
struct KnownRow<T> {
    value: T,
    /// The list in which it came last.
    list: u64,
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
        let hasher = SipHasher13::new_with_keys(random(), random());
        Self { hasher, known: HashMap::new(), most, list: 0 }
    }

    /// Begins to read the list anew: what did not come since the last time it began is forgotten.
    pub fn begin(&mut self) {
        let list = self.list;
        self.known.retain(|_, known| known.list == list);
        self.list += 1;
    }

    /// What a row says; by `read`, unless it is known. `None` when it cannot be used.
    ///
    /// # Errors
    /// When the row is not JSON.
    pub fn read(&mut self, cut: &str, read: impl FnOnce(&RawValue) -> RowRead<T>) -> Result<Option<T>, Broken> {
        let mut hasher = self.hasher;
        hasher.write(cut.as_bytes());
        let hash = hasher.finish128().as_u128();
        if let Some(known) = self.known.get_mut(&hash) {
            known.list = self.list;
            return Ok(Some(known.value.clone()));
        }
        Ok(match read(row(cut)?) {
            RowRead::Always(value) => {
                if self.known.len() < self.most {
                    self.known.insert(hash, KnownRow { value: value.clone(), list: self.list });
                }
                Some(value)
            }
            RowRead::Now(value) => Some(value),
            RowRead::Unusable => None,
        })
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
