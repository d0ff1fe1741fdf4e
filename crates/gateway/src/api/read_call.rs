//! What every read knows of its request.

use axum::extract::FromRequestParts;
use http::request::Parts;
use session_provider::RequestId;
use tokio::time::Instant;
use utoipa::IntoParams;

use crate::api::conditional::{IfNoneMatch, wants_fresh};
use crate::api::identify::Arrival;
use crate::problem::{Code, Problem};
use crate::reads::ReadCall;
use caller_auth::Caller;

/// The caller of a read, and on what terms.
#[derive(Debug)]
pub(crate) struct Reader {
    pub(crate) caller: Caller,
    pub(crate) call: ReadCall,
    pub(crate) if_none_match: IfNoneMatch,
}

/// How a [`Reader`] is documented.
#[derive(IntoParams)]
#[into_params(parameter_in = Header)]
#[expect(dead_code, reason = "the source of the document alone")]
pub(crate) struct ReadHeaders {
    /// Entity tags that the caller holds: 304 without a body when one of them names the answer. Compared weakly.
    #[param(rename = "If-None-Match", nullable = false)]
    if_none_match: Option<String>,
    /// `no-cache` (or `max-age=0`) asks for an answer that is not older than the request. Such reads share upstream
    /// calls, and are treated as ordinary ones while less than half of the provider's budget is left.
    #[param(rename = "Cache-Control", nullable = false)]
    cache_control: Option<String>,
}

/// What the guard and the outermost layer have put into the request.
pub(crate) fn identity(parts: &Parts) -> Result<(Caller, RequestId), Box<Problem>> {
    let caller = parts.extensions.get::<Caller>().cloned();
    let request_id = parts.extensions.get::<RequestId>().cloned();
    caller.zip(request_id).ok_or_else(|| Problem::new(Code::Internal, "A route has no guard; this is our bug.").into())
}

impl<S: Sync> FromRequestParts<S> for Reader {
    type Rejection = Box<Problem>;

    async fn from_request_parts(parts: &mut Parts, _state: &S) -> Result<Self, Self::Rejection> {
        let (caller, request_id) = identity(parts)?;
        let arrival = parts.extensions.get::<Arrival>().map_or_else(Instant::now, |arrival| arrival.0);
        let call = ReadCall { request_id, arrival, payer: caller.payer(), no_cache: wants_fresh(&parts.headers) };
        Ok(Self { caller, call, if_none_match: IfNoneMatch::read(&parts.headers) })
    }
}
