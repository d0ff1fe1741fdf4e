//! The checks, in their order.

use std::time::Duration;

use axum::extract::{FromRequest, Request};
use axum::response::{IntoResponse, Response};
use caller_auth::Unauthenticated;

use crate::api::guard::admission::Admission;
use crate::api::guard::guard::Guard;
use crate::api::guard::handler::GuardedHandler;
use crate::api::request_context::RequestContext;
use crate::api::state::Api;
use crate::problem::{Code, Problem};

/// Checks the caller, reads what the handler takes and lets it answer.
pub(super) async fn serve<G, P, M, H>(handler: H, mut request: Request, api: Api) -> Response
where
    G: Guard,
    P: FromRequest<Api, M>,
    H: GuardedHandler<G, P>,
{
    if api.app.draining.is_on() {
        return going_down().into_response();
    }
    let admission = match Admission::handed_on(request.extensions_mut()) {
        Some(admission) => Ok(admission),
        None => match api.app.authenticator.authenticate(request.headers()).await {
            Ok(caller) => {
                let admitted = api.app.limits.admit_or_wait(&caller, G::INTENT).await;
                Admission::of(caller, admitted)
            }
            Err(Unauthenticated) => {
                return Problem::new(Code::Unauthenticated, "A valid bearer token is required.").into_response();
            }
        },
    };
    let (caller, mut response) = match admission {
        Ok(admission) => {
            let answer = answer(handler, &admission, request, api).await;
            admission.finish(answer.unwrap_or_else(|refusal| refusal))
        }
        Err(refusal) => *refusal,
    };
    // For the log.
    response.extensions_mut().insert(caller);
    response
}

async fn answer<G, P, M, H>(
    handler: H,
    admission: &Admission,
    mut request: Request,
    api: Api,
) -> Result<Response, Response>
where
    G: Guard,
    P: FromRequest<Api, M>,
    H: GuardedHandler<G, P>,
{
    let context = RequestContext::of(&mut request);
    let (parts, body) = request.into_parts();
    let who = admission.who::<G>(context, &parts).map_err(IntoResponse::into_response)?;
    let params = P::from_request(Request::from_parts(parts, body), &api).await.map_err(IntoResponse::into_response)?;
    handler.handle(api, who, params).await.map(IntoResponse::into_response).map_err(IntoResponse::into_response)
}

/// For a request that came after the gateway began to go down. Nothing of it was done.
pub(crate) fn going_down() -> Problem {
    Problem::new(Code::Draining, "Rollcall is going down; send requests to another instance.")
        .with_retry_after(Duration::from_secs(1))
}
