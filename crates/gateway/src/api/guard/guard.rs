//! The kinds of callers.

use caller_auth::{Caller, Scope};
use http::request::Parts;
use session_provider::Intent;

use crate::api::request_context::RequestContext;
use crate::problem::Problem;

/// A kind of callers, and what their handlers are told of a request.
pub(crate) trait Guard: Sized + Send + 'static {
    /// What the token must allow.
    const SCOPE: Scope;
    /// What the caller's limits count it as.
    const INTENT: Intent;

    /// For a caller who was let in. `Err` is for headers that cannot be understood.
    fn of(admitted: Admitted, parts: &Parts) -> Result<Self, Box<Problem>>;
}

/// A caller who was let in, and the request. Only an [`Admission`] makes one.
#[derive(Debug)]
pub(crate) struct Admitted {
    caller: Caller,
    context: RequestContext,
}

impl Admitted {
    pub(super) fn new(caller: Caller, context: RequestContext) -> Self {
        Self { caller, context }
    }

    pub(super) fn into_parts(self) -> (Caller, RequestContext) {
        (self.caller, self.context)
    }
}
