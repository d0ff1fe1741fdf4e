//! `page_no`, `per_page` and `paging` (`docs/upstream/realtimekit.md` §4).

use std::collections::HashMap;

use axum::Json;
use axum::response::{IntoResponse, Response};
use serde_json::{Value, json};

use crate::options::{Paging, RealtimeKitOptions};
use crate::realtimekit::answers::bad_request;

pub(super) type Query = axum::extract::Query<HashMap<String, String>>;

/// A page asked for. `page_no` begins at 1; 0 is allowed and means the first too.
#[derive(Debug, Clone, Copy)]
pub(super) struct Page {
    skipped: usize,
    size: usize,
    place: Paging,
}

/// Where an endpoint is documented to put `paging`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Documented {
    Beside,
    Inside,
}

impl Page {
    pub(super) fn read(query: &HashMap<String, String>, options: &RealtimeKitOptions) -> Result<Self, Box<Response>> {
        let number = |name: &str| -> Result<Option<usize>, Box<Response>> {
            let parsed = query.get(name).map(|text| text.parse());
            parsed.transpose().map_err(|_| bad_request(&format!("\"{name}\" must be a number")).into())
        };
        let wanted = number("per_page")?.filter(|n| *n > 0).unwrap_or(options.default_per_page);
        let size = wanted.min(options.max_per_page);
        let before = number("page_no")?.unwrap_or(1).saturating_sub(1);
        Ok(Self { skipped: before.saturating_mul(size), size, place: options.paging })
    }

    /// One page of `rows`, each made to JSON by `row`, under `data.<key>`, or as `data` when there is no key.
    pub(super) fn answer<T>(
        self,
        rows: &[T],
        row: impl FnMut(&T) -> Value,
        key: Option<&str>,
        documented: Documented,
    ) -> Response {
        let total = rows.len();
        let page: Vec<Value> = rows.iter().skip(self.skipped).take(self.size).map(row).collect();
        let (start, end) = if page.is_empty() { (0, 0) } else { (self.skipped + 1, self.skipped + page.len()) };
        let paging = json!({ "total_count": total, "start_offset": start, "end_offset": end });
        let inside = match self.place {
            Paging::AsDocumented => documented == Documented::Inside,
            Paging::Inside => true,
            Paging::Beside | Paging::Absent => false,
        };
        let mut data = match key {
            Some(key) => json!({ key: page }),
            None => Value::Array(page),
        };
        let mut body = serde_json::Map::new();
        body.insert("success".to_owned(), json!(true));
        match &mut data {
            _ if self.place == Paging::Absent => {}
            Value::Object(data) if inside => drop(data.insert("paging".to_owned(), paging)),
            _ => drop(body.insert("paging".to_owned(), paging)),
        }
        body.insert("data".to_owned(), data);
        Json(Value::Object(body)).into_response()
    }
}

/// Whether the query asks for ascending order; the documented default is newest first.
pub(super) fn ascending(query: &HashMap<String, String>) -> bool {
    query.get("sort_order").is_some_and(|o| o == "ASC")
}

/// A value out of a closed set, if given.
pub(super) fn one_of<'q>(
    query: &'q HashMap<String, String>,
    name: &str,
    allowed: &[&str],
) -> Result<Option<&'q str>, Box<Response>> {
    match query.get(name).map(String::as_str) {
        Some(value) if !allowed.contains(&value) => {
            Err(bad_request(&format!("\"{name}\" must be one of [{}]", allowed.join(", "))).into())
        }
        value => Ok(value),
    }
}
