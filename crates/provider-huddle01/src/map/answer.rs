//! What every answer has in common: the status, the envelope, the flags of failure (`upstream/huddle01.md` §5).

use serde_json::value::RawValue;
use session_provider::Result;
use upstream_http::Response;

use super::MAX_ROWS;
use crate::wire::json::{elements, fields};

/// What the status and the body say together.
#[derive(Debug)]
pub(crate) enum Answer<'a> {
    /// The product's own 404: whatever was asked for is not there.
    Absent,
    /// A success.
    Body(Body<'a>),
}

/// The fields of the envelopes of all operations in play.
#[derive(Debug)]
pub(crate) struct Body<'a> {
    pub(crate) live_sessions: Option<&'a RawValue>,
    pub(crate) participants: Option<&'a RawValue>,
    pub(crate) sessions: Option<&'a RawValue>,
    pub(crate) count: Option<&'a RawValue>,
}

/// Reads status and envelope.
///
/// # Errors
/// `ProviderBadResponse` for a body that is not one JSON object, a success that says `ok: false` or `success: false`,
/// a 404 that is not the product's own, any other 4xx.
pub(crate) fn read(response: &Response) -> Result<Answer<'_>> {
    let status = response.status();
    if status.is_success() {
        return Ok(Answer::Body(success(response)?));
    }
    if status.as_u16() != 404 {
        return Err(
            response.bad("The provider refused a request that it documents as valid; its API may have changed.")
        );
    }
    // The product's 404s are JSON objects, `{}` included; a wrong path or a proxy answers text (quirk 16).
    match json_text(response).map(|text| fields(text, [])) {
        Some(Ok([])) => Ok(Answer::Absent),
        _ => Err(response.bad("The provider's 404 is not its product's own; check the provider's base_url.")),
    }
}

fn success(response: &Response) -> Result<Body<'_>> {
    let Some(text) = json_text(response) else {
        return Err(response.bad("The provider's answer is not UTF-8 text."));
    };
    let names = ["liveSessions", "participants", "sessions", "count", "ok", "success"];
    let [live_sessions, participants, sessions, count, ok, success] = fields(text, names).map_err(|error| {
        // The error's own text may repeat some of the body.
        let place = format!("{:?} at line {} column {}", error.classify(), error.line(), error.column());
        response.bad("The provider's answer is not the JSON object it promises.").with_source(place)
    })?;
    if [ok, success].into_iter().flatten().any(|flag| matches!(flag.get(), "false" | "\"false\"")) {
        return Err(response.bad("The provider answered a failure under a status of success."));
    }
    Ok(Body { live_sessions, participants, sessions, count })
}

/// The body without a byte order mark; `None` if it is not UTF-8.
fn json_text(response: &Response) -> Option<&str> {
    let text = std::str::from_utf8(response.body()).ok()?;
    Some(text.strip_prefix('\u{feff}').unwrap_or(text))
}

/// Hands every element of a promised list to `each`. Counts them first, so that of a list too long to be held nothing
/// is held.
///
/// # Errors
/// `ProviderBadResponse` when the list is missing, not an array or longer than [`MAX_ROWS`]; the first error of `each`.
pub(crate) fn each_row<'a>(
    response: &Response,
    list: Option<&'a RawValue>,
    each: impl FnMut(&'a RawValue) -> Result<()>,
) -> Result<()> {
    let missing = || Err(response.bad("The provider's answer lacks the list that it promises."));
    let Some(list) = list else { return missing() };
    let mut rows = 0;
    let counted = elements(list, |_| {
        rows += 1;
        if rows > MAX_ROWS { Err(too_large(response)) } else { Ok(()) }
    });
    match counted {
        Some(Ok(())) => elements(list, each).unwrap_or_else(missing),
        Some(Err(error)) => Err(error),
        None => missing(),
    }
}

/// Refuses an answer whose rows were all unusable: it would look as if there were none.
pub(crate) fn some_usable(response: &Response, usable: usize, dropped: u64) -> Result<()> {
    if usable == 0 && dropped > 0 {
        return Err(response.bad("Not one row of the provider's answer has a usable id."));
    }
    Ok(())
}

/// The answer has more than is held.
pub(crate) fn too_large(response: &Response) -> session_provider::Error {
    response.bad("The provider's answer has more rows or more metadata than Rollcall holds.")
}
