//! The checks, in their order.

use std::time::Duration;

use axum::extract::{FromRequest, Request};
use axum::response::{IntoResponse, Response};
use caller_auth::{Caller, Scope, Unauthenticated};
use http::request::Parts;
use http::{HeaderMap, HeaderName, HeaderValue};
use session_provider::Intent;

use crate::api::guard::handler::GuardedHandler;
use crate::api::request_context::RequestContext;
use crate::api::state::Api;
use crate::limits::LimitState;
use crate::problem::{Code, Problem};

pub(super) const RATE_LIMIT: HeaderName = HeaderName::from_static("ratelimit");
pub(super) const RATE_LIMIT_POLICY: HeaderName = HeaderName::from_static("ratelimit-policy");

/// A kind of callers, and what their handlers are told of a request.
pub(crate) trait Guard: Sized + Send + 'static {
    /// What the token must allow.
    const SCOPE: Scope;
    /// What the caller's limits count it as.
    const INTENT: Intent;

    /// For a caller who was let in. `Err` is for headers that cannot be understood.
    fn of(admitted: Admitted, parts: &Parts) -> Result<Self, Box<Problem>>;
}

/// A caller who was let in, and the request. Only [`serve`] makes one.
#[derive(Debug)]
pub(crate) struct Admitted {
    caller: Caller,
    context: RequestContext,
}

impl Admitted {
    pub(super) fn into_parts(self) -> (Caller, RequestContext) {
        (self.caller, self.context)
    }
}

/// Checks the caller, reads what the handler takes and lets it answer. The answer carries the caller for the log.
pub(super) async fn serve<G, P, M, H>(handler: H, request: Request, api: Api) -> Response
where
    G: Guard,
    P: FromRequest<Api, M>,
    H: GuardedHandler<G, P>,
{
    if api.app.draining.is_on() {
        return going_down().into_response();
    }
    let caller = match api.app.authenticator.authenticate(request.headers()).await {
        Ok(caller) => caller,
        Err(Unauthenticated) => {
            return Problem::new(Code::Unauthenticated, "A valid bearer token is required.").into_response();
        }
    };
    let (mut response, limits) = match api.app.limits.admit(&caller, G::INTENT) {
        Err(exceeded) => {
            let problem = Problem::new(Code::RateLimited, "This caller has asked too much; wait as Retry-After says.")
                .with_retry_after(exceeded.retry_after);
            (problem.into_response(), exceeded.state)
        }
        Ok(permit) => {
            let answer = answer(handler, caller.clone(), request, api).await;
            (answer.unwrap_or_else(|refusal| refusal), permit.state.clone())
        }
    };
    say_limits(response.headers_mut(), &limits);
    response.extensions_mut().insert(caller);
    response
}

async fn answer<G, P, M, H>(handler: H, caller: Caller, mut request: Request, api: Api) -> Result<Response, Response>
where
    G: Guard,
    P: FromRequest<Api, M>,
    H: GuardedHandler<G, P>,
{
    if !caller.may(G::SCOPE) {
        let detail = format!("The token's scope claim must hold '{}'.", G::SCOPE.as_str());
        return Err(Problem::new(Code::InsufficientScope, detail).into_response());
    }
    let admitted = Admitted { caller, context: RequestContext::of(&mut request) };
    let (parts, body) = request.into_parts();
    let who = G::of(admitted, &parts).map_err(IntoResponse::into_response)?;
    let params = P::from_request(Request::from_parts(parts, body), &api).await.map_err(IntoResponse::into_response)?;
    handler.handle(api, who, params).await.map(IntoResponse::into_response).map_err(IntoResponse::into_response)
}

/// For a request that came after the gateway began to go down. Nothing of it was done.
pub(crate) fn going_down() -> Problem {
    Problem::new(Code::Draining, "Rollcall is going down; send requests to another instance.")
        .with_retry_after(Duration::from_secs(1))
}

fn say_limits(headers: &mut HeaderMap, limits: &LimitState) {
    for (name, value) in [(RATE_LIMIT, &limits.rate_limit), (RATE_LIMIT_POLICY, &limits.policy)] {
        if let Some(value) = value.as_deref().and_then(|value| HeaderValue::from_str(value).ok()) {
            headers.insert(name, value);
        }
    }
}
