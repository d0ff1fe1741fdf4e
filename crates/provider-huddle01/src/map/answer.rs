//! What every answer has in common: the status, the envelope, the flags of failure (`docs/upstream/huddle01.md` §5).

use std::borrow::Cow;
use std::ops::ControlFlow;

use lenient_json::{Broken, Raw, Unread, Walk, elements, fields, fields_around, flag};
use serde_json::value::RawValue;
use session_provider::{Error, Result};
use upstream_http::{Response, Turns};

use crate::map::MAX_ROWS;
use crate::wire::Envelope;

/// What the status and the body say together.
#[derive(Debug)]
pub(crate) enum Answer<'a> {
    /// The product's own 404: whatever was asked for is not there.
    Absent,
    Body(Envelope<'a>),
}

/// The body as text.
///
/// # Errors
/// `ProviderBadResponse` when it is none.
pub(crate) fn body(response: &Response) -> Result<Cow<'_, str>> {
    lenient_json::body(response.body()).ok_or_else(|| response.bad("The provider's answer is not text."))
}

/// Reads status and envelope; `text` is the response's [`body`].
///
/// # Errors
/// `ProviderBadResponse` for a body that is not one JSON object, a success that says `ok: false` or `success: false`,
/// a 404 that is not the product's own, any other 4xx.
pub(crate) fn read<'a>(response: &Response, text: &'a str) -> Result<Answer<'a>> {
    let status = response.status();
    if status.is_success() {
        return Ok(Answer::Body(success(response, text)?));
    }
    if status.as_u16() != 404 {
        return Err(
            response.bad("The provider refused a request that it documents as valid; its API may have changed.")
        );
    }
    // The product's 404s are JSON objects, `{}` included; a wrong path or a proxy answers text (quirk 16).
    match fields(text, []) {
        Ok([]) => Ok(Answer::Absent),
        Err(_) => Err(response.bad("The provider's 404 is not its product's own; check the provider's base_url.")),
    }
}

fn success<'a>(response: &Response, text: &'a str) -> Result<Envelope<'a>> {
    let envelope = Envelope::read(text).map_err(|error| broken(response, Some(&error)))?;
    no_failure(response, [envelope.ok, envelope.success])?;
    Ok(envelope)
}

/// An answer that is no JSON object. The error's own text may repeat some of the body.
fn broken(response: &Response, error: Option<&serde_json::Error>) -> Error {
    let bad = response.bad("The provider's answer is not the JSON object it promises.");
    match error {
        Some(error) => {
            bad.with_source(format!("{:?} at line {} column {}", error.classify(), error.line(), error.column()))
        }
        None => bad,
    }
}

fn no_failure(response: &Response, flags: [Raw<'_>; 2]) -> Result<()> {
    if flags.into_iter().any(|said| flag(said) == Some(false)) {
        return Err(response.bad("The provider answered a failure under a status of success."));
    }
    Ok(())
}

/// Reads status and envelope, and has `elements` read the elements of the promised list, `name`, in one pass: it answers how
/// many there are, or `None` when they are no array. What it has read is good only if this is. `None` for the product's own
/// 404.
///
/// # Errors
/// Those of [`read`] and [`each_row`]; and as for what is no JSON when `elements` says so.
pub(crate) fn read_rows<'a>(
    response: &Response,
    text: &'a str,
    name: &str,
    elements: impl FnMut(&mut Walk<'a>) -> std::result::Result<Option<usize>, Broken>,
) -> Result<Option<()>> {
    if !response.status().is_success() {
        return read(response, text).map(|_| None);
    }
    let mut walk = Walk::new(text);
    let listed = fields_around(&mut walk, ["ok", "success"], name, elements);
    let not_json = |Broken| broken(response, fields(text, []).err().as_ref());
    let (flags, count) = listed.and_then(|listed| walk.end().map(|()| listed)).map_err(not_json)?;
    no_failure(response, flags)?;
    match count.flatten() {
        None => Err(response.bad(MISSING_LIST)),
        Some(count) if count > MAX_ROWS => Err(response.bad(TOO_MANY)),
        Some(_) => Ok(Some(())),
    }
}

const MISSING_LIST: &str = "The provider's answer lacks the list that it promises.";
const TOO_MANY: &str = "The provider's answer has more rows than Rollcall holds.";

/// Hands every element of a promised list to `each`. Counts them first, so that of a list too long to be held nothing
/// is held.
///
/// # Errors
/// `ProviderBadResponse` when the list is missing, not an array or longer than [`MAX_ROWS`].
pub(crate) fn each_row<'a>(response: &Response, list: Raw<'a>, mut each: impl FnMut(&'a RawValue)) -> Result<()> {
    let missing = || response.bad(MISSING_LIST);
    let list = list.ok_or_else(missing)?;
    let (mut rows, mut turns) = (0, Turns::default());
    let counted = elements(list, |_| {
        turns.row();
        rows += 1;
        if rows > MAX_ROWS { ControlFlow::Break(()) } else { ControlFlow::Continue(()) }
    });
    let read = counted.and_then(|()| {
        elements(list, |row| {
            turns.row();
            each(row);
            ControlFlow::Continue(())
        })
    });
    read.map_err(|unread| match unread {
        Unread::NotAnArray => missing(),
        Unread::Stopped => response.bad(TOO_MANY),
    })
}

/// Refuses an answer whose rows were all unusable: it would look as if there were none.
pub(crate) fn some_usable(response: &Response, usable: usize, dropped: u64) -> Result<()> {
    if usable == 0 && dropped > 0 {
        return Err(response.bad("Not one row of the provider's answer has a usable id."));
    }
    Ok(())
}
