//! What every mutation knows of its request, and how its outcome becomes a response.

use axum::body::Body;
use axum::extract::FromRequestParts;
use axum::response::{IntoResponse, Response};
use http::request::Parts;
use http::{HeaderName, HeaderValue, header};
use session_provider::{Capability, Error, ErrorKind, RequestId};
use tokio::time::Instant;
use utoipa::IntoParams;

use crate::api::identify::Arrival;
use crate::api::path::RoomPath;
use crate::api::read_call::identity;
use crate::api::state::ApiState;
use crate::idempotency::IdempotencyKey;
use crate::moderation::{Command, Order};
use crate::problem::Problem;
use caller_auth::Caller;

const IDEMPOTENCY_REPLAYED: HeaderName = HeaderName::from_static("idempotency-replayed");

/// The caller of a mutation, and on what terms.
#[derive(Debug)]
pub(crate) struct MutationCall {
    caller: Caller,
    request_id: RequestId,
    key: Option<IdempotencyKey>,
    arrival: Instant,
}

/// How a [`MutationCall`] is documented.
#[derive(IntoParams)]
#[into_params(parameter_in = Header)]
#[expect(dead_code, reason = "the source of the document alone")]
pub(crate) struct MutationHeaders {
    /// The same key, caller, route and body within 10 minutes get the first answer again, without a second upstream
    /// call. An answer with `retryable: true` is not remembered.
    #[param(rename = "Idempotency-Key", nullable = false, pattern = "^[A-Za-z0-9._-]{1,128}$", max_length = 128)]
    idempotency_key: Option<String>,
}

impl<S: Sync> FromRequestParts<S> for MutationCall {
    type Rejection = Box<Problem>;

    async fn from_request_parts(parts: &mut Parts, _state: &S) -> Result<Self, Self::Rejection> {
        let (caller, request_id) = identity(parts)?;
        let key = IdempotencyKey::read(&parts.headers)?;
        let arrival = parts.extensions.get::<Arrival>().map_or_else(Instant::now, |arrival| arrival.0);
        Ok(Self { caller, request_id, key, arrival })
    }
}

impl MutationCall {
    /// Checks that the provider is visible and can do it, and has it done.
    pub(crate) async fn run(self, api: &ApiState, path: RoomPath, command: Command) -> Result<Response, Box<Problem>> {
        let provider = api.provider_for(command.operation(), &self.caller, &path.provider)?;
        if command.expected_session().is_some() && !provider.capabilities().has(Capability::ExpectedSessionId) {
            let detail = "This provider cannot tell which session is running, so expected_session_id cannot be used. \
                          Nothing was sent.";
            let error = Error::new(ErrorKind::CapabilityUnsupported).with_detail(detail).at_provider(provider.id());
            return Err(Box::new(Problem::from(&error)));
        }
        let order = Order {
            provider,
            room: path.room,
            command,
            caller: self.caller,
            request_id: self.request_id,
            arrival: self.arrival,
        };
        let (outcome, replayed) = api.app.moderation.run(order, self.key).await?;
        let mut response = match outcome {
            Ok(done) => {
                let mut response = Response::new(Body::from(done.body));
                *response.status_mut() = done.status;
                response.headers_mut().insert(header::CONTENT_TYPE, HeaderValue::from_static("application/json"));
                response
            }
            Err(problem) => problem.into_response(),
        };
        let headers = response.headers_mut();
        headers.insert(header::CACHE_CONTROL, HeaderValue::from_static("no-store"));
        if replayed {
            headers.insert(IDEMPOTENCY_REPLAYED, HeaderValue::from_static("true"));
        }
        Ok(response)
    }
}
