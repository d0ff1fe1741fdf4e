//! Who may change a live session.

use caller_auth::{Caller, Scope};
use http::request::Parts;
use session_provider::{Capability, Error, ErrorKind, Intent};
use utoipa::IntoParams;

use crate::api::answer::MutationAnswer;
use crate::api::guard::{Admitted, Guard};
use crate::api::params::RoomPath;
use crate::api::request_context::RequestContext;
use crate::api::state::Api;
use crate::idempotency::IdempotencyKey;
use crate::moderation::{ModerationCommand, Order};
use crate::problem::Problem;

/// The caller of a mutation, and on what terms.
#[derive(Debug)]
pub(crate) struct Moderator {
    caller: Caller,
    context: RequestContext,
    headers: MutationHeaders,
}

/// The headers of a mutation.
#[derive(Debug, IntoParams)]
#[into_params(parameter_in = Header)]
pub(crate) struct MutationHeaders {
    /// The same key, caller, route and body within 10 minutes get the first answer again, without a second upstream
    /// call. An answer with `retryable: true` is not remembered.
    #[param(
        rename = "Idempotency-Key", value_type = Option<String>, nullable = false,
        pattern = "^[A-Za-z0-9._-]{1,128}$", max_length = 128,
    )]
    idempotency_key: Option<IdempotencyKey>,
}

impl Guard for Moderator {
    const SCOPE: Scope = Scope::Moderate;
    const INTENT: Intent = Intent::Mutation;

    fn of(admitted: Admitted, parts: &Parts) -> Result<Self, Box<Problem>> {
        let (caller, context) = admitted.into_parts();
        let headers = MutationHeaders { idempotency_key: IdempotencyKey::read(&parts.headers)? };
        Ok(Self { caller, context, headers })
    }
}

impl Moderator {
    /// Checks that the provider is visible and can do it, and has it done.
    pub(crate) async fn run(
        self,
        api: &Api,
        path: RoomPath,
        command: ModerationCommand,
    ) -> Result<MutationAnswer, Box<Problem>> {
        let provider = api.provider_for(command.operation(), &self.caller, &path.provider)?;
        if command.expected_session().is_some() && !provider.capabilities().has(Capability::ExpectedSessionId) {
            let detail = "This provider cannot tell which session is running, so expected_session_id cannot be used. \
                          Nothing was sent.";
            let error = Error::new(ErrorKind::CapabilityUnsupported).with_detail(detail).at_provider(provider.id());
            return Err(Box::new(Problem::from(&error)));
        }
        let order = Order {
            provider,
            room: path.room_id,
            command,
            caller: self.caller,
            request_id: self.context.id,
            arrival: self.context.arrival,
        };
        let (outcome, replayed) = api.app.moderation.run(order, self.headers.idempotency_key).await?;
        Ok(MutationAnswer { outcome, replayed })
    }
}
