//! `limit` and `cursor` (`docs/upstream/huddle01.md` §4).

use std::collections::HashMap;

use axum::response::Response;

use crate::huddle01::answers::invalid;
use crate::options::Huddle01Options;

pub(super) type Query = axum::extract::Query<HashMap<String, String>>;

/// A page asked for.
#[derive(Debug, Clone, Copy)]
pub(super) struct Page {
    pub(super) limit: usize,
    /// `None` when no cursor was sent.
    pub(super) cursor: Option<usize>,
}

impl Page {
    #[expect(clippy::result_large_err, reason = "the error is the answer and is sent at once")]
    pub(super) fn read(query: &HashMap<String, String>, options: &Huddle01Options) -> Result<Self, Response> {
        let limit = number(query, "limit")?.unwrap_or(options.default_limit);
        if limit == 0 || limit > options.max_limit {
            return Err(invalid("limit", &format!("number between 1 and {}", options.max_limit), "number"));
        }
        Ok(Self { limit, cursor: number(query, "cursor")? })
    }

    /// The rows of the page that begins after `skipped` pages.
    pub(super) fn rows<T>(self, rows: Vec<T>, skipped: usize) -> Vec<T> {
        rows.into_iter().skip(skipped.saturating_mul(self.limit)).take(self.limit).collect()
    }
}

#[expect(clippy::result_large_err, reason = "the error is the answer and is sent at once")]
fn number(query: &HashMap<String, String>, name: &str) -> Result<Option<usize>, Response> {
    query.get(name).map(|text| text.parse().map_err(|_| invalid(name, "number", "nan"))).transpose()
}

/// A parameter that must be there.
#[expect(clippy::result_large_err, reason = "the error is the answer and is sent at once")]
pub(super) fn required<'q>(query: &'q HashMap<String, String>, name: &str) -> Result<&'q str, Response> {
    query.get(name).map(String::as_str).ok_or_else(|| invalid(name, "string", "undefined"))
}
