//! A caller who was let in.

use std::sync::{Arc, Mutex, PoisonError};

use axum::response::{IntoResponse, Response};
use caller_auth::Caller;
use http::request::Parts;
use http::{Extensions, HeaderMap, HeaderName, HeaderValue};

use crate::api::guard::guard::{Admitted, Guard};
use crate::api::request_context::RequestContext;
use crate::limits::{LimitExceeded, LimitState, Permit};
use crate::problem::{Code, Problem};

const RATE_LIMIT: HeaderName = HeaderName::from_static("ratelimit");
const RATE_LIMIT_POLICY: HeaderName = HeaderName::from_static("ratelimit-policy");

/// A caller who is known and within their limits, until it is dropped.
#[derive(Debug)]
pub(crate) struct Admission {
    caller: Caller,
    permit: Permit,
}

/// An admission on its way from one part of the request's way to the next.
#[derive(Debug, Clone)]
struct HandedOn(Arc<Mutex<Option<Admission>>>);

impl Admission {
    /// Of a caller whose limits have been asked; `Err` is the answer to one who is over them, with the caller.
    pub(crate) fn of(caller: Caller, admitted: Result<Permit, LimitExceeded>) -> Result<Self, Box<(Caller, Response)>> {
        match admitted {
            Ok(permit) => Ok(Self { caller, permit }),
            Err(exceeded) => {
                let detail = "This caller has asked too much; wait as Retry-After says.";
                let problem = Problem::new(Code::RateLimited, detail).with_retry_after(exceeded.retry_after);
                let mut refusal = problem.into_response();
                say_limits(refusal.headers_mut(), &exceeded.state);
                Err(Box::new((caller, refusal)))
            }
        }
    }

    /// What the handler is told of the request. `Err` answers one without the scope, or with headers that cannot be
    /// understood.
    pub(crate) fn who<G: Guard>(&self, context: RequestContext, parts: &Parts) -> Result<G, Box<Problem>> {
        if !self.caller.may(G::SCOPE) {
            let detail = format!("The token's scope claim must hold '{}'.", G::SCOPE.as_str());
            return Err(Box::new(Problem::new(Code::InsufficientScope, detail)));
        }
        G::of(Admitted::new(self.caller.clone(), context), parts)
    }

    /// Adds what every answer to a caller says, and tells whom it answers.
    pub(crate) fn finish(self, mut response: Response) -> (Caller, Response) {
        say_limits(response.headers_mut(), &self.permit.state);
        (self.caller, response)
    }

    /// Hands it on with the request, so that nothing is asked or charged twice.
    pub(crate) fn hand_on(self, extensions: &mut Extensions) {
        extensions.insert(HandedOn(Arc::new(Mutex::new(Some(self)))));
    }

    /// The admission that was handed on with a request.
    pub(super) fn handed_on(extensions: &mut Extensions) -> Option<Self> {
        let HandedOn(admission) = extensions.remove()?;
        admission.lock().unwrap_or_else(PoisonError::into_inner).take()
    }
}

fn say_limits(headers: &mut HeaderMap, limits: &LimitState) {
    for (name, value) in [(RATE_LIMIT, &limits.rate_limit), (RATE_LIMIT_POLICY, &limits.policy)] {
        if let Some(value) = value.as_deref().and_then(|value| HeaderValue::from_str(value).ok()) {
            headers.insert(name, value);
        }
    }
}
