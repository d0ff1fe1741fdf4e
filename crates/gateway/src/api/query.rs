//! Query parameters, read strictly: an unknown, repeated, empty or ill-encoded one is a fault that names it.

use std::collections::{BTreeMap, BTreeSet};
use std::convert::Infallible;

use axum::extract::FromRequestParts;
use http::request::Parts;

use crate::problem::{Faults, Problem};
use crate::reads::{Include, PageQuery};

/// The rows of a page when `limit` is not given.
const DEFAULT_LIMIT: u16 = 100;

/// The most rows of a page.
const MAX_LIMIT: u16 = 1000;

/// The longest name of an unknown parameter that is sent back.
const MAX_NAME: usize = 64;

/// A query as it came, not yet read.
#[derive(Debug)]
pub(crate) struct RawQuery(Option<String>);

impl<S: Sync> FromRequestParts<S> for RawQuery {
    type Rejection = Infallible;

    async fn from_request_parts(parts: &mut Parts, _state: &S) -> Result<Self, Infallible> {
        Ok(Self(parts.uri.query().map(str::to_owned)))
    }
}

impl RawQuery {
    /// Reads the parameters: those of `once` may come once, those of `many` any number of times, no other at all.
    pub(crate) fn read(&self, once: &[&'static str], many: &[&'static str]) -> Query {
        let mut query = Query { values: BTreeMap::new(), faults: Faults::none() };
        for pair in self.0.as_deref().unwrap_or_default().split('&').filter(|pair| !pair.is_empty()) {
            let (name, value) = pair.split_once('=').unwrap_or((pair, ""));
            let shown = &name[..name.floor_char_boundary(MAX_NAME)];
            let Some(name) = decode(name) else {
                query.faults.add(shown, "is not percent-encoded UTF-8");
                continue;
            };
            let Some(&known) = once.iter().chain(many).find(|known| **known == name) else {
                query.faults.add(shown, "is not a query parameter of this route");
                continue;
            };
            let values = query.values.entry(known).or_default();
            match decode(value) {
                None => query.faults.add(known, "is not percent-encoded UTF-8"),
                // An empty cursor is one that cannot be decoded, which has a code of its own (contract §2).
                Some(value) if value.is_empty() && known != "cursor" => {
                    query.faults.add(known, "is empty; leave it out or give it a value")
                }
                Some(_) if !values.is_empty() && once.contains(&known) => query.faults.add(known, "is given twice"),
                Some(value) => values.push(value),
            }
        }
        query
    }

    /// Refuses any parameter at all.
    pub(crate) fn none(&self) -> Result<(), Box<Problem>> {
        self.read(&[], &[]).or(Some(()))
    }
}

/// The parameters by name, and what is wrong with them.
#[derive(Debug)]
pub(crate) struct Query {
    values: BTreeMap<&'static str, Vec<String>>,
    faults: Faults,
}

impl Query {
    /// The values of a parameter that may be repeated.
    pub(crate) fn many(&mut self, name: &str) -> Vec<String> {
        self.values.remove(name).unwrap_or_default()
    }

    fn one(&mut self, name: &str) -> Option<String> {
        self.many(name).pop()
    }

    /// `limit` and `cursor`.
    pub(crate) fn page(&mut self) -> PageQuery {
        let limit = self.one("limit").map_or(Some(DEFAULT_LIMIT), |text| {
            let number = text.bytes().all(|b| b.is_ascii_digit()).then(|| text.parse().ok()).flatten();
            number.filter(|number| (1..=MAX_LIMIT).contains(number))
        });
        if limit.is_none() {
            self.faults.add("limit", format!("must be a whole number from 1 to {MAX_LIMIT}"));
        }
        PageQuery { limit: limit.unwrap_or(DEFAULT_LIMIT), cursor: self.one("cursor") }
    }

