//! Who may call a route: authentication, then the caller's limits, then the scope. Nothing else of a request is looked
//! at before, not even its body.

use axum::Extension;
use axum::extract::{Request, State};
use axum::middleware::{self, Next};
use axum::response::{IntoResponse, Response};
use http::{HeaderMap, HeaderName, HeaderValue};
use session_provider::Intent;
use utoipa_axum::router::{UtoipaMethodRouter, UtoipaMethodRouterExt};

use crate::api::state::ApiState;
use crate::limits::LimitState;
use crate::problem::{Code, Problem};
use caller_auth::{Scope, Unauthenticated};

const RATE_LIMIT: HeaderName = HeaderName::from_static("ratelimit");
const RATE_LIMIT_POLICY: HeaderName = HeaderName::from_static("ratelimit-policy");

/// Routes that only some callers may use.
pub(crate) trait ForCallers {
    /// These methods, for callers whose token has the scope. A method that the route lacks is still a 405 for anybody.
    fn for_callers_with(self, scope: Scope) -> Self;
}

impl ForCallers for UtoipaMethodRouter<ApiState> {
    fn for_callers_with(self, scope: Scope) -> Self {
        self.map(|methods| methods.route_layer(middleware::from_fn_with_state(scope, admit)))
    }
}

async fn admit(
    State(scope): State<Scope>,
    Extension(api): Extension<ApiState>,
    mut request: Request,
    next: Next,
) -> Response {
    let caller = match api.app.authenticator.authenticate(request.headers()).await {
        Ok(caller) => caller,
        Err(Unauthenticated) => {
            return Problem::new(Code::Unauthenticated, "A valid bearer token is required.").into_response();
        }
    };
    let intent = if scope == Scope::Moderate { Intent::Mutation } else { Intent::Read };
    let (mut response, limits) = match api.app.limits.admit(&caller, intent) {
        Err(exceeded) => {
            let problem = Problem::new(Code::RateLimited, "This caller has asked too much; wait as Retry-After says.")
                .with_retry_after(exceeded.retry_after);
            (problem.into_response(), exceeded.state)
        }
        Ok(permit) => {
            let response = if caller.may(scope) {
                request.extensions_mut().insert(caller.clone());
                next.run(request).await
            } else {
                insufficient(scope).into_response()
            };
            (response, permit.state.clone())
        }
    };
    say_limits(response.headers_mut(), &limits);
    response.extensions_mut().insert(caller);
    response
}

fn insufficient(scope: Scope) -> Problem {
    Problem::new(Code::InsufficientScope, format!("The token's scope claim must hold '{}'.", scope.as_str()))
}

fn say_limits(headers: &mut HeaderMap, limits: &LimitState) {
    for (name, value) in [(RATE_LIMIT, &limits.rate_limit), (RATE_LIMIT_POLICY, &limits.policy)] {
        if let Some(value) = value.as_deref().and_then(|value| HeaderValue::from_str(value).ok()) {
            headers.insert(name, value);
        }
    }
}
