//! What every answer has in common: the status, the envelope, the rows of a list.

use std::borrow::Cow;
use std::ops::ControlFlow;

use lenient_json::{Raw, Unread, elements, text};
use serde_json::value::RawValue;
use session_provider::{ErrorKind, Result};
use upstream_http::Response;

use crate::pages::{MAX_ROWS, Page};
use crate::wire::{Envelope, refusal};

/// No cursor of the service's is nearly as long.
const MAX_CURSOR: usize = 1024;

/// The body as text.
///
/// # Errors
/// `ProviderBadResponse` when it is none.
pub(crate) fn body(response: &Response) -> Result<Cow<'_, str>> {
    lenient_json::body(response.body()).ok_or_else(|| response.bad("The provider's answer is not text."))
}

/// Reads status and envelope; `body` is the response's [`body`]. The service's own 404 of a board is `SessionNotLive`.
///
/// # Errors
/// `SessionNotLive`; `ProviderBadResponse` for a 404 that is not the service's own, any other 4xx, a body that is not one
/// JSON object. 401, 403, 429 and 5xx do not come here: they are errors already.
pub(crate) fn read<'a>(response: &Response, body: &'a str) -> Result<Envelope<'a>> {
    if response.status().is_success() {
        return Envelope::read(body)
            .map_err(|_| response.bad("The provider's answer is not the JSON object it promises."));
    }
    match (response.status().as_u16(), refusal(body).as_deref()) {
        (404, Some("board_not_live" | "board_not_found")) => Err(response.error(ErrorKind::SessionNotLive)),
        (404, _) => Err(response.bad("The provider's 404 is not its product's own; check the provider's base_url.")),
        _ => Err(response.bad("The provider refused a request that it documents as valid; its API may have changed.")),
    }
}

/// One page of the promised list. `row` answers a row with its id, or `None` if the row cannot be used without one.
///
/// # Errors
/// `ProviderBadResponse` when the list is missing or too long, or the cursor is none.
pub(crate) fn page<'a, T>(
    response: &Response,
    envelope: &Envelope<'a>,
    list: Raw<'a>,
    mut row: impl FnMut(&'a RawValue) -> Option<(String, T)>,
) -> Result<Page<T>> {
    let missing = || response.bad("The provider's answer lacks the list that it promises.");
    let mut page = Page { rows: Vec::new(), dropped: 0, total: envelope.total, next: text(envelope.next) };
    let read = elements(list.ok_or_else(missing)?, |element| {
        match row(element) {
            Some(row) => page.rows.push(row),
            None => page.dropped += 1,
        }
        if page.rows.len() > MAX_ROWS { ControlFlow::Break(()) } else { ControlFlow::Continue(()) }
    });
    read.map_err(|unread| match unread {
        Unread::NotAnArray => missing(),
        Unread::Stopped => response.bad("The provider's answer has more rows than Rollcall holds."),
    })?;
    let is_cursor = page.next.as_ref().is_none_or(|next| !next.is_empty() && next.len() <= MAX_CURSOR);
    if is_cursor && (page.next.is_some() || envelope.next.is_none()) {
        Ok(page)
    } else {
        Err(response.bad("The provider says that there is another page, but not where."))
    }
}