    /// `include`, any number of times.
    pub(crate) fn include(&mut self) -> BTreeSet<Include> {
        let mut include = BTreeSet::new();
        for text in self.many("include") {
            match text.as_str() {
                "participant_count" => include.insert(Include::ParticipantCount),
                "session_id" => include.insert(Include::SessionId),
                "media_counts" => include.insert(Include::MediaCounts),
                _ => {
                    self.faults.add("include", "must be participant_count, session_id or media_counts");
                    false
                }
            };
        }
        include
    }

    /// Which of two words a parameter says; the first is what its absence means.
    pub(crate) fn is_second(&mut self, name: &'static str, words: [&str; 2]) -> bool {
        match self.one(name) {
            None => false,
            Some(text) if text == words[0] => false,
            Some(text) if text == words[1] => true,
            Some(_) => {
                self.faults.add(name, format!("must be {} or {}", words[0], words[1]));
                false
            }
        }
    }

    /// What was read from it, if nothing was wrong.
    pub(crate) fn or<T>(self, value: Option<T>) -> Result<T, Box<Problem>> {
        self.faults.or(value)
    }
}

/// Undoes the encoding of a form, strictly: `None` for an incomplete escape or for what is not UTF-8 after it.
fn decode(text: &str) -> Option<String> {
    let mut decoded = Vec::with_capacity(text.len());
    let mut bytes = text.bytes();
    while let Some(byte) = bytes.next() {
        decoded.push(match byte {
            b'+' => b' ',
            b'%' => {
                let mut digit = || bytes.next().and_then(|byte| char::from(byte).to_digit(16));
                let (high, low) = (digit()?, digit()?);
                u8::try_from(high * 16 + low).ok()?
            }
            plain => plain,
        });
    }
    String::from_utf8(decoded).ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn faulty(query: &str) -> Vec<String> {
        let mut read = RawQuery(Some(query.to_owned())).read(&["limit", "cursor", "partial"], &["include"]);
        read.page();
        read.include();
        read.is_second("partial", ["allow", "forbid"]);
        read.or(Some(())).err().map(|problem| problem.errors.into_iter().map(|e| e.field).collect()).unwrap_or_default()
    }

    #[test]
    fn every_fault_names_its_parameter() {
        for (query, fields) in [
            ("", vec![]),
            ("&&limit=1000&", vec![]),
            ("limit=1&include=session_id&include=session_id&partial=forbid", vec![]),
            ("limit=%31", vec![]),
            ("limit=0", vec!["limit"]),
            ("limit=1001", vec!["limit"]),
            ("limit=99999999999999999999", vec!["limit"]),
            ("limit=%2B5", vec!["limit"]),
            ("limit=-1", vec!["limit"]),
            ("limit=1e2", vec!["limit"]),
            ("limit=", vec!["limit"]),
            ("limit", vec!["limit"]),
            ("limit=5&limit=5", vec!["limit"]),
            ("cursor=a&cursor=b", vec!["cursor"]),
            ("cursor=&cursor=", vec!["cursor"]),
            ("cursor=%zz", vec!["cursor"]),
            ("cursor=%f", vec!["cursor"]),
            ("cursor=%ff", vec!["cursor"]),
            ("%ff=1", vec!["%ff"]),
            ("Limit=5", vec!["Limit"]),
            ("include=everything", vec!["include"]),
            ("include=", vec!["include"]),
            ("partial=FORBID", vec!["partial"]),
            ("a=1&limit=0&b=2", vec!["a", "b", "limit"]),
        ] {
            assert_eq!(faulty(query), fields, "{query}");
        }
        assert_eq!(faulty(&"x".repeat(5000))[0].len(), MAX_NAME);
    }

    #[test]
    fn values_are_decoded_once() {
        let mut read = RawQuery(Some("cursor=a%2525+b".to_owned())).read(&["limit", "cursor"], &[]);
        let page = read.page();
        assert_eq!((page.limit, page.cursor.as_deref()), (DEFAULT_LIMIT, Some("a%25 b")));
    }

    proptest::proptest! {
        #[test]
        fn no_query_panics(query in ".{0,200}") {
            faulty(&query);
        }
    }
}
