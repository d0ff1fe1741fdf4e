//! A caller who was let in.

use std::sync::{Arc, Mutex, PoisonError};

use axum::response::{IntoResponse, Response};
use caller_auth::Caller;
use http::request::Parts;
use http::{Extensions, HeaderMap, HeaderName, HeaderValue};
use session_provider::Intent;

use crate::api::guard::guard::{Admitted, Guard};
use crate::api::request_context::RequestContext;
use crate::app::App;
use crate::limits::{LimitState, Permit};
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
    /// Charges the request to the caller's limits; `Err` is the answer to a caller who is over one.
    pub(crate) fn of(caller: Caller, intent: Intent, app: &App) -> Result<Self, Box<Response>> {
        match app.limits.admit(&caller, intent) {
            Ok(permit) => Ok(Self { caller, permit }),
            Err(exceeded) => {
                let detail = "This caller has asked too much; wait as Retry-After says.";
                let problem = Problem::new(Code::RateLimited, detail).with_retry_after(exceeded.retry_after);
                Err(Box::new(finished(problem.into_response(), &exceeded.state, caller)))
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

    /// Adds what every answer to a caller says, and the caller for the log.
    pub(crate) fn finish(self, response: Response) -> Response {
        finished(response, &self.permit.state, self.caller)
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

fn finished(mut response: Response, limits: &LimitState, caller: Caller) -> Response {
    say_limits(response.headers_mut(), limits);
    response.extensions_mut().insert(caller);
    response
}

fn say_limits(headers: &mut HeaderMap, limits: &LimitState) {
    for (name, value) in [(RATE_LIMIT, &limits.rate_limit), (RATE_LIMIT_POLICY, &limits.policy)] {
        if let Some(value) = value.as_deref().and_then(|value| HeaderValue::from_str(value).ok()) {
            headers.insert(name, value);
        }
    }
}
