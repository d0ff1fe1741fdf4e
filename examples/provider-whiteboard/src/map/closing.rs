//! Closing a board.

use session_provider::Result;
use upstream_http::Response;

use crate::map::answer::{body, read};

/// How many were removed, where the answer says so.
///
/// # Errors
/// `SessionNotLive`; `ProviderBadResponse`, effect unknown, when the answer does not say that the board was closed. What
/// else it lacks makes no error of a change that was accepted.
pub(crate) fn removed(response: &Response) -> Result<Option<u64>> {
    let body = body(response)?;
    let envelope = read(response, &body)?;
    if envelope.closed != Some(true) {
        return Err(response.bad("The provider does not say that it closed the board."));
    }
    Ok(envelope.removed)
}
