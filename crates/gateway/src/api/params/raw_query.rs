//! Query parameters, read strictly: an unknown, repeated, empty or ill-encoded one is a fault that names it.

use std::convert::Infallible;

use axum::extract::FromRequestParts;
use http::request::Parts;

use crate::api::params::QueryParam;
use crate::api::params::percent::decode;
use crate::problem::{Faults, Problem};

/// The longest name of an unknown parameter that is sent back.
const MAX_NAME: usize = 64;

/// All parameters of a route. Made by `query_params!`, which documents them from the same lines.
pub(crate) trait FromQuery: Sized {
    const KNOWN: &[Known];

    /// Takes each; `None` if one of them was at fault.
    fn take(query: &mut ReadQuery) -> Option<Self>;
}

/// What must be known of a parameter before it is read.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Known {
    name: &'static str,
    repeatable: bool,
    may_be_empty: bool,
}

impl Known {
    /// A parameter of this type.
    pub(crate) const fn of<T: QueryParam>(name: &'static str) -> Self {
        Self { name, repeatable: T::REPEATABLE, may_be_empty: T::MAY_BE_EMPTY }
    }
}

/// A query as it came, not yet read: for routes that look at their body first.
#[derive(Debug)]
pub(crate) struct RawQuery(Option<String>);

impl<S: Sync> FromRequestParts<S> for RawQuery {
    type Rejection = Infallible;

    async fn from_request_parts(parts: &mut Parts, _state: &S) -> Result<Self, Infallible> {
        Ok(Self(parts.uri.query().map(str::to_owned)))
    }
}

impl RawQuery {
    /// # Errors
    /// A 400 that names every parameter at fault.
    pub(crate) fn read<T: FromQuery>(&self) -> Result<T, Box<Problem>> {
        read(self.0.as_deref().unwrap_or_default())
    }
}

/// No parameters at all.
#[derive(Debug)]
pub(crate) struct NoQuery;

impl FromQuery for NoQuery {
    const KNOWN: &[Known] = &[];

    fn take(_query: &mut ReadQuery) -> Option<Self> {
        Some(Self)
    }
}

impl<S: Sync> FromRequestParts<S> for NoQuery {
    type Rejection = Box<Problem>;

    async fn from_request_parts(parts: &mut Parts, _state: &S) -> Result<Self, Self::Rejection> {
        read(parts.uri.query().unwrap_or_default())
    }
}

/// # Errors
/// A 400 that names every parameter at fault.
pub(crate) fn read<T: FromQuery>(query: &str) -> Result<T, Box<Problem>> {
    let mut query = ReadQuery::of(query, T::KNOWN);
    let params = T::take(&mut query);
    query.faults.or(params)
}

/// The parameters by name, and what is wrong with them.
#[derive(Debug)]
pub(crate) struct ReadQuery {
    values: Vec<(&'static str, Vec<String>)>,
    faults: Faults,
}

impl ReadQuery {
    fn of(query: &str, known: &[Known]) -> Self {
        let mut read = Self { values: Vec::new(), faults: Faults::none() };
        for pair in query.split('&').filter(|pair| !pair.is_empty()) {
            let (name, value) = pair.split_once('=').unwrap_or((pair, ""));
            let shown = &name[..name.floor_char_boundary(MAX_NAME)];
            let Some(name) = decode(name) else {
                read.faults.add(shown, "is not percent-encoded UTF-8");
                continue;
            };
            let Some(known) = known.iter().find(|known| known.name == name) else {
                read.faults.add(shown, "is not a query parameter of this route");
                continue;
            };
            let values = values_of(&mut read.values, known.name);
            match decode(value) {
                None => read.faults.add(known.name, "is not percent-encoded UTF-8"),
                Some(value) if value.is_empty() && !known.may_be_empty => {
                    read.faults.add(known.name, "is empty; leave it out or give it a value");
                }
                Some(_) if !values.is_empty() && !known.repeatable => read.faults.add(known.name, "is given twice"),
                Some(value) => values.push(value),
            }
        }
        read
    }

    /// The parameter of this name, or a fault that is noted under it.
    pub(crate) fn take<T: QueryParam>(&mut self, name: &'static str) -> Option<T> {
        let at = self.values.iter().position(|(known, _)| *known == name);
        let values = at.map(|at| self.values.swap_remove(at).1).unwrap_or_default();
        self.faults.take(name, T::read(values))
    }
}

/// The values of a parameter, none yet if it is the first.
fn values_of<'a>(all: &'a mut Vec<(&'static str, Vec<String>)>, name: &'static str) -> &'a mut Vec<String> {
    let at = all.iter().position(|(known, _)| *known == name).unwrap_or_else(|| {
        all.push((name, Vec::new()));
        all.len() - 1
    });
    &mut all[at].1
}

#[cfg(test)]
mod tests {
    use crate::api::live_sessions::LiveSessionsParams;
    use crate::api::params::{Limit, PageParams};

    use super::*;

    fn faulty(query: &str) -> Vec<String> {
        let read = read::<LiveSessionsParams>(query);
        read.err().map(|problem| problem.errors.into_iter().map(|e| e.field).collect()).unwrap_or_default()
    }

    #[test]
    fn every_fault_names_its_parameter() {
        for (query, fields) in [
            ("", vec![]),
            ("&&limit=1000&", vec![]),
            ("limit=1&include=session_id&include=session_id&partial=forbid", vec![]),
            ("provider=a&provider=b", vec![]),
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
    fn a_fault_says_what_would_do() {
        for (query, detail) in [
            ("include=x", "include: must be participant_count, session_id or media_counts"),
            ("partial=x", "partial: must be allow or forbid"),
            ("limit=x", "limit: must be a whole number from 1 to 1000"),
        ] {
            assert_eq!(read::<LiveSessionsParams>(query).unwrap_err().detail, detail);
        }
    }

    #[test]
    fn values_are_decoded_once() {
        let page = read::<PageParams>("cursor=a%2525+b").unwrap();
        assert_eq!((page.limit, page.cursor.0.as_deref()), (Limit(Limit::DEFAULT), Some("a%25 b")));
    }

    proptest::proptest! {
        #[test]
        fn no_query_panics(query in ".{0,200}") {
            faulty(&query);
        }
    }
}
