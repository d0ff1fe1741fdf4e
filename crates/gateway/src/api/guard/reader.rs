//! Who may read.

use caller_auth::{Caller, Scope};
use http::request::Parts;
use session_provider::Intent;
use utoipa::IntoParams;

use crate::api::conditional::{IfNoneMatch, wants_fresh};
use crate::api::guard::{Admitted, Guard};
use crate::problem::Problem;
use crate::reads::ReadCall;

/// The caller of a read, and on what terms.
#[derive(Debug)]
pub(crate) struct Reader {
    pub(crate) caller: Caller,
    pub(crate) call: ReadCall,
    pub(crate) if_none_match: IfNoneMatch,
}

/// The headers of a read that is answered from the cache.
#[derive(Debug, IntoParams)]
#[into_params(parameter_in = Header)]
pub(crate) struct ReadHeaders {
    /// Entity tags that the caller holds: 304 without a body when one of them names the answer. Compared weakly.
    #[param(rename = "If-None-Match", value_type = Option<String>, nullable = false)]
    if_none_match: IfNoneMatch,
    /// `no-cache` (or `max-age=0`) asks for an answer that is not older than the request. Such reads share upstream
    /// calls, and are treated as ordinary ones while less than half of the provider's budget is left.
    #[param(rename = "Cache-Control", value_type = Option<String>, nullable = false)]
    no_cache: bool,
}

impl Guard for Reader {
    const SCOPE: Scope = Scope::Read;
    const INTENT: Intent = Intent::Read;

    fn of(admitted: Admitted, parts: &Parts) -> Result<Self, Box<Problem>> {
        let (caller, context) = admitted.into_parts();
        let headers =
            ReadHeaders { if_none_match: IfNoneMatch::read(&parts.headers), no_cache: wants_fresh(&parts.headers) };
        let call = ReadCall {
            request_id: context.id,
            arrival: context.arrival,
            payer: caller.payer(),
            no_cache: headers.no_cache,
            at_hand: false,
        };
        Ok(Self { caller, call, if_none_match: headers.if_none_match })
    }
}
